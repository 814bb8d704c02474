"""Measures: what is known of each is what the material states, and what is only a name computes nothing."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from jinchuanggu.engines.rules import RuleSet, evaluate, facts_of, official
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.formulas import Constant, Share, operands
from jinchuanggu.engines.rules.model import Confidence, Pending
from jinchuanggu.engines.rules.result import Verdict

ON = date(2026, 6, 30)
PROVINCE, CITIES = official("measures_province").rule_sets, official("measures_city").rule_sets
MEASURES = {rules.id: rules for rules in (*PROVINCE, *CITIES)}
NAMED = {
    name for name, rules in MEASURES.items() if any(isinstance(one.test, Pending) for one in rules.walk())
}
PRIZED = {
    "measure.sx.startup_money": {300000, 1000000},
    "startup_money.jincheng": {0, 500000, 50},
    "measure.sx.conversion_income_share": {70},
}
"""Measures with an amount, and every number the amount is made of, as the material gives them."""


def numbers(rules: RuleSet) -> set[Fraction]:
    """Every number in the formulas of the amount."""
    assert rules.benefit is not None
    waiting = [name for name in (rules.benefit.low, rules.benefit.high) if name]
    found: set[Fraction] = set()
    while waiting:
        formula = rules.inputs[waiting.pop()].formula
        if isinstance(formula, Constant):
            found.add(formula.value)
        elif isinstance(formula, Share):
            found.add(formula.percent)
        waiting.extend(operands(formula) if formula else ())
    return found


def test_no_amount_without_a_number_in_the_material() -> None:
    assert {name for name, rules in MEASURES.items() if rules.benefit and rules.benefit.low} == set(PRIZED)
    for name, stated in PRIZED.items():
        assert numbers(MEASURES[name]) == stated, name


def test_how_many_there_are_and_how_many_wait_for_their_text() -> None:
    assert (len(PROVINCE), len(CITIES)) == (26, 17)
    assert len(NAMED) == 36
    assert {name for name in MEASURES if name not in NAMED} == {
        "measure.sx.startup_money", "measure.sx.firm_service", "measure.sx.angel_fund",
        "measure.sx.team_service", "measure.sx.investment_tolerance", "measure.sx.conversion_income_share",
        "startup_money.jincheng",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_measure_known_by_name_only_says_so_and_is_never_due(name: str) -> None:
    rules = MEASURES[name]
    assert rules.confidence is Confidence.UNKNOWN
    assert "待核" in rules.source
    assert rules.benefit is not None
    assert rules.benefit.low is None
    assert rules.benefit.high is None
    for vector in rules.vectors:
        result = evaluate(rules, vector.given, vector.on)
        assert result.verdict is not Verdict.MET
        assert result.amount is not None
        assert not result.amount.known


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_names_its_beneficiary_in_both_languages(name: str) -> None:
    benefit = MEASURES[name].benefit
    assert benefit is not None
    assert benefit.beneficiary.zh
    assert benefit.beneficiary.en
    assert MEASURES[name].title.zh != MEASURES[name].title.en


def test_the_five_policies_hold_from_2024_to_2028() -> None:
    five = [rules for rules in PROVINCE if rules.document.number == "晋政办发〔2023〕95号"]
    assert len(five) == 20
    for rules in five:
        assert (rules.effective_from, rules.effective_to) == (date(2024, 1, 1), date(2028, 12, 31))
        assert not rules.in_force(date(2029, 1, 1))


def test_measures_of_one_purpose_share_a_group_across_province_and_city() -> None:
    groups: dict[str, set[str]] = {}
    for name, rules in MEASURES.items():
        if rules.benefit and rules.benefit.group:
            groups.setdefault(rules.benefit.group, set()).add(name)
    assert groups["startup_money"] == {"measure.sx.startup_money", "startup_money.jincheng"}
    assert {
        "measure.sx.conversion_reward",
        "measure.taiyuan.conversion",
        "measure.xinzhou.conversion",
    } <= groups["conversion"]


def test_a_city_measure_is_for_firms_of_that_city() -> None:
    for name, rules in MEASURES.items():
        region = rules.applies_to.get("region")
        if rules in CITIES:
            assert region is not None, name
            here = facts_of(rules.inputs, {"city": "other", "valley_resident": True})
            assert evaluate(rules, here, ON).verdict is Verdict.NOT_MET, name
            assert evaluate(rules, Facts(), ON).verdict is Verdict.NOT_EVIDENCED, name


def test_a_resident_without_further_facts_gets_no_amount_for_sure() -> None:
    rules = MEASURES["measure.sx.startup_money"]
    result = evaluate(rules, facts_of(rules.inputs, {"valley_resident": True}), ON)
    assert result.verdict is Verdict.NOT_EVIDENCED
    assert set(result.missing) == {"valley_selected", "no_startup_money_before", "paid_in_capital_cny"}
