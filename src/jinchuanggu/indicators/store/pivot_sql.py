"""The statements behind pivots: what every database here understands (SQLite, PostgreSQL, MySQL's family alike)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from jinchuanggu.engines.periods import PeriodKind
from jinchuanggu.indicators.models import Unit, Value, ValueSource

Row = tuple[int, int, int, int | str, int, int, int, int]
"""Indicator, unit, period, group, numerator and denominator of the ten-thousandths, reporters, version."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which values: `periods` are those in which they are stored, `target` the kind of those asked for.

    `groups`: numbers of breakdowns, (0,) for totals; `trait`: for firms the column by which they are grouped.
    `units`: ids, or a statement that gives them.
    """

    indicators: Sequence[int]
    level: int
    periods: Sequence[int]
    target: PeriodKind
    averaged: bool
    over_time: str
    groups: Sequence[int] = (0,)
    trait: str = ""
    units: Sequence[int] | tuple[str, Sequence[Any]] | None = None


def _quote(name: str) -> str:
    return str(connection.ops.quote_name(name))


def _among(column: str, values: Sequence[int]) -> tuple[str, list[int]]:
    if len(values) == 1:
        return f"{column} = %s", [values[0]]
    return f"{column} IN ({', '.join(['%s'] * len(values))})", [*values]


def bucket(column: str, stored: PeriodKind, target: PeriodKind) -> str:
    """The number of the longer period in which the period of a column lies, in whole numbers."""
    if stored == target:
        return column
    divide = "DIV" if connection.vendor == "mysql" else "/"
    year = f"(({column} - {int(stored) * 1_000_000}) {divide} 100) * 100 + {int(target) * 1_000_000}"
    if target is PeriodKind.YEAR:
        return year
    # doubled, for the statement takes parameters
    return f"{year} + (({column} %% 100) + 2) {divide} 3"


def _where(it: Selection) -> tuple[str, list[Any]]:
    said: list[str] = []
    given: list[Any] = []
    for column, values in (
        ("v.indicator_id", it.indicators), ("v.level", [it.level]), ("v.period", it.periods),
        ("v.breakdown", it.groups),
    ):  # fmt: skip
        text, numbers = _among(column, values)
        said.append(text)
        given += numbers
    said += [f"v.{_quote('current')}", "v.value IS NOT NULL"]
    if isinstance(it.units, tuple) and it.units and isinstance(it.units[0], str):
        said.append(f"v.unit_id IN ({it.units[0]})")
        given += it.units[1]  # type: ignore[arg-type]
    elif it.units is not None:
        text, numbers = _among("v.unit_id", it.units)  # type: ignore[arg-type]
        said.append(text)
        given += numbers
    return " AND ".join(said), given


def rows(it: Selection) -> list[Row]:
    """The values of a selection, those of several stored periods made one by `over_time`; in no order."""
    if not it.indicators or not it.periods or not it.groups or it.units == []:
        return []
    stored = PeriodKind(it.periods[0] // 1_000_000)
    value, unit = _quote(Value._meta.db_table), _quote(Unit._meta.db_table)
    where, given = _where(it)
    amount, weight = "v.value", "1"
    if it.averaged:
        amount = (
            f"CASE WHEN v.source = {int(ValueSource.ROLLED_UP)} THEN v.value ELSE v.value * v.reporters END"
        )
        weight = "v.reporters"
    joined = f" JOIN {unit} u ON u.id = v.unit_id" if it.trait else ""
    group = f"u.{_quote(it.trait)}" if it.trait else "v.breakdown"
    at = bucket("v.period", stored, it.target)
    if stored == it.target or (it.averaged and it.over_time == "sum"):
        text = (
            f"SELECT v.indicator_id, v.unit_id, {at}, {group}, {amount}, {weight}, v.reporters, v.version"
            f" FROM {value} v{joined} WHERE {where}"
        )
    elif it.over_time == "last":
        # the last period inside the longer one for which the unit has a value
        text = (
            f"SELECT v.indicator_id, v.unit_id, {at}, {group}, {amount}, {weight}, v.reporters, v.version"
            f" FROM (SELECT v.indicator_id, v.unit_id, v.breakdown, MAX(v.period) AS period FROM {value} v"
            f" WHERE {where} GROUP BY v.indicator_id, v.unit_id, v.breakdown, {at}) m"
            f" JOIN {value} v ON v.indicator_id = m.indicator_id AND v.unit_id = m.unit_id"
            f" AND v.breakdown = m.breakdown AND v.period = m.period AND v.{_quote('current')}{joined}"
        )
    else:
        over = "1" if it.over_time == "sum" else f"SUM({weight})"
        text = (
            f"SELECT v.indicator_id, v.unit_id, {at}, {group}, SUM({amount}), {over}, MAX(v.reporters), MAX(v.version)"
            f" FROM {value} v{joined} WHERE {where} GROUP BY v.indicator_id, v.unit_id, {at}, {group}"
        )
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        return list(cursor.fetchall())


def units_below(within: Unit, level: int) -> tuple[str, Sequence[Any]]:
    """A statement that gives the ids of the units of a level inside a unit."""
    unit = _quote(Unit._meta.db_table)
    text, given = "SELECT id FROM " + unit + " WHERE id = %s", [within.pk]
    for down in range(within.level - 1, level - 1, -1):
        text, given = f"SELECT id FROM {unit} WHERE level = %s AND parent_id IN ({text})", [down, *given]
    return text, given
