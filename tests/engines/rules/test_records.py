"""Plain records as facts: every slip told at once, and one list of what firms are asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.engines.rules import Facts, Library, Refused, facts_of, firm_inputs, vocabulary
from tests.engines.rules.firm_sample import firm_rules

INPUTS = firm_rules().inputs


def test_each_kind_of_fact() -> None:
    record: dict[str, object] = {
        "assets": Decimal("1.50"),
        "debts": 2,
        "share": 0.1,
        "revenue": {2024: -3, 2025: None},
        "good": False,
        "level": "high",
        "born": date(2020, 2, 29),
        "until": "2026-06-30",
        "patents": ["a", {"name": "b", "class": 1}],
        "judged": 7,
        "judged_b": {"score": 3, "passed": True},
        "staff": None,
    }
    facts = facts_of(INPUTS, record)
    assert {name: [figure.value for figure in found] for name, found in facts.reports.items()} == {
        "assets": [Decimal("1.50")],
        "debts": [2],
        "share": [Decimal("0.1")],
        "revenue": [-3],
    }
    assert facts.statements["good"].holds is False
    assert facts.codes == {"level": "high"}
    assert facts.dates == {"born": date(2020, 2, 29), "until": date(2026, 6, 30)}
    assert [item.name for item in facts.lists["patents"]] == ["a", "b"]
    assert facts.lists["patents"][1].attributes == {"class": "1"}
    assert (facts.judgements["judged"].score, facts.judgements["judged_b"].passed) == (7, True)
    assert facts_of(INPUTS, {}) == Facts()


def test_every_slip_is_told_at_once_with_its_place() -> None:
    record: dict[str, object] = {
        "asets": 1,
        "assets": "about 5",
        "staff": 2.5,
        "tech": -1,
        "area": float("nan"),
        "revenue": {"last": 5, 2025: "many"},
        "good": "yes",
        "level": "hgih",
        "born": "2020-02-30",
        "patents": 5,
        "wan": [1],
    }
    with pytest.raises(Refused) as caught:
        facts_of(INPUTS, record, file="firms.xlsx")
    found = {problem.path: problem for problem in caught.value.problems}
    assert set(found) == {
        "asets", "assets", "staff", "tech", "area", "revenue.last", "revenue.2025", "good", "level", "born",
        "patents", "wan",
    }  # fmt: skip
    assert (found["asets"].suggestion, found["level"].suggestion) == ("assets", "high")
    assert {problem.file for problem in found.values()} == {"firms.xlsx"}
    assert "a whole number" in found["staff"].message("en")


def test_a_value_cannot_be_given() -> None:
    rules = firm_rules(values="net: {unit: cny, title: {zh: 净, en: Net}, sum: [assets], less: [debts]}\n")
    with pytest.raises(Refused) as caught:
        facts_of(rules.inputs, {"net": 5})
    assert [problem.code for problem in caught.value.problems] == ["computed"]


def test_one_list_of_what_firms_are_asked() -> None:
    names = firm_inputs()
    assert set(vocabulary("firm").inputs) <= set(names)
    assert not any(declared.computed for declared in names.values())
    assert all(declared.group in vocabulary("firm").groups for declared in vocabulary("firm").inputs.values())


def test_two_files_may_not_ask_for_different_things_by_one_name() -> None:
    one = firm_rules(inputs="extra: {type: number, unit: cny, title: {zh: 甲, en: A}}\n")
    two = firm_rules(inputs="extra: {type: number, unit: wan_cny, title: {zh: 甲, en: A}}\n")
    assert firm_inputs(Library((one, one)))["extra"].unit == "cny"
    with pytest.raises(Refused) as caught:
        firm_inputs(Library((one, two)))
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("duplicate_id", "inputs.extra")
    ]
