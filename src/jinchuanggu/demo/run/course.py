"""The course of each valley of the run: the same steps as every simulated valley, on the days the run needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import cycle
from typing import Any

from django.utils import timezone

from jinchuanggu.demo import stories
from jinchuanggu.demo import story_steps as steps
from jinchuanggu.demo.run.growth import Raw, begun
from jinchuanggu.demo.run.places import RunValley, places
from jinchuanggu.demo.run.world import sim_valley
from jinchuanggu.demo.simulated_types import SimValley
from jinchuanggu.demo.world import World
from jinchuanggu.programme.actions import figures as figure_actions

PLAQUE_AFTER = 430
"""Days from the start of building to the plaque, where there is one and the run is long enough."""
HOLIDAYS = 10
SERIES = {
    "innovation_bodies": (52, 7), "innovation_platforms": (12, 3), "innovation_talents": (640, 90),
    "technology_turnover_cny": (98_000_000, 17_000_000),
}  # fmt: skip


def courses(world: World, raw: Raw, now: datetime) -> list[stories.Story]:
    """One story a valley."""
    return [_course(world, raw, valley, now) for valley in raw.valleys]


def building_from(raw: Raw, valley: RunValley) -> date:
    """Building begins on the first day of the month in which residents begin to come."""
    return raw.scale.period(begun(raw.scale, valley)).first_day


def _course(world: World, raw: Raw, valley: RunValley, now: datetime) -> stories.Story:
    hours = cycle((9, 10, 14, 15, 16, 11))
    today = timezone.localdate(now)
    row = sim_valley(raw, valley, places(), (today - building_from(raw, valley)).days)
    world.data.valleys[row.key] = row
    for day, step in _schedule(raw, valley, row, today):
        moment = timezone.make_aware(datetime.combine(day, time(next(hours), 23)))
        yield min(moment, now - timedelta(hours=2))
        step(world, row)


def _schedule(
    raw: Raw, valley: RunValley, row: SimValley, today: date
) -> Iterator[tuple[date, Callable[..., Any]]]:
    first = building_from(raw, valley)
    accepted = 14
    for days, step in stories.PLAN:
        yield first - timedelta(days=accepted if step is steps.accept else max(days, accepted)), step
    for days, step in stories.BUILD:
        yield first - timedelta(days=days), figures if step is steps.figures else step
    plaqued = first + timedelta(days=PLAQUE_AFTER)
    if valley.told != "plaqued" or plaqued > today - timedelta(days=20):
        yield first + timedelta(days=200), figures
        return
    end = stories.RECOGNITION[-1][0]
    for days, step in stories.RECOGNITION:
        # working days of the notice may hold a long holiday, whatever the year
        early = 0 if step is steps.award else HOLIDAYS
        yield plaqued - timedelta(days=days - end + early), figures if step is steps.figures else step


def figures(world: World, row: SimValley) -> None:
    """What the city files: the planned area, and the growth figures of the years before; the rest comes from records."""
    city, valley, today = world.city(row), steps._valley(world, row), timezone.localdate()
    source = f"{world.data.city_office(row.builder).name}自查报告"
    for indicator, value in row.figures.items():
        figure_actions.file_figure(
            city, valley_id=valley.pk, indicator=indicator, value=value, dated=today, source_title=source
        )
    for indicator, (base, step) in SERIES.items():
        for back in (3, 2, 1):
            year = today.year - back
            figure_actions.file_figure(
                city, valley_id=valley.pk, indicator=indicator, value=Decimal(base + step * (3 - back)), year=year,
                dated=today, source_title=f"{year}年度统计报表（模拟）",
            )  # fmt: skip
    figure_actions.recompute(city, valley_id=valley.pk)
