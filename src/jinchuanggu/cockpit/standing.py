"""The chosen indicator of the units below: today's value or the last known, rank, and the rank of a year ago."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jinchuanggu.cockpit.page import Page
from jinchuanggu.cockpit.places import region_name, valley_name
from jinchuanggu.cockpit.readings import Reading
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.store.pivot import latest
from jinchuanggu.indicators.store.units import names_of


@dataclass(frozen=True, slots=True)
class Standing:
    """`value` with the period it is of (older than asked for where nothing newer is known); ranks from 1, ties alike."""

    unit: Unit
    name: str
    value: Decimal | None
    period: Period | None
    url: str
    rank: int | None
    rank_before: int | None
    reading: Reading | None

    @property
    def moved(self) -> int | None:
        """Places won (positive) or lost since a year ago."""
        return None if self.rank is None or self.rank_before is None else self.rank_before - self.rank


def standings(page: Page) -> list[Standing]:
    """Best first; units of which nothing is known last, by name. A fixed number of queries."""
    units = list(page.units_below.values())
    names = _names(page, units)
    now: dict[int, tuple[Decimal, Period]] = {}
    if page.indicator.over_time == "last":  # a stock is known until a newer one is; a flow is not
        back = 120 if page.published else 1
        for (_key, unit), cell in latest([page.key], units, _until(page), back=back).items():
            if cell.value is not None:
                now[unit] = (cell.value, cell.period)
    for (_key, unit), reading in page.below.items():
        if reading.value is not None:
            now[unit] = (reading.value, reading.period)
    before: dict[int, Decimal] = {}
    for (_key, unit), reading in page.below.items():
        steps = settings().rank_months if len(reading.line) > settings().rank_months else None
        if steps is not None and (value := reading.year_before) is not None:
            before[unit] = value
    ranks, ranks_before = _ranked({pk: value for pk, (value, _p) in now.items()}), _ranked(before)
    found = [
        Standing(
            unit, names.get(unit.pk, ""), now[unit.pk][0] if unit.pk in now else None,
            now[unit.pk][1] if unit.pk in now else None,
            records_url(page.key, unit.pk, now[unit.pk][1]) if unit.pk in now else "",
            ranks.get(unit.pk), ranks_before.get(unit.pk), page.below.get((page.key, unit.pk)),
        )
        for unit in units
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.rank is None, one.rank or 0, one.name))


def _until(page: Page) -> Period:
    return (
        page.at.within(page.kind)
        if page.at.within(page.kind).last_day <= page.at.last_day
        else page.at.within(page.kind).shift(-1)
    )


def _ranked(values: dict[int, Decimal]) -> dict[int, int]:
    ordered = sorted(values.values(), reverse=True)
    return {pk: ordered.index(value) + 1 for pk, value in values.items()}


def _names(page: Page, units: list[Unit]) -> dict[int, str]:
    if page.level_below == UnitLevel.VALLEY:
        return {one.pk: valley_name(page.place.valleys[one.ref_id]) for one in units}
    if page.level_below == UnitLevel.CITY:
        regions = Region.objects.in_bulk([one.ref_id for one in units])
        return {one.pk: region_name(regions[one.ref_id]) for one in units if one.ref_id in regions}
    return names_of(units)
