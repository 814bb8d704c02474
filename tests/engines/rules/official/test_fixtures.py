"""Rules of other places: the model carries every kind of measure the material describes. None of them is shipped."""

from __future__ import annotations

from datetime import date
from math import isnan
from pathlib import Path

import pytest

from jinchuanggu.engines.rules import OFFICIAL, RuleSet, evaluate, facts_of, load, official
from jinchuanggu.engines.rules.benefit import Basis
from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.model import InputType, Vector
from jinchuanggu.engines.rules.stacking import Offer, Why, best

FIXTURES = Path(__file__).parents[1] / "fixtures"
PLACES = ("fuqing", "overlap", "sanming", "talent_park", "wenzhou", "wuchang")
ON = date(2025, 6, 30)


def sets(place: str) -> dict[str, RuleSet]:
    return {rules.id: rules for rules in load([FIXTURES / f"{place}.yaml"]).rule_sets}


def offer(rules: RuleSet, **given: object) -> Offer:
    amount, benefit = evaluate(rules, facts_of(rules.inputs, given), ON).amount, rules.benefit
    assert amount is not None
    assert benefit is not None
    cap = benefit.pool_cap
    return Offer(
        rules.id, amount.low, amount.high, benefit.group, benefit.excludes, benefit.pool,
        int(cap) if cap is not None else None,
    )  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_every_place_passes_its_vectors(place: str) -> None:
    assert sets(place)


def test_every_numbered_rule_is_there() -> None:
    found = {vector.id for place in PLACES for rules in sets(place).values() for vector in rules.vectors}
    assert {f"X-{number:02}" for number in range(1, 17)} - {"X-01"} <= found
    assert {f"F-T10 {paid}" for paid in (50, 100, 200, 4550, 5000)} <= found
    assert {"M-T1 50", "M-T1 200", "M-T1 5000", "M-T2", "M-T3", "M-T5"} <= found


def test_none_of_it_is_shipped() -> None:
    assert not [rules.id for rules in official().rule_sets if rules.id.startswith("fixture")]
    words = ("三明", "福清", "温州", "武昌")
    for file in OFFICIAL.rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert not [word for word in words if word in text], file


def test_of_one_purpose_only_the_higher_is_taken_and_the_other_named() -> None:
    rules = sets("overlap")
    choice = best(
        [offer(rules["fixture.overlap.district"], hnte=True), offer(rules["fixture.overlap.city"], hnte=True)]
    )
    assert choice.taken == ("fixture.overlap.city",)
    assert choice.total_low == choice.total_high == 200000
    dropped = choice.dropped["fixture.overlap.district"]
    assert (dropped.reason, dropped.because_of) == (Why.GROUP, ("fixture.overlap.city",))


def test_a_pool_pays_no_more_than_its_cap_and_an_exclusion_holds() -> None:
    rules = sets("overlap")
    names = ("seller", "buyer", "matching")
    choice = best(
        [offer(rules[f"fixture.overlap.{name}"], hnte=True, turnover_cny=2000000) for name in names]
    )
    # seller 40 000 and buyer 20 000 are held to 50 000; buyer and matching without the pool come to 40 000
    assert choice.taken == ("fixture.overlap.seller", "fixture.overlap.buyer")
    assert choice.total_high == 50000
    assert choice.dropped["fixture.overlap.matching"].reason is Why.EXCLUDES


def test_the_stated_basis_says_which_day_decides() -> None:
    rules = sets("overlap")
    event, application = date(2025, 12, 31), date(2026, 1, 2)
    by_event, by_application = rules["fixture.overlap.city"], rules["fixture.overlap.district"]
    assert by_event.benefit is not None
    assert by_event.benefit.basis is Basis.EVENT
    assert by_application.benefit is not None
    assert by_application.benefit.basis is Basis.APPLICATION
    assert by_event.in_force(event)
    assert not by_application.in_force(application)


def test_a_class_on_its_own_says_how_the_rent_of_a_year_comes_about() -> None:
    rules = sets("wuchang")["fixture.wuchang.space"]
    record = {"maker_space": True, "area_m2": 1500, "rent_cny_m2_month": 100, "months": 12, "lease_year": 2}
    result = evaluate(rules, facts_of(rules.inputs, record), date(2020, 6, 30))
    assert result.amount is not None
    assert result.amount.low == 1000 * 80 * 12 // 2
    assert result.values["counted_area"].value == 1000


def records() -> list[tuple[RuleSet, Vector]]:
    """The worked examples a column can hold: without lists and judgements."""
    return [
        (rules, vector)
        for place in PLACES
        for rules in sets(place).values()
        for vector in rules.vectors
        if not vector.given.lists and not vector.given.judgements
    ]


def test_columns_say_the_same_of_every_example_as_the_exact_evaluation() -> None:
    numbers = {"met": 1, "not_met": 0, "not_evidenced": -1}
    for rules, vector in records():
        exact = evaluate(rules, vector.given, vector.on)
        population = Population.from_records(rules.inputs, [record(rules, vector.given)], vector.on)
        columns = evaluate_columns(rules, population, vector.on)
        where = f"{rules.id} {vector.id}"
        assert columns.verdict[0] == numbers[exact.verdict.value], where
        assert exact.amount is not None, where
        assert columns.amount_low is not None, where
        assert columns.amount_high is not None, where
        if exact.amount.known:
            assert columns.amount_low[0] == pytest.approx(float(exact.amount.low or 0)), where
            assert columns.amount_high[0] == pytest.approx(float(exact.amount.high or 0)), where
        else:
            assert isnan(columns.amount_low[0]), where


def record(rules: RuleSet, facts: Facts) -> dict[str, object]:
    """Facts as one row of a sheet."""
    row: dict[str, object] = {**facts.codes, **facts.dates}
    row.update({name: statement.holds for name, statement in facts.statements.items()})
    for name, figures in facts.reports.items():
        yearly = rules.inputs[name].type is InputType.SERIES
        row[name] = {figure.year: figure.value for figure in figures} if yearly else figures[0].value
    return row
