"""Keep the recognition verdict on the valley, for lists, maps and counts."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jinchuanggu.foundation.events import subscribe
from jinchuanggu.indicators.actions import keep_computed
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.queries import computed_figures


def refresh_verdict(valley: Valley) -> None:
    """Judge the valley by the conditions of its day and store verdict and counts. Runs in the caller's
    transaction.

    First takes over what the residents' records give today, where the valley keeps such records.
    """
    from jinchuanggu.programme import facts

    today = timezone.localdate()
    if not valley.published_only:
        keep_computed(valley, computed_figures(valley.pk, today), today)
    result = facts.judge(valley)
    valley.verdict, valley.verdict_counts = result.verdict.value, facts.counts_of(result)
    Valley.objects.filter(pk=valley.pk).update(verdict=valley.verdict, verdict_counts=valley.verdict_counts)


@subscribe("residents.changed")
def after_residents_changed(valley_id: int, **_: Any) -> None:
    """Residents, spaces, leases or yearly revenues changed: the figures computed from them may have, too."""
    with transaction.atomic():
        if valley := Valley.objects.filter(pk=valley_id).first():
            refresh_verdict(valley)
