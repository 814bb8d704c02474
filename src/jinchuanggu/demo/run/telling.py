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
from jinchuanggu.demo.run.scale import Scale
from jinchuanggu.demo.run.world import extend, firms
from jinchuanggu.demo.world import World
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.indicators.computing import compute


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
    keeper = Keeper(world, raw, keep(raw))
    for at in range(raw.scale.months):
        period = raw.scale.period(at)
        for days, hour, step in _month(keeper, raw, at, period):
            moment = timezone.make_aware(
                datetime.combine(period.first_day + timedelta(days=days), time(hour, 12))
            )
            yield min(moment, now - timedelta(hours=1))
            step()


def _month(keeper: Keeper, raw: Raw, at: int, period: Period) -> Iterator[tuple[int, int, Callable[[], Any]]]:
    """`(days from the first of the month, hour, step)` in order."""
    after = (period.last_day - period.first_day).days + 1
    yield after - 1, 20, lambda: keeper.keep(period)
    yield after + 23, 6, lambda: compute(SYSTEM_ACTOR, period)
