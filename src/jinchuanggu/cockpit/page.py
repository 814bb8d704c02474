"""What every panel of one page shares: who looks, where, at which month and indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.cockpit.address import Asked
from jinchuanggu.cockpit.places import Place
from jinchuanggu.cockpit.readings import Reading, kind_of, readings
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.cockpit.tables import Cell, Table
from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Unit, UnitLevel


@dataclass
class Panel:
    """`kind`: chart, map, tiles, list or figures. `chart`: the specification of components/chart.html."""

    name: str
    title: str
    table: Table
    kind: str = "chart"
    words: str = ""
    chart: dict[str, Any] | None = None
    size: str = ""
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    wide: bool = False


@dataclass
class Page:
    """`at`: the month looked at, never later than the last whole month before `today`."""

    actor: Actor
    asked: Asked
    place: Place
    at: Period
    newest: Period
    today: date

    @property
    def province_or_city(self) -> bool:
        return self.place.level >= UnitLevel.CITY

    @property
    def real(self) -> bool:
        return self.place.origin == "real"

    @property
    def published(self) -> bool:
        """Known from public pages only: no valley here works in this system, so single reports of different days are all
        there is, and nothing can be watched month by month.
        """
        return self.real and not any(valley.running for valley in self.place.valleys.values())

    @cached_property
    def known(self) -> Mapping[str, Indicator]:
        """The catalogue, read once for a page."""
        return catalogue()

    @cached_property
    def indicator(self) -> Indicator:
        """The indicator chosen, or the one shown without asking."""
        known = self.known
        chosen = self.asked.key if self.asked.key in known else ""
        return known[chosen or (settings().default_published if self.published else settings().default_key)]

    @property
    def key(self) -> str:
        return self.indicator.key

    @property
    def kind(self) -> PeriodKind:
        return kind_of(self.indicator)

    @property
    def level_below(self) -> int:
        """What is ranked and opened next."""
        if self.place.level == UnitLevel.PROVINCE and self.asked.by == "city":
            return int(UnitLevel.CITY)
        return int(UnitLevel.VALLEY) if self.province_or_city else int(UnitLevel.FIRM)

    @cached_property
    def units_below(self) -> dict[int, Unit]:
        """Units of the level below by what they stand for, those the reader may see."""
        rows = Unit.objects.filter(level=self.level_below)
        if self.level_below == UnitLevel.VALLEY:
            rows = rows.filter(ref_id__in=list(self.place.valleys))
        elif self.level_below == UnitLevel.CITY:
            regions = {valley.region_id for valley in self.place.valleys.values()}
            rows = rows.filter(ref_id__in=regions)
        else:
            rows = rows.filter(parent=self.place.unit)
        return {unit.ref_id: unit for unit in rows}

    @cached_property
    def below(self) -> dict[tuple[str, int], Reading]:
        """The chosen indicator of every unit below, with a year of its past."""
        months = settings().trend_months
        return readings(
            [self.key],
            self.at,
            level=self.level_below,
            units=list(self.units_below.values()),
            months=months,
            known=self.known,
        )

    @cached_property
    def own(self) -> dict[tuple[str, int], Reading]:
        """First figures and the chosen indicator of the unit itself."""
        keys = dict.fromkeys((*self.first_keys, self.key))
        return readings(
            keys,
            self.at,
            level=self.place.level,
            units=[self.place.unit],
            months=settings().trend_months,
            known=self.known,
        )

    @property
    def first_keys(self) -> tuple[str, ...]:
        chosen = settings()
        return chosen.firm_figures if self.place.level == UnitLevel.FIRM else chosen.figures

    @property
    def about(self) -> tuple[tuple[str, str], ...]:
        """What a file says of itself."""
        return (
            (_("范围"), self.place.name),
            (_("截至"), str(self.at)),
            (_("数据性质"), _("真实") if self.real else _("模拟")),
        )

    def url(self, **changes: Any) -> str:
        """This page with some of its state changed."""
        return f"{self.place.url}?{self.asked.query(**changes)}"

    def download(self, panel: str, form: str) -> str:
        return f"{reverse('cockpit_table', args=[self.place.unit.pk, panel, form])}?{self.asked.query()}"

    def cell(self, reading: Reading | None, indicator: Indicator | None = None, at: int = -1) -> Cell:
        """A value of a reading that opens to its records; `at`: which of its line, the last by default."""
        one = indicator or self.indicator
        if reading is None or not reading.line or -at > len(reading.line) or reading.line[at] is None:
            return Cell(None, one.unit)
        period = reading.period.shift(at + 1)
        return Cell(reading.line[at], one.unit, records_url(reading.key, reading.unit_id, period))
