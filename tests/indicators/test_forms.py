"""Form files: the shipped ones are sound, a bad one is refused with everything that is wrong in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.engines.rules.problems import Refused
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.filings.access import LEVELS, writers
from jinchuanggu.indicators.forms.library import form_for, form_of, forms, load_forms, title_of_form
from jinchuanggu.indicators.forms.loading import FITS, Needs, read_form

SHIPPED = Path(__file__).parents[2] / "src/jinchuanggu/indicators/forms"
SMALL = """\
id: small
version: 1
title: {zh: 小表, en: Small form}
level: firm
period: month
first: "2026-01"
by: [enterprise]
due: {days: 10, basis: 系统设置（待核）}
steps: {review: 5}
sections:
  - id: one
    title: {zh: 一, en: One}
    cells:
      - {indicator: revenue_cny, why: {zh: 要, en: needed}}
      - {indicator: staff_month_end, why: {zh: 要, en: needed}}
"""


def read(text: str) -> object:
    return read_form(text, "small.v1.yaml", Needs(indicators(), forms()))


def test_the_shipped_forms_ask_what_the_indicators_are() -> None:
    assert list(forms()) == ["firm_month", "valley_quarter", "city_year", "firm_year"]
    kinds = {PeriodKind.MONTH: "month", PeriodKind.QUARTER: "quarter", PeriodKind.YEAR: "year"}
    for form in forms().values():
        assert writers(form.level) == form.by, "who fills in stands in the form and in the process"
        assert form.level in LEVELS
        for cell in form.typed:
            assert indicators()[cell.key].period in FITS[kinds[form.period]]
            assert cell.why is not None, "every cell says why it is asked and who uses it"
        for check in form.checks:
            assert check.severity in ("hard", "soft")
            if check.kind in ("outlier", "change"):
                assert "待核" in check.basis, "a limit of our own says so"
    assert "待核" in form_of("firm_month").due.basis
    with translation.override("zh-hans"):
        assert title_of_form("firm_month") == "入驻单位月报"
    assert title_of_form("nothing") == "nothing"


def test_nothing_is_asked_twice() -> None:
    """No figure that records give is typed, and none in two forms."""
    asked = [cell.key for form in forms().values() for cell in form.typed]
    assert len(asked) == len(set(asked))
    assert not [key for key in asked if indicators()[key].source == "computed"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("revenue_cny", "revenu_cny", 14, "did you mean revenue_cny"),
        ("staff_month_end", "revenue_cny", 15, "listed twice"),
        ("staff_month_end", "revenue_year_cny", 15, "an indicator of month or moment"),
        ("staff_month_end", "resident_enterprises", 15, "cannot be given"),
        ("level: firm", "level: form", 4, "did you mean firm"),
        ("version: 1", "version: eins", 2, "an acceptable number"),
        ("why: {zh: 要, en: needed}}\n      - {i", "note: {zh: 要, en: needed}}\n      - {i", 14, "why"),
        ('first: "2026-01"', 'first: "2026Q1"', 6, "expected 2026-01"),
        ("due: {days: 10, basis: 系统设置（待核）}", "due: {days: 10}", 8, "basis"),
        ("by: [enterprise]", "by: [enterprises]", 7, "did you mean enterprise"),
        (
            "{indicator: revenue_cny, ",
            "{indicator: revenue_cny, prefill: nowhere, ",
            14,
            "not one of the accepted",
        ),
        (
            "{indicator: revenue_cny, ",
            "{indicator: revenue_cny, writes: elsewhere, ",
            14,
            "not one of the accepted",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_would_be_right(
    old: str, new: str, line: int, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        read(SMALL.replace(old, new, 1))
    told = [problem.render("en") for problem in refused.value.problems]
    assert any(f"small.v1.yaml:{line}:" in one and said in one for one in told), told


def test_all_mistakes_are_told_at_once() -> None:
    bad = (
        SMALL.replace("revenue_cny", "nothing").replace("level: firm", "level: moon")
        + """\
references:
  before: {take: before, cell: revenue_cny, back: 99, title: {zh: 往期, en: Before}}
  months: {take: sum, form: nowhere, cell: x, title: {zh: 合计, en: Sum}}
values:
  sum: {unit: cny, title: {zh: 和, en: Sum}, sum: [revenue_cny, staff_month_end]}
checks:
  - {id: a, kind: compare, severity: hard, left: staff_month_end, operator: "=<", right: nobody, title: {zh: 错, en: Wrong}}
  - {id: b, kind: outlier, severity: grave, cells: [staff], factor: 3, least: 2, least_change: 10, seen: 2, title: {zh: 错, en: Wrong}}
"""
    )
    with pytest.raises(Refused) as refused:
        read(bad)
    told = refused.value.render("en")
    for part in ("nothing", "moon", "nowhere", "=<", "nobody", "grave", "staff"):
        assert part in told
    lines = [problem.line for problem in refused.value.problems]
    assert lines == sorted(lines)


def test_units_of_both_sides_agree() -> None:
    check = """\
checks:
  - {id: a, kind: compare, severity: hard, left: revenue_cny, operator: "<=", right: staff_month_end, title: {zh: 错, en: Wrong}}
"""
    with pytest.raises(Refused) as refused:
        read(SMALL + check)
    assert "units do not agree" in refused.value.render("en")


def test_versions_of_a_form_by_the_period_they_are_asked_for(tmp_path: Path) -> None:
    first = tmp_path / "small.v1.yaml"
    first.write_text(SMALL, "utf-8")
    later = tmp_path / "small.v2.yaml"
    later.write_text(SMALL.replace("version: 1", "version: 2").replace("2026-01", "2026-07"), "utf-8")
    assert {key: str(form.first) for key, form in load_forms([first, later]).items()} == {
        ("small", 1): "2026-01",
        ("small", 2): "2026-07",
    }
    wrong = tmp_path / "other.v1.yaml"
    wrong.write_text(SMALL, "utf-8")
    with pytest.raises(Refused) as refused:
        load_forms([wrong])
    assert "small.v1.yaml" in refused.value.render("en")
    assert form_for("firm_month", Period.parse("2026-09")).version == form_of("firm_month").version


def test_due_days_follow_the_end_of_the_period() -> None:
    form = form_of("firm_month")
    assert form.due_on(Period.parse("2026-09"), date(2026, 10, 1)) == date(2026, 10, 10)
    assert form.due_on(Period.parse("2026-09"), date(2026, 10, 9)) == date(2026, 10, 12)
    assert form_of("firm_year").due_on(Period.parse("2025"), date(2026, 1, 1)) == date(2026, 3, 31)
