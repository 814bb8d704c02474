"""Scores over a chunk, in whole numbers: every point of a rule set is a multiple of one unit, so sums are exact.

A part is an interval, ``low`` to ``high``; where nothing is open both are one and the same array.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import Chunk
from jinchuanggu.engines.rules.columns.numbers import number
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.model import Score, ScorePart
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.pieces import Pieces, by_bands
from jinchuanggu.engines.rules.program import Program, parts_of, ratio_name
from jinchuanggu.engines.rules.scoring import least

_JUDGE_PLACES = 6


@dataclass(frozen=True, slots=True)
class Scored:
    """Points in units of ``1 / scale``; ``undefined``: rows where what is measured does not exist."""

    low: Array
    high: Array
    undefined: Array | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one part in units. ``cuts``: limit, closed, and what low and high rise by when it is passed.

    ``codes``: what low and high rise by for each code; ``low`` and ``high``: where every row starts.
    """

    low: int
    high: int
    least: int
    most: int
    cuts: tuple[tuple[float, bool, int, int], ...] = ()
    codes: dict[str, tuple[int, int]] | None = None
    undefined: int | None = None
    cap: int | None = None

    @property
    def point(self) -> bool:
        """Whether low and high never differ where the measured number is known."""
        steps = [(low, high) for _, _, low, high in self.cuts] + list((self.codes or {}).values())
        return self.low == self.high and all(low == high for low, high in steps)


@dataclass(frozen=True, slots=True)
class Scale:
    """How many units one point is, the narrowest type that holds every sum, and every part in these terms."""

    units: int
    kind: Any
    tables: dict[int, Table]

    def of(self, points: Fraction) -> int:
        return units_of(points, self.units)


def units_of(points: Fraction, units: int) -> int:
    scaled = points * units
    assert scaled.denominator == 1
    return scaled.numerator


def scale_of(program: Program, judges: int) -> Scale:
    """``judges``: decimal places of the points that experts gave."""
    every = [part for scheme in program.schemes.values() for part in parts_of(scheme)]
    units = lcm(1, 10**judges, *(each.denominator for part in every for each in _points(part)))
    top = max((_bound(scheme) for scheme in program.schemes.values()), default=Fraction(0)) * units * 2
    kind = np.int8 if top < 2**7 else np.int16 if top < 2**15 else np.int32 if top < 2**31 else np.int64
    return Scale(units, kind, {id(part): _table(part, units) for part in every})


def _bound(part: ScorePart) -> Fraction:
    """No sum inside a part is greater; twice as much holds every difference of two of its points."""
    own = max((abs(each) for each in _points(part)), default=Fraction(0))
    return max(own, sum((_bound(child) for child in part.parts), Fraction(0)))


def _table(part: ScorePart, units: int) -> Table:
    def of(points: Fraction) -> int:
        return units_of(points, units)

    start = part.otherwise, part.otherwise
    cuts: list[tuple[float, bool, int, int]] = []
    codes = None
    if part.input is not None or part.ratio is not None:
        pieces = bands_of(part)
        start = before = pieces.outcomes[0]
        for cut, after in zip(pieces.cuts, pieces.outcomes[1:], strict=True):
            cuts.append(
                (float(cut.limit), cut.closed, of(after[0]) - of(before[0]), of(after[1]) - of(before[1]))
            )
            before = after
    elif part.code is not None:
        codes = {
            code: (of(low) - of(part.otherwise), of(high) - of(part.otherwise))
            for code, (low, high) in part.options.items()
        }
    most = max(part.most, part.otherwise) if part.statement is not None else part.most
    return Table(
        of(start[0]), of(start[1]), of(least(part)), of(most), tuple(cuts), codes,
        None if part.undefined is None else of(part.undefined), None if part.cap is None else of(part.cap),
    )  # fmt: skip


def judge_places(program: Program, columns: Any) -> int:
    """How many decimals the scores of experts have at most; ValueError past six."""
    places = 0
    judges = {part.judge for scheme in program.schemes.values() for part in parts_of(scheme) if part.judge}
    for name in judges:
        column = columns.get(name)
        if column is None:
            continue
        known = column[~np.isnan(column)] if column.dtype.kind == "f" else column
        while not np.array_equal(np.rint(known * 10.0**places) / 10.0**places, known):
            places += 1
            if places > _JUDGE_PLACES:
                raise ValueError(f"{name}: a score of experts has at most {_JUDGE_PLACES} decimals")
    return places


def part_points(chunk: Chunk, part: ScorePart) -> Scored:
    """The interval of a part, worked out once per chunk."""
    kept: Scored | None = chunk.points.get(id(part))
    if kept is None:
        kept = chunk.points[id(part)] = _judged(chunk, part)
    return kept


def judged(chunk: Chunk, test: Score) -> tuple[Array, Array]:
    """Surely and possibly met."""
    scale = _scale(chunk)
    cap = None if test.cap is None else scale.of(test.cap)
    total = _capped(chunk, _together([part_points(chunk, part) for part in test.parts]), cap)
    limit = test.limit * scale.units
    if total.low is total.high:
        sure = _held(total.low, test.operator, limit)
        return sure, sure
    ends = _held(total.low, test.operator, limit), _held(total.high, test.operator, limit)
    sure, possible = ends[0] & ends[1], ends[0] | ends[1]
    if test.operator is Operator.EQUAL:
        # strictly inside: some of the points between may be the ones asked for
        possible |= _held(total.low, Operator.LESS, limit) & _held(total.high, Operator.MORE, limit)
    return sure, possible


def _held(points: Array, operator: Operator, limit: Fraction) -> Array:
    found: Array
    match operator:
        case Operator.AT_LEAST:
            found = points >= ceil(limit)
        case Operator.MORE:
            found = points > floor(limit)
        case Operator.AT_MOST:
            found = points <= floor(limit)
        case Operator.LESS:
            found = points < ceil(limit)
        case Operator.EQUAL:
            found = points == limit.numerator if limit.denominator == 1 else np.zeros(len(points), bool)
    return found


def _judged(chunk: Chunk, part: ScorePart) -> Scored:
    found = _unjudged(chunk, part)
    column = None if part.judge is None else chunk.column(part.judge)
    if column is None:
        return found
    scale = _scale(chunk)
    known = ~np.isnan(column) if column.dtype.kind == "f" else np.ones(chunk.rows, bool)
    if not known.any():
        return found
    scaled = np.rint(np.where(known, np.clip(column, 0, float(part.most)), 0) * scale.units).astype(
        scale.kind
    )
    undefined = None if found.undefined is None else found.undefined & ~known
    return Scored(np.where(known, scaled, found.low), np.where(known, scaled, found.high), undefined)


def _unjudged(chunk: Chunk, part: ScorePart) -> Scored:
    table = _scale(chunk).tables[id(part)]
    if part.parts:
        children = [part_points(chunk, child) for child in part.parts]
        return _capped(chunk, _best(children) if part.best else _together(children), table.cap)
    if part.input is not None or part.ratio is not None:
        name = ratio_name(*part.ratio) if part.input is None and part.ratio is not None else part.input
        assert name is not None
        found = _banded(chunk, table, name)
        chunk.release(name)
        return found
    if part.code is not None:
        return _coded(chunk, table, part.code)
    if part.statement is not None:
        return _stated(chunk, part, table, part.statement)
    return _range(chunk, 0, table.most)


def _banded(chunk: Chunk, table: Table, name: str) -> Scored:
    """A step is added at every cut that is passed."""
    kind, num = _scale(chunk).kind, number(chunk, name)
    x = num.x
    low = np.full(chunk.rows, table.low, kind)
    high = low if table.point else np.full(chunk.rows, table.high, kind)
    for edge, closed, more, most in table.cuts:
        passed = (x >= edge if closed else x > edge).view(np.int8)
        low += passed * kind(more)
        if high is not low:
            high += passed * kind(most)
    if num.gone is None:
        return Scored(low, high)
    if high is low:
        high = low.copy()
    gone = num.gone_rows
    low[gone] = table.least
    high[gone] = table.most
    if num.undefined is None:
        return Scored(low, high)
    if table.undefined is None:
        return Scored(low, high, num.undefined)
    never = gone[num.undefined[gone]]
    low[never] = high[never] = table.undefined
    if num.review is not None:
        high[gone[num.review[gone]]] = table.most
    return Scored(low, high)


@lru_cache(maxsize=4096)
def _bands(
    bands: tuple[tuple[Operator, Fraction, tuple[Fraction, Fraction]], ...], otherwise: Fraction
) -> Any:
    return by_bands(bands, (otherwise, otherwise))


def bands_of(part: ScorePart) -> Pieces[tuple[Fraction, Fraction]]:
    """The bands of a part as pieces of the number line, each with its least and most points."""
    bands = tuple(
        (band.operator, band.limit, (band.points, band.points if band.most is None else band.most))
        for band in part.bands
    )
    found: Pieces[tuple[Fraction, Fraction]] = _bands(bands, part.otherwise)
    return found


def _coded(chunk: Chunk, table: Table, name: str) -> Scored:
    column = chunk.column(name)
    if column is None:
        return _range(chunk, table.least, table.most)
    kind = _scale(chunk).kind
    low = np.full(chunk.rows, table.low, kind)
    high = low if table.point else low.copy()
    steps = table.codes or {}
    for index, code in enumerate(chunk.population.codes[name]):
        more, most = steps.get(code, (0, 0))
        if more or most:
            # a handful of comparisons is faster than looking every row up
            passed = (column == index).view(np.int8)
            low += passed * kind(more)
            if high is not low:
                high += passed * kind(most)
    gone = column < 0
    if not gone.any():
        return Scored(low, high)
    if high is low:
        high = low.copy()
    low[gone], high[gone] = table.least, table.most
    return Scored(low, high)


def _stated(chunk: Chunk, part: ScorePart, table: Table, name: str) -> Scored:
    column = chunk.column(name)
    if column is None:
        return _range(chunk, table.least, table.most)
    scale = _scale(chunk)
    low = np.where(column > 0, scale.kind(scale.of(part.most)), scale.kind(table.low))
    gone = column < 0
    if not gone.any():
        return Scored(low, low)
    high = low.copy()
    low[gone], high[gone] = table.least, table.most
    return Scored(low, high)


def _range(chunk: Chunk, low: int, high: int) -> Scored:
    kind = _scale(chunk).kind
    one = np.full(chunk.rows, low, kind)
    return Scored(one, one if low == high else np.full(chunk.rows, high, kind))


def _together(children: list[Scored]) -> Scored:
    low = _added(child.low for child in children)
    if all(child.low is child.high for child in children):
        return Scored(low, low)
    return Scored(low, _added(child.high for child in children))


def _added(arrays: Iterable[Array]) -> Array:
    total: Array | None = None
    for array in arrays:
        if total is None:
            total = array.copy()
        else:
            total += array
    assert total is not None
    return total


def _best(children: list[Scored]) -> Scored:
    """The greatest; what is undefined is left out where another is not."""
    if all(child.undefined is None for child in children):
        low = np.maximum.reduce([child.low for child in children])
        if all(child.low is child.high for child in children):
            return Scored(low, low)
        return Scored(low, np.maximum.reduce([child.high for child in children]))
    none = np.logical_and.reduce(
        [np.zeros(len(child.low), bool) if child.undefined is None else child.undefined for child in children]
    )
    worst = np.iinfo(children[0].low.dtype).min
    lows, highs = [], []
    for child in children:
        out = None if child.undefined is None else child.undefined & ~none
        lows.append(child.low if out is None else np.where(out, worst, child.low))
        highs.append(child.high if out is None else np.where(out, worst, child.high))
    return Scored(np.maximum.reduce(lows), np.maximum.reduce(highs), none if none.any() else None)


def _capped(chunk: Chunk, found: Scored, cap: int | None) -> Scored:
    if cap is None:
        return found
    top = _scale(chunk).kind(cap)
    low = np.minimum(found.low, top)
    return Scored(low, low if found.low is found.high else np.minimum(found.high, top), found.undefined)


def _scale(chunk: Chunk) -> Scale:
    scale = chunk.scale
    assert isinstance(scale, Scale)
    return scale


def _points(part: ScorePart) -> list[Fraction]:
    found = [part.otherwise, part.most, *(each for pair in part.options.values() for each in pair)]
    found += [
        each for band in part.bands for each in (band.points, band.points if band.most is None else band.most)
    ]
    found += [each for each in (part.cap, part.undefined) if each is not None]
    return found
