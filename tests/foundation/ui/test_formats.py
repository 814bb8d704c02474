"""Figures, areas, money and days as a reader sees them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.ui import deadlines, formats


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 11, 24))


@pytest.mark.parametrize(
    ("yuan", "shown", "exact"),
    [
        ("9999.5", "9,999.5 元", "9,999.5 元"),
        ("10000", "1 万元", "10,000 元"),
        ("123456789", "1.23 亿元", "123,456,789 元"),
        ("-45600000", "-4,560 万元", "-45,600,000 元"),
        (0, "0 元", "0 元"),
    ],
)
def test_money_takes_the_unit_that_reads_best(yuan, shown, exact):
    figure = formats.money(yuan)
    assert (str(figure), figure.exact) == (shown, exact)


def test_money_in_english():
    with translation.override("en"):
        assert str(formats.money(1_280_000_000)) == "1.28 bn CNY"
        assert str(formats.money(45_000_000)) == "45 m CNY"


def test_hover_text_only_where_something_was_left_out():
    assert 'title="123,456,789 元"' in formats.money(123_456_789).html()
    assert "title" not in formats.money(5).html()


@pytest.mark.parametrize(
    ("square_metres", "shown"), [(4999.5, "4,999.5 m²"), (62_000, "6.2 公顷"), (1_250_000, "1.25 km²")]
)
def test_area(square_metres, shown):
    assert str(formats.area(square_metres)) == shown


def test_a_small_part_of_a_square_kilometre_is_said_in_hectares():
    assert str(formats.quantity(Decimal("0.042"), "km2")) == "4.2 公顷"
    assert str(formats.quantity(Decimal("11.958"), "km2")) == "11.958 km²"


@pytest.mark.parametrize("unknown", [None, "", "NaN", "Infinity"])
def test_the_unknown_is_a_dash_and_never_zero(unknown):
    assert formats.number(unknown) == "—"
    assert str(formats.money(unknown)) == "—"


def test_words_and_truth_values_are_no_numbers():
    assert str(formats.quantity(True)) == "有"
    assert str(formats.quantity("省级", "count")) == "省级"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_numbers_read_back_as_written(value):
    assert Decimal(formats.number(value).replace(",", "")) == value


def test_markup_in_a_unit_is_escaped():
    assert "<script>" not in formats.quantity(3, "<script>").html()


def test_days(today):
    assert formats.day("2026-11-24") == "2026-11-24"
    assert formats.day(2025) == "2025"
    assert formats.days_left(date(2026, 11, 27)) == 3
    # late evening in UTC is the next day here
    assert formats.day(datetime(2026, 11, 23, 18, tzinfo=timezone.get_fixed_timezone(0))) == "2026-11-24"


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (date(2026, 11, 22), "逾期 2 天", "final"),
        (date(2026, 11, 24), "今天到期", "attention"),
        (date(2026, 11, 27), "还有 3 天", "attention"),
        (date(2026, 11, 28), "还有 4 天", "quiet"),
    ],
)
def test_deadline(today, due, words, tone):
    said = deadlines.deadline(due)
    assert said is not None
    assert (said.words, said.tone) == (words, tone)


def test_a_deadline_met_late_is_not_shown_as_met(today):
    late = deadlines.deadline(date(2026, 11, 1), done=date(2026, 11, 3))
    in_time = deadlines.deadline(date(2026, 11, 1), done=date(2026, 10, 30))
    assert late is not None
    assert in_time is not None
    assert (late.tone, in_time.tone) == ("attention", "met")


def test_no_due_day_no_deadline():
    assert deadlines.deadline(None) is None
