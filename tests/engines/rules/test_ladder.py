"""The ladder of one firm and of many, and who stands where."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Facts, Statement, firm_inputs
from jinchuanggu.engines.rules.columns import Population
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.ladder import climb, grade, official_on, rungs
from jinchuanggu.engines.rules.model import InputType

ON = date(2026, 11, 24)
CODES = {Status.MET: 1, Status.NOT_MET: 0, Status.NOT_EVIDENCED: -1}
AMOUNTS = [
    Decimal(each)
    for each in ("0", "1", "12", "40", "100", "5000000", "60000000", "250000000", "-1000", "0.07")
]


def test_the_rungs_are_those_of_the_programme_and_read_declared_facts() -> None:
    assert [rung.id for rung in rungs()] == [
        "team", "start_up", "tech_sme", "hnte", "innovative_sme", "specialised_sme", "little_giant", "gazelle",
        "unicorn", "listed",
    ]  # fmt: skip
    known = firm_inputs()
    for rung in rungs():
        for name in (rung.reached, rung.valid_until, rung.holds):
            assert name is None or name in known
    assert rungs()[0].open_to_all


def test_every_rung_with_conditions_has_them_in_force() -> None:
    find = official_on(ON)
    assert all(find(name) is not None for rung in rungs() for name in rung.rule_sets)


def test_a_certificate_counts_to_its_last_day() -> None:
    facts = Facts(dates={"registered_on": date(2020, 1, 1), "hnte_valid_until": ON})
    found = climb(facts, ON)
    assert (found.rung.id, found.next and found.next.id) == ("hnte", "innovative_sme")
    assert found.step("hnte").held
    assert climb(Facts(dates={"hnte_valid_until": date(2026, 11, 23)}), ON).rung.id == "team"
    top = climb(Facts(statements={"listed": Statement(True)}), ON)
    assert (top.rung.id, top.next) == ("listed", None)
    assert climb(Facts(), ON).step("start_up").status is Status.NOT_EVIDENCED


@st.composite
def firms(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, declared in firm_inputs().items():
        if declared.computed or draw(st.integers(0, 4)) == 0:
            continue
        match declared.type:
            case InputType.NUMBER:
                found[name] = draw(st.sampled_from(AMOUNTS))
            case InputType.SERIES:
                found[name] = {year: draw(st.sampled_from(AMOUNTS)) for year in (2025, 2024, 2023, 2022)}
            case InputType.BOOLEAN:
                found[name] = draw(st.booleans())
            case InputType.CODE if declared.options:
                found[name] = draw(st.sampled_from(sorted(declared.options)))
            case InputType.DATE:
                found[name] = draw(
                    st.sampled_from([date(2015, 1, 1), date(2025, 12, 1), ON, date(2027, 1, 1)])
                )
    return found


@pytest.mark.slow
@given(st.lists(firms(), min_size=1, max_size=3))
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_many_are_graded_as_each_would_be_alone(records: list[dict[str, object]]) -> None:
    inputs = firm_inputs()
    population = Population.from_records(inputs, records, ON)
    found = grade(population, ON)
    for row in range(len(records)):
        alone = climb(population.to_facts(row, ON, inputs), ON)
        assert found.rungs[found.rung[row]].id == alone.rung.id
        assert found.next[row] == (-1 if alone.next is None else rungs().index(alone.next))
        for step in alone.steps:
            assert found.status[step.rung.id][row] == CODES[step.status], step.rung.id
    assert sum(found.counts().values()) == len(records)
