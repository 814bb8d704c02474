"""The same answers from DuckDB, computed from what was posted and from nothing that the store derived.

The export holds every posted row (all versions and sources, no roll-up), the units and the definitions as parquet
files. Which row counts, the sums of every level, longer periods and ratios are worked out here again in SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.definitions.library import KINDS
from jinchuanggu.indicators.models import Breakdown, IndicatorDefinition, Unit, Value, ValueSource
from jinchuanggu.indicators.store.writing import RAW

Found = dict[tuple[str, int, str, str | None], tuple[Decimal, int]]
"""(indicator, unit, period, group) -> value and reporters."""

# computed 3, filed 2, published 1 in the store; what is added up stands between filed and published
COUNTS = """
CREATE TABLE direct AS
SELECT indicator, unit, period, breakdown, value, reporters, source FROM (
  SELECT *, row_number() OVER (PARTITION BY indicator, unit, period, breakdown ORDER BY source DESC) AS nearest
  FROM (SELECT *, row_number() OVER (PARTITION BY indicator, unit, period, breakdown, source ORDER BY version DESC) AS newest
        FROM posted)
  WHERE newest = 1 AND value IS NOT NULL)
WHERE nearest = 1;
CREATE TABLE level1 AS
SELECT d.*, CASE WHEN i.aggregation = 'average' THEN d.value::HUGEINT * d.reporters ELSE d.value END AS amount
FROM direct d JOIN units u ON u.id = d.unit JOIN definitions i ON i.id = d.indicator WHERE u.level = 1;
"""
LEVEL = """
CREATE TABLE level{up} AS
WITH parts AS ({parts}),
summed AS (SELECT indicator, unit, period, breakdown, sum(amount)::HUGEINT AS amount, sum(reporters) AS reporters
           FROM parts GROUP BY ALL),
own AS (SELECT d.*, CASE WHEN i.aggregation = 'average' THEN d.value::HUGEINT * d.reporters ELSE d.value END AS amount
        FROM direct d JOIN units u ON u.id = d.unit JOIN definitions i ON i.id = d.indicator WHERE u.level = {up})
SELECT coalesce(s.indicator, o.indicator) AS indicator, coalesce(s.unit, o.unit) AS unit,
       coalesce(s.period, o.period) AS period, coalesce(s.breakdown, o.breakdown) AS breakdown,
       CASE WHEN o.source >= 2 OR s.amount IS NULL THEN o.amount ELSE s.amount END AS amount,
       CASE WHEN o.source >= 2 OR s.amount IS NULL THEN o.reporters ELSE s.reporters END AS reporters
FROM summed s FULL JOIN own o USING (indicator, unit, period, breakdown);
"""
BELOW = """SELECT c.indicator, u.parent AS unit, c.period, c.breakdown, c.amount, c.reporters
FROM level{down} c JOIN units u ON u.id = c.unit JOIN definitions i ON i.id = c.indicator
WHERE i.aggregation IN ('sum', 'average') AND u.parent IS NOT NULL"""
OF_FIRMS = """SELECT c.indicator, u.parent AS unit, c.period, b.id AS breakdown, c.amount, c.reporters
FROM level1 c JOIN units u ON u.id = c.unit JOIN definitions i ON i.id = c.indicator
JOIN breakdowns b ON list_contains(i.breakdowns, b.dimension)
 AND b.code = CASE b.dimension WHEN 'field' THEN u.field WHEN 'kind' THEN u.kind ELSE u.size END
WHERE i.aggregation IN ('sum', 'average') AND c.breakdown = 0 AND u.parent IS NOT NULL"""


def export(folder: Path) -> None:
    """Everything posted, the units and the definitions, as parquet."""
    posted = (
        Value.objects.exclude(source=ValueSource.ROLLED_UP)
        .annotate(raw=RAW)
        .values_list(
            "indicator_id", "unit_id", "period", "breakdown", "version", "raw", "reporters", "source"
        )
    )
    names = ("indicator", "unit", "period", "breakdown", "version", "value", "reporters", "source")
    _write(folder / "posted.parquet", posted.iterator(), dict.fromkeys(names, pl.Int64))
    units = Unit.objects.values_list("pk", "level", "parent_id", "field", "kind", "size")
    whole = dict.fromkeys(("id", "level", "parent"), pl.Int64) | dict.fromkeys(
        ("field", "kind", "size"), pl.String
    )
    _write(folder / "units.parquet", units, whole)
    definitions = IndicatorDefinition.objects.values_list(
        "pk", "key", "period", "aggregation", "over_time", "breakdowns"
    )
    schema = {
        "id": pl.Int64,
        "key": pl.String,
        "period": pl.String,
        "aggregation": pl.String,
        "over_time": pl.String,
    }
    _write(folder / "definitions.parquet", definitions, schema | {"breakdowns": pl.List(pl.String)})
    groups = Breakdown.objects.values_list("pk", "dimension", "code")
    _write(folder / "breakdowns.parquet", groups, {"id": pl.Int64, "dimension": pl.String, "code": pl.String})


def _write(path: Path, rows: Any, schema: dict[str, Any]) -> None:
    pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row").write_parquet(path)


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory with the export read and every level added up."""
    db = duckdb.connect()
    for name in ("posted", "units", "definitions", "breakdowns"):
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")
    db.execute(COUNTS)
    db.execute(LEVEL.format(up=2, parts=f"{BELOW.format(down=1)} AND c.breakdown = 0 UNION ALL {OF_FIRMS}"))
    db.execute(LEVEL.format(up=3, parts=BELOW.format(down=2)))
    db.execute(LEVEL.format(up=4, parts=BELOW.format(down=3)))
    return db


def pivot(
    db: duckdb.DuckDBPyConnection,
    keys: Sequence[str],
    *,
    level: int,
    units: Sequence[int] | None = None,
    periods: tuple[Period, Period],
    kind: PeriodKind,
    breakdown: str | None = None,
) -> Found:
    """Values by (indicator, unit, period, group) for indicators that have values of their own."""
    first, last = (periods[0].first_day, periods[1].last_day)
    found: Found = {}
    for key in keys:
        pk, stored, aggregation, over_time = db.execute(
            "SELECT id, period, aggregation, over_time FROM definitions WHERE key = ?", [key]
        ).fetchone() or (None, "", "", "")
        if pk is None or KINDS[stored] > kind:
            continue
        low, high = (Period.of(KINDS[stored], day).number for day in (first, last))
        rows = db.execute(
            _text(level, aggregation, over_time, kind, units, breakdown), [pk, low, high]
        ).fetchall()
        for unit, period, group, over, under, who in rows:
            value = round(Fraction(over, under))
            found[key, unit, str(Period.numbered(period)), group] = (Decimal(value) / 10_000, who)
    return found


def _text(
    level: int,
    aggregation: str,
    over_time: str,
    kind: PeriodKind,
    units: Sequence[int] | None,
    breakdown: str | None,
) -> str:
    bucket = {
        PeriodKind.YEAR: "3000000 + (v.period // 100 % 10000) * 100",
        PeriodKind.QUARTER: "CASE WHEN v.period < 2000000 THEN 2000000 + (v.period // 100 % 10000) * 100"
        " + (v.period % 100 + 2) // 3 ELSE v.period END",
        PeriodKind.MONTH: "v.period",
    }[kind]
    weight = "v.reporters" if aggregation == "average" else "1"
    group, joined, condition = "NULL", "", "v.breakdown = 0"
    if breakdown and level == 1:
        joined, group = "JOIN units u ON u.id = v.unit", f"u.{breakdown}"
    elif breakdown:
        joined = f"JOIN breakdowns b ON b.id = v.breakdown AND b.dimension = '{breakdown}'"
        group, condition = "b.code", "true"
    chosen = "true" if units is None else f"v.unit IN ({', '.join(map(str, units)) or 'NULL'})"
    base = f"""SELECT v.unit, {bucket} AS target, {group} AS part, v.period, v.amount, {weight} AS weight, v.reporters
    FROM level{level} v {joined} WHERE v.indicator = ? AND v.period BETWEEN ? AND ? AND {condition} AND {chosen}"""
    if over_time == "last":
        return f"""SELECT unit, target, part, arg_max(amount, period), arg_max(weight, period), arg_max(reporters, period)
        FROM ({base}) GROUP BY unit, target, part"""
    under = "sum(weight)" if over_time == "average" else "max(weight)"
    return f"SELECT unit, target, part, sum(amount), {under}, max(reporters) FROM ({base}) GROUP BY unit, target, part"
