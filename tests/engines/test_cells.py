"""What people write into cells means the same in every sheet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.engines.cells import day_meant, day_of, figure_in, number_in, plain


@pytest.mark.parametrize(
    "typed",
    [
        "2026-01-31",
        "2026/1/31",
        "2026.1.31",
        "2026年1月31日",
        "20260131",
        "2026-01-31 00:00:00",
        "2026-1-31T00:00",
    ],
)
def test_a_day_in_many_ways(typed: str) -> None:
    assert day_of(typed) == date(2026, 1, 31)


@pytest.mark.parametrize("typed", ["", "2026-01", "31-01-2026", "2026-01-31 08:00", "昨天", "46053"])
def test_no_day(typed: str) -> None:
    assert day_of(typed) is None


@pytest.mark.parametrize("typed", ["2026-02-30", "20261301"])
def test_a_day_of_no_calendar(typed: str) -> None:
    with pytest.raises(ValueError, match=r"range|month"):
        day_of(typed)


def test_the_number_a_spreadsheet_keeps_for_a_day() -> None:
    assert day_meant(46053) == date(2026, 1, 31)
    assert day_meant(12) is None


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1,234.50", "1234.50"),
        ("-0.5", "-0.5"),
        ("1e3", "1e3"),
        ("1,23", None),
        ("12万", None),
        ("nan", None),
        ("", None),
    ],
)
def test_a_number_as_typed(typed: str, digits: str | None) -> None:
    assert number_in(typed) == digits


def test_the_figure_of_a_text_is_offered() -> None:
    assert (figure_in("约1,200万元"), figure_in("万元")) == ("1200", None)


@pytest.mark.parametrize(
    ("number", "text"), [("4E+1", "40"), ("4.50", "4.5"), ("-0", "0"), ("0.00", "0"), ("100", "100")]
)
def test_one_text_for_one_number(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
