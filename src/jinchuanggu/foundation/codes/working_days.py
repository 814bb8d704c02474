"""Working days of the mainland's official calendar (State Council holiday notices, make-up days included).

The table comes with the `chinesecalendar` package. A day beyond what the State Council has published is
counted Monday to Friday and the answer says so: `provisional` means "count again when the notice is out".
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import chinese_calendar
from chinese_calendar.constants import holidays

FIRST_KNOWN_YEAR: int = min(holidays).year
LAST_KNOWN_YEAR: int = max(holidays).year

# A notice may reach back over New Year's Day: 2018-12-29 became a working Saturday by the notice for 2019.
_REACH_BACK_FROM = (12, 28)

_MOST_DAYS = 10_000


class DueDate(NamedTuple):
    """Where a count ends; `provisional` if a day on the way isn't yet settled by an official notice."""

    day: date
    provisional: bool


class DayCount(NamedTuple):
    days: int
    provisional: bool


def is_provisional(day: date) -> bool:
    """Whether the official notice that settles this day is missing from the table."""
    _must_be_date(day)
    if not FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR:
        return True
    return day.year == LAST_KNOWN_YEAR and (day.month, day.day) >= _REACH_BACK_FROM


def is_working_day(day: date) -> bool:
    """Whether people work on this day; Monday to Friday where the calendar isn't known (`is_provisional`)."""
    _must_be_date(day)
    if FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR:
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5


def add_working_days(start: date, n: int) -> DueDate:
    """The n-th working day after `start`; the day itself is not counted. A negative n counts backwards.

    n = 0 gives `start` if it is a working day, else the next one. Raises ValueError beyond 10 000 days.
    """
    _must_be_date(start)
    if abs(n) > _MOST_DAYS:
        raise ValueError(f"more than {_MOST_DAYS} working days: {n}")
    step = timedelta(days=-1 if n < 0 else 1)
    day, left, provisional = start, abs(n), False
    if n == 0:
        provisional = is_provisional(day)
        while not is_working_day(day):
            day += step
            provisional = provisional or is_provisional(day)
    while left:
        day += step
        provisional = provisional or is_provisional(day)
        left -= is_working_day(day)
    return DueDate(day, provisional)


def working_days_between(start: date, end: date) -> DayCount:
    """Working days after `start` up to and including `end`; negative if `end` comes first.

    It undoes `add_working_days`: between(start, add(start, n).day).days == n.
    """
    _must_be_date(start)
    _must_be_date(end)
    if end < start:
        # counted on the mirrored side, so that it undoes a negative `add_working_days` as well
        span = [end + timedelta(days=i) for i in range((start - end).days)]
        sign = -1
    else:
        span = [start + timedelta(days=i + 1) for i in range((end - start).days)]
        sign = 1
    return DayCount(sign * sum(map(is_working_day, span)), any(map(is_provisional, span)))


def _must_be_date(value: object) -> None:
    # a datetime is a date to Python; its day depends on a time zone that this module must not guess
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError(f"expected datetime.date, got {type(value).__name__}")
