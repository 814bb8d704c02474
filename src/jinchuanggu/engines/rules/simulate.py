"""One population under two versions of a rule set: who gains, who loses, whose case is open, and what it costs.

What is not known never makes a loser: a subject whose verdict is open under either version, or whose amount is not
known, is counted apart. Money is summed in whole fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jinchuanggu.engines.rules.benefit import Frequency
from jinchuanggu.engines.rules.columns import CHUNK, Columns, Population, evaluate_columns
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.result import plain
from jinchuanggu.engines.rules.schedule import share_in, share_paid

Array = NDArray[Any]
WINNER, LOSER, UNCHANGED, UNCERTAIN = "winners", "losers", "unchanged", "uncertain"
MOVES = WINNER, LOSER, UNCHANGED, UNCERTAIN


@dataclass(frozen=True, slots=True)
class Money:
    """Yuan. ``low`` to ``high``: what those who surely meet the conditions come to, as far as amounts are known.

    ``open``: what those whose case is open would add at most. ``unknown``: how many meet the conditions while their
    amount is not known; it is in no sum.
    """

    low: Decimal
    high: Decimal
    open: Decimal
    unknown: int

    def times(self, share: Fraction) -> Money:
        return Money(
            _share(self.low, share), _share(self.high, share), _share(self.open, share), self.unknown
        )

    def as_dict(self) -> dict[str, object]:
        return {
            "low": plain(self.low), "high": plain(self.high), "open": plain(self.open), "unknown": self.unknown,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """One version over all subjects, or those of one label: counts, and money on the day (None: no amount at all)."""

    met: int
    not_met: int
    not_evidenced: int
    money: Money | None

    def as_dict(self) -> dict[str, object]:
        return {
            "met": self.met,
            "not_met": self.not_met,
            "not_evidenced": self.not_evidenced,
            "money": None if self.money is None else self.money.as_dict(),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One label of a table, or everybody."""

    label: str
    n: int
    moves: Mapping[str, int]
    before: Side
    after: Side

    def as_dict(self) -> dict[str, object]:
        moves = {name: self.moves[name] for name in MOVES}
        return {
            "label": self.label, "n": self.n, **moves, "before": self.before.as_dict(), "after": self.after.as_dict(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one year costs under both versions; a share is in percent, weighted by days where it changes midway."""

    year: int
    before_percent: Decimal
    after_percent: Decimal
    before: Money | None
    after: Money | None

    def as_dict(self) -> dict[str, object]:
        return {
            "year": self.year,
            "before_percent": plain(self.before_percent),
            "after_percent": plain(self.after_percent),
            "before": None if self.before is None else self.before.as_dict(),
            "after": None if self.after is None else self.after.as_dict(),
        }


@dataclass(frozen=True)
class Simulation:
    """``move``: one of ``MOVES`` per subject, as its index. ``tables``: by the names given as ``by``."""

    before: RuleSet
    after: RuleSet
    on: date
    total: Row
    tables: Mapping[str, tuple[Row, ...]]
    years: tuple[Cost, ...]
    move: Array = field(repr=False)
    columns_before: Columns = field(repr=False)
    columns_after: Columns = field(repr=False)

    def rows(self, move: str) -> Array:
        """The positions of the subjects that moved so."""
        return np.flatnonzero(self.move == MOVES.index(move))

    def as_dict(self) -> dict[str, object]:
        """Plain data, ready for JSON; without the subjects."""
        return {
            "before": {"id": self.before.id, "version": self.before.version},
            "after": {"id": self.after.id, "version": self.after.version},
            "on": self.on.isoformat(),
            "total": self.total.as_dict(),
            "tables": {name: [row.as_dict() for row in table] for name, table in self.tables.items()},
            "years": [cost.as_dict() for cost in self.years],
        }


def simulate(
    before: RuleSet,
    after: RuleSet,
    population: Population,
    on: date,
    *,
    by: Mapping[str, Any] | None = None,
    years: Iterable[int] = (),
    chunk: int = CHUNK,
    workers: int = 1,
) -> Simulation:
    """Judge everybody by both versions.

    A winner did not meet the conditions and would, or meets them both times and is surely paid more; a loser the
    other way round. ``by``: names of tables to labels, one per subject. ``years``: the same subjects are paid every
    year, by the schedule of each version; what is given once is paid in the first of the years only.
    """
    old = evaluate_columns(before, population, on, criteria=(), scores=False, chunk=chunk, workers=workers)
    new = old
    if after is not before:
        new = evaluate_columns(after, population, on, criteria=(), scores=False, chunk=chunk, workers=workers)
    move = _moves(old, new)
    fen = _fen(old), _fen(new)
    everybody = _table(np.zeros(population.n, np.int64), ("",), move, (old, new), fen)[0]
    tables = {}
    for name, labels in (by or {}).items():
        names, at = np.unique(np.asarray(labels).astype(str), return_inverse=True)
        tables[name] = _table(at, tuple(str(each) for each in names), move, (old, new), fen)
    costs = _costs(before, after, everybody, on, sorted(years))
    return Simulation(before, after, on, everybody, tables, costs, move, old, new)


def _moves(old: Columns, new: Columns) -> Array:
    move = np.full(old.n, MOVES.index(UNCHANGED), np.int8)
    move[(old.verdict == 0) & (new.verdict == 1)] = MOVES.index(WINNER)
    move[(old.verdict == 1) & (new.verdict == 0)] = MOVES.index(LOSER)
    both = (old.verdict == 1) & (new.verdict == 1)
    if old.amount_low is not None and new.amount_low is not None:
        assert old.amount_high is not None
        assert new.amount_high is not None
        more, less = new.amount_low > old.amount_high, new.amount_high < old.amount_low
        same = (new.amount_low == old.amount_low) & (new.amount_high == old.amount_high)
        move[both & more] = MOVES.index(WINNER)
        move[both & less] = MOVES.index(LOSER)
        move[both & ~more & ~less & ~same] = MOVES.index(UNCERTAIN)
    move[(old.verdict < 0) | (new.verdict < 0)] = MOVES.index(UNCERTAIN)
    return move


def _fen(columns: Columns) -> tuple[Array, Array] | None:
    """The least and most in whole fen as floats (exact below 2**53), NaN where not known."""
    if columns.amount_low is None or columns.amount_high is None:
        return None
    low = np.rint(columns.amount_low * 100)
    return low, low if columns.amount_high is columns.amount_low else np.rint(columns.amount_high * 100)


def _table(
    at: Array,
    labels: tuple[str, ...],
    move: Array,
    sides: tuple[Columns, Columns],
    fen: tuple[tuple[Array, Array] | None, tuple[Array, Array] | None],
) -> tuple[Row, ...]:
    size = len(labels)
    counts = np.bincount(at, minlength=size)
    moves = [np.bincount(at[move == index], minlength=size) for index in range(len(MOVES))]
    made = [_sides(at, size, columns, money) for columns, money in zip(sides, fen, strict=True)]
    return tuple(
        Row(
            label,
            int(counts[index]),
            {name: int(moves[position][index]) for position, name in enumerate(MOVES)},
            made[0][index],
            made[1][index],
        )
        for index, label in enumerate(labels)
    )


def _sides(at: Array, size: int, columns: Columns, fen: tuple[Array, Array] | None) -> list[Side]:
    met, not_met, open_ = (np.bincount(at[columns.verdict == code], minlength=size) for code in (1, 0, -1))
    money: list[Money | None] = [None] * size
    if fen is not None:
        known = ~np.isnan(fen[0])
        sure, possible = (columns.verdict == 1) & known, (columns.verdict < 0) & known
        low, high = (np.bincount(at[sure], end[sure], size) for end in fen)
        more = np.bincount(at[possible], fen[1][possible], size)
        unknown = np.bincount(at[(columns.verdict == 1) & ~known], minlength=size)
        money = [
            Money(_yuan(low[index]), _yuan(high[index]), _yuan(more[index]), int(unknown[index]))
            for index in range(size)
        ]
    return [
        Side(int(met[index]), int(not_met[index]), int(open_[index]), money[index]) for index in range(size)
    ]


def _yuan(fen: Any) -> Decimal:
    return Decimal(int(fen)).scaleb(-2)


def _share(yuan: Decimal, share: Fraction) -> Decimal:
    return Decimal(round(Fraction(yuan) * share * 100)).scaleb(-2)


def _costs(before: RuleSet, after: RuleSet, total: Row, on: date, years: list[int]) -> tuple[Cost, ...]:
    found = []
    for position, year in enumerate(years):
        ends = []
        for rules, side in ((before, total.before), (after, total.after)):
            benefit = rules.benefit
            share = share_in(benefit, year)
            money = side.money
            if money is not None and benefit is not None:
                today = share_paid(benefit, on)
                if benefit.frequency is Frequency.ONCE and position > 0:
                    share = Fraction(0)
                money = money.times(share / today) if today else None
            ends.append((Decimal((share * 100).numerator) / Decimal((share * 100).denominator), money))
        found.append(Cost(year, ends[0][0], ends[1][0], ends[0][1], ends[1][1]))
    return tuple(found)
