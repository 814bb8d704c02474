"""When figures are computed: the running month and the year before it once a night, any period as a job."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.foundation.access.actor import SYSTEM, SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.jobs.progress import Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.indicators.computed.computing import compute, computed_keys

NIGHTLY = "indicators.nightly"
MONTHS_BACK = 12
"""Records may be entered late: so many past months are looked at again. What did not change writes nothing."""


def periods_of(month: Period) -> list[Period]:
    """A month, its quarter and its year: what has to be computed when its records changed."""
    return [month, month.within(PeriodKind.QUARTER), month.within(PeriodKind.YEAR)]


@on_tick(NIGHTLY)
def nightly(now: datetime) -> int:
    """Compute the running month and those whose records may still come, and their years; once a day. Returns values written."""
    today = timezone.localdate(now)
    start = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    month = Period.of(PeriodKind.MONTH, today)
    events = AuditEvent.objects.filter(
        verb="indicators.compute", role=SYSTEM, at__gte=start, detail__period=str(month)
    )
    if events.exists():
        return 0
    months = list(span(month.shift(-MONTHS_BACK), month))
    years = sorted({period.within(PeriodKind.YEAR) for period in months})
    # the running month last: as long as its event is missing, another tick tries again
    return sum(compute(SYSTEM_ACTOR, period) for period in (*months[:-1], *years, month))


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
