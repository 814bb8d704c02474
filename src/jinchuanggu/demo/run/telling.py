"""The run as a story among the stories: each month its records, its reports, its checks, its figures, in order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from jinchuanggu.demo import stories
from jinchuanggu.demo.run.course import courses
from jinchuanggu.demo.run.growth import Raw, grow
from jinchuanggu.demo.run.keeping import Keeper
from jinchuanggu.demo.run.records import keep
from jinchuanggu.demo.run.reporting import MONTH, RESTATED_AFTER, Reporter
from jinchuanggu.demo.run.scale import Scale
from jinchuanggu.demo.run.world import extend, firms
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.indicators.computed.computing import compute

Step = tuple[int, int, Callable[[], Any]]


def run_stories(world: World, scale: Scale, now: datetime) -> tuple[list[stories.Story], Raw]:
    """The bodies and firms of the run at once, its stories to be told with the others; nothing at a scale of none."""
    raw = grow(scale)
    if not raw.valleys:
        return [], raw
    ours = extend(world, raw)
    firms(ours, raw)
    return [*courses(ours, raw, now), _months(ours, raw, now)], raw


def _months(world: World, raw: Raw, now: datetime) -> stories.Story:
    """Yields the moment of each step and then does it. The first days of a month belong to the report of the one before."""
    keeper, reporter = Keeper(world, raw, keep(raw)), Reporter(world, raw)
    for at in range(raw.scale.months):
        first = raw.scale.period(at).first_day
        for days, hour, step in _month(keeper, reporter, raw, at):
            moment = timezone.make_aware(datetime.combine(first + timedelta(days=days), time(hour, 12)))
            yield min(moment, now - timedelta(hours=1))
            step()


def _month(keeper: Keeper, reporter: Reporter, raw: Raw, at: int) -> Iterator[Step]:
    """`(days from the first of the month, hour, step)` in order."""
    period = raw.scale.period(at)
    after = (period.last_day - period.first_day).days + 1
    yield after - 1, 20, lambda: keeper.keep(period)
    yield after, 8, lambda: reporter.open(MONTH, period)
    yield after + 6, 10, lambda: reporter.month(at, late=False)
    if period.part % 3 == 0:
        yield after + 9, 14, lambda: reporter.quarter(at)
    yield after + 12, 9, lambda: reporter.lock(MONTH, period)
    if at == reporter.mended_month + RESTATED_AFTER:
        yield after + 13, 10, reporter.restate
    if period.part == 2 and at > 1:
        yield after + 18, 10, lambda: reporter.year(period.year - 1)
    if period.part == 12:
        yield after + 19, 10, lambda: reporter.cities(period.year)
    if reporter.has_late(at):
        yield after + 21, 10, lambda: reporter.month(at, late=True)
        yield after + 22, 9, lambda: reporter.lock(MONTH, period)
    yield after + 23, 6, lambda: compute(SYSTEM_ACTOR, period)
    if period.part % 3 == 0 or at == raw.scale.months - 1:
        yield after + 23, 9, reporter.judge
