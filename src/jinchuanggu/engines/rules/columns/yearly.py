"""Values made of the last years of a series, in floats with a bound of their error."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import reduce

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import ULP, Chunk, Num
from jinchuanggu.engines.rules.columns.dated import days, days_of
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.formulas import Mean, Rate, Total


def reach(chunk: Chunk, since: str | None, years: int, newest: int = 0) -> Array | int:
    """How many of ``years`` years up to ``newest`` years before the data year count for each row.

    Not those that ended before the date; an int where all count for everybody.
    """
    counts = None if since is None else days(chunk, since)
    if counts is None:
        return years
    last = chunk.last_year
    # a year ended before the date exactly when the date is not before the next new year
    ends = [days_of(date(last - back + 1, 1, 1)) for back in range(newest, newest + years)]
    if not (counts >= ends[-1]).any():
        return years
    found = np.full(chunk.rows, years, np.int16)
    for end in ends:
        found -= counts >= end
    return found


def total(chunk: Chunk, formula: Total | Mean) -> Num:
    """The sum or mean of the last years; of fewer for a younger firm; undefined for one without a year."""
    columns = [chunk.year(formula.of, back) for back in range(formula.years)]
    reached = reach(chunk, formula.since, formula.years)
    undefined: Array | None = None
    if isinstance(reached, int):
        x = reduce(np.add, columns[1:], columns[0].copy())
    else:
        x = np.where(reached > 0, columns[0], np.nan)
        for back, column in enumerate(columns[1:], 1):
            np.add(x, column, out=x, where=reached > back)
        undefined = reached <= 0
        if not undefined.any():
            undefined = None

    def spread() -> Array | None:
        if not any((column < 0).any() for column in columns):
            return None
        known = [np.where(np.isnan(column), 0, np.abs(column)) for column in columns]
        return reduce(np.add, known)

    if isinstance(formula, Mean):
        x = x / np.maximum(reached, 1)
    return Num(x, (len(columns) + 3) * ULP, spread, undefined, first=reached)


def rate(chunk: Chunk, formula: Rate) -> Num:
    """Growth in percent; undefined for a single year and where a base is zero or negative."""
    columns = [chunk.year(formula.of, back) for back in range(formula.steps + 1)]
    reached = reach(chunk, formula.since, formula.steps, 1)
    if formula.shorten_zero:
        reached = _shortened(columns, reached, formula.steps)
    undefined: Array | None = None
    if not isinstance(reached, int):
        undefined = reached < 1
    with np.errstate(divide="ignore", invalid="ignore"):
        if formula.method == "mean":
            factor, gone, base = _mean(columns, reached, formula.steps)
            x, spread_of = (factor - 1) * 100, 1 + np.abs(factor)
            rho = (10 + formula.steps) * 2 * ULP
        else:
            factor, gone, base = _compound(columns, reached, formula.steps)
            x, spread_of = (factor - 1) * 100, 1 + factor
            rho = 40 * ULP
    bad = base if gone is None else base & ~gone
    undefined = bad if undefined is None else undefined | bad
    review = _to_review(chunk, formula, columns, reached, x, undefined, rho * 200 * spread_of)
    x[undefined] = np.nan
    return Num(x, rho, lambda: spread_of * 100, undefined if undefined.any() else None, review, first=reached)


def _to_review(
    chunk: Chunk,
    formula: Rate,
    columns: list[Array],
    reached: Array | int,
    x: Array,
    undefined: Array,
    error: Array,
) -> Array | None:
    """Where the formula as printed calls a loss that grows a growth."""
    if formula.method != "mean" or not undefined.any():
        return None
    negative, zero = np.zeros(len(x), bool), np.zeros(len(x), bool)
    for back in range(1, formula.steps + 1):
        negative |= (columns[back] < 0) & (reached >= back)
        zero |= (columns[back] == 0) & (reached >= back)
    negative &= undefined & ~zero
    if not negative.any():
        return None
    near = np.flatnonzero(negative & (np.abs(x) <= error))
    review = negative & (x > 0)
    if near.size:
        from jinchuanggu.engines.rules.columns.exactly import Exactly

        exact = Exactly(chunk, near).rate(formula, reached)
        review[near] = exact.signs(Fraction(0)) > 0
    return review


def _shortened(columns: list[Array], reached: Array | int, steps: int) -> Array | int:
    """A first year of zero shortens the period, as long as a step remains."""
    if steps < 2 or not any((column == 0).any() for column in columns[2:]):
        return reached
    found = np.full(len(columns[0]), reached, np.int16) if isinstance(reached, int) else reached.copy()
    for back in range(steps, 1, -1):
        found -= (found == back) & (columns[back] == 0)
    return found


def _mean(columns: list[Array], reached: Array | int, steps: int) -> tuple[Array, Array | None, Array]:
    """The mean of the yearly factors, the rows with a year missing, those with a base not above zero."""
    total: Array | None = None
    low: Array | None = None
    for back in range(1, steps + 1):
        base = columns[back]
        ratio = columns[back - 1] / base
        under = base <= 0
        if not isinstance(reached, int):
            inside = reached >= back
            ratio = np.where(inside, ratio, 0)
            under &= inside
        total = ratio if total is None else total + ratio
        low = under if low is None else low | under
    assert total is not None
    assert low is not None
    gone: Array | None = None
    if low.any():
        # not known comes before not defined, and 0 / 0 looks like not known
        gone = np.isnan(columns[0])
        for back in range(1, steps + 1):
            missing = np.isnan(columns[back])
            gone |= missing if isinstance(reached, int) else missing & (reached >= back)
    return total / np.maximum(reached, 1), gone, low


def _compound(columns: list[Array], reached: Array | int, steps: int) -> tuple[Array, Array | None, Array]:
    """The yearly factor that leads from the first to the last year; only these two are read."""
    last = columns[0]
    first = columns[steps]
    if not isinstance(reached, int):
        first = np.choose(np.clip(reached, 0, steps), columns) if steps < 31 else first
    bad = (first <= 0) | (last < 0)
    quotient = last / first
    quotient[bad] = np.nan
    degrees = np.maximum(reached, 1)
    if isinstance(reached, int) and reached == 2:
        factor = np.sqrt(quotient)
    elif isinstance(reached, int) and reached == 1:
        factor = quotient
    else:
        factor = quotient ** (1.0 / degrees)
    gone = np.isnan(first) | np.isnan(last) if bad.any() else None
    return factor, gone, bad
