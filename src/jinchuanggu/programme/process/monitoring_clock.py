"""The calendar opens the cycle of the year by itself."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.programme.actions.monitoring import open_cycle
from jinchuanggu.programme.models import AnnualReport, Valley
from jinchuanggu.programme.monitoring.settings import settings


@on_tick("monitoring.open")
def open_this_year(now: datetime) -> int:
    """From the opening day to the due day: the cycle and the reports still missing. Returns how many were opened."""
    today = timezone.localdate(now)
    chosen = settings()
    if not chosen.opens_on(today.year) <= today <= chosen.due_on(today.year):
        return 0
    there = AnnualReport.objects.filter(cycle__year=today.year).values("valley_id")
    wanted = Valley.objects.filter(state__in=chosen.running, published_only=False).exclude(pk__in=there)
    missing = wanted.count()
    if missing:
        open_cycle(SYSTEM_ACTOR, today.year)
    return missing
