"""What a measure comes to: by its formula, on the day, in yuan and fen - or not known, and then no number."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.engines.rules import RuleSet, describe
from tests.engines.rules.firm_sample import ANY, firm_rules, firm_text, judged

VALUES = """\
tenth: {unit: cny, title: {zh: 一成, en: Tenth}, share: {of: assets, value: 10, unit: percent}}
third: {unit: cny, title: {zh: 三成, en: Third}, share: {of: assets, value: 30, unit: percent}}
"""
BENEFIT = """\
kind: grant
beneficiary: {zh: 企业, en: Firms}
amount: %s
delivery: automatic
basis: application
frequency: yearly
group: one
excludes: [other]
pool: {id: together, cap: 50000}
step_down: [{from: 2027-01-01, percent: 70}, {from: 2028-01-01, percent: 50}]
payer: {zh: 市财政, en: The city}
"""


GOOD = """\
- {id: good, title: {zh: 良好, en: Good}, clause: 第一条, article: 应当良好, is_true: {input: good}}
"""


def rules_of(amount: str, criteria: str = ANY) -> RuleSet:
    return firm_rules(values=VALUES, benefit=BENEFIT % amount, criteria=criteria)


def test_the_amount_follows_the_day() -> None:
    rules = rules_of("tenth")
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 1)]
    found = [judged(rules, day, assets=1000).amount for day in days]
    assert [(one.low, one.high, one.percent) for one in found if one] == [
        (100, 100, 100),
        (70, 70, 70),
        (70, 70, 70),
        (50, 50, 50),
    ]


@pytest.mark.parametrize(("good", "due"), [(True, True), (False, False), (None, None)])
def test_the_amount_says_whether_it_is_due(good: bool | None, due: bool | None) -> None:
    facts = {"assets": 1000, "revenue": {2025: 10}} | ({} if good is None else {"good": good})
    amount = judged(rules_of("tenth", GOOD), **facts).amount
    assert amount is not None
    assert (amount.high, amount.due) == (100, due)


def test_a_range_the_authority_decides_in() -> None:
    amount = judged(rules_of("{from: tenth, to: third}"), assets=1_000_000).amount
    assert amount is not None
    assert (amount.low, amount.high, amount.known) == (100_000, 300_000, True)
    assert amount.text.zh == "10 万元–30 万元"


def test_what_is_not_known_has_no_number() -> None:
    unknown_rule = judged(rules_of("null"), assets=1000).amount
    assert unknown_rule is not None
    assert (unknown_rule.known, unknown_rule.low, unknown_rule.reason) == (False, None, "rule_unknown")
    assert unknown_rule.text.zh == "金额待核"
    unknown_fact = judged(rules_of("tenth")).amount
    assert unknown_fact is not None
    assert (unknown_fact.known, unknown_fact.high, unknown_fact.missing) == (False, None, ("assets",))
    assert judged(firm_rules(), assets=1).amount is None


def test_amounts_are_rounded_to_the_fen_and_never_negative() -> None:
    amounts = [judged(rules_of("tenth"), assets=Decimal(yuan)).amount for yuan in ("0.05", "0.04", "-9")]
    assert [one.low for one in amounts if one] == [Decimal("0.01"), 0, 0]


def test_the_record_of_a_decision_says_what_it_rests_on() -> None:
    rules = rules_of("tenth")
    result = judged(rules, assets=1000, good=True, born="2020-01-01", revenue={2025: 5})
    record = result.evaluated
    assert record["inputs"] == {"assets": 1000, "good": True}  # nothing the rules do not read
    assert (record["rule_set"], record["version"], record["on"]) == ("firm_sample", "1", "2026-06-30")
    digest = record["digest"]
    assert isinstance(digest, str)
    assert len(digest) == 64
    assert record["engine"]
    other = firm_rules(values=VALUES, benefit=BENEFIT % "third")
    assert other.digest != digest
    assert firm_text() == firm_text()


def test_the_machine_form_carries_values_scores_and_the_benefit() -> None:
    data = json.loads(json.dumps(judged(rules_of("tenth"), assets=1000).as_dict()))
    assert data["schema"] == 2
    assert data["values"]["tenth"]["value"] == 100
    assert data["values"]["tenth"]["of"] == ["assets"]
    assert data["amount"] == {
        "low": 100,
        "high": 100,
        "known": True,
        "due": None,
        "text": {"zh": "100 元", "en": "100 yuan"},
        "percent": 100,
        "reason": "",
        "missing": [],
    }
    head = describe(rules_of("null"))["benefit"]
    assert isinstance(head, dict)
    assert (head["kind"], head["known"], head["delivery"], head["pool_cap"]) == (
        "grant",
        False,
        "automatic",
        50000,
    )
    assert head["steps"] == [{"from": "2027-01-01", "percent": 70}, {"from": "2028-01-01", "percent": 50}]
