"""Columns say of every row what the exact evaluation says of the subject alone."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.result import Result
from tests.engines.rules.strategies import ON, records, rule_sets

CODES = {"met": 1, "not_met": 0, "not_evidenced": -1}
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


def same_points(column: float, exact: Decimal) -> bool:
    return abs(column - float(exact)) < 1e-9


def compare(rules: RuleSet, population: Population, row: int, result: Result, found) -> None:
    assert found.verdict[row] == CODES[result.verdict.value]
    waiting = list(result.tree)
    while waiting:
        finding = waiting.pop()
        assert found.status[finding.id][row] == CODES[finding.status.value], (finding.id, finding.reason)
        waiting.extend(finding.children)
    for scheme in result.scores:
        assert same_points(found.score_low[scheme.id][row], scheme.low), scheme.id
        assert same_points(found.score_high[scheme.id][row], scheme.high), scheme.id
    if result.amount is not None and rules.benefit is not None and rules.benefit.low is not None:
        for column, exact in ((found.amount_low, result.amount.low), (found.amount_high, result.amount.high)):
            if exact is None:
                assert np.isnan(column[row])
            elif exact < 9 * 10**13:
                assert column[row] == float(exact)
            else:  # no float holds the fen of so much
                assert column[row] == pytest.approx(float(exact), rel=1e-12)


@given(
    rules=rule_sets(),
    subjects=st.lists(records(), min_size=1, max_size=8),
    chunk=st.sampled_from([1, 3, 100]),
)
@SLOW
def test_every_row_comes_out_as_it_does_alone(
    rules: RuleSet, subjects: list[dict[str, object]], chunk: int
) -> None:
    population = Population.from_records(rules.inputs, subjects, ON)
    found = evaluate_columns(rules, population, ON, chunk=chunk)
    for row in range(len(subjects)):
        facts = population.to_facts(row, ON, rules.inputs)
        note(repr(population.record(row, rules.inputs, ON)))
        note("\n".join(repr(each.test) for each in rules.walk()))
        note("\n".join(f"{each.id}: {each.formula}" for each in rules.inputs.values() if each.computed))
        compare(rules, population, row, evaluate(rules, facts, ON), found)
