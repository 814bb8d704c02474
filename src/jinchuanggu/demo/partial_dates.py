"""Dates as pages give them: a day, a month, a span of months, a year, or nothing at all."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

Precision = Literal["day", "month", "span", "year", "unknown"]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_SPAN = re.compile(r"(\d{4}-\d{2})/(\d{4}-\d{2})")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """When something was said or happened. `earliest` and `latest` bound the day, both None if unknown."""

    text: str
    precision: Precision
    earliest: date | None
    latest: date | None

    @property
    def day(self) -> date:
        """The latest day it can be: a figure of "2025-01" is never taken for known on 2025-01-02."""
        if self.latest is None:
            raise ValueError("the date is not known")
        return self.latest


def parse(raw: object) -> PartialDate:
    """From 2024-07-25, "2025-01", "2024-02/2024-03", 2024 or None. Raises ValueError for anything else."""
    if raw is None:
        return PartialDate("", "unknown", None, None)
    text = raw.isoformat() if isinstance(raw, date) else str(raw)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        day = date.fromisoformat(text)
        return PartialDate(text, "day", day, day)
    if re.fullmatch(r"\d{4}", text):
        return PartialDate(text, "year", date(int(text), 1, 1), date(int(text), 12, 31))
    if found := _MONTH.fullmatch(text):
        return PartialDate(text, "month", *_month(found[1], found[2]))
    if found := _SPAN.fullmatch(text):
        earliest, latest = _month(*found[1].split("-"))[0], _month(*found[2].split("-"))[1]
        if earliest > latest:
            raise ValueError(f"the span ends before it starts: {text}")
        return PartialDate(text, "span", earliest, latest)
    raise ValueError(f"not a date (2024-07-25, 2025-01, 2024-02/2024-03, 2024): {text!r}")


def _month(year: str, month: str) -> tuple[date, date]:
    first = date(int(year), int(month), 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
