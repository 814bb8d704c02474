"""What was registered in a period and the same days a year before: sums to the fen, by month and by whatever one asks.

A total never mixes kinds of data: it is of real contracts or of simulated ones. Every figure carries the query of the list
of contracts that it is the sum of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.foundation import exact_sums
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources.filters import NOTHING
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.market import scopes
from jinchuanggu.market.models import ContractKind, Direction, TechnologyContract
from jinchuanggu.market.queries import standing
from jinchuanggu.residents.scopes import FIRM_VALLEY

Days = tuple[date, date]
TREND = 12
DIMENSIONS = {
    "valley": ("valley_id", gettext_lazy("按晋创谷"), gettext_lazy("晋创谷")),
    "field": ("field", gettext_lazy("按领域"), gettext_lazy("领域")),
    "kind": ("kind", gettext_lazy("按合同类别"), gettext_lazy("合同类别")),
    "direction": ("direction", gettext_lazy("按流向"), gettext_lazy("流向")),
}
"""Dimension: path of the contract (the list's filter has the same name), title, head of its column."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for. `today`: nothing after it counts. `only`: {dimension: key} narrows to one valley
    (None: outside the valleys), field, kind or direction.
    """

    period: Period
    origin: str
    today: date
    only: Mapping[str, Any] = field(default_factory=dict)

    @property
    def days(self) -> Days:
        """The days of the period that have come."""
        return self.period.first_day, max(self.period.first_day, min(self.period.last_day, self.today))

    @property
    def days_before(self) -> Days:
        """The same days a year before."""
        return self.year_before(self.period)

    def year_before(self, period: Period) -> Days:
        """The days of the same period a year before, no more of them than have come of it."""
        before = period.year_before()
        whole = self.today >= period.last_day
        return before.first_day, before.last_day if whole else max(before.first_day, _year_before(self.today))

    @property
    def running(self) -> bool:
        return self.today < self.period.last_day

    @property
    def months(self) -> tuple[Period, ...]:
        """The months of the trend that have begun: those of a year, else the twelve up to the end of the period."""
        last = Period.of(PeriodKind.MONTH, self.period.last_day)
        year = self.period.kind is PeriodKind.YEAR
        found = self.period.parts(PeriodKind.MONTH) if year else span(last.shift(1 - TREND), last)
        return tuple(one for one in found if one.first_day <= self.today)


@dataclass(slots=True)
class Sums:
    """Contracts of a group: how many, their turnover and technology turnover in yuan."""

    contracts: int = 0
    turnover: Decimal = Decimal("0.00")
    technology: Decimal = Decimal("0.00")

    def add(self, other: Sums) -> None:
        self.contracts += other.contracts
        self.turnover += other.turnover
        self.technology += other.technology


@dataclass(slots=True)
class Line:
    """A row of a table: a group now and a year before. `query`: the list of contracts behind it, "" for none."""

    label: str
    now: Sums
    before: Sums
    query: Mapping[str, Any] = field(default_factory=dict)
    query_before: Mapping[str, Any] = field(default_factory=dict)
    key: Any = None

    @property
    def change(self) -> Decimal | None:
        return change(self.now.turnover, self.before.turnover)


def contracts(actor: Actor, asked: Asked, days: Days) -> QuerySet[TechnologyContract]:
    """The contracts that count: registered on these days, still standing today, of one kind of data, in scope."""
    rows = of_origin(scopes.contracts(actor), asked.origin).filter(
        standing(asked.today), registered_on__range=days
    )
    return rows.filter(**{DIMENSIONS[name][0]: key for name, key in asked.only.items()})


def query_of(asked: Asked, days: Days, **more: Any) -> dict[str, Any]:
    """The parameters under which the list of contracts shows the same rows, counted and summed."""
    found: dict[str, Any] = {
        "registered_on_after": days[0].isoformat(),
        "registered_on_before": days[1].isoformat(),
        "cancelled_on": "false",
        "origin": asked.origin,
        "total": 1,
    }
    found |= {DIMENSIONS[name][0]: shown_as(name, key) for name, key in asked.only.items()}
    return {**found, **more}


_SUMS = {"n": Count("pk"), "t": exact_sums.total("turnover_cny"), "k": exact_sums.total("technology_cny")}


def grouped(rows: QuerySet[TechnologyContract], *by: Any) -> dict[tuple[Any, ...], Sums]:
    """`{group: sums}` in one query."""
    found = rows.order_by().values_list(*by).annotate(**_SUMS)
    return {
        tuple(key): Sums(n, exact_sums.whole(turnover), exact_sums.whole(technology))
        for *key, n, turnover, technology in found
    }


def by_month(actor: Actor, asked: Asked) -> list[Line]:
    """The trend: each month of it, and as many days of the same month a year before. Two queries."""
    if not (months := asked.months):
        return []
    year, month = ExtractYear("registered_on"), ExtractMonth("registered_on")
    span_now = (months[0].first_day, min(months[-1].last_day, asked.today))
    span_then = (asked.year_before(months[0])[0], asked.year_before(months[-1])[1])
    now = grouped(contracts(actor, asked, span_now), year, month)
    then = grouped(contracts(actor, asked, span_then), year, month)
    return [
        Line(
            str(one),
            now.get((one.year, one.part), Sums()),
            then.get((one.year - 1, one.part), Sums()),
            query_of(asked, (one.first_day, min(one.last_day, asked.today))),
            query_of(asked, asked.year_before(one)),
        )
        for one in months
    ]


@dataclass(frozen=True, slots=True)
class Cube:
    """The period and the same days a year before, by every dimension at once: {a key per dimension: sums}."""

    asked: Asked
    now: Mapping[tuple[Any, ...], Sums]
    before: Mapping[tuple[Any, ...], Sums]

    def along(self, dimension: str) -> tuple[dict[Any, Sums], dict[Any, Sums]]:
        """Both by one dimension."""
        at = list(DIMENSIONS).index(dimension)
        found: tuple[defaultdict[Any, Sums], ...] = (defaultdict(Sums), defaultdict(Sums))
        for side, groups in zip(found, (self.now, self.before), strict=True):
            for key, sums in groups.items():
                side[key[at]].add(sums)
        return dict(found[0]), dict(found[1])


def cube(actor: Actor, asked: Asked) -> Cube:
    """Two queries, from which everything but the trend is told."""
    paths = [path for path, *_words in DIMENSIONS.values()]
    return Cube(
        asked,
        grouped(contracts(actor, asked, asked.days), *paths),
        grouped(contracts(actor, asked, asked.days_before), *paths),
    )


def by(found: Cube, dimension: str) -> list[Line]:
    """The period by a dimension, the largest turnover first; groups of the year before that have gone are kept."""
    path, asked = DIMENSIONS[dimension][0], found.asked
    now, then = found.along(dimension)
    keys = list(dict.fromkeys((*now, *then)))
    names = names_of(dimension, keys)
    lines = [
        Line(
            names.get(key, ""),
            now.get(key, Sums()),
            then.get(key, Sums()),
            query_of(asked, asked.days, **{path: shown_as(dimension, key)}),
            query_of(asked, asked.days_before, **{path: shown_as(dimension, key)}),
            key,
        )
        for key in keys
    ]
    return sorted(lines, key=lambda line: (-line.now.turnover, -line.before.turnover, line.label))


def whole(found: Cube) -> Line:
    """The period as one line."""
    asked, line = found.asked, Line(str(found.asked.period), Sums(), Sums())
    for side, groups in ((line.now, found.now), (line.before, found.before)):
        for sums in groups.values():
            side.add(sums)
    line.query, line.query_before = query_of(asked, asked.days), query_of(asked, asked.days_before)
    return line


def summed(lines: Iterable[Line]) -> Line:
    """The foot of a table."""
    foot = Line(_("合计"), Sums(), Sums())
    for line in lines:
        foot.now.add(line.now)
        foot.before.add(line.before)
    return foot


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """Year on year in percent, one decimal; None where there is nothing to compare with."""
    return ((now - before) * 100 / before).quantize(Decimal("0.1")) if before else None


def names_of(dimension: str, keys: Iterable[Any]) -> dict[Any, str]:
    """Words of the groups of a dimension; one query for valleys."""
    if dimension == "valley":
        rows = FIRM_VALLEY.everything().filter(pk__in=[key for key in keys if key is not None])
        return {None: _("谷外"), **dict(rows.values_list("pk", FIRM_VALLEY.label))}
    if dimension == "kind":
        return {key: str(label) for key, label in ContractKind.choices}
    if dimension == "direction":
        return {key: str(label) for key, label in Direction.choices}
    return {key: key or _("未填") for key in keys}


def shown_as(dimension: str, key: Any) -> Any:
    """A group as an address and the list's filter take it."""
    if key is None:
        return "null"
    return NOTHING if dimension == "field" and key == "" else key


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
