"""Reporting periods: a month, a quarter, a year. Each has a number that sorts in time within its kind.

The number is `kind * 1_000_000 + year * 100 + part` (month 1-12, quarter 1-4, year 0): small to store, and a range of
periods of one kind is a range of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

_TEXT = re.compile(r"(\d{4})(?:-(\d{2})|Q([1-4]))?")
_PARTS = {1: 12, 2: 4, 3: 1}
FIRST_YEAR, LAST_YEAR = 1900, 2999
"""What people may name. A period itself may lie beyond, so that the years around one can always be worked out."""


class PeriodKind(IntEnum):
    """By length; the value is the first digit of a period's number."""

    MONTH = 1
    QUARTER = 2
    YEAR = 3


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`part`: month 1-12, quarter 1-4, 0 for a year. Ordered in time within one kind."""

    kind: PeriodKind
    year: int
    part: int = 0

    def __post_init__(self) -> None:
        first = 0 if self.kind is PeriodKind.YEAR else 1
        last = 0 if self.kind is PeriodKind.YEAR else _PARTS[self.kind]
        if not first <= self.part <= last or not 1 <= self.year <= 9998:
            raise ValueError(f"no such period: {self.kind.name.lower()} {self.year}/{self.part}")

    @classmethod
    def of(cls, kind: PeriodKind, day: date) -> Period:
        """The period of a kind in which a day lies."""
        if kind is PeriodKind.YEAR:
            return cls(kind, day.year)
        return cls(kind, day.year, day.month if kind is PeriodKind.MONTH else (day.month + 2) // 3)

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls(PeriodKind.MONTH, year, month)

    @classmethod
    def numbered(cls, number: int) -> Period:
        """Back from `number`. Raises ValueError for a number that is no period."""
        return cls(PeriodKind(number // 1_000_000), number // 100 % 10_000, number % 100)

    @classmethod
    def parse(cls, text: str) -> Period:
        """From "2026", "2026Q3" or "2026-09", 1900 to 2999. Raises ValueError for anything else."""
        found = _TEXT.fullmatch(text.strip())
        if not found:
            raise ValueError(f"not a period: {text!r} (2026, 2026Q3, 2026-09)")
        year, month, quarter = found.groups()
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError(f"no period that anybody reports for: {text!r}")
        if month:
            return cls(PeriodKind.MONTH, int(year), int(month))
        return (
            cls(PeriodKind.QUARTER, int(year), int(quarter)) if quarter else cls(PeriodKind.YEAR, int(year))
        )

    @property
    def number(self) -> int:
        return self.kind * 1_000_000 + self.year * 100 + self.part

    @property
    def first_day(self) -> date:
        months = 12 // _PARTS[self.kind]
        return date(self.year, (max(self.part, 1) - 1) * months + 1, 1)

    @property
    def last_day(self) -> date:
        return self.shift(1).first_day - timedelta(days=1)

    def shift(self, steps: int) -> Period:
        """The period `steps` later (earlier, if negative)."""
        parts = _PARTS[self.kind]
        at = self.year * parts + max(self.part, 1) - 1 + steps
        year, part = divmod(at, parts)
        return Period(self.kind, year, 0 if parts == 1 else part + 1)

    def year_before(self) -> Period:
        """The same part of the year before, for year-on-year."""
        return Period(self.kind, self.year - 1, self.part)

    def parts(self, kind: PeriodKind) -> tuple[Period, ...]:
        """The shorter periods of a kind inside this one (itself for its own kind). Raises ValueError for a longer kind."""
        if kind > self.kind:
            raise ValueError(f"a {self.kind.name.lower()} holds no {kind.name.lower()}")
        first, last = Period.of(kind, self.first_day), Period.of(kind, self.last_day)
        return tuple(span(first, last))

    def within(self, kind: PeriodKind) -> Period:
        """The longer (or same) period of a kind in which this one lies."""
        return Period.of(kind, self.first_day)

    def __str__(self) -> str:
        if self.kind is PeriodKind.YEAR:
            return str(self.year)
        return (
            f"{self.year}Q{self.part}" if self.kind is PeriodKind.QUARTER else f"{self.year}-{self.part:02}"
        )


def span(first: Period, last: Period) -> Iterator[Period]:
    """From the first to the last, both included; nothing when the last is earlier."""
    while first <= last:
        yield first
        first = first.shift(1)
