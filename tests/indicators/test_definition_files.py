"""Files of definitions: what ships is sound and complete; whatever is wrong is told at once, with place and remedy."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.problems import Refused
from jinchuanggu.indicators.definitions.files import GROUPS, load_texts
from jinchuanggu.indicators.definitions.formula import operands_of, parsed, rounded, value_of
from jinchuanggu.indicators.definitions.library import indicators, judged
from jinchuanggu.indicators.definitions.words import untyped

PROMISED = [
    "resident_units",
    "resident_teams_and_startups",
    "resident_enterprises",
    "resident_science_teams",
    "full_time_staff",
    "startup_office_m2",
    "standard_plant_m2",
    "space_area_m2",
    "leased_area_m2",
    "ip_valid",
    "invention_patents",
    "service_body_staff",
    "sci_tech_firms",
    "move_ins",
    "move_outs",
    "ip_applications",
    "ip_grants",
    "contracts_registered",
    "contract_turnover_cny",
    "contract_technology_cny",
    "financing_cny",
    "equity_financing_cny",
    "loans_cny",
    "policy_paid_cny",
    "policy_grants",
    "occupancy_percent",
    "rd_intensity_percent",
    "revenue_per_head_cny",
    "technology_income_share_percent",
    "revenue_cny",
    "technology_income_cny",
    "product_income_cny",
    "rd_expense_cny",
    "tax_paid_cny",
    "profit_cny",
    "staff_month_end",
    "rd_staff_month_end",
    "revenue_year_cny",
    "technology_income_year_cny",
    "product_income_year_cny",
    "goods_income_year_cny",
    "industrial_output_year_cny",
    "net_profit_year_cny",
    "tax_year_cny",
    "rd_expense_year_cny",
    "staff_year_end",
    "tech_staff_year_end",
    "rd_staff_fte",
    "events_held",
    "services_given",
    "projects_signed",
    "investment_cny",
    "achievements_landed",
    "innovation_bodies",
    "innovation_platforms",
    "innovation_talents",
    "technology_turnover_cny",
    "tech_enterprise_revenue_cny",
]

GOOD = """
- {key: a_cny, unit: cny, title: {zh: 甲, en: A}, counts: {zh: 甲数, en: A}, source: filed, period: month}
- {key: b_cny, unit: cny, title: {zh: 乙, en: B}, counts: {zh: 乙数, en: B}, source: filed, period: month}
- key: a_share
  unit: percent
  title: {zh: 占比, en: Share}
  counts: {zh: 甲占乙, en: A of B}
  source: derived
  period: month
  formula: {quotient: {numerator: a_cny, denominator: b_cny}}
"""


def problems(text: str) -> list[tuple[str, int, str]]:
    with pytest.raises(Refused) as refused:
        load_texts([("one.yaml", text)])
    return [(one.code, one.line, one.path) for one in refused.value.problems]


def test_the_promised_set_ships_with_words_and_a_basis() -> None:
    known = indicators()
    assert set(PROMISED) <= known.keys()
    for key in PROMISED:
        one = known[key]
        assert all((one.basis, one.owner, one.confidence, one.group in GROUPS)), key
        assert one.counts["zh"] != one.title["zh"], key
    assert len(judged()) == 10
    assert {key for key, one in judged().items() if one.group == "recognition"} | {
        key for key, one in judged().items() if one.group == "growth"
    } == set(judged())


def test_the_share_that_nobody_types_is_counted_from_the_definitions() -> None:
    found = untyped(indicators())
    kept = [one for one in indicators().values() if one.source != "published"]
    assert found.total == len(kept) == found.untyped + found.filed + found.derived_from_filed
    # occupancy rests on computed areas, R&D intensity on what firms file
    alone = untyped({k: indicators()[k] for k in ("occupancy_percent", "leased_area_m2", "space_area_m2")})
    assert (alone.untyped, alone.total) == (3, 3)
    filed = untyped({k: indicators()[k] for k in ("rd_intensity_percent", "rd_expense_cny", "revenue_cny")})
    assert (filed.untyped, filed.derived_from_filed) == (0, 1)


def test_a_derived_figure_exists_where_all_its_parts_do() -> None:
    assert indicators()["rd_intensity_percent"].level == "firm"
    assert indicators()["occupancy_percent"].level == "valley"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("numerator: a_cny", "numerator: a_cnyy", "unknown_input"),
        ("unit: percent", "unit: cny", "unit_mismatch"),
        ("denominator: b_cny", "denominator: a_share", "cycle"),
        ("counts: {zh: 乙数, en: B}, source: filed, period: month", "counts: {zh: 乙数, en: B}, source: filed, period: year",
         "period_mismatch"),
        ("key: b_cny, unit: cny", "key: b_cny, unit: persons", "unit_mismatch"),
        ("key: b_cny", "key: a_cny", "duplicate_id"),
        ("source: derived", "source: filed", "choice"),
        ("formula: {quotient: {numerator: a_cny, denominator: b_cny}}", "owner: x", "missing_key"),
        ("quotient:", "quotent:", "unknown_key"),
        ("period: month\n  formula", "period: weekly\n  formula", "choice"),
        ("unit: cny, title: {zh: 甲, en: A}", "unit: yuan, title: {zh: 甲, en: A}", "choice"),
        ("title: {zh: 甲, en: A}, ", "", "missing_key"),
        ("title: {zh: 甲, en: A}", "title: {zh: 甲}", "missing_key"),
        ("key: a_cny", "key: A-cny", "choice"),
        ("period: month}\n- {key: b", "period: moment, over_time: sum}\n- {key: b", "choice"),
        ("period: month}\n- {key: b", "period: month, breakdowns: [colour]}\n- {key: b", "choice"),
        ("period: month}\n- {key: b", "period: month, valid_from: 2026-02-01, valid_to: 2026-01-01}\n- {key: b", "dates_order"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_told_with_its_line(old: str, new: str, code: str) -> None:
    assert len(load_texts([("one.yaml", GOOD)])) == 3
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert code in {name for name, _line, _path in found}
    assert all(line > 0 for _code, line, _path in found)


def test_all_problems_of_all_files_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        load_texts(
            [
                ("one.yaml", GOOD.replace("unit: cny", "unit: yuan", 1)),
                ("two.yaml", "- {key: c}"),
                ("three.yaml", "{"),
            ]
        )
    assert {one.file for one in refused.value.problems} == {"one.yaml", "two.yaml", "three.yaml"}
    assert "wan_cny" in refused.value.render("zh")


def test_what_was_likely_meant_is_said() -> None:
    with pytest.raises(Refused) as refused:
        load_texts([("one.yaml", GOOD.replace("numerator: a_cny", "numerator: a_cn"))])
    assert [one.suggestion for one in refused.value.problems] == ["a_cny"]


@given(st.data())
def test_damage_anywhere_is_refused_or_read_never_a_crash(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(GOOD) - 1))
    gone = data.draw(st.integers(0, 12))
    put = data.draw(st.text("{}[]:,-ab 1\n\"'&*!%|>\u202e", max_size=6))
    with suppress(Refused):  # anything else would be a crash
        load_texts([("one.yaml", GOOD[:at] + put + GOOD[at + gone :])])


@pytest.mark.parametrize("name", ["definitions.yaml", "further.yaml"])
def test_shipped_texts_are_read_whole(name: str) -> None:
    text = files("jinchuanggu.indicators.definitions").joinpath(name).read_text("utf-8")
    assert text.count("key:") == len(load_texts([(name, text)]))


def test_formulas_are_exact_and_unknown_is_not_zero() -> None:
    made = parsed({"quotient": {"numerator": "a", "denominator": "b"}}, "percent")
    assert operands_of(made) == ("a", "b")
    assert value_of(made, {"a": Fraction(1), "b": Fraction(3)}) == Fraction(100, 3)
    assert str(rounded(Fraction(100, 3))) == "33.3333"
    assert value_of(made, {"a": Fraction(1), "b": Fraction(0)}) is None
    assert value_of(made, {"a": Fraction(1)}) is None
    area = value_of(made, {"a": Fraction(50), "b": Fraction(1)}, {"a": "m2", "b": "hectare"})
    assert area == Fraction(1, 2)
    net = parsed({"sum": ["a", "b"], "less": ["c"]}, "cny")
    assert value_of(net, {"a": Fraction(5), "b": Fraction(2), "c": Fraction(9)}) == -2
