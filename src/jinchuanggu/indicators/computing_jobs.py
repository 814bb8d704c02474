"""When figures are computed: the running month and the one before it once a night, any period as a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import SYSTEM, SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.jobs.progress import Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.indicators.computing import compute, computed_keys

NIGHTLY = "indicators.nightly"
"""Kind of the mark that tells the clock that this night is done."""


def periods_of(month: Period) -> list[Period]:
    """A month, its quarter and its year: what has to be computed when its records changed."""
    return [month, month.within(PeriodKind.QUARTER), month.within(PeriodKind.YEAR)]


@on_tick(NIGHTLY)
def nightly(now: datetime) -> int:
    """Compute the running month and the one before, whose records may come late; once a day. Returns values written."""
    today = timezone.localdate(now)
    start = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    events = AuditEvent.objects.filter(verb="indicators.compute", role=SYSTEM, at__gte=start)
    if events.exists():
        return 0
    month = Period.of(PeriodKind.MONTH, today)
    years = {period.within(PeriodKind.YEAR) for period in (month.shift(-1), month)}
    return sum(compute(SYSTEM_ACTOR, period) for period in (month.shift(-1), *sorted(years), month))


@work("indicators.compute")
def recompute(actor: Actor, progress: Progress, period: str, keys: list[str] | None = None) -> dict[str, Any]:
    """One period, all computed indicators or the named ones; one transaction for each kind of period."""
    chosen = Period.parse(period)
    spans = periods_of(chosen) if chosen.kind is PeriodKind.MONTH else [chosen]
    plan = [
        (span, [key for key in computed_keys(span.kind) if keys is None or key in keys]) for span in spans
    ]
    progress.expect(sum(len(wanted) for _, wanted in plan))
    written = sum(compute(actor, span, keys=wanted, step=progress.step) for span, wanted in plan if wanted)
    return {
        "text": {
            "zh": f"{period}：重新计算完成，更新 {written} 个数值",
            "en": f"{period}: computed again, {written} values changed",
        },
        "written": written,
    }
