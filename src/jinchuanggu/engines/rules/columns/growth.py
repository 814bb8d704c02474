"""Growth tests over a chunk. Rows are grouped by the years they report, so each group reads like one subject."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import ULP, Chunk
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.columns.rationals import constant, decimals
from jinchuanggu.engines.rules.model import Growth
from jinchuanggu.engines.rules.operators import Operator

_OPEN, _FAILED, _MET = -1, 0, 1


def growth(chunk: Chunk, test: Growth) -> tuple[Array, Array]:
    """Surely and possibly met."""
    backs = chunk.population.years(test.input)
    status = np.full(chunk.rows, _OPEN, np.int8)
    if backs:
        table = np.stack([chunk.figures(f"{test.input}@{back}") for back in backs])
        years = [chunk.on.year - 1 - back for back in backs]
        known = ~np.isnan(table)
        patterns = np.zeros(chunk.rows, np.int64)
        for position in range(len(backs)):
            patterns |= known[position].astype(np.int64) << position
        for pattern in np.unique(patterns):
            rows = np.flatnonzero(patterns == pattern)
            reported = {
                year: table[position][rows]
                for position, year in reversed(list(enumerate(years)))
                if pattern >> position & 1
            }
            if reported:
                found = _each if test.method == "each" else _mean
                status[rows] = found(chunk, test, reported)
    return status == _MET, status != _FAILED


def _each(chunk: Chunk, test: Growth, values: dict[int, Array]) -> Array:
    """A comparison that fails decides; a base without a rate leaves it open; else the years must be enough."""
    factor = 1 + test.rate / 100
    status = np.full(len(next(iter(values.values()))), _grown(chunk, test, list(values)), np.int8)
    fallen = np.zeros(len(status), bool)
    for before, after in pairwise(values):
        base, last = values[before], values[after]
        holds = _held(last, test.operator, base, factor ** (after - before))
        if test.rate != 0:
            flat = base <= 0
            status[flat] = _OPEN
            fallen |= ~holds & ~flat
        else:
            fallen |= ~holds
    status[fallen] = _FAILED
    return status


def _grown(chunk: Chunk, test: Growth, years: list[int]) -> int:
    wanted = max(years) if chunk.period is None else chunk.period
    pairs = {(before, after) for before, after in pairwise(years) if after - before == 1}
    for end in sorted({after for _, after in pairs if after >= wanted}, reverse=True):
        if all((end - back - 1, end - back) in pairs for back in range(test.steps)):
            oldest = _oldest(chunk)
            return _OPEN if oldest is not None and end < oldest else _MET
    return _OPEN


def _mean(chunk: Chunk, test: Growth, values: dict[int, Array]) -> Array:
    end = max(max(values), chunk.period or 0)
    span = range(end - test.steps, end + 1)
    oldest = _oldest(chunk)
    rows = len(next(iter(values.values())))
    if any(year not in values for year in span) or (oldest is not None and end < oldest):
        return np.full(rows, _OPEN, np.int8)
    run = [values[year] for year in span]
    flat = np.zeros(rows, bool)
    for base in run[:-1]:
        flat |= base <= 0
    if test.method == "compound":
        flat |= run[-1] < 0
        holds = _held(run[-1], test.operator, run[0], (1 + test.rate / 100) ** test.steps)
        if test.rate < -100:
            holds = np.full(rows, test.operator in (Operator.AT_LEAST, Operator.MORE))
    else:
        holds = _mean_held(run, test, flat)
    return np.where(flat, np.int8(_OPEN), holds.astype(np.int8))


def _mean_held(run: list[Array], test: Growth, flat: Array) -> Array:
    total = np.add.reduce([after / before for before, after in pairwise(run)])
    x = (total / test.steps - 1) * 100
    size = (np.add.reduce([np.abs(after / before) for before, after in pairwise(run)]) + 1) * 100

    def exact(rows: Array) -> Array:
        read = [decimals(values[rows]) for values in run]
        exact_total = constant(Fraction(0), len(rows))
        for before, after in pairwise(read):
            exact_total = exact_total.plus(after.divided(before))
        return exact_total.signs(test.steps * (1 + test.rate / 100))

    error = (12 + 2 * test.steps) * 2 * ULP * (size + abs(float(test.rate)))
    return _decided(x - float(test.rate), error, test.operator, exact, flat)


def _held(last: Array, operator: Operator, base: Array, factor: Fraction) -> Array:
    """Whether last compares so with base x factor, exactly."""
    if factor == 1:
        return _signed(np.where(last > base, 1, np.where(last < base, -1, 0)), operator)
    limit = base * float(factor)

    def exact(rows: Array) -> Array:
        return decimals(last[rows]).against(decimals(base[rows]).scaled(factor))

    error = 8 * ULP * (np.abs(last) + np.abs(limit))
    return _decided(last - limit, error, operator, exact, np.zeros(len(last), bool))


def _decided(
    difference: Array, error: Array, operator: Operator, exact: Callable[[Array], Array], skip: Array
) -> Array:
    signs = np.sign(np.where(skip, 0, difference)).astype(np.int8)
    near = np.flatnonzero((np.abs(difference) <= error) & ~skip)
    if near.size:
        signs[near] = exact(near)
    return _signed(signs, operator)


def _signed(signs: Array, operator: Operator) -> Array:
    found: Array
    match operator:
        case Operator.AT_LEAST:
            found = signs >= 0
        case Operator.MORE:
            found = signs > 0
        case Operator.AT_MOST:
            found = signs <= 0
        case Operator.LESS:
            found = signs < 0
        case Operator.EQUAL:
            found = signs == 0
    return found


def _oldest(chunk: Chunk) -> int | None:
    declared = chunk.program.rule_set.data_period
    return None if declared is None else chunk.on.year - 1 - declared.lag
