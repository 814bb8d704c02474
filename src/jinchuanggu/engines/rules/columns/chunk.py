"""A stretch of a population under evaluation: its raw columns, and what was worked out of them once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns.population import Array, Population
from jinchuanggu.engines.rules.program import Program

ULP = 2.0**-53
"""The relative error of one rounding."""


_NONE = np.zeros(0, np.intp)


@dataclass(slots=True)
class Num:
    """A number over a chunk.

    ``x``: float64, NaN where there is none. The exact value lies within ``rho * mag`` of it, ``mag`` being given by
    ``spread``; where that gives None it is the magnitude of ``x`` and ``offset``, and without an offset a zero is
    exactly zero. After ``settle`` (numbers.py)
    comparisons of ``x`` with the limits of the program come out as those of the exact value.
    ``rough``: the few rows that the offset does not cover, with their magnitudes; ``mag`` covers them.
    ``undefined``: rows where it does not exist whatever becomes known (a zero denominator); None: nowhere.
    ``review``: rows among those for a person to look at (a growth that only a negative base makes).
    ``whole``: whether the floats of these rows decide every limit as they are, near or not.
    ``first``: of a total or rate, how many years back it reaches in each row, or in all.
    """

    x: Array
    rho: float = ULP
    spread: Callable[[], Array | None] | None = None
    undefined: Array | None = None
    offset: float = 0.0
    rough: tuple[Array, Array] | None = None
    review: Array | None = None
    whole: Callable[[Array, int], bool] | None = None
    first: Any = None
    _gone: Any = False
    _rows: Any = False
    _mag: Any = False

    @property
    def gone(self) -> Array | None:
        """Rows without a value; None when every row has one."""
        if self._gone is False:
            gone = self.x != self.x  # half the time of isnan
            self._gone = gone if gone.any() else None
        found: Array | None = self._gone
        return found

    @property
    def gone_rows(self) -> Array:
        """The rows without a value, as numbers; for few rows much faster than a mask."""
        if self._rows is False:
            self._rows = _NONE if self.gone is None else np.flatnonzero(self.gone)
        found: Array = self._rows
        return found

    @property
    def pure(self) -> bool:
        """Whether the error is relative to the number itself."""
        return self.mag is None and not self.offset

    @property
    def mag(self) -> Array | None:
        if self._mag is False:
            self._mag = None if self.spread is None else self.spread()
        found: Array | None = self._mag
        return found

    def size(self) -> Array:
        """The magnitude the error is relative to."""
        if self.mag is not None:
            return self.mag
        size = np.abs(self.x)
        return size + self.offset if self.offset else size


@dataclass(slots=True)
class Chunk:
    """Rows ``start`` to ``stop`` of a population; ``shift``: how many years the data year lies before the usual one."""

    program: Program
    population: Population
    on: date
    start: int
    stop: int
    shift: int = 0
    period: int | None = None
    numbers: dict[str, Num] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    floats: dict[str, Array] = field(default_factory=dict)
    reached: dict[tuple[str, int, int], Any] = field(default_factory=dict)
    points: dict[int, Any] = field(default_factory=dict)
    scale: Any = None

    def __post_init__(self) -> None:
        self.left = dict(self.program.uses)

    def release(self, name: str) -> None:
        """One use of a number is over; after the last its memory is free for the next, while it is in the cache."""
        left = self.left.get(name, 0) - 1
        self.left[name] = left
        if left <= 0:
            self.numbers.pop(name, None)

    @property
    def rows(self) -> int:
        return self.stop - self.start

    @property
    def last_year(self) -> int:
        """The data year."""
        return self.on.year - 1 - self.shift

    def column(self, name: str) -> Array | None:
        """A raw column of this stretch, or None where nobody's is known."""
        column = self.population.columns.get(name)
        return None if column is None else column[self.start : self.stop]

    def figures(self, name: str) -> Array:
        """A column of figures as float64, NaN where not known."""
        if name not in self.floats:
            column = self.column(name)
            if column is None:
                self.floats[name] = np.full(self.rows, np.nan)
            elif column.dtype == np.float64:
                self.floats[name] = column
            else:
                self.floats[name] = column.astype(np.float64)
        return self.floats[name]

    def year(self, series: str, back: int) -> Array:
        """A series in the year so many years before the data year."""
        return self.figures(f"{series}@{back + self.shift}")
