"""What the page of one indicator shows: the newest values in the reader's scope, the course of one unit, who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.indicators.access import visible_units
from jinchuanggu.indicators.computed.sources import sources
from jinchuanggu.indicators.definitions import words
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.links import indicator_url, records_url
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.store.pivot import latest, series
from jinchuanggu.indicators.store.units import names_of

MOST_UNITS = 60
LENGTHS = {PeriodKind.MONTH: 25, PeriodKind.QUARTER: 12, PeriodKind.YEAR: 8}
"""Periods drawn: two years of months with the month to compare with, three years of quarters, some years."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest value of a unit."""

    unit: Unit
    name: str
    level: str
    period: Period
    value: Decimal
    reporters: int
    url: str
    chart_url: str


class IndicatorView:
    """Queries are made once each, when the template asks."""

    def __init__(
        self, actor: Actor, one: Indicator, known: dict[str, Indicator], origin: str, chosen: str
    ) -> None:
        self.actor, self.one, self.known, self.origin, self.chosen = actor, one, known, origin, chosen
        self.computed = one.key in sources()
        self.tokens = words.formula_tokens(one, known)
        self.used_in = [(other.name, indicator_url(other.key)) for other in words.readers_of(one.key, known)]
        self.asked = words.asked_in(one.key)

    @cached_property
    def facts(self) -> list[tuple[str, str]]:
        one = self.one
        breakdowns = _("、").join(words.dimension_word(name) for name in one.breakdowns)
        days = (
            ""
            if one.valid_from is None and one.valid_to is None
            else f"{one.valid_from or '…'} – {one.valid_to or '…'}"
        )
        rows = [
            (_("计量单位"), one.unit_label),
            (_("期别"), words.period_word(one)),
            (_("起报层级"), words.level_word(one.level)),
            (_("逐级汇总"), words.aggregation_word(one)),
            (_("跨期"), words.over_time_word(one)),
            (_("分组"), breakdowns),
            (_("责任单位"), one.owner),
            (_("定义依据"), one.basis),
            (_("条款"), one.clause),
            (_("有效期"), days or _("一直有效")),
        ]
        return [(label, text) for label, text in rows if text]

    def _units(self) -> QuerySet[Unit]:
        """The reader's units: from valleys up for offices, itself for a firm; the highest first."""
        rows = of_origin(visible_units(self.actor), self.origin)
        higher = rows.filter(level__gte=UnitLevel.VALLEY)
        return (higher if higher.exists() else rows).order_by("-level", "parent_id", "pk")

    @cached_property
    def standings(self) -> list[Standing]:
        """Newest values, the highest units first; those without a value are left out."""
        units = list(self._units()[:MOST_UNITS])
        today = timezone.localdate()
        found = latest([self.one.key], units, Period.of(self.one.kind, today), back=LENGTHS[self.one.kind])
        names = names_of(unit for unit in units if (self.one.key, unit.pk) in found)
        rows = []
        for unit in units:
            cell = found.get((self.one.key, unit.pk))
            if cell is None or cell.value is None:
                continue
            rows.append(
                Standing(
                    unit, names.get(unit.pk, ""), str(UnitLevel(unit.level).label), cell.period, cell.value, cell.reporters,
                    records_url(self.one.key, unit.pk, cell.period), f"{indicator_url(self.one.key)}?unit={unit.pk}",
                )
            )  # fmt: skip
        return rows

    @cached_property
    def drawn(self) -> Standing | None:
        """The unit whose course is drawn: the one asked for, else the first."""
        wanted = next((row for row in self.standings if str(row.unit.pk) == self.chosen), None)
        return wanted or next(iter(self.standings), None)

    @cached_property
    def chart(self) -> dict[str, Any] | None:
        """The course as components/chart.html takes it; None for fewer than two values."""
        row = self.drawn
        if row is None:
            return None
        first = row.period.shift(1 - LENGTHS[row.period.kind])
        points = series(self.one.key, row.unit, first, row.period)
        begun = next((n for n, (_period, value) in enumerate(points) if value is not None), 0)
        points = points[begun:]
        if sum(value is not None for _period, value in points) < 2:
            return None
        size, label = self._size([abs(value) for _period, value in points if value is not None])
        return {
            "title": f"{self.one.name} · {row.name}",
            "kind": "line",
            "unit": label,
            "categories": [str(period) for period, _value in points],
            "series": [
                {
                    "name": self.one.name,
                    "values": [None if value is None else float(value / size) for _period, value in points],
                }
            ],
            "description": _("%(name)s，%(unit)s，%(first)s 至 %(last)s") % {
                "name": self.one.name, "unit": row.name, "first": points[0][0], "last": points[-1][0],
            },
        }  # fmt: skip

    def _size(self, values: list[Decimal]) -> tuple[Decimal, str]:
        """Money is drawn in the size that its largest value reads best in."""
        from jinchuanggu.indicators.forms.model import reader_language

        language = reader_language()
        if self.one.unit == "cny":
            for code, power in (("yi_cny", 8), ("wan_cny", 4)):
                if max(values) >= 10**power:
                    return Decimal(10**power), UNITS[code].label.get(language)
        return Decimal(1), UNITS[self.one.unit].label.get(language)

    @property
    def periods(self) -> list[Period]:
        """Periods that can be computed anew: those drawn, the newest first."""
        last = Period.of(self.one.kind, timezone.localdate())
        return list(span(last.shift(1 - LENGTHS[self.one.kind]), last))[::-1]
