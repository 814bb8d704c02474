from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.letters import IssuingNumber, LetterError, chinese_date
from jinchuanggu.foundation.letters.numbers import chinese_numeral, heading_label


def test_issuing_number_follows_the_standard() -> None:
    assert str(IssuingNumber("晋科发", 2026, 8)) == "晋科发〔2026〕8号"


@pytest.mark.parametrize(
    "text",
    [
        "晋科发[2026]8号",
        "晋科发（2026）8号",
        "晋科发〔2026〕08号",
        "晋科发〔2026〕第8号",
        "晋科发〔26〕8号",
        "晋科发〔2026〕8",
        "〔2026〕8号",
        "晋科发〔2026〕0号",
        "晋科发〔２０２６〕8号",
        "",
    ],
)
def test_other_ways_of_writing_it_are_refused(text: str) -> None:
    with pytest.raises(LetterError) as refused:
        IssuingNumber.parse(text)
    assert refused.value.fields == ("number",)


@given(st.integers(1949, 9999), st.integers(1, 10**6))
def test_a_number_reads_back_as_it_was_written(year: int, serial: int) -> None:
    number = IssuingNumber("晋创谷办函", year, serial)
    assert IssuingNumber.parse(str(number)) == number


@pytest.mark.parametrize(
    ("code", "year", "serial"), [("", 2026, 1), ("晋科[发]", 2026, 1), ("晋科发", 26, 1), ("晋科发", 2026, 0)]
)
def test_parts_are_checked(code: str, year: int, serial: int) -> None:
    with pytest.raises(LetterError):
        IssuingNumber(code, year, serial)


def test_dates_are_arabic_without_leading_zeros() -> None:
    assert chinese_date(date(2026, 7, 5)) == "2026年7月5日"


def test_numerals_and_labels() -> None:
    assert [chinese_numeral(n) for n in (1, 10, 11, 20, 99)] == ["一", "十", "十一", "二十", "九十九"]
    assert [heading_label(level, 2) for level in (1, 2, 3, 4)] == ["二、", "（二）", "2. ", "（2）"]
    with pytest.raises(LetterError):
        heading_label(5, 1)
