"""Writing values into the store: set-based, idempotent, versions kept.

A value that is already there writes nothing. A changed one becomes a new version, the former stays. Of several sources
for one value the nearest to the records counts (`writing.RANK`); the others are kept beside it, not current.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.definitions.catalogue import definition_ids
from jinchuanggu.indicators.models import Breakdown, IndicatorDefinition, ValueSource
from jinchuanggu.indicators.store import writing
from jinchuanggu.indicators.store.fixed import to_scaled
from jinchuanggu.indicators.store.writing import RANK, Kept, Key, New


class Posting(NamedTuple):
    """One value to keep, in the unit of its indicator, with at most four decimal places.

    `value` None: the source no longer says anything, such as a cell emptied in a restatement. `breakdown`: dimension and
    code of the group, None for the total. `reporters`: how many of the lowest units are in it.
    """

    indicator_key: str
    unit_id: int
    period: Period
    value: Decimal | None
    breakdown: tuple[str, str] | None = None
    source: int = ValueSource.COMPUTED
    filing_id: int | None = None
    reporters: int = 1


@dataclass(slots=True)
class Posted:
    """What changed. `touched`: keys whose current value is another now, with whether a filing was restated.

    Two of them may be joined with `|=`, so that what many postings touched is rolled up once.
    """

    written: int = 0
    touched: dict[Key, bool] = field(default_factory=dict)

    def __ior__(self, other: Posted) -> Posted:
        self.written += other.written
        for key, restated in other.touched.items():
            self.touched[key] = self.touched.get(key, False) or restated
        return self


def post(rows: Iterable[Posting], *, at: datetime | None = None) -> Posted:
    """Keep values; several for one key and source: the last counts. Runs in the caller's transaction.

    Raises KeyError for an indicator or unit that does not exist, ValueError for more than four decimal places.
    """
    listed = list(rows)
    if not listed:
        return Posted()
    ids = _indicator_ids({row.indicator_key for row in listed})
    groups = breakdown_ids({row.breakdown for row in listed if row.breakdown})
    wanted: dict[tuple[Key, int], tuple[int | None, int, int | None]] = {}
    for row in listed:
        key = (
            ids[row.indicator_key],
            row.unit_id,
            row.period.number,
            groups[row.breakdown] if row.breakdown else 0,
        )
        value = None if row.value is None else to_scaled(row.value)
        wanted[key, int(row.source)] = (value, row.reporters, row.filing_id)
    with transaction.atomic():
        known = writing.lock({key[1] for key, _ in wanted})
        levels = {pk: level for pk, (level, _) in known.items()}
        return write(wanted, levels, at or timezone.now(), _always_versioned)


def _always_versioned(key: Key) -> bool:
    return True


def write(
    wanted: dict[tuple[Key, int], tuple[int | None, int, int | None]],
    levels: dict[int, int],
    at: datetime,
    versioned: Callable[[Key], bool],
) -> Posted:
    """Bring the rows of keys and sources to the wanted `(value, reporters, filing)`; see `post`.

    `versioned(key)` False: a changed row is overwritten in place. The province must be locked.
    """
    stand = writing.standing(key for key, _ in wanted)
    done = Posted()
    new: list[New] = []
    replaced: list[tuple[int | None, int, int]] = []
    fallen: list[int] = []
    raised: list[int] = []
    by_key: dict[Key, list[tuple[int, tuple[int | None, int, int | None]]]] = {}
    for (key, source), value in wanted.items():
        by_key.setdefault(key, []).append((source, value))
    for key, offers in by_key.items():
        level = levels[key[1]]
        rows = stand.get(key)
        if rows is None and len(offers) == 1:  # the common case: nothing there yet
            source, (amount, reporters, filing) = offers[0]
            if amount is not None:
                new.append(New(key, level, 1, True, amount, reporters, source, filing))
                done.touched[key] = False
            continue
        _one_key(key, level, dict(rows or {}), offers, versioned(key), done, new, replaced, fallen, raised)
    writing.set_current(fallen, False)
    writing.set_current(raised, True)
    writing.replace(replaced, at)
    writing.insert(new, at)
    done.written = len(new) + len(replaced)
    return done


def _one_key(
    key: Key,
    level: int,
    rows: dict[int, Kept],
    offers: list[tuple[int, tuple[int | None, int, int | None]]],
    versioned: bool,
    done: Posted,
    new: list[New],
    replaced: list[tuple[int | None, int, int]],
    fallen: list[int],
    raised: list[int],
) -> None:
    """Decide for one key what is written and which row counts afterwards."""
    was = next((row for row in rows.values() if row.current), None)
    last = max((row.version for row in rows.values()), default=0)
    filings: dict[int, int | None] = {}
    restated = False
    for source, (value, reporters, filing) in offers:
        before = rows.get(source)
        if before is None and value is None:
            continue
        if before is not None and (before.value, before.reporters) == (value, reporters):
            continue
        if before is not None and not versioned:
            replaced.append((value, reporters, before.pk))
            rows[source] = before._replace(value=value, reporters=reporters)
            continue
        restated = restated or (before is not None and source == ValueSource.FILED)
        last += 1
        rows[source] = Kept(0, last, False, value, reporters, source)
        filings[source] = filing
    if not rows:
        return
    chosen = max(rows.values(), key=lambda row: (row.value is not None, RANK[row.source]))
    for source, row in rows.items():
        counts = row is chosen
        if row.pk == 0:
            new.append(
                New(key, level, row.version, counts, row.value, row.reporters, source, filings[source])
            )
        elif counts and not row.current:
            raised.append(row.pk)
    if was is not None and (chosen.pk != was.pk):
        fallen.append(was.pk)
    if was is None or (chosen.value, chosen.reporters) != (was.value, was.reporters):
        done.touched[key] = restated


def _indicator_ids(keys: set[str]) -> dict[str, int]:
    found = dict(IndicatorDefinition.objects.filter(key__in=keys).values_list("key", "pk"))
    if len(found) < len(keys):
        every = definition_ids()
        found = {key: every[key] for key in keys}
    return found


def breakdown_ids(groups: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Numbers of groups, made where missing. One query when all are there."""
    wanted = set(groups)
    if not wanted:
        return {}
    found = _breakdowns()
    missing = wanted - found.keys()
    if missing:
        Breakdown.objects.bulk_create(
            [Breakdown(dimension=dimension, code=code) for dimension, code in sorted(missing)],
            ignore_conflicts=True,
        )
        found = _breakdowns()
    return {group: found[group] for group in wanted}


def _breakdowns() -> dict[tuple[str, str], int]:
    rows = Breakdown.objects.values_list("dimension", "code", "pk")
    return {(dimension, code): pk for dimension, code, pk in rows}
