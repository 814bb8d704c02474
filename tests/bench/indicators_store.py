"""One database: fill it with values through posting and rolling up, measure pivots, export what was posted.

Run by `tests.bench.indicators` in a process of its own for each database; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from jinchuanggu.commands.serve import migrate
from jinchuanggu.commands.setup import start_django
from jinchuanggu.engines.periods import Period, PeriodKind, span

CITIES, VALLEYS = 11, 13
FIELDS = ("新材料", "数字经济", "高端装备", "生物医药", "新能源", "节能环保")
SIZES = ("micro", "small", "medium", "large")
FIRST = Period.month(2022, 1)
REPEATS = 25


def build(firms: int, months: int, indicators: int) -> dict[str, float]:
    """A province of firms that file every month, lock after lock; returns counts and seconds."""
    from django.db import transaction

    from jinchuanggu.indicators.models import IndicatorDefinition, Unit, UnitLevel, Value, ValueSource
    from jinchuanggu.indicators.store.posting import Posting, post
    from jinchuanggu.indicators.store.rollup import roll_up

    random.seed(20261125)
    for n in range(indicators):
        stock = n % 5 == 4
        IndicatorDefinition.objects.create(
            key=f"figure_{n:02}", title={"zh": f"指标{n}", "en": f"Figure {n}"}, counts={"zh": "", "en": ""}, unit="cny",
            period="moment" if stock else "month", level="firm", aggregation="average" if n % 10 == 8 else "sum",
            over_time="last" if stock else "average" if n % 10 == 8 else "sum", breakdowns=["field", "size"], source="filed",
        )  # fmt: skip
    IndicatorDefinition.objects.create(
        key="ratio", title={"zh": "比率", "en": "Ratio"}, counts={"zh": "", "en": ""}, unit="percent", period="month",
        level="firm", aggregation="ratio", over_time="sum", source="derived",
        formula={"quotient": {"numerator": "figure_00", "denominator": "figure_01"}},
    )  # fmt: skip
    province = Unit.objects.create(level=UnitLevel.PROVINCE, ref_id=1)
    cities = [Unit.objects.create(level=UnitLevel.CITY, ref_id=n, parent=province) for n in range(CITIES)]
    valleys = [
        Unit.objects.create(level=UnitLevel.VALLEY, ref_id=n, parent=cities[n % CITIES])
        for n in range(VALLEYS)
    ]
    Unit.objects.bulk_create(
        Unit(
            level=UnitLevel.FIRM, ref_id=n, parent=valleys[n % VALLEYS], field=random.choice(FIELDS), kind="enterprise",
            size=random.choice(SIZES),
        )
        for n in range(firms)
    )  # fmt: skip
    by_valley = {
        valley.pk: list(Unit.objects.filter(parent=valley).values_list("pk", flat=True)) for valley in valleys
    }
    keys = [f"figure_{n:02}" for n in range(indicators)]
    posted = 0
    seconds = {"post": 0.0, "roll_up": 0.0, "commit": 0.0}
    for period in span(FIRST, FIRST.shift(months - 1)):
        for members in by_valley.values():
            rows = [
                Posting(key, firm, period, Decimal(random.randrange(-(10**6), 10**11)) / 100, source=ValueSource.FILED)
                for firm in members
                for key in keys
                if random.random() > 0.02
            ]  # fmt: skip
            start = time.perf_counter()
            with transaction.atomic():
                found = post(rows)
                middle = time.perf_counter()
                roll_up(found)
                end = time.perf_counter()
            seconds["post"] += middle - start
            seconds["roll_up"] += end - middle
            seconds["commit"] += time.perf_counter() - end
            posted += len(rows)
        if period.part == 12:
            print(f"{period}: {posted:,} values, {seconds}", file=sys.stderr, flush=True)
    return {"posted": posted, "rows": Value.objects.count(), **seconds}


def corrected(repeats: int) -> dict[str, float]:
    """A firm restates one month: all its values and everything above them, in one transaction."""
    from django.db import transaction

    from jinchuanggu.indicators.models import Unit, UnitLevel, ValueSource
    from jinchuanggu.indicators.store.posting import Posting, post
    from jinchuanggu.indicators.store.rollup import roll_up

    firms = list(Unit.objects.filter(level=UnitLevel.FIRM).values_list("pk", flat=True))
    times = []
    for n in range(repeats):
        rows = [
            Posting(f"figure_{k:02}", firms[n * 7 % len(firms)], FIRST.shift(20 + n % 5), Decimal(n * 1000 + k),
                    source=ValueSource.FILED)
            for k in range(10)
        ]  # fmt: skip
        start = time.perf_counter()
        with transaction.atomic():
            roll_up(post(rows))
        times.append((time.perf_counter() - start) * 1000)
    return spread(times)


def spread(times: list[float]) -> dict[str, float]:
    """Half of the times were below p50, 95 of 100 below p95; milliseconds."""
    ordered = sorted(times)
    return {
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))],
    }


def cases(indicators: int, last: Period) -> Iterator[tuple[str, Callable[[random.Random], dict[str, Any]]]]:
    """What screens ask, then the largest sensible; each gives the arguments of a pivot, another at every call."""
    keys = [f"figure_{n:02}" for n in range(indicators)]

    def back(months: int) -> tuple[Period, Period]:
        return last.shift(1 - months), last

    # fmt: off
    yield "20 indicators, province, 24 months", lambda r: {
        "keys": r.sample(keys, 20), "level": 4, "periods": back(24)}
    yield "1 indicator, 11 cities, 1 month", lambda r: {
        "keys": [r.choice(keys)], "level": 3, "periods": (m := last.shift(-r.randrange(48)), m)}
    yield "10 indicators, 13 valleys, 12 months", lambda r: {
        "keys": r.sample(keys, 10), "level": 2, "periods": back(12)}
    yield "20 indicators, 13 valleys, 5 years", lambda r: {
        "keys": r.sample(keys, 20), "level": 2, "periods": back(60), "kind": PeriodKind.YEAR}
    yield "1 indicator, 13 valleys, 36 months, 6 fields", lambda r: {
        "keys": [r.choice(keys)], "level": 2, "periods": back(36), "breakdown": "field"}
    yield "5 indicators, 230 firms of a valley, 12 months", lambda r: {
        "keys": r.sample(keys, 5), "level": 1, "periods": back(12), "within": r.randrange(VALLEYS)}
    yield "50 indicators, 1 firm, 60 months", lambda r: {
        "keys": keys, "level": 1, "periods": back(60), "firm": r.randrange(1000)}
    yield "ratio, 13 valleys, 60 months", lambda r: {"keys": ["ratio"], "level": 2, "periods": back(60)}
    yield "1 indicator, 3 000 firms, 1 month", lambda r: {
        "keys": [r.choice(keys)], "level": 1, "periods": (m := last.shift(-r.randrange(48)), m)}
    yield "large: ratio, 3 000 firms, 5 years", lambda r: {
        "keys": ["ratio"], "level": 1, "periods": back(60), "kind": PeriodKind.YEAR}
    yield "large: 1 indicator, 3 000 firms, 5 years", lambda r: {
        "keys": [r.choice(keys)], "level": 1, "periods": back(60), "kind": PeriodKind.YEAR}
    yield "large: 1 indicator, 3 000 firms, 36 months", lambda r: {
        "keys": [r.choice(keys)], "level": 1, "periods": back(36)}
    yield "large: 50 indicators, 13 valleys, 60 months", lambda r: {
        "keys": keys, "level": 2, "periods": back(60)}
    # fmt: on


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    """Of a case, with the valley or firm it names by number put in."""
    from jinchuanggu.indicators.models import Unit, UnitLevel

    asked = dict(case)
    if "within" in asked:
        asked["within"] = Unit.objects.get(level=UnitLevel.VALLEY, ref_id=asked["within"])
    if "firm" in asked:
        asked["units"] = [Unit.objects.get(level=UnitLevel.FIRM, ref_id=asked.pop("firm")).pk]
    return asked


def measure(indicators: int, last: Period, answers: Path | None) -> dict[str, dict[str, float]]:
    """Milliseconds of each pivot; the answers of the last repetition are kept for the comparison."""
    from jinchuanggu.indicators.store.pivot import pivot

    found: dict[str, dict[str, float]] = {}
    kept: dict[str, Any] = {}
    for name, make in cases(indicators, last):
        chance, times, cells = random.Random(7), [], []
        for _ in range(REPEATS):
            asked = arguments(make(chance))
            start = time.perf_counter()
            cells = pivot(**asked)
            times.append((time.perf_counter() - start) * 1000)
        found[name] = {**spread(times), "cells": len(cells)}
        kept[name] = [
            (
                c.key,
                c.unit_id,
                c.period.number,
                c.group,
                None if c.value is None else str(c.value),
                c.reporters,
            )
            for c in cells
        ]
    if answers:
        answers.write_text(json.dumps(kept), "utf-8")
    return found


def sizes() -> dict[str, float]:
    """MiB of the table and of each index."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) / 1048576.0 FROM pg_class WHERE relname LIKE 'indicators_value%'"
                " OR relname IN (SELECT indexname FROM pg_indexes WHERE tablename = 'indicators_value')"
            )
            found = {name: float(size) for name, size in cursor.fetchall() if size > 1}
            cursor.execute("SELECT pg_database_size(current_database()) / 1048576.0")
        else:
            found = {}
            try:
                cursor.execute(
                    "SELECT s.name, SUM(s.pgsize) / 1048576.0 FROM dbstat s JOIN sqlite_schema m ON m.name = s.name"
                    " WHERE m.tbl_name = 'indicators_value' GROUP BY s.name"
                )
                found = dict(cursor.fetchall())
            except Exception as problem:  # built without the table of sizes
                print(problem, file=sys.stderr)
            cursor.execute(
                "SELECT page_count * page_size / 1048576.0 FROM pragma_page_count(), pragma_page_size()"
            )
        return {**found, "database": float(cursor.fetchone()[0])}


def export(folder: Path) -> float:
    """What firms posted and still counts, the units and their parents, as parquet; seconds."""
    import polars as pl
    from django.db import connection

    from jinchuanggu.indicators.models import IndicatorDefinition, Unit

    start = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    names = ("indicator", "unit", "period", "value")
    with connection.cursor() as cursor:
        for part, (pk, *_) in enumerate(IndicatorDefinition.objects.values_list("pk", "key").order_by("pk")):
            cursor.execute(
                "SELECT indicator_id, unit_id, period, value FROM indicators_value WHERE indicator_id = %s AND level = 1"
                " AND current", [pk],
            )  # fmt: skip
            rows = cursor.fetchall()
            if rows:
                pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64), orient="row").write_parquet(
                    folder / f"values{part:03}.parquet"
                )
    units = list(
        Unit.objects.filter(level=1).values_list(
            "pk", "parent_id", "parent__parent_id", "parent__parent__parent_id", "field", "size", "ref_id",
            "parent__ref_id",
        )
    )  # fmt: skip
    whole = dict.fromkeys(("firm", "valley", "city", "province"), pl.Int64)
    whole |= {"field": pl.String, "size": pl.String, "firm_ref": pl.Int64, "valley_ref": pl.Int64}
    pl.DataFrame(units, schema=whole, orient="row").write_parquet(folder / "units.parquet")
    definitions = list(IndicatorDefinition.objects.values_list("pk", "key", "aggregation", "over_time"))
    schema = {"id": pl.Int64, "key": pl.String, "aggregation": pl.String, "over_time": pl.String}
    pl.DataFrame(definitions, schema=schema, orient="row").write_parquet(folder / "definitions.parquet")
    return time.perf_counter() - start


def main() -> None:
    firms, months, indicators, folder = (
        int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    )  # fmt: skip
    start_django()
    migrate()
    from django.db import connection

    folder.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {"database": connection.vendor}
    kept = folder / "built.json"
    if kept.exists():
        result |= json.loads(kept.read_text("utf-8"))
    else:
        result["build"] = build(firms, months, indicators)
        kept.write_text(json.dumps(result), "utf-8")
    result["restatement ms"] = corrected(REPEATS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # what the server does by itself after a while
            cursor.execute("VACUUM ANALYZE")
    result["pivots"] = measure(indicators, FIRST.shift(months - 1), folder / "answers.json")
    result["sizes MiB"] = sizes()
    if os.environ.get("BENCH_EXPORT", "1") == "1":
        result["export s"] = export(folder / "export")
    result["peak MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(result))


if __name__ == "__main__":
    main()
