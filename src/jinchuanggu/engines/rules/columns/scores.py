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
class Scale:
    """How many units one point is, and the narrowest type that holds every sum."""

    units: int
    kind: Any

    def of(self, points: Fraction) -> int:
        scaled = points * self.units
        assert scaled.denominator == 1
        return scaled.numerator


def scale_of(program: Program, judges: int) -> Scale:
    """``judges``: decimal places of the points that experts gave."""
    points = [
        each for scheme in program.schemes.values() for part in parts_of(scheme) for each in _points(part)
    ]
    units = lcm(1, 10**judges, *(each.denominator for each in points))
    top = sum((abs(each) for each in points), Fraction(1)) * units * 4
    kind = np.int16 if top < 2**15 else np.int32 if top < 2**31 else np.int64
    return Scale(units, kind)


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
    total = _capped(chunk, _together([part_points(chunk, part) for part in test.parts]), test.cap)
    limit = test.limit * _scale(chunk).units
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
    if part.parts:
        children = [part_points(chunk, child) for child in part.parts]
        return _capped(chunk, _best(children) if part.best else _together(children), part.cap)
    if part.input is not None:
        return _banded(chunk, part, part.input)
    if part.ratio is not None:
        return _banded(chunk, part, ratio_name(*part.ratio))
    if part.code is not None:
        return _coded(chunk, part, part.code)
    if part.statement is not None:
        return _stated(chunk, part, part.statement)
    return _range(chunk, Fraction(0), part.most)


def _banded(chunk: Chunk, part: ScorePart, name: str) -> Scored:
    scale, num = _scale(chunk), number(chunk, name)
    pieces = bands_of(part)
    low = _climbed(num.x, pieces, [scale.of(points) for points, _ in pieces.outcomes], scale.kind)
    tops = [scale.of(most) for _, most in pieces.outcomes]
    high = low
    if any(one != two for one, two in pieces.outcomes):
        high = _climbed(num.x, pieces, tops, scale.kind)
    gone = num.gone
    if gone is None:
        return Scored(low, high)
    if high is low:
        high = low.copy()
    low[gone] = scale.of(least(part))
    high[gone] = scale.of(part.most)
    if num.undefined is None:
        return Scored(low, high)
    if part.undefined is None:
        return Scored(low, high, num.undefined)
    low[num.undefined] = high[num.undefined] = scale.of(part.undefined)
    if num.review is not None:
        high[num.review] = scale.of(part.most)
    return Scored(low, high)


def _climbed(x: Array, pieces: Pieces[tuple[Fraction, Fraction]], values: list[int], kind: Any) -> Array:
    """The value of the piece each number lies in: a step is added at every cut that is passed."""
    total = np.full(len(x), values[0], kind)
    for position, cut in enumerate(pieces.cuts):
        step = values[position + 1] - values[position]
        if step:
            edge = float(cut.limit)
            passed = x >= edge if cut.closed else x > edge
            total += passed if step == 1 else np.multiply(passed, kind(step), dtype=kind)
    return total


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


def _coded(chunk: Chunk, part: ScorePart, name: str) -> Scored:
    column = chunk.column(name)
    open_ = least(part), part.most
    if column is None:
        return _range(chunk, *open_)
    scale = _scale(chunk)
    other = part.otherwise, part.otherwise
    table = [*(part.options.get(code, other) for code in chunk.population.codes[name]), open_]
    low = np.array([scale.of(points) for points, _ in table], scale.kind)[column]
    if all(one == two for one, two in table[:-1]) and not (column < 0).any():
        return Scored(low, low)
    return Scored(low, np.array([scale.of(most) for _, most in table], scale.kind)[column])


def _stated(chunk: Chunk, part: ScorePart, name: str) -> Scored:
    column = chunk.column(name)
    ends = least(part), max(part.most, part.otherwise)
    if column is None:
        return _range(chunk, *ends)
    scale = _scale(chunk)
    low = np.where(column > 0, scale.kind(scale.of(part.most)), scale.kind(scale.of(part.otherwise)))
    gone = column < 0
    if not gone.any():
        return Scored(low, low)
    high = low.copy()
    low[gone], high[gone] = scale.of(ends[0]), scale.of(ends[1])
    return Scored(low, high)


def _range(chunk: Chunk, low: Fraction, high: Fraction) -> Scored:
    scale = _scale(chunk)
    one = np.full(chunk.rows, scale.of(low), scale.kind)
    return Scored(one, one if low == high else np.full(chunk.rows, scale.of(high), scale.kind))


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


def _capped(chunk: Chunk, found: Scored, cap: Fraction | None) -> Scored:
    if cap is None:
        return found
    top = _scale(chunk).kind(_scale(chunk).of(cap))
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
