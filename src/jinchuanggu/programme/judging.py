"""The recognition check of a valley as plain data, the form in which an application keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme import facts
from jinchuanggu.programme.evidence import with_kinds
from jinchuanggu.programme.models import Valley

MET, NOT_MET, NOT_EVIDENCED = "met", "not_met", "not_evidenced"


def judge(valley: Valley, on: date | None = None) -> dict[str, Any]:
    """Verdict, rule set with version, every criterion with evidence and the kind of each source, as a dict."""
    figures = list(Figure.objects.filter(valley_id=valley.pk))
    result = facts.judge(valley, on or timezone.localdate(), figures)
    return with_kinds(dict(result.as_dict()), figures, valley.region.name)


def open_points(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The criteria that are not met or not evidenced, in the order of the document."""
    return (criterion for criterion in result["criteria"] if criterion["status"] != MET)
