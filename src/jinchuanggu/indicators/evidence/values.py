"""The filings and reports behind a value: one line for each unit and period, with its versions; and what a formula reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.indicators.access import visible_units
from jinchuanggu.indicators.definitions.catalogue import catalogue, definition_ids
from jinchuanggu.indicators.definitions.formula import operands_of, parsed
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.evidence.behind import (
    Slice,
    breakdown_id,
    hidden_of,
    stored_periods,
    value_of,
    values_behind,
)
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Figure, Unit, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.store.pivot import Cell
from jinchuanggu.indicators.store.units import below, names_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value of a unit: `former` are the versions it replaced, newest first, and what other sources say."""

    pk: int
    unit: str
    period: Period
    value: Decimal
    source: str
    version: int
    posted_at: Any
    filing: str
    url: str
    former: tuple[tuple[int, Decimal | None, str, Any], ...] = ()


@dataclass(slots=True)
class Values:
    """`total` is the sum of all lines, `shown` of those of units that the reader may see."""

    lines: list[ValueLine] = field(default_factory=list)
    total: Decimal | None = None
    shown: Decimal | None = None
    after: int | None = None

    @property
    def hidden(self) -> Decimal | None:
        """What the lines that the reader may not see add up to; None when there are none."""
        return hidden_of(self.total, self.shown)


def listing(actor: Actor, at: Slice, after: int = 0, size: int = PAGE) -> Values:
    """A page of the values behind a slice, after a row's number, with the sums of the whole."""
    rows = values_behind(at)
    found, more = page_of(actor, at, after, size)
    return Values(found, _sum(rows), _sum(visible(actor, rows)), more)


def page_of(actor: Actor, at: Slice, after: int = 0, size: int = PAGE) -> tuple[list[ValueLine], int | None]:
    """The lines after a row's number, and the number after which the next page starts."""
    rows = visible(actor, values_behind(at)).filter(pk__gt=after).order_by("pk")
    page = list(rows.select_related("unit")[: size + 1])
    return list(lines(at.indicator, page[:size])), page[size - 1].pk if len(page) > size else None


def visible(actor: Actor, rows: QuerySet[Value]) -> QuerySet[Value]:
    """Those of units in the actor's scope."""
    return rows.filter(unit__in=visible_units(actor).order_by().values("pk"))


def lines(indicator: Indicator, page: list[Any]) -> Iterator[ValueLine]:
    """Rows for people, with what they replaced. A few queries for a page."""
    names = names_of(row.unit for row in page)
    former = _former(page)
    for row in page:
        at = Period.numbered(row.period)
        yield ValueLine(
            row.pk, names.get(row.unit_id, "—"), at, row.value, str(ValueSource(row.source).label), row.version,
            row.posted_at, _filing_url(row.filing_id),
            "" if row.source == ValueSource.FILED else records_url(indicator.key, row.unit_id, at),
            former.get((row.unit_id, row.period, row.breakdown), ()),
        )  # fmt: skip


def _former(
    page: list[Any],
) -> dict[tuple[int, int, int], tuple[tuple[int, Decimal | None, str, Any], ...]]:
    if not page:
        return {}
    rows = (
        Value.objects.filter(
            indicator=page[0].indicator_id, unit__in={row.unit_id for row in page},
            period__in={row.period for row in page}, current=False,
        )
        .order_by("-version")
        .values_list("unit_id", "period", "breakdown", "version", "value", "source", "posted_at")
    )  # fmt: skip
    found: dict[tuple[int, int, int], list[tuple[int, Decimal | None, str, Any]]] = {}
    for unit, period, breakdown, version, value, source, posted in rows:
        if source != ValueSource.ROLLED_UP:
            line = (version, value, str(ValueSource(source).label), posted)
            found.setdefault((unit, period, breakdown), []).append(line)
    return {key: tuple(rows) for key, rows in found.items()}


def _filing_url(pk: int | None) -> str:
    return "" if pk is None else reverse("filing", args=[pk])


def _sum(rows: QuerySet[Value]) -> Decimal | None:
    found = rows.order_by().aggregate(total=Sum("value"))["total"]
    return None if found is None else Decimal(found)


def reports(at: Slice) -> list[Figure]:
    """What pages and letters say of this figure of a valley, side by side, the newest first; the chosen one is marked."""
    if at.unit.level != UnitLevel.VALLEY or at.group is not None:
        return []
    return list(
        Figure.objects.filter(valley_id=at.unit.ref_id, indicator=at.indicator.key).order_by("-dated", "-pk")
    )


def history(at: Slice) -> list[Value]:
    """All versions of the unit's own value, whatever their source, the newest first."""
    return list(
        Value.objects.filter(
            indicator=definition_ids()[at.indicator.key], unit=at.unit, breakdown=breakdown_id(at.group),
            period__in=stored_periods(at),
        ).order_by("-period", "-version")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One figure that a formula reads."""

    indicator: Indicator
    cell: Cell | None
    url: str


def parts(at: Slice) -> list[Part]:
    """What a derived value is made of, each opening to its own evidence."""
    known = catalogue()
    made = parsed(at.indicator.formula, at.indicator.unit)
    found = []
    for key in operands_of(made):
        if key in known:
            part = Slice(known[key], at.unit, at.period, at.group)
            found.append(Part(known[key], value_of(part), records_url(key, at.unit.pk, at.period, at.group)))
    return found


@dataclass(frozen=True, slots=True)
class Child:
    """The same figure of a unit one level below."""

    name: str
    cell: Cell
    url: str


def children(actor: Actor, at: Slice) -> list[Child]:
    """The units one level below that have a value, as far as the reader may see them; no firms, they are listed."""
    from jinchuanggu.indicators.store.pivot import pivot

    if at.unit.level <= UnitLevel.VALLEY:
        return []
    level = at.unit.level - 1
    units: list[Unit] = list(visible_units(actor).filter(pk__in=below(at.unit, level).values("pk")))
    cells = pivot(
        [at.indicator.key], level=level, units=[unit.pk for unit in units], periods=(at.period, at.period),
        kind=max(at.period.kind, at.indicator.kind), breakdown=at.group[0] if at.group else None,
    )  # fmt: skip
    names, code = names_of(units), at.group[1] if at.group else None
    return [
        Child(names[cell.unit_id], cell, records_url(at.indicator.key, cell.unit_id, at.period, at.group))
        for cell in cells
        if cell.group == code
    ]
