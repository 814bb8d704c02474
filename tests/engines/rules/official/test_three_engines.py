"""Every worked example of every shipped file: columns and generated code say what the exact evaluation says."""

from __future__ import annotations

from math import isnan

import pytest

from jinchuanggu.engines.rules import RuleSet, evaluate, official
from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.model import InputType, Vector
from jinchuanggu.engines.rules.quick import explainer
from jinchuanggu.engines.rules.result import Finding, Result

NUMBERS = {"met": 1, "not_met": 0, "not_evidenced": -1}
CASES = [
    pytest.param(rules, vector, id=f"{rules.id}@{rules.version}-{vector.id}")
    for rules in official().rule_sets
    for vector in rules.vectors
    if not vector.given.lists and rules.data_period is None
]


def record(rules: RuleSet, facts: Facts) -> dict[str, object]:
    """Facts as one row of a sheet."""
    row: dict[str, object] = {**facts.codes, **facts.dates, **facts.judgements}
    row.update({name: statement.holds for name, statement in facts.statements.items()})
    for name, figures in facts.reports.items():
        yearly = rules.inputs[name].type is InputType.SERIES
        row[name] = {figure.year: figure.value for figure in figures} if yearly else figures[0].value
    return row


def findings(result: Result) -> list[Finding]:
    waiting, found = list(result.tree), []
    while waiting:
        finding = waiting.pop()
        found.append(finding)
        waiting.extend(finding.children)
    return found


@pytest.mark.parametrize(("rules", "vector"), CASES)
def test_all_three_agree(rules: RuleSet, vector: Vector) -> None:
    exact = evaluate(rules, vector.given, vector.on)
    row = record(rules, vector.given)
    columns = evaluate_columns(rules, Population.from_records(rules.inputs, [row], vector.on), vector.on)
    quick = explainer(rules, vector.on)(row)
    assert columns.verdict[0] == NUMBERS[exact.verdict.value]
    assert quick.verdict.value == exact.verdict.value
    for finding in findings(exact):
        assert columns.status[finding.id][0] == NUMBERS[finding.status.value], finding.id
        assert quick.status(finding.id) == finding.status, finding.id
    for scheme in exact.scores:
        assert (columns.score_low[scheme.id][0], columns.score_high[scheme.id][0]) == (
            scheme.low,
            scheme.high,
        )
        assert quick.points(scheme.id) == (scheme.low, scheme.high)
    if exact.amount is None:
        return
    if not exact.amount.known:
        assert quick.amount is None
        assert columns.amount_low is None or isnan(columns.amount_low[0])
        return
    assert quick.amount == (exact.amount.low, exact.amount.high)
    assert columns.amount_low is not None
    assert columns.amount_high is not None
    assert columns.amount_low[0] == pytest.approx(float(exact.amount.low or 0))
    assert columns.amount_high[0] == pytest.approx(float(exact.amount.high or 0))
