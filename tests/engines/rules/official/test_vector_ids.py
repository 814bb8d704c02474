"""The numbered examples of the material are all there, and every shipped file of these families passes its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jinchuanggu.engines.rules import OFFICIAL, Status, load, official
from jinchuanggu.engines.rules.model import Joined

FAMILIES = (
    "incubator", "maker_space", "measures_city", "measures_province", "startup_leave", "tech_contract",
    "transfer_pricing", "transfer_reward",
)  # fmt: skip

EXPECTED = {
    "incubator.national": {"D-T1", "D-T2", "D-T4", "D-T5"},
    "incubator.standard": {"D-T7"},
    "incubator.graduate": {"D-T8", "D-T8 edge"},
    "tech_contract.registration": {"F-T1", "F-T2", "F-T4"},
    "tech_contract.income_tax": {"F-T5", "F-T7", "F-T8"},
    "transfer_reward.national": {"G-T1", "G-T4", "G-T11"},
    "transfer_reward.shanxi": {"G-T2", "G-T5", "G-T11"},
    "transfer_reward.income_tax": {"G-T10"},
    "transfer_pricing.publicity": {"G-T7", "G-T7 later day"},
    "startup_leave": {"G-T8", "G-T8 the day after"},
    "startup_money.jincheng": {"I-30", "I-30 ceiling", "I-30 nothing paid in", "M-T6"},
    "measure.sx.startup_money": {"M-01", "M-02", "M-T5"},
    "measure.sx.investment_tolerance": {"M-03"},
    "measure.sx.angel_fund": {"M-04"},
    "measure.sx.team_service": {"M-09"},
    "measure.sx.firm_service": {"M-10", "M-11"},
    "measure.sx.conversion_income_share": {"S-05"},
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_loads_and_passes_its_vectors(family: str) -> None:
    assert load([OFFICIAL / family]).rule_sets  # refuses a file whose vectors fail


@pytest.mark.parametrize("rule_set", EXPECTED)
def test_the_numbered_examples_are_in_every_version(rule_set: str) -> None:
    versions = [rules for family in FAMILIES for rules in official(family).rule_sets if rules.id == rule_set]
    assert versions
    for rules in versions:
        assert EXPECTED[rule_set] <= {vector.id for vector in rules.vectors}, rules.version


def test_a_version_follows_the_other_without_a_gap() -> None:
    library = official("tech_contract")
    for name in ("registration", "vat"):
        first, second = library.versions(f"tech_contract.{name}")
        assert first.effective_to is not None
        assert first.effective_to + timedelta(days=1) == second.effective_from


def test_nothing_is_quoted_and_nobody_has_reviewed_it_yet() -> None:
    for family in FAMILIES:
        for rules in official(family).rule_sets:
            assert rules.paraphrase, rules.id
            assert rules.review.status == "draft", rules.id
            assert "待核" in rules.source or rules.confidence in ("searched", "searched-single"), rules.id


def test_every_condition_says_what_to_do_when_it_is_open() -> None:
    for family in FAMILIES:
        for rules in official(family).rule_sets:
            for criterion in rules.walk():
                if isinstance(criterion.test, Joined):
                    continue
                advice = criterion.advice.get(Status.NOT_EVIDENCED)
                assert advice is not None, (rules.id, criterion.id)
                assert advice.zh != advice.en, (rules.id, criterion.id)
