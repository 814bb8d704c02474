"""Dates that may know only their month or their year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
EARLIEST, LATEST = 1949, 2199
NEVER = date.min
"""A day that never was: the firm is known to have no such certificate. Nothing counts as valid on it, no age runs."""
_NEVER_WORDS = frozenset({"none", "无", "没有", NEVER.isoformat()})


def is_never(text: str) -> bool:
    """Whether a text says that there is no such day (as against a day that is not known)."""
    return text.strip().casefold() in _NEVER_WORDS


def day_text(day: date) -> str:
    """ISO, or ``none`` for the day that never was."""
    return "none" if day == NEVER else day.isoformat()


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year; the precision given is the precision kept."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; ValueError for anything else or for no day."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(text)
        year, month, day = (int(part) if part else None for part in found.groups())
        assert year is not None
        date(year, month or 1, day or 1)
        if not EARLIEST <= year <= LATEST:
            raise ValueError(text)
        return cls(year, month, day)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def key(self) -> tuple[int, int, int]:
        """Sorts a vague date before every exact one inside it: 2025-01 < 2025-01-01."""
        return (self.year, self.month or 0, self.day or 0)

    @property
    def exact(self) -> bool:
        return self.day is not None

    def after(self, day: date) -> bool:
        """True when the whole of it lies after ``day``: only then is a report certainly from the future."""
        return (
            self.key > (day.year, day.month, day.day)
            and date(self.year, self.month or 1, self.day or 1) > day
        )

    def __str__(self) -> str:
        parts = [f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts)
