"""Reading the store: any indicators by unit and period, at any level, by any breakdown, over any stretch of time.

Everything is added in whole ten-thousandths. Where a division is asked for (averages, ratios, derived figures) the exact
fraction is kept to the end and rounded once, half to even, to four places: in `_divided` below and nowhere else.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.engines.rules.formulas import Quotient
from jinchuanggu.indicators.definitions.catalogue import definition_ids
from jinchuanggu.indicators.definitions.formula import Made, Per, operands_of, parsed, value_of
from jinchuanggu.indicators.definitions.library import KINDS, indicators
from jinchuanggu.indicators.models import Aggregation, Breakdown, IndicatorDefinition, Source, Unit, UnitLevel
from jinchuanggu.indicators.store import pivot_sql
from jinchuanggu.indicators.store.fixed import SCALE, from_scaled
from jinchuanggu.indicators.store.units import TRAITS

FEW = 400
"""Up to so many units are named in the statement; of more the database finds out itself."""


class Cell(NamedTuple):
    """One value. `group`: code within the breakdown asked for ("" where a firm has no such trait), None for the total.

    `value` None: it is derived and one of its parts is missing or zero below the line. `reporters`: how many of the
    lowest units are in it; `version` above 1: it was restated.
    """

    key: str
    unit_id: int
    period: Period
    group: str | None
    value: Decimal | None
    reporters: int
    version: int


@dataclass(frozen=True, slots=True)
class Known:
    """What a pivot needs of a definition. `made`: the formula of a derived one."""

    pk: int
    key: str
    unit: str
    kind: PeriodKind
    averaged: bool
    over_time: str
    made: Made | None


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for circles while many cells are made: they hold none, and it would take a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def pivot(
    keys: Iterable[str],
    *,
    level: int,
    within: Unit | None = None,
    units: Iterable[int | Unit] | None = None,
    periods: tuple[Period, Period],
    kind: PeriodKind | None = None,
    breakdown: str | None = None,
) -> list[Cell]:
    """Values of units of one level, ordered by indicator (as asked), unit, period and group; what is empty is absent.

    `within`: only units inside this one; `units`: only these. `periods`: first and last, both included. `kind`: the
    length of the periods asked for (an indicator stored by longer ones gives nothing); without it that of `periods`, or
    the indicator's own if that is longer. Unknown keys give nothing. Access is the caller's concern (`access.visible_units`).
    """
    asked = list(dict.fromkeys(keys))
    known = _known(asked)
    basic = [it for it in known.values() if it.made is None]
    targets = {it.key: _target(it.kind, periods[0].kind, kind) for it in known.values()}
    chosen = _units(level, within, units)
    groups = _groups(level, breakdown)
    trait = breakdown if breakdown in TRAITS and level == UnitLevel.FIRM else ""
    parts = {part for it in known.values() if it.made for part in _leaves(it.made, known)}
    cells: dict[str, list[Cell]] = {}
    facts: dict[str, dict[tuple[int, int, int | str], _Fact]] = {key: {} for key in parts}
    names: Mapping[int | str, str | None] = {0: None} if breakdown is None else groups
    for target, stored, averaged, over_time in sorted(
        {(targets[it.key], it.kind, it.averaged, it.over_time) for it in basic}
    ):
        if stored > target:
            continue
        mine = {
            it.pk: it.key for it in basic
            if (targets[it.key], it.kind, it.averaged, it.over_time) == (target, stored, averaged, over_time)
        }  # fmt: skip
        rows = pivot_sql.rows(
            pivot_sql.Selection(
                list(mine), level, _numbers(periods, stored), target, averaged, over_time,
                (0,) if trait or breakdown is None else tuple(int(group) for group in groups), trait, chosen,
            )
        )  # fmt: skip
        if averaged and over_time == "sum" and stored != target:
            rows = _added(rows)
        _sort_out(rows, mine, set(asked), parts, names, bool(trait), cells, facts)
    for key in asked:
        it = known.get(key)
        if it is not None and it.made is not None:
            cells[key] = _derived(it, known, facts, names, bool(trait))
    if breakdown is not None:  # groups are read by number and told by code
        for listed in cells.values():
            listed.sort(key=lambda cell: (cell.unit_id, cell.period.number, cell.group or ""))
    return [cell for key in asked for cell in cells.get(key, ())]


class _Fact(NamedTuple):
    numerator: int
    denominator: int
    reporters: int
    version: int


def _sort_out(
    rows: list[pivot_sql.Row],
    mine: Mapping[int, str],
    asked: set[str],
    parts: set[str],
    names: Mapping[int | str, str | None],
    trait: bool,
    cells: dict[str, list[Cell]],
    facts: dict[str, dict[tuple[int, int, int | str], _Fact]],
) -> None:
    """Rows of the database as cells of what is asked for and as parts of what is derived from them."""
    rows.sort()
    periods = {number: Period.numbered(number) for number in {row[2] for row in rows}}
    listed: dict[int, list[Cell]] = {
        pk: cells.setdefault(key, []) for pk, key in mine.items() if key in asked
    }
    read = {pk: facts[key] for pk, key in mine.items() if key in parts}
    make = tuple.__new__  # a hundred thousand cells: what the named tuple's own constructor adds is felt
    for indicator, unit, period, group, over, under, reporters, version in rows:
        if not under:
            continue
        if indicator in read:
            read[indicator][unit, period, group] = _Fact(int(over), int(under), reporters, version)
        if indicator in listed:
            value = from_scaled(int(over)) if under == 1 else _divided(int(over), int(under))
            name = str(group) if trait else names[group]
            listed[indicator].append(
                make(Cell, (mine[indicator], unit, periods[period], name, value, reporters, version))
            )


def _derived(
    it: Known,
    known: Mapping[str, Known],
    facts: Mapping[str, Mapping[tuple[int, int, int | str], _Fact]],
    names: Mapping[int | str, str | None],
    trait: bool,
) -> list[Cell]:
    leaves = _leaves(it.made, known) if it.made else []
    places = sorted({place for key in leaves for place in facts[key]}, key=lambda at: at[:2])
    sizes = {key: one.unit for key, one in known.items()}
    whole = _whole_quotient(it, known, sizes)
    periods = {number: Period.numbered(number) for number in {place[1] for place in places}}
    found: list[Cell] = []
    for place in places:
        here = {key: facts[key].get(place) for key in leaves}
        present = [fact for fact in here.values() if fact]
        value: Decimal | None = None
        if len(present) == len(leaves):
            if whole:
                top, below = here[whole[0]], here[whole[1]]
                value = _ratio(top, below, whole[2]) if top and below else None
            else:
                exact = _evaluate(it, known, {key: _exact(fact) for key, fact in here.items()}, sizes)
                value = None if exact is None else _decimal(exact)
        unit, period, group = place
        name = str(group) if trait else names[group]
        reporters, version = min(f.reporters for f in present), max(f.version for f in present)
        found.append(Cell(it.key, unit, periods[period], name, value, reporters, version))
    return found


def _whole_quotient(
    it: Known, known: Mapping[str, Known], sizes: Mapping[str, str]
) -> tuple[str, str, Fraction] | None:
    """Numerator, denominator and factor where a formula is one figure over another: most are, and integers do."""
    made = it.made
    if not isinstance(made, Quotient | Per):
        return None
    over, under = known.get(made.numerator), known.get(made.denominator)
    if over is None or under is None or over.made or under.made:
        return None
    factor = value_of(made, {over.key: Fraction(1), under.key: Fraction(1)}, sizes)
    return (over.key, under.key, factor) if factor is not None and over.key != under.key else None


def _ratio(top: _Fact, below: _Fact, factor: Fraction) -> Decimal | None:
    if not below.numerator:
        return None
    over = top.numerator * below.denominator * factor.numerator * SCALE
    return _divided(over, top.denominator * below.numerator * factor.denominator)


def _exact(fact: _Fact | None) -> Fraction | None:
    return Fraction(fact.numerator, fact.denominator * SCALE) if fact else None


def _evaluate(
    it: Known, known: Mapping[str, Known], values: Mapping[str, Fraction | None], sizes: Mapping[str, str]
) -> Fraction | None:
    if it.made is None:
        return values.get(it.key)
    below = {
        key: _evaluate(known[key], known, values, sizes) if key in known else None
        for key in operands_of(it.made)
    }
    return value_of(it.made, below, sizes)


def _decimal(exact: Fraction) -> Decimal:
    return _divided(exact.numerator * SCALE, exact.denominator)


def _divided(over: int, under: int) -> Decimal:
    """The one place where something is rounded: ten-thousandths as an exact quotient, half to even."""
    if under < 0:
        over, under = -over, -under
    whole, rest = divmod(over, under)
    if 2 * rest > under or (2 * rest == under and whole % 2):
        whole += 1
    return from_scaled(whole)


def _added(rows: Sequence[pivot_sql.Row]) -> list[pivot_sql.Row]:
    """Averages of periods added up, as exact fractions."""
    sums: dict[tuple[int, int, int, int | str], tuple[Fraction, int, int]] = {}
    for indicator, unit, period, group, over, under, reporters, version in rows:
        if under:
            before, most, newest = sums.get((indicator, unit, period, group), (Fraction(0), 0, 0))
            exact = before + Fraction(int(over), int(under))
            sums[indicator, unit, period, group] = (exact, max(most, reporters), max(newest, version))
    return [(*at, total.numerator, total.denominator, who, v) for at, (total, who, v) in sums.items()]


def _known(keys: Iterable[str]) -> dict[str, Known]:
    """The definitions of the keys and of everything they are derived from; a query for each depth."""
    found: dict[str, Known] = {}
    wanted = set(keys)
    while wanted:
        rows = list(IndicatorDefinition.objects.filter(key__in=wanted))
        if len(rows) < len(wanted) and any(key in indicators() for key in wanted - {row.key for row in rows}):
            definition_ids()  # a shipped definition that nobody has posted a value of has no row yet
            rows = list(IndicatorDefinition.objects.filter(key__in=wanted))
        for row in rows:
            made = parsed(row.formula, row.unit) if row.source == Source.DERIVED and row.formula else None
            found[row.key] = Known(
                row.pk, row.key, row.unit, KINDS[row.period], row.aggregation == Aggregation.AVERAGE, row.over_time,
                made,
            )  # fmt: skip
        wanted = {
            part for row in rows if (made := found[row.key].made) for part in operands_of(made)
        } - found.keys()
    return found


def _leaves(made: Made, known: Mapping[str, Known]) -> list[str]:
    """The keys with values of their own that a formula rests on."""
    leaves: dict[str, None] = {}
    for key in operands_of(made):
        part = known.get(key)
        if part is None:
            continue
        leaves |= dict.fromkeys([key] if part.made is None else _leaves(part.made, known))
    return list(leaves)


def _target(stored: PeriodKind, given: PeriodKind, asked: PeriodKind | None) -> PeriodKind:
    return asked if asked is not None else max(stored, given)


def _numbers(periods: tuple[Period, Period], stored: PeriodKind) -> list[int]:
    """The stored periods inside the stretch; of longer ones those that it touches."""
    first, last = periods
    if first.kind >= stored:
        first, last = first.parts(stored)[0], last.parts(stored)[-1]
    else:
        first, last = first.within(stored), last.within(stored)
    return [period.number for period in span(first, last)]


def _units(
    level: int, within: Unit | None, units: Iterable[int | Unit] | None
) -> Sequence[int] | tuple[str, Sequence[object]] | None:
    named = None if units is None else [one.pk if isinstance(one, Unit) else int(one) for one in units]
    if within is None:
        return named if named is not None or level == UnitLevel.FIRM else _few(level)
    below = pivot_sql.units_below(within, level) if level <= within.level else None
    if below is None:
        return []
    if level == within.level:
        inside = [within.pk]
    elif level == UnitLevel.FIRM and within.level > UnitLevel.VALLEY and named is None:
        return below
    else:
        inside = list(_inside(within, level))
    if named is not None:
        inside = sorted(set(inside) & set(named))
    return inside if len(inside) <= FEW or named is not None else below


def _few(level: int) -> list[int] | None:
    """The units of a level where they are few enough to be named: beside them a period holds all firms."""
    found = list(Unit.objects.filter(level=level).values_list("pk", flat=True)[: FEW + 1])
    return found if len(found) <= FEW else None


def _inside(within: Unit, level: int) -> Iterable[int]:
    path = "__".join(["parent"] * (within.level - level))
    return Unit.objects.filter(level=level, **{path: within.pk}).values_list("pk", flat=True)


def _groups(level: int, breakdown: str | None) -> dict[int | str, str | None]:
    if breakdown is None:
        return {0: None}
    return dict(Breakdown.objects.filter(dimension=breakdown).values_list("pk", "code"))


def series(key: str, unit: Unit, first: Period, last: Period) -> list[tuple[Period, Decimal | None]]:
    """The values of one unit for every period of a stretch; None where there is none."""
    cells = pivot([key], level=unit.level, units=[unit.pk], periods=(first, last), kind=first.kind)
    values = {cell.period: cell.value for cell in cells}
    return [(period, values.get(period)) for period in span(first, last)]


def latest(
    keys: Iterable[str], units: Iterable[Unit], up_to: Period, *, back: int = 36
) -> dict[tuple[str, int], Cell]:
    """The newest value of each indicator of each unit by (key, unit id), in a period that ends no later than `up_to`.

    Looks back so many periods of the kind of `up_to`; what is older is absent.
    """
    asked = list(keys)
    found: dict[tuple[str, int], Cell] = {}
    by_level: dict[int, list[int]] = {}
    for unit in units:
        by_level.setdefault(unit.level, []).append(unit.pk)
    for level, pks in by_level.items():
        for cell in pivot(asked, level=level, units=pks, periods=(up_to.shift(1 - back), up_to)):
            at = (cell.key, cell.unit_id)
            if cell.value is None or cell.period.last_day > up_to.last_day:
                continue
            if at not in found or found[at].period.number < cell.period.number:
                found[at] = cell
    return found
