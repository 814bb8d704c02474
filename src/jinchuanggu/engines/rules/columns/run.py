"""A rule set over a whole population: chunk by chunk, so that memory stays bounded and the caches warm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from jinchuanggu.engines.rules.columns.chunk import Chunk
from jinchuanggu.engines.rules.columns.money import amounts
from jinchuanggu.engines.rules.columns.population import Array, Population
from jinchuanggu.engines.rules.columns.scores import Scale, judge_places, part_points, scale_of
from jinchuanggu.engines.rules.columns.tests import packed, statuses, verdict
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.program import Program, program

CHUNK = 32_768
"""Rows at a time: enough that the calls cost little, few enough that what is worked on stays in the caches."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Columns:
    """What a rule set says of every subject of a population; all arrays in its order.

    ``verdict`` and ``status`` (by criterion id): int8, 1 met, 0 not met, -1 not evidenced.
    ``score_low``, ``score_high``: points by the id of a scheme, or of the criterion of an inline score; int16 where
    a rule set has whole points only, else float64.
    ``amount_low``, ``amount_high``: yuan on the day, NaN where not known; due only where the verdict is met. To the
    fen up to 90 trillion yuan.
    """

    rule_set: RuleSet
    on: date
    verdict: Array
    status: dict[str, Array] = field(default_factory=dict)
    score_low: dict[str, Array] = field(default_factory=dict)
    score_high: dict[str, Array] = field(default_factory=dict)
    amount_low: Array | None = None
    amount_high: Array | None = None

    @property
    def n(self) -> int:
        return len(self.verdict)

    def counts(self) -> dict[str, int]:
        """How many are met, not met, and not evidenced."""
        return {
            "met": int(np.count_nonzero(self.verdict == 1)),
            "not_met": int(np.count_nonzero(self.verdict == 0)),
            "not_evidenced": int(np.count_nonzero(self.verdict < 0)),
        }


def evaluate_columns(
    rule_set: RuleSet,
    population: Population,
    on: date,
    *,
    chunk: int = CHUNK,
    workers: int = 1,
    progress: Progress | None = None,
    criteria: Iterable[str] | None = None,
    scores: bool = True,
) -> Columns:
    """Judge every subject as ``evaluate`` would.

    ``criteria``: whose statuses are kept (None: all); ``scores``: whether points are kept; the fewer, the less
    memory. ``workers``: threads; numpy runs outside the interpreter lock. ``progress``: called with the rows done
    and the rows in all, from whichever thread finished a chunk.
    """
    compiled = program(rule_set)
    kept = [each.id for each in compiled.criteria] if criteria is None else list(criteria)
    scale = scale_of(compiled, judge_places(compiled, population.columns))
    out = _room(compiled, population.n, on, kept, scores, scale)
    done = 0

    def run(start: int) -> int:
        stop = min(start + chunk, population.n)
        # divisions by zero and of unknowns are looked for afterwards, in one place each
        with np.errstate(all="ignore"):
            for piece, rows in _pieces(compiled, population, on, start, stop, scale):
                _write(piece, out, kept, slice(start, stop) if rows is None else rows)
        return stop - start

    starts = range(0, population.n, chunk)
    for count in _mapped(run, starts, workers):
        done += count
        if progress is not None:
            progress(done, population.n)
    return out


def _mapped(run: Callable[[int], int], starts: Iterable[int], workers: int) -> Iterator[int]:
    if workers <= 1:
        yield from map(run, starts)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(run, starts)


def _room(compiled: Program, n: int, on: date, kept: list[str], scores: bool, scale: Scale) -> Columns:
    schemes = list(compiled.schemes) if scores else []
    benefit = compiled.rule_set.benefit
    money = benefit is not None and benefit.low is not None
    same = benefit is not None and benefit.low == benefit.high
    low = np.empty(n) if money else None
    # whole points stay whole numbers
    points = np.int16 if scale.units == 1 and scale.kind in (np.int8, np.int16) else np.float64
    return Columns(
        compiled.rule_set,
        on,
        np.empty(n, np.int8),
        {name: np.empty(n, np.int8) for name in kept},
        {name: np.empty(n, points) for name in schemes},
        {name: np.empty(n, points) for name in schemes},
        low,
        low if same else (np.empty(n) if money else None),
    )


def _write(piece: Chunk, out: Columns, kept: list[str], rows: slice | Array) -> None:
    found = statuses(piece)
    out.verdict[rows] = packed(verdict(piece, found))
    for name in kept:
        out.status[name][rows] = packed(found[name])
    units = piece.scale.units
    for name in out.score_low:
        points = part_points(piece, piece.program.schemes[name])
        low = points.low if units == 1 else points.low / units
        out.score_low[name][rows] = low
        out.score_high[name][rows] = low if points.low is points.high else points.high / units
    if out.amount_low is not None and out.amount_high is not None:
        low, high = amounts(piece)
        out.amount_low[rows] = low
        if out.amount_high is not out.amount_low:
            out.amount_high[rows] = high


def _pieces(
    compiled: Program, population: Population, on: date, start: int, stop: int, scale: Scale
) -> Iterator[tuple[Chunk, Array | None]]:
    """The rows as one chunk; with a data period one for each year the subjects' figures belong to."""
    declared = compiled.rule_set.data_period
    if declared is None:
        yield Chunk(compiled, population, on, start, stop, scale=scale), None
        return
    periods = _periods(population, declared.inputs, on, start, stop)
    for period in np.unique(periods):
        rows = np.flatnonzero(periods == period) + start
        part = population.take(rows)
        if period == 0:
            yield Chunk(compiled, part, on, 0, part.n, scale=scale), rows
        else:
            shift = on.year - 1 - int(period)
            yield Chunk(compiled, part, on, 0, part.n, shift, int(period), scale=scale), rows


def _periods(population: Population, series: Iterable[str], on: date, start: int, stop: int) -> Array:
    """The latest completed year any of the series reports; the running one only if there is no other; 0: none."""
    found = np.zeros(stop - start, np.int32)
    years = sorted({(back, name) for name in series for back in population.years(name)}, reverse=True)
    running = [(back, name) for back, name in years if back < 0]
    for back, name in [*running, *((back, name) for back, name in years if back >= 0)]:
        column = population.columns[f"{name}@{back}"][start:stop]
        known = ~np.isnan(column) if column.dtype.kind == "f" else np.ones(len(column), bool)
        found[known] = on.year - 1 - back
    return found
