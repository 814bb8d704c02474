"""The recognition check of a valley as plain data, the form in which an application keeps it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from jinchuanggu.programme.models import Valley

MET, NOT_MET, NOT_EVIDENCED = "met", "not_met", "not_evidenced"


def judge(valley: Valley, on: date | None = None) -> dict[str, Any]:
    """Verdict, rule set with version, every criterion with evidence: `engines.rules` Result as a dict."""
    from jinchuanggu.programme import facts

    return dict(facts.judge(valley, on or timezone.localdate()).as_dict())


def open_points(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The criteria that are not met or not evidenced, in the order of the document."""
    return (criterion for criterion in result["criteria"] if criterion["status"] != MET)
