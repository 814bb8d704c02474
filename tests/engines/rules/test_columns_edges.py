"""At the edges of bands: what binary floats get wrong comes out right, row by row, by the thousand."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.formulas import Formula, Quotient, Rate, Sum
from jinchuanggu.engines.rules.model import Confidence, Criterion, Input, InputType, RuleSet, Threshold
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.outcome import holds
from jinchuanggu.engines.rules.texts import same
from tests.engines.rules.strategies import ON, rule_set


def rules_of(formula: Formula, *limits: str) -> RuleSet:
    """Every operator at every limit, on one value."""
    inputs = {name: Input(name, InputType.NUMBER, same(name), "cny") for name in ("a", "b", "c")}
    inputs["s"] = Input("s", InputType.SERIES, same("s"), "cny")
    inputs["v"] = Input("v", InputType.NUMBER, same("v"), "percent", formula, computed=True)
    criteria = tuple(
        Criterion(f"{operator.value}{limit}", same("x"), "1", "x", Confidence.SEARCHED,
                  Threshold("v", operator, Fraction(limit), "percent", ""), {})
        for limit in limits for operator in Operator
    )  # fmt: skip
    return rule_set(inputs, criteria)


def exact(cell: float) -> Fraction:
    return Fraction(repr(float(cell)))


def agree(rules: RuleSet, columns: dict[str, np.ndarray], values: list[Fraction | None]) -> None:
    """``values``: None where there is none. Compound rates come as the exact power on either side instead."""
    found = evaluate_columns(rules, Population(len(values), columns), ON, chunk=1000)
    for criterion in rules.criteria:
        test = criterion.test
        assert isinstance(test, Threshold)
        assert isinstance(test.limit, Fraction)
        wanted = [-1 if value is None else int(holds(value, test.operator, test.limit)) for value in values]
        assert found.status[criterion.id].tolist() == wanted, criterion.id


def near(random: np.random.Generator, share: float, of: np.ndarray) -> np.ndarray:
    """Figures that come to a share of others, or miss it by a few of the last places."""
    at = of * share
    for _ in range(3):
        at = np.where(
            random.random(len(at)) < 0.4, np.nextafter(at, random.choice([-np.inf, np.inf], len(at))), at
        )
    return at


@pytest.mark.parametrize("share", [30, 5, 14.99, 33.3, 0.1, 60])
def test_quotients(share: float) -> None:
    random = np.random.default_rng(7)
    rows = 4000
    below = np.where(
        random.random(rows) < 0.5, random.integers(1, 10_000, rows), random.integers(1, 10**9, rows) / 100
    )
    below = np.where(random.random(rows) < 0.1, random.random(rows), below)
    above = np.where(
        random.random(rows) < 0.5, np.rint(below * share) / 100, near(random, share / 100, below)
    )
    rules = rules_of(Quotient("a", "b"), str(share), "0")
    agree(
        rules,
        {"a": above, "b": below},
        [exact(a) / exact(b) * 100 for a, b in zip(above, below, strict=True)],
    )


def test_sums_that_cancel() -> None:
    random = np.random.default_rng(8)
    rows = 3000
    a, b = random.integers(1, 10**6, rows) / 100, random.integers(1, 10**6, rows) / 100
    c = near(random, 1, a + b)
    values = [exact(x) + exact(y) - exact(z) for x, y, z in zip(a, b, c, strict=True)]
    agree(rules_of(Sum(("a", "b"), ("c",)), "0", "0.01", "-0.01"), {"a": a, "b": b, "c": c}, values)


@pytest.mark.parametrize("limit", ["15", "20", "5", "0", "35"])
def test_mean_growth(limit: str) -> None:
    random = np.random.default_rng(9)
    rows = 3000
    factor = 1 + float(limit) / 100
    first = np.where(
        random.random(rows) < 0.5, random.integers(1, 10_000, rows), random.integers(1, 10**7, rows) / 100
    )
    middle = near(random, factor, first)
    last = near(random, factor, middle)
    exchanged = random.random(rows) < 0.3
    middle = np.where(exchanged, np.rint(first * factor * 100) / 100, middle)
    last = np.where(exchanged, np.rint(middle * factor * 100) / 100, last)
    columns = {"s@2": first, "s@1": middle, "s@0": last}
    runs = [[exact(cell) for cell in run] for run in zip(first, middle, last, strict=True)]
    values = [(sum(after / before for before, after in pairwise(run)) / 2 - 1) * 100 for run in runs]
    agree(rules_of(Rate("s", "mean", 2), limit), columns, values)


def test_compound_growth_is_compared_as_a_power() -> None:
    random = np.random.default_rng(10)
    rows = 3000
    first = random.integers(1, 10**6, rows) / 100
    last = near(random, 1.2**3, first)
    last[:4], first[:4] = [1728, 1727.9999999999998, 1728.0000000000002, 172.8], [1000, 1000, 1000, 100]
    rules = rules_of(Rate("s", "compound", 3), "20")
    found = evaluate_columns(rules, Population(rows, {"s@3": first, "s@0": last}), ON)
    for operator in Operator:
        wanted = [
            int(holds(exact(b) * 125, operator, exact(a) * 216)) for a, b in zip(first, last, strict=True)
        ]
        assert found.status[f"{operator.value}20"].tolist() == wanted
    assert found.status[">=20"][:4].tolist() == [1, 0, 1, 1]


def test_a_hair_below_fifteen_percent_is_below() -> None:
    rules = rules_of(Rate("s", "mean", 2), "15")
    columns = {
        "s@2": np.array([1000.0, 1000.0, 1000.0]),
        "s@1": np.array([1150.0, 1150.0, 1150.0]),
        "s@0": np.array([1322.5, 1322.4999999999998, 1322.5000000000002]),
    }
    found = evaluate_columns(rules, Population(3, columns), ON)
    assert found.status[">=15"].tolist() == [1, 0, 1]
    assert found.status[">15"].tolist() == [0, 0, 1]
    assert found.status["==15"].tolist() == [1, 0, 0]


def test_nothing_known_of_anybody_is_open_and_nobody_at_all_is_fine() -> None:
    rules = rules_of(Quotient("a", "b"), "10")
    assert set(evaluate_columns(rules, Population(3, {}), ON).verdict.tolist()) == {-1}
    assert evaluate_columns(rules, Population(0, {}), ON).counts() == {
        "met": 0,
        "not_met": 0,
        "not_evidenced": 0,
    }


def test_threads_and_chunks_change_nothing_and_progress_is_told() -> None:
    random = np.random.default_rng(11)
    columns = {
        "a": random.integers(0, 100, 5000).astype(float),
        "b": random.integers(0, 100, 5000).astype(float),
    }
    rules, told = rules_of(Quotient("a", "b"), "30"), []
    one = evaluate_columns(rules, Population(5000, columns), ON)
    two = evaluate_columns(
        rules,
        Population(5000, columns),
        ON,
        chunk=777,
        workers=2,
        progress=lambda done, of: told.append((done, of)),
    )
    assert np.array_equal(one.verdict, two.verdict)
    assert told[-1] == (5000, 5000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_whole_numbers_may_come_as_integers() -> None:
    columns = {"a": np.array([3, 1], np.int32), "b": np.array([10, 10], np.int64)}
    assert evaluate_columns(rules_of(Quotient("a", "b"), "30"), Population(2, columns), ON).status[
        ">=30"
    ].tolist() == [1, 0]


def test_parts_of_a_population_are_joined_by_what_each_knows() -> None:
    one = Population(2, {"a": np.array([1.0, 2.0]), "k": np.array([0, -1], np.int32)}, {"k": ("x",)})
    two = Population(1, {"b": np.array([5.0]), "k": np.array([1], np.int32)}, {"k": ("y", "x")})
    both = Population.concat([one, two])
    assert both.n == 3
    assert np.isnan(both.columns["a"][2])
    assert [both.codes["k"][each] if each >= 0 else None for each in both.columns["k"]] == ["x", None, "x"]
    assert both.take(np.array([False, False, True])).columns["b"].tolist() == [5.0]
