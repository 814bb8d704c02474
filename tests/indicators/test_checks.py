"""Checks: what each kind says and when it says nothing; one filing and thousands get the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.indicators.checks.judging import FilingContext, check, check_many, figure
from jinchuanggu.indicators.forms.library import form_of, forms
from tests.indicators.filing_world import GOOD

MONTH = form_of("firm_month")


@pytest.fixture(autouse=True)
def _in_chinese() -> Iterator[None]:
    """Whatever language the last visitor of another test read."""
    with translation.override("zh-hans"):
        yield


def found(cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {one.id: one for one in check(MONTH, FilingContext({**GOOD, **cells}, **more))}


def past(values: list[int | None], cell: str = "revenue_cny") -> dict[int, dict[str, str]]:
    """History of one cell, the newest first."""
    return {back: {cell: str(value)} for back, value in enumerate(values, 1) if value is not None}


STEADY = [1000, 980, 1020, 990, 1010, 1000, 970, 1030, 1000, 985, 1015, 1000]


def test_a_sound_filing_says_nothing() -> None:
    assert found({}) == {}


@pytest.mark.parametrize(
    ("cells", "name", "words"),
    [
        ({"revenue_cny": None}, "required:revenue_cny", "必填"),
        ({"revenue_cny": ""}, "required:revenue_cny", "必填"),
        ({"staff_month_end": "20.5"}, "whole:staff_month_end", "应为整数"),
        ({"tax_paid_cny": "1.005"}, "places:tax_paid_cny", "至多 2 位小数"),
        ({"tax_paid_cny": "-1"}, "range:tax_paid_cny", "不能小于 0 元"),
        ({"technology_income_cny": "700000.01"}, "parts_within_revenue", "多 0.01 元"),
        ({"rd_staff_month_end": "21"}, "rd_staff_within_staff", "多 1 人"),
    ],
)
def test_hard_findings_name_the_cell_the_gap_and_what_is_right(
    cells: dict[str, Any], name: str, words: str
) -> None:
    one = found(cells)[name]
    assert one.hard
    assert one.blocks
    assert words in one.message
    assert one.cells


def test_limits_hold_to_the_last_digit() -> None:
    assert found({"technology_income_cny": "700000"}) == {}
    assert "parts_within_revenue" in found({"technology_income_cny": "700000.0001"})


def test_a_soft_finding_is_settled_by_words_and_a_hard_one_is_not() -> None:
    high = {"profit_cny": "1000000.01"}
    assert found(high)["profit_within_revenue"].blocks
    said = found(high, explanations={"profit_within_revenue": "收到补助"})["profit_within_revenue"]
    assert (said.explained, said.blocks, said.explanation) == (True, False, "收到补助")
    assert found(high, explanations={"profit_within_revenue": " "})["profit_within_revenue"].blocks
    wrong = {"rd_staff_month_end": "21"}
    assert found(wrong, explanations={"rd_staff_within_staff": "就是这样"})["rd_staff_within_staff"].blocks


def test_a_firm_is_measured_by_its_own_past() -> None:
    one = found(
        {"revenue_cny": "1000000", "technology_income_cny": 0},
        history=past([value * 200 for value in STEADY]),
    )
    said = one["growth:revenue_cny"].message
    assert "+400%" in said
    assert "11 次变动" in said
    # the same jump is nothing new for a firm whose months always swing so
    wild = past([200_000, 1_000_000] * 6)
    assert "growth:revenue_cny" not in found({"revenue_cny": "1000000"}, history=wild)


def test_too_little_past_says_nothing() -> None:
    assert "growth:revenue_cny" not in found({}, history=past([200_000] * 8))
    assert "growth:revenue_cny" in found({}, history=past([200_000] * 9))
    assert "growth:revenue_cny" not in found({}, history=past([200_000, None] * 8))


def test_a_wild_month_in_the_past_does_not_hide_the_next() -> None:
    values = [value * 200 for value in STEADY]
    values[5] = 90_000_000
    assert "growth:revenue_cny" in found({"revenue_cny": "1000000"}, history=past(values))


def test_falling_to_nothing_is_unusual_where_nothing_was_before_is_not() -> None:
    low = {"revenue_cny": "0", "technology_income_cny": "0", "product_income_cny": "0"}
    assert "growth:revenue_cny" in found(low, history=past([value * 200 for value in STEADY]))
    with_nothing = past([200_000] * 10 + [0] + [200_000])
    assert "growth:revenue_cny" not in found(low, history=with_nothing)


def test_against_the_same_month_of_last_year() -> None:
    one = found({}, history={12: {"revenue_cny": "100000"}})["year_on_year:revenue_cny"]
    assert "上年同期为 10 万元（+900%）" in one.message
    assert found({}, history={12: {"revenue_cny": "200000"}}) == {}


def test_people_against_the_records() -> None:
    assert "staff_as_on_record" in found({}, references={"staff_on_record": "12"})
    assert found({}, references={"staff_on_record": "15"}) == {}
    assert found({}, references={}) == {}


def test_a_year_against_its_months() -> None:
    year = form_of("firm_year")
    cells = {
        "revenue_year_cny": "12300000", "technology_income_year_cny": "0", "product_income_year_cny": "0",
        "goods_income_year_cny": "0", "net_profit_year_cny": "0", "tax_year_cny": "0", "rd_expense_year_cny": "0",
        "staff_year_end": "20", "tech_staff_year_end": "10", "rd_staff_fte": "7",
    }  # fmt: skip
    told = check(year, FilingContext(cells, {"revenue_of_months": "12000000", "staff_of_december": "21"}))
    assert [one.id for one in told] == ["revenue_as_months", "staff_as_december"]
    assert "相差 30 万元" in told[0].message
    assert "两者应一致" in told[1].message
    assert check(year, FilingContext(cells)) == [], (
        "without the twelve months there is nothing to compare with"
    )


def test_shares_are_exact_and_nothing_is_divided_by_zero() -> None:
    assert figure(MONTH, FilingContext(GOOD), "parts_of_revenue") == 900000
    assert figure(MONTH, FilingContext(GOOD), "rd_intensity") == 12
    assert figure(MONTH, FilingContext({**GOOD, "revenue_cny": "0"}), "rd_intensity") is None
    assert figure(MONTH, FilingContext({}), "parts_of_revenue") is None


NUMBERS = st.one_of(
    st.none(),
    st.just(""),
    st.integers(-3, 60).map(str),
    st.integers(0, 10**6).map(str),
    st.decimals(Decimal(-(10**12)), Decimal(10**12), places=4).map(str),
    st.sampled_from(
        ["0", "0.01", "0.0001", "1000000", "999999.99", "1000000.01", "9999999999999", "0.30000000000000004"]
    ),
)


def contexts(form: Any) -> st.SearchStrategy[FilingContext]:
    cells = st.dictionaries(st.sampled_from(sorted(form.cells)), NUMBERS, min_size=len(form.cells) // 2)
    steady = st.integers(1, 10**7).flatmap(
        lambda base: st.lists(st.integers(80, 130), min_size=0, max_size=24).map(
            lambda steps: {
                back: {key: str(base * step // 100) for key in form.cells}
                for back, step in enumerate(steps, 1)
            }
        )
    )
    history = st.one_of(st.dictionaries(st.integers(1, 24), cells, max_size=6), steady)
    refs = st.dictionaries(st.sampled_from(sorted(form.references)), NUMBERS)
    said = st.dictionaries(st.sampled_from([one.id for one in form.checks]), st.sampled_from(["", "有说明"]))
    return st.builds(FilingContext, cells, refs, history, said)


@pytest.mark.parametrize("key", sorted(forms()))
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_many_filings_get_the_answers_of_each(key: str, data: st.DataObject) -> None:
    form = form_of(key)
    rows = data.draw(st.lists(contexts(form), min_size=1, max_size=6))
    assert check_many(form, rows) == [check(form, row) for row in rows]


@settings(max_examples=200, deadline=None)
@given(
    whole=st.decimals(0, Decimal(10**12), places=2), nudge=st.sampled_from(["-0.01", "0", "0.01"]), share=st.integers(0, 100)
)  # fmt: skip
def test_many_filings_at_the_very_limit(whole: Decimal, nudge: str, share: int) -> None:
    part = round(whole * share / 100, 2)
    cells = {
        **GOOD, "revenue_cny": str(whole), "technology_income_cny": str(part),
        "product_income_cny": str(max(whole - part + Decimal(nudge), Decimal(0))),
    }  # fmt: skip
    context = FilingContext(cells, {"staff_on_record": "26"}, {12: {"revenue_cny": str(whole / 5)}})
    [many] = check_many(MONTH, [context])
    assert many == check(MONTH, context)
    over = Decimal(cells["technology_income_cny"]) + Decimal(cells["product_income_cny"]) > whole
    assert ("parts_within_revenue" in {one.id for one in many}) is over
