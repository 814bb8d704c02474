"""Two versions over one population: every move is counted once, and money to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.benefit import Basis, Benefit, BenefitKind, Delivery, Frequency, StepDown
from jinchuanggu.engines.rules.columns import Population
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.formulas import Share
from jinchuanggu.engines.rules.model import Confidence, Criterion, Input, InputType, Threshold
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.schedule import share_in
from jinchuanggu.engines.rules.simulate import MOVES, simulate
from jinchuanggu.engines.rules.texts import same
from tests.engines.rules.strategies import ON, rule_set

INPUTS = {
    "staff": Input("staff", InputType.NUMBER, same("staff"), "persons"),
    "rent": Input("rent", InputType.NUMBER, same("rent"), "cny"),
    "tenth": Input(
        "tenth", InputType.NUMBER, same("tenth"), "cny", Share("rent", Fraction(10)), computed=True
    ),
}


def measure(limit: int, percent: int = 10, **more: object) -> RuleSet:
    test = Threshold("staff", Operator.AT_LEAST, Fraction(limit), "persons", "")
    inputs = {**INPUTS, "tenth": replace(INPUTS["tenth"], formula=Share("rent", Fraction(percent)))}
    benefit = Benefit(
        BenefitKind.RELIEF,
        same("x"),
        "tenth",
        "tenth",
        Delivery.AUTOMATIC,
        Basis.APPLICATION,
        Frequency.YEARLY,
    )
    return rule_set(
        inputs,
        (Criterion("staff", same("staff"), "1", "x", Confidence.SEARCHED, test, {}),),
        benefit=replace(benefit, **more),  # type: ignore[arg-type]
    )


def firms(*pairs: tuple[int | None, object]) -> Population:
    records = [
        {"staff": staff, "rent": None if rent is None else Decimal(str(rent))} for staff, rent in pairs
    ]
    return Population.from_records(INPUTS, records, ON)


def test_who_gains_who_loses_and_who_is_open() -> None:
    population = firms((10, 1000), (20, "2000.55"), (30, 3000), (None, 500), (30, None))
    found = simulate(measure(20), measure(10), population, ON, by={"city": ["A", "B", "B", "A", "A"]})
    assert [MOVES[each] for each in found.move] == [
        "winners",
        "unchanged",
        "unchanged",
        "uncertain",
        "uncertain",
    ]
    total = found.total
    assert (total.before.met, total.after.met) == (3, 4)
    assert total.before.money is not None
    assert total.after.money is not None
    # a tenth of 2000.55 is 200.055, paid as 200.06; the rent nobody knows is counted, not guessed
    assert (total.before.money.low, total.before.money.unknown) == (Decimal("500.06"), 1)
    assert total.after.money.low == Decimal("600.06")
    assert total.after.money.open == 50
    assert [(row.label, row.n, row.moves["winners"]) for row in found.tables["city"]] == [
        ("A", 3, 1),
        ("B", 2, 0),
    ]
    assert found.as_dict()["total"]["winners"] == 1  # type: ignore[index]


def test_more_money_wins_and_less_loses() -> None:
    population = firms((20, 1000), (5, 1000))
    assert simulate(measure(10), measure(10, 20), population, ON).total.moves["winners"] == 1
    assert simulate(measure(10), measure(10, 5), population, ON).total.moves["losers"] == 1


def test_the_years_pay_by_the_schedule() -> None:
    steps = (StepDown(date(2027, 1, 1), Fraction(70)), StepDown(date(2028, 7, 1), Fraction(0)))
    after = measure(10, steps=steps)
    found = simulate(measure(10), after, firms((20, 10000)), ON, years=(2026, 2027, 2028))
    assert [cost.after.low for cost in found.years if cost.after] == [1000, 700, Decimal("348.09")]
    assert [cost.before.low for cost in found.years if cost.before] == [1000, 1000, 1000]
    assert share_in(after.benefit, 2028) == Fraction(70, 100) * Fraction(182, 366)


def test_what_is_given_once_is_paid_in_the_first_year() -> None:
    once = measure(10, frequency=Frequency.ONCE)
    found = simulate(once, once, firms((20, 10000)), ON, years=(2026, 2027))
    assert [cost.after.low for cost in found.years if cost.after] == [1000, 0]


staffs = st.one_of(st.none(), st.integers(0, 40))
rents = st.one_of(st.none(), st.integers(0, 10**7).map(lambda fen: Decimal(fen).scaleb(-2)))


@given(st.lists(st.tuples(staffs, rents), min_size=1, max_size=30), st.integers(0, 40), st.integers(0, 40))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_the_sums_are_those_of_each_alone(pairs: list[tuple[object, object]], one: int, other: int) -> None:
    population = firms(*pairs)  # type: ignore[arg-type]
    labels = [str(index % 3) for index in range(len(pairs))]
    found = simulate(measure(one), measure(other), population, ON, by={"city": labels})
    alone = [
        [evaluate(rules, population.to_facts(row, ON, INPUTS), ON) for row in range(len(pairs))]
        for rules in (measure(one), measure(other))
    ]
    for side, results in zip((found.total.before, found.total.after), alone, strict=True):
        assert side.met == sum(result.verdict == "met" for result in results)
        assert side.money is not None
        paid = [result.amount for result in results if result.verdict == "met"]
        assert side.money.low == sum(amount.low for amount in paid if amount and amount.low is not None)
    assert sum(found.total.moves.values()) == len(pairs)
    for name in MOVES:
        assert sum(row.moves[name] for row in found.tables["city"]) == found.total.moves[name]
    lost = {
        row
        for row, (old, new) in enumerate(zip(*alone, strict=True))
        if (old.verdict, new.verdict) == ("met", "not_met")
    }
    assert set(found.rows("losers").tolist()) == lost


def test_a_population_has_columns_of_one_length() -> None:
    with pytest.raises(ValueError, match="rows"):
        Population(2, {"staff": np.zeros(3)})
    with pytest.raises(ValueError, match="float64"):
        Population(2, {"staff": np.zeros(2, np.float32)})


def test_a_number_no_float_prints_is_refused() -> None:
    with pytest.raises(ValueError, match="digits"):
        firms((1, "12345678901234567.89"))
