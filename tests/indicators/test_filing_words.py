"""What needs no database: one typed figure, changes in words, marks of a workbook, heads in both languages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import python_calamine as calamine
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.exchange.cells import Unfit
from jinchuanggu.foundation.exchange.fields import bare
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.indicators.filings.sheet import marks, writing
from jinchuanggu.indicators.filings.sheet.columns import head_of, known_firm_heads
from jinchuanggu.indicators.filings.sheet.marks import MANY, ONE, Marks
from jinchuanggu.indicators.filings.sheet.values import figure
from jinchuanggu.indicators.filings.view import change_words
from jinchuanggu.indicators.filings.words import period_words
from jinchuanggu.indicators.forms.library import forms


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    with translation.override("zh-hans"):
        yield


FORM = forms()["firm_month"]
MONEY, PEOPLE = FORM.cells["revenue_cny"], FORM.cells["staff_month_end"]
MONTH = Period.parse("2026-10")


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("", None), (None, None), ("  ", None), ("1,234,567.89", "1234567.89"), ("１２３４", "1234"), (0.1 + 0.2, "0.3"),
        (12, "12"), ("0", "0"),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_people_write_it(raw: Any, value: str | None) -> None:
    assert figure(MONEY, raw) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("raw", "cell", "said"),
    [("约两千", MONEY, "数字"), ("12万", MONEY, "不带单位"), ("1.234", MONEY, "1.23"), ("12.5", PEOPLE, "整数"),
     ("1" * 20, MONEY, "过大"), (True, MONEY, "数字"), (float("nan"), MONEY, "数字")],
)  # fmt: skip
def test_what_is_no_figure_says_what_would_be_right(raw: Any, cell: Any, said: str) -> None:
    with pytest.raises(Unfit) as problem:
        figure(cell, raw)
    assert said in str(problem.value)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_every_amount_survives_being_written_and_read(amount: Decimal) -> None:
    assert figure(MONEY, f"{amount:,f}") == amount


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [(None, 5, ""), (5, None, ""), (5, 5, "持平"), (100, 112, "+12.0%"), (100, 50, "-50.0%"), (0, 7, "+7"),
     (-100, -50, "+50.0%"), (1, 5000, "×5,000.0")],
)  # fmt: skip
def test_changes_in_words(before: int | None, now: int | None, said: str) -> None:
    values = [None if value is None else Decimal(value) for value in (before, now)]
    assert change_words(*values) == said


def test_periods_in_words() -> None:
    assert [period_words(Period.parse(text)) for text in ("2026-10", "2026Q3", "2026")] == [
        "2026 年 10 月", "2026 年第 3 季度", "2026 年",
    ]  # fmt: skip
    with translation.override("en"):
        assert [period_words(Period.parse(text)) for text in ("2026-10", "2026Q3", "2026")] == [
            "Oct 2026", "Q3 2026", "2026",
        ]  # fmt: skip


def test_heads_are_known_in_both_languages_and_by_key() -> None:
    known = known_firm_heads(FORM)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert {known[bare(head_of(cell))] for cell in FORM.typed} == {cell.key for cell in FORM.typed}
    assert known["revenue_cny"] == "revenue_cny"


def workbook(file: Any) -> Any:
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read()))


def test_a_template_says_in_a_hidden_sheet_what_it_is() -> None:
    line = writing.Line("", "示例企业", {"revenue_cny": Decimal("1234.5")})
    file = writing.one(FORM, MONTH, 7, line)
    found = workbook(file)
    assert marks.read(found) == Marks(ONE, "firm_month", FORM.version, "2026-10", 7)
    file.seek(0)
    book = openpyxl.load_workbook(file)
    assert book[marks.SHEET].sheet_state == "veryHidden"
    page = book.worksheets[0]
    rows = {row[0].value: row for row in page.iter_rows(min_row=3)}
    assert set(rows) == {cell.key for cell in FORM.typed}
    assert rows["revenue_cny"][4].value == 1234.5
    assert "数字" in rows["revenue_cny"][4].comment.text
    assert len(page.data_validations.dataValidation) == len(FORM.typed)


def test_each_way_a_workbook_may_belong_elsewhere_is_said() -> None:
    wanted = Marks(MANY, "firm_month", 1, "2026-10", 3)
    for other, said in (
        (Marks(MANY, "firm_year", 1, "2026-10", 3), "的模板"),
        (Marks(MANY, "firm_month", 9, "2026-10", 3), "第 9 版"),
        (Marks(MANY, "firm_month", 1, "2026-09", 3), "2026 年 9 月"),
        (Marks(MANY, "firm_month", 1, "2026-10", 4), "别的晋创谷"),
        (Marks(ONE, "firm_month", 1, "2026-10", 4), "不能互用"),
    ):
        with pytest.raises(BadFile) as problem:
            marks.expect(other, wanted, {3: "晋创谷·甲"})
        assert said in str(problem.value)
    with pytest.raises(BadFile) as problem:
        marks.expect(Marks(MANY, "firm_month", 1, "2026-09", 4), wanted)
    assert len(problem.value.messages) == 2
    marks.expect(wanted, wanted)
