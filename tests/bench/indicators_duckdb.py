"""The same pivots by DuckDB over the exported parquet: each level added up from the firms' rows, nothing prepared.

Run by `tests.bench.indicators`: measures each case and compares the last answer with that of the store, digit by digit.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from jinchuanggu.engines.periods import Period, PeriodKind, span
from tests.bench.indicators_store import FIRST, REPEATS, VALLEYS, cases, spread

LEVELS = {1: "firm", 2: "valley", 3: "city", 4: "province"}


class Reader:
    """The parquet files as views; units and definitions, which are small, as tables."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.db = duckdb.connect(config={"threads": threads})
        self.db.execute(f"CREATE VIEW v AS SELECT * FROM read_parquet('{folder}/values*.parquet')")
        for name in ("units", "definitions"):
            self.db.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{folder}/{name}.parquet')")
        rows = self.db.execute("SELECT key, id, aggregation, over_time FROM definitions").fetchall()
        self.known = {key: (pk, aggregation, over_time) for key, pk, aggregation, over_time in rows}

    def pivot(
        self, keys: list[str], *, level: int, periods: tuple[Period, Period], kind: PeriodKind = PeriodKind.MONTH,
        breakdown: str = "", within: int | None = None, firm: int | None = None,
    ) -> list[tuple[Any, ...]]:  # fmt: skip
        """As rows (key, unit, period number, group, value, reporters)."""
        if keys == ["ratio"]:
            return self._ratio(level, periods, kind)
        found: list[tuple[Any, ...]] = []
        for (aggregation, over_time), mine in self._alike(keys).items():
            rows = self._read(list(mine), level, periods, kind, breakdown, within, firm, over_time)
            for indicator, unit, period, group, total, count, who in rows:
                under = count if aggregation == "average" else 1
                found.append((mine[indicator], unit, period, group, _decimal(Fraction(total, under)), who))
        return found

    def _alike(self, keys: list[str]) -> dict[tuple[str, str], dict[int, str]]:
        groups: dict[tuple[str, str], dict[int, str]] = {}
        for key in keys:
            pk, aggregation, over_time = self.known[key]
            groups.setdefault((aggregation, over_time), {})[pk] = key
        return groups

    def _read(
        self, ids: list[int], level: int, periods: tuple[Period, Period], kind: PeriodKind, breakdown: str,
        within: int | None, firm: int | None, over_time: str,
    ) -> list[tuple[int, ...]]:  # fmt: skip
        numbers = [period.number for period in span(*periods)]
        unit, group = f"u.{LEVELS[level]}", f"u.{breakdown}" if breakdown else "NULL"
        chosen = "true"
        if within is not None:
            chosen = f"u.valley_ref = {within}"
        elif firm is not None:
            chosen = f"u.firm_ref = {firm}"
        at = "v.period" if kind is PeriodKind.MONTH else "3000000 + ((v.period - 1000000) // 100) * 100"
        month = f"""SELECT v.indicator, {unit} AS unit, {group} AS part, v.period, {at} AS target,
            sum(v.value)::HUGEINT AS total, count(*) AS n
            FROM v JOIN units u ON u.firm = v.unit
            WHERE v.indicator IN ({", ".join(map(str, ids))}) AND v.period BETWEEN {numbers[0]} AND {numbers[-1]} AND {chosen}
            GROUP BY ALL"""
        if kind is PeriodKind.MONTH:
            text = f"SELECT indicator, unit, period, part, total, n, n FROM ({month})"
        elif over_time == "last":
            text = f"""SELECT indicator, unit, target, part, arg_max(total, period), arg_max(n, period), arg_max(n, period)
                FROM ({month}) GROUP BY indicator, unit, target, part"""
        else:
            text = f"""SELECT indicator, unit, target, part, sum(total), sum(n), max(n)
                FROM ({month}) GROUP BY indicator, unit, target, part"""
        return self.db.execute(text).fetchall()

    def _ratio(self, level: int, periods: tuple[Period, Period], kind: PeriodKind) -> list[tuple[Any, ...]]:
        over, under = (self.known[key][0] for key in ("figure_00", "figure_01"))
        sums: list[dict[tuple[int, int], tuple[int, int]]] = []
        for pk in (over, under):
            rows = self._read([pk], level, periods, kind, "", None, None, "sum")
            sums.append({(row[1], row[2]): (row[4], row[6]) for row in rows})
        found: list[tuple[Any, ...]] = []
        for place in sums[0].keys() | sums[1].keys():
            top, below = sums[0].get(place), sums[1].get(place)
            exact = Fraction(top[0] * 100, below[0]) if top and below and below[0] else None
            value = None if exact is None else _decimal(exact * 10_000)
            found.append(("ratio", *place, None, value, min(part[1] for part in (top, below) if part)))
        return found


def _decimal(scaled: Fraction) -> str:
    """Ten-thousandths as the store writes them: without needless zeros."""
    found = Decimal(round(scaled)) / 10_000
    return str(found.quantize(Decimal(1)) if found == found.to_integral_value() else found.normalize())


def main() -> None:
    folder, months, indicators, threads = (
        Path(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]),
        int(sys.argv[4]),
    )
    reader = Reader(folder / "export", threads)
    answers = json.loads((folder / "answers.json").read_text("utf-8"))
    found: dict[str, dict[str, float]] = {}
    for name, make in cases(indicators, FIRST.shift(months - 1)):
        chance, times, rows = random.Random(7), [], []
        for _ in range(REPEATS):
            asked = make(chance)
            start = time.perf_counter()
            rows = reader.pivot(**asked)
            times.append((time.perf_counter() - start) * 1000)
        ours = sorted((tuple(row) for row in answers[name]), key=str)
        found[name] = {**spread(times), "same": float(sorted(rows, key=str) == ours), "cells": len(rows)}
    size = sum(file.stat().st_size for file in (folder / "export").iterdir()) / 2**20
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pivots": found, "parquet MiB": size, "peak MiB": peak, "valleys": VALLEYS}))


if __name__ == "__main__":
    main()
