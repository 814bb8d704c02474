from __future__ import annotations

from datetime import date

import pytest

from jinchuanggu.engines.rules import PartialDate


@pytest.mark.parametrize("text", ["2025", "2025-01", "2025-01-18", "2024-02-29"])
def test_precision_is_kept(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "2025-1", "2025-13", "2025-02-29", "20250118", "2025-01-18T00:00", "1066", "２０２５", "9999"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the text itself
        PartialDate.parse(text)


def test_a_vague_date_is_in_the_future_only_when_all_of_it_is() -> None:
    assert not PartialDate.parse("2025-01").after(date(2025, 1, 15))
    assert PartialDate.parse("2025-02").after(date(2025, 1, 15))
    assert PartialDate.parse("2025-01-16").after(date(2025, 1, 15))
    assert not PartialDate.parse("2025-01-15").after(date(2025, 1, 15))
    assert not PartialDate.parse("2025").after(date(2025, 1, 1))


def test_a_vague_date_sorts_before_the_days_inside_it() -> None:
    assert PartialDate.parse("2025-01").key < PartialDate.parse("2025-01-01").key
