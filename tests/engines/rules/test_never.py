"""A certificate a firm never had is known not to be there; one it said nothing of is not known."""

from __future__ import annotations

from datetime import date

import pytest

from jinchuanggu.engines import rules
from jinchuanggu.engines.rules.columns.population import Population
from jinchuanggu.engines.rules.columns.run import evaluate_columns
from jinchuanggu.engines.rules.dates import NEVER, day_text, is_never
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.records import facts_of

ON = date(2026, 3, 1)


def _in_force(name: str) -> rules.RuleSet:
    found = rules.official(name).in_force(name, ON)
    assert found is not None
    return found


TECH_SME, HNTE = _in_force("tech_sme"), _in_force("hnte")


@pytest.mark.parametrize("word", ["none", "None", " 无 ", "没有", "0001-01-01"])
def test_the_words_for_never(word: str) -> None:
    assert is_never(word)
    facts = facts_of(TECH_SME.inputs, {"hnte_valid_until": word})
    assert facts.dates == {"hnte_valid_until": NEVER}
    finding = rules.evaluate(TECH_SME, facts, ON).finding("direct_hnte")
    assert finding.status is Status.NOT_MET
    assert finding.reason == "never_held"
    assert finding.flags == ("never",)
    assert finding.evidence[0].value == "none"


def test_what_nothing_is_said_of_is_not_known() -> None:
    facts = facts_of(TECH_SME.inputs, {"hnte_valid_until": None})
    finding = rules.evaluate(TECH_SME, facts, ON).finding("direct_hnte")
    assert (finding.status, finding.missing) == (Status.NOT_EVIDENCED, ("hnte_valid_until",))


@pytest.mark.parametrize("word", ["nine", "2026-13-01", "1850-01-01", "n/a", ""])
def test_other_words_are_no_day(word: str) -> None:
    assert not is_never(word)
    with pytest.raises(rules.Refused):
        facts_of(TECH_SME.inputs, {"hnte_valid_until": word})


def test_a_firm_that_was_never_founded_has_no_age() -> None:
    finding = rules.evaluate(HNTE, facts_of(HNTE.inputs, {"registered_on": "none"}), ON).finding(
        "registered_a_year"
    )
    assert finding.status is Status.NOT_EVIDENCED


def test_columns_say_the_same() -> None:
    records: list[dict[str, object]] = [
        {"hnte_valid_until": "none"},
        {"hnte_valid_until": NEVER},
        {"hnte_valid_until": None},
        {"hnte_valid_until": date(2026, 3, 1)},
    ]
    population = Population.from_records(TECH_SME.inputs, records, ON)
    found = evaluate_columns(TECH_SME, population, ON)
    assert found.status["direct_hnte"].tolist() == [0, 0, -1, 1]
    firms = Population.from_records(HNTE.inputs, [{"registered_on": "none"}, {"registered_on": ON}], ON)
    assert evaluate_columns(HNTE, firms, ON).status["registered_a_year"].tolist() == [-1, 0]
    back = population.to_facts(0, ON, TECH_SME.inputs)
    assert day_text(back.dates["hnte_valid_until"]) == "none"


def test_what_was_never_had_is_not_so_many_days_away() -> None:
    from jinchuanggu.engines.rules.evaluate import evaluate
    from jinchuanggu.engines.rules.quick import explainer

    on = date(2026, 11, 24)
    finding = evaluate(TECH_SME, facts_of(TECH_SME.inputs, {"hnte_valid_until": "none"}), on).finding(
        "direct_hnte"
    )
    assert (finding.status.value, finding.distance, finding.value, finding.gaps) == (
        "not_met",
        None,
        None,
        (),
    )
    step = explainer(TECH_SME, on)({"hnte_valid_until": NEVER}).step("direct_hnte")
    assert step.distance is None
    assert "已说明没有此项" in step.text("zh")
