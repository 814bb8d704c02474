from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.codes import working_days as wd

days = st.dates(date(2004, 1, 1), date(2028, 12, 31))


def test_seven_working_days_over_the_national_day_of_2026() -> None:
    # 29, 30 Sept; 1-7 Oct off; 8, 9; Saturday 10 is a make-up day; 12, 13
    due, provisional = wd.add_working_days(date(2026, 9, 28), 7)
    assert due == date(2026, 10, 13)
    assert provisional is False


def test_holidays_and_make_up_days() -> None:
    assert not wd.is_working_day(date(2026, 10, 1))
    assert wd.is_working_day(date(2026, 10, 10))
    assert not wd.is_working_day(date(2026, 10, 11))


def test_the_day_itself_is_not_counted() -> None:
    assert wd.add_working_days(date(2026, 11, 24), 1).day == date(2026, 11, 25)
    assert wd.add_working_days(date(2026, 11, 27), 1).day == date(2026, 11, 30)
    assert wd.add_working_days(date(2026, 11, 24), 0).day == date(2026, 11, 24)
    assert wd.add_working_days(date(2026, 11, 28), 0).day == date(2026, 11, 30)
    assert wd.add_working_days(date(2026, 11, 30), -1).day == date(2026, 11, 27)


def test_past_the_published_calendar_the_answer_is_provisional() -> None:
    beyond = date(wd.LAST_KNOWN_YEAR + 1, 5, 3)
    assert wd.is_provisional(beyond)
    assert wd.is_working_day(beyond) == (beyond.weekday() < 5)
    across = wd.add_working_days(date(wd.LAST_KNOWN_YEAR, 12, 20), 15)
    assert across.provisional
    assert wd.working_days_between(date(wd.LAST_KNOWN_YEAR, 12, 20), beyond).provisional
    assert not wd.add_working_days(date(wd.LAST_KNOWN_YEAR, 11, 24), 20).provisional


def test_the_last_days_of_the_last_known_year_wait_for_the_next_notice() -> None:
    assert not wd.is_provisional(date(wd.LAST_KNOWN_YEAR, 12, 27))
    assert wd.is_provisional(date(wd.LAST_KNOWN_YEAR, 12, 29))
    assert not wd.is_provisional(date(wd.LAST_KNOWN_YEAR - 1, 12, 29))


def test_a_moment_is_not_a_day() -> None:
    with pytest.raises(TypeError, match="datetime"):
        wd.add_working_days(datetime(2026, 11, 24, 23, 30), 1)


def test_absurd_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="10000"):
        wd.add_working_days(date(2026, 11, 24), 10**9)


@given(days, st.integers(-60, 60).filter(bool))
def test_counting_back_undoes_counting_forward(start: date, n: int) -> None:
    due = wd.add_working_days(start, n)
    assert wd.is_working_day(due.day)
    assert wd.working_days_between(start, due.day) == (n, due.provisional)


@given(days, st.integers(0, 200), st.integers(0, 200))
def test_counts_add_up(start: date, a: int, b: int) -> None:
    middle, end = start + timedelta(days=a), start + timedelta(days=a + b)
    first, second = wd.working_days_between(start, middle), wd.working_days_between(middle, end)
    assert wd.working_days_between(start, end).days == first.days + second.days
