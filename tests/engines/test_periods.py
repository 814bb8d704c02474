"""Periods: numbers that sort in time, exact borders, shifts and nesting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.periods import Period, PeriodKind, span

DAYS = st.dates(date(1901, 1, 1), date(2998, 12, 31))
KINDS = st.sampled_from(PeriodKind)


@pytest.mark.parametrize(
    ("text", "number", "first", "last"),
    [
        ("2026", 3_202_600, date(2026, 1, 1), date(2026, 12, 31)),
        ("2026Q3", 2_202_603, date(2026, 7, 1), date(2026, 9, 30)),
        ("2024-02", 1_202_402, date(2024, 2, 1), date(2024, 2, 29)),
    ],
)
def test_a_period_reads_and_shows_itself(text: str, number: int, first: date, last: date) -> None:
    period = Period.parse(text)
    assert str(period) == text
    assert period.number == number
    assert (period.first_day, period.last_day) == (first, last)


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026Q5", "2026-00", "2026Q0", "2026-1", "十月"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["1899", "3000", "0001-01", "9999-12", "1899Q4"])
def test_what_nobody_reports_for_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["1900", "1900-01", "1900Q1", "2999", "2999-12", "2999Q4"])
def test_around_every_period_that_may_be_named_there_are_others(text: str) -> None:
    period = Period.parse(text)
    assert period.shift(-36) < period < period.shift(36)
    assert period.first_day <= period.last_day


@given(KINDS, DAYS)
def test_number_and_text_lead_back(kind: PeriodKind, day: date) -> None:
    period = Period.of(kind, day)
    assert Period.numbered(period.number) == Period.parse(str(period)) == period
    assert period.first_day <= day <= period.last_day


@given(KINDS, DAYS, st.integers(-200, 200))
def test_a_shift_goes_there_and_back_without_gaps(kind: PeriodKind, day: date, steps: int) -> None:
    period = Period.of(kind, day)
    if not 1910 <= period.year + steps <= 2990:
        return
    moved = period.shift(steps)
    assert moved.shift(-steps) == period
    assert (moved > period) == (steps > 0)
    assert moved.shift(1).first_day == moved.last_day + timedelta(days=1)


@given(DAYS)
def test_shorter_periods_fill_the_longer(day: date) -> None:
    year = Period.of(PeriodKind.YEAR, day)
    months, quarters = year.parts(PeriodKind.MONTH), year.parts(PeriodKind.QUARTER)
    assert len(months) == 12
    assert [part for quarter in quarters for part in quarter.parts(PeriodKind.MONTH)] == list(months)
    assert all(month.within(PeriodKind.YEAR) == year for month in months)
    with pytest.raises(ValueError, match="holds no"):
        months[0].parts(PeriodKind.YEAR)


def test_a_span_holds_both_ends() -> None:
    first, last = Period.parse("2025-11"), Period.parse("2026-02")
    assert [str(period) for period in span(first, last)] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(span(last, first)) == []
    assert last.year_before() == Period.month(2025, 2)
