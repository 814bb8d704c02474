"""Values made of the last years of a series, in floats with a bound of their error.

Nearly every subject has all the years; the few younger ones are worked out apart.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import reduce

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import ULP, Chunk, Num
from jinchuanggu.engines.rules.columns.dated import days, days_of
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.formulas import Mean, Rate, Total

Reach = Array | int
"""How many years count: an int where as many for all, else one number per row."""


def reach(chunk: Chunk, since: str | None, years: int, newest: int = 0) -> Reach:
    """How many of ``years`` years up to ``newest`` years before the data year count: not those that ended before
    the date."""
    if since is None:
        return years
    key = since, years, newest
    if key not in chunk.reached:
        chunk.reached[key] = _reach(chunk, since, years, newest)
    found: Reach = chunk.reached[key]
    return found


def _reach(chunk: Chunk, since: str, years: int, newest: int) -> Reach:
    counts = days(chunk, since)
    if counts is None:
        return years
    last = chunk.last_year
    # a year ended before the date exactly when the date is not before the next new year
    ends = [days_of(date(last - back + 1, 1, 1)) for back in range(newest, newest + years)]
    late = np.flatnonzero(counts >= ends[-1])
    if not late.size:
        return years
    found = np.full(chunk.rows, years, np.int16)
    young = counts[late]
    found[late] -= sum(((young >= end).astype(np.int16) for end in ends), np.zeros(len(late), np.int16))
    return found


def _short(chunk: Chunk, reached: Reach, years: int) -> Array | None:
    """The rows that reach less far than asked; None: no row."""
    if isinstance(reached, int):
        return None
    key = "", id(reached), years
    if key not in chunk.reached:
        rows = np.flatnonzero(reached < years)
        # what the rows belong to is kept beside them, so that its identity is not given to another
        chunk.reached[key] = (rows if rows.size else None), reached
    found: Array | None = chunk.reached[key][0]
    return found


def total(chunk: Chunk, formula: Total | Mean) -> Num:
    """The sum or mean of the last years; of fewer for a younger firm; undefined for one without a year."""
    columns = [chunk.year(formula.of, back) for back in range(formula.years)]
    reached = reach(chunk, formula.since, formula.years)
    x = reduce(np.add, columns[1:], columns[0]) if len(columns) > 1 else columns[0].copy()
    short = _short(chunk, reached, formula.years)
    undefined: Array | None = None
    if short is not None:
        assert not isinstance(reached, int)
        few = reached[short]
        part = np.where(few > 0, columns[0][short], np.nan)
        for back, column in enumerate(columns[1:], 1):
            part += np.where(few > back, column[short], 0)
        x[short] = part
        if (few <= 0).any():
            undefined = reached <= 0

    def spread() -> Array | None:
        if not any((column < 0).any() for column in columns):
            return None
        known = [np.where(np.isnan(column), 0, np.abs(column)) for column in columns]
        return reduce(np.add, known)

    if isinstance(formula, Mean) and len(columns) > 1:
        x = x / np.maximum(reached, 1)
    # one year is the figure itself, which needs no settling
    rho = ULP if len(columns) == 1 else (len(columns) + 3) * ULP
    return Num(x, rho, spread if len(columns) > 1 else None, undefined, first=reached)


def rate(chunk: Chunk, formula: Rate) -> Num:
    """Growth in percent; undefined for a single year and where a base is zero or negative."""
    columns = [chunk.year(formula.of, back) for back in range(formula.steps + 1)]
    reached = reach(chunk, formula.since, formula.steps, 1)
    if formula.shorten_zero:
        reached = _shortened(columns, reached, formula.steps)
    mean = formula.method == "mean"
    x, base = (_mean if mean else _compound)(columns, formula.steps)
    short = _short(chunk, reached, formula.steps)
    none: Array | None = None
    if short is not None:
        assert not isinstance(reached, int)
        few = reached[short]
        for years in range(formula.steps):
            rows = short[few == years]
            if years and rows.size:
                ends = [column[rows] for column in columns]
                x[rows], base[rows] = (_mean if mean else _compound)(ends, years)
        none = short[few < 1]
        base[none] = False
    rough: tuple[Array, Array] | None = None
    if mean and (below := columns[0] < 0).any():
        # a loss after a profit makes the factors cancel: the error of these few rows is bounded apart
        loss = np.flatnonzero(below & ~base)
        if loss.size:
            rough = loss, 200 * (1 + _sizes([column[loss] for column in columns], formula.steps))
    offset = 200.0
    rho = (10 + formula.steps) * 2 * ULP if mean else 40 * ULP
    undefined: Array | None = None
    review: Array | None = None
    bad = np.flatnonzero(base)
    if bad.size:
        bad = bad[_complete(columns, reached, formula, bad)]
        if mean:
            review = _to_review(chunk, formula, columns, reached, x, bad)
    never = bad if none is None else np.concatenate([bad, none])
    if never.size:
        undefined = np.zeros(chunk.rows, bool)
        undefined[never] = True
        x[never] = np.nan
    if none is not None and none.size:
        # one year has no rate, and no document says what then
        review = np.zeros(chunk.rows, bool) if review is None else review
        review[none] = True

    def spread() -> Array | None:
        if rough is None:
            return None
        sizes: Array = np.abs(x) + offset
        sizes[rough[0]] = np.fmax(sizes[rough[0]], rough[1])
        return sizes

    return Num(x, rho, spread, undefined, offset, rough, review, first=reached)


def _sizes(columns: list[Array], steps: int) -> Array:
    """The magnitudes of the yearly factors added up, where a negative figure may make them cancel."""
    total = np.zeros(len(columns[0]))
    for back in range(1, steps + 1):
        ratio = np.abs(columns[back - 1] / columns[back])
        total += np.where(np.isfinite(ratio), ratio, 0)
    return total


def _complete(columns: list[Array], reached: Reach, formula: Rate, rows: Array) -> Array:
    """Whether no year that is read is missing: not known comes before not defined."""
    few = np.full(len(rows), reached) if isinstance(reached, int) else reached[rows]
    found = ~np.isnan(columns[0][rows])
    for back in range(1, formula.steps + 1):
        read = few == back if formula.method == "compound" else few >= back
        found &= ~(np.isnan(columns[back][rows]) & read)
    return found


def _to_review(
    chunk: Chunk, formula: Rate, columns: list[Array], reached: Reach, x: Array, rows: Array
) -> Array | None:
    """Where the formula as printed calls a loss that grows a growth."""
    few = np.full(len(rows), reached) if isinstance(reached, int) else reached[rows]
    negative, zero = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    for back in range(1, formula.steps + 1):
        base = columns[back][rows]
        negative |= (base < 0) & (few >= back)
        zero |= (base == 0) & (few >= back)
    rows = rows[negative & ~zero]
    if not rows.size:
        return None
    sizes = (_sizes([column[rows] for column in columns], formula.steps) + 2) * 100
    grown = x[rows] > 0
    near = np.flatnonzero(np.abs(x[rows]) <= (10 + formula.steps) * 4 * ULP * sizes)
    if near.size:
        from jinchuanggu.engines.rules.columns.exactly import Exactly

        grown[near] = Exactly(chunk, rows[near]).rate(formula, reached).signs(Fraction(0)) > 0
    review = np.zeros(chunk.rows, bool)
    review[rows[grown]] = True
    return review


def _shortened(columns: list[Array], reached: Reach, steps: int) -> Reach:
    """A first year of zero shortens the period, as long as a step remains."""
    if steps < 2 or not any((column == 0).any() for column in columns[2:]):
        return reached
    found = np.full(len(columns[0]), reached, np.int16) if isinstance(reached, int) else reached.copy()
    for back in range(steps, 1, -1):
        found -= (found == back) & (columns[back] == 0)
    return found


def _mean(columns: list[Array], steps: int) -> tuple[Array, Array]:
    """The mean of the yearly rates in percent, and the rows with a base not above zero."""
    x = columns[0] / columns[1]
    low = columns[1] <= 0
    for back in range(2, steps + 1):
        x += columns[back - 1] / columns[back]
        low |= columns[back] <= 0
    x *= 100 / steps
    x -= 100
    return x, low


def _compound(columns: list[Array], steps: int) -> tuple[Array, Array]:
    """The yearly rate that leads from the first to the last year, and the rows without one."""
    last, first = columns[0], columns[steps]
    x = last / first
    if steps == 2:
        x = np.sqrt(x)
    elif steps > 2:
        x = x ** (1.0 / steps)
    x -= 1
    x *= 100
    return x, (first <= 0) | (last < 0)
