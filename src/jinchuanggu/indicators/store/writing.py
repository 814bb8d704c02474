"""Rows of the store, read and written in bulk: whole ten-thousandths in, whole ten-thousandths out.

Ten million rows are written here, so each database gets its quickest way in: COPY on PostgreSQL, one prepared
statement elsewhere. Nothing outside this file writes a Value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, models
from django.db.models import ExpressionWrapper, F

from jinchuanggu.indicators.models import Unit, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.store.units import chunks

RANK: dict[int, int] = {
    ValueSource.PUBLISHED: 1,
    ValueSource.ROLLED_UP: 2,
    ValueSource.FILED: 3,
    ValueSource.COMPUTED: 4,
}
"""Of several sources of one value the highest counts: what a unit says itself before what is added up below it,
both before what is told about it."""

COLUMNS = (
    "indicator_id", "unit_id", "level", "period", "breakdown", "version", "current", "value", "reporters", "source",
    "filing_id", "posted_at",
)  # fmt: skip

Key = tuple[int, int, int, int]
"""Indicator, unit, period, breakdown."""

RAW = ExpressionWrapper(F("value"), output_field=models.BigIntegerField())


class Kept(NamedTuple):
    """A row as it stands. `value` in ten-thousandths, None for one taken back."""

    pk: int
    version: int
    current: bool
    value: int | None
    reporters: int
    source: int


class New(NamedTuple):
    """A row to write."""

    key: Key
    level: int
    version: int
    current: bool
    value: int | None
    reporters: int
    source: int
    filing_id: int | None


def lock(unit_ids: Iterable[int]) -> dict[int, tuple[int, int | None]]:
    """Level and parent of the units and of all above them; their provinces are held until the transaction ends.

    Whoever writes values of a province comes one after the other: so two who file firms of one valley at the same
    time both find the other's value when they add up, and take locks in one order only. SQLite has one writer anyway.
    """
    known: dict[int, tuple[int, int | None]] = {}
    wanted = set(unit_ids)
    while wanted:
        for part in chunks(wanted):
            rows = Unit.objects.filter(pk__in=part).values_list("pk", "level", "parent_id")
            known |= {pk: (level, parent) for pk, level, parent in rows}
        wanted = {parent for _, parent in known.values() if parent is not None} - known.keys()
    roots = sorted(pk for pk, (_, parent) in known.items() if parent is None)
    if connection.features.has_select_for_update:
        # no_key: a row that merely refers to the province need not wait
        no_key = connection.features.has_select_for_no_key_update
        list(Unit.objects.select_for_update(no_key=no_key).filter(pk__in=roots).order_by("pk"))
    return known


def standing(
    keys: Iterable[Key], levels: Iterable[int] = tuple(UnitLevel.values)
) -> dict[Key, dict[int, Kept]]:
    """The last row of each source by key, for those of the keys that have rows."""
    wanted = set(keys)
    if not wanted:
        return {}
    indicators, periods = {key[0] for key in wanted}, {key[2] for key in wanted}
    found: dict[Key, dict[int, Kept]] = {}
    for units in chunks({key[1] for key in wanted}):
        rows = (
            Value.objects.filter(indicator__in=indicators, unit__in=units, period__in=periods)
            .order_by()
            .annotate(raw=RAW)
            .values_list(
                "indicator_id", "unit_id", "period", "breakdown", "pk", "version", "current", "raw", "reporters",
                "source",
            )
        )  # fmt: skip
        for *at, pk, version, current, value, reporters, source in rows.iterator(chunk_size=10_000):
            key = (at[0], at[1], at[2], at[3])
            if key in wanted:
                by_source = found.setdefault(key, {})
                if source not in by_source or by_source[source].version < version:
                    by_source[source] = Kept(pk, version, current, value, reporters, source)
    return found


def insert(rows: Sequence[New], at: datetime) -> None:
    """Write new rows; those they supersede are no longer current by then.

    Values of one indicator and period are laid side by side: they are read together.
    """
    if not rows:
        return
    rows = sorted(rows, key=lambda row: (row[0][0], row[0][2], row[0][3], row[0][1]))
    names = ", ".join(connection.ops.quote_name(name) for name in COLUMNS)
    table = connection.ops.quote_name(Value._meta.db_table)
    tuples = (
        (
            key[0], key[1], level, key[2], key[3], version, current, value, reporters, source, filing, at,
        )
        for key, level, version, current, value, reporters, source, filing in rows
    )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in tuples:
                    copy.write_row(row)
            return
        moment = connection.ops.adapt_datetimefield_value(at)
        marks = ", ".join(["%s"] * len(COLUMNS))
        cursor.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", [(*row[:-1], moment) for row in tuples]
        )


def set_current(pks: Iterable[int], current: bool) -> None:
    """Make rows the ones that count, or no longer."""
    for part in chunks(pks):
        Value.objects.filter(pk__in=part).update(current=current)


def replace(rows: Sequence[tuple[int | None, int, int]], at: datetime) -> None:
    """Overwrite `(value, reporters, pk)` in place: roll-ups only, whose parts keep their versions."""
    if not rows:
        return
    table = connection.ops.quote_name(Value._meta.db_table)
    moment: Any = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET value = %s, reporters = %s, posted_at = %s WHERE id = %s",
            [(value, reporters, moment, pk) for value, reporters, pk in rows],
        )
