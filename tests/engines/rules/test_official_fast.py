"""The examples of every official file come out alike whichever way they are run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from jinchuanggu.engines.rules import Facts, RuleSet, catalogue
from jinchuanggu.engines.rules.columns import Population, evaluate_columns
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.engines.rules.quick import explainer
from tests.engines.rules.test_columns import compare


def record_of(rules: RuleSet, facts: Facts) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, figures in facts.reports.items():
        if rules.inputs[name].type is InputType.SERIES:
            found[name] = {figure.period: figure.value for figure in figures}
        else:
            found[name] = figures[-1].value
    found |= {name: each.holds for name, each in facts.statements.items() if each.holds is not None}
    return found | {**facts.lists, **facts.codes, **facts.judgements, **facts.dates}


def cases() -> Iterator[object]:
    for rules in catalogue():
        # valleys are judged by several dated reports of a figure, which is no matter of columns
        if rules.subject != "valley" and rules.vectors:
            yield pytest.param(rules, id=f"{rules.id}-{rules.version}")


@pytest.mark.parametrize("rules", cases())
def test_the_examples_come_out_alike(rules: RuleSet) -> None:
    by_day: dict[date, list[dict[str, object]]] = {}
    for vector in rules.vectors:
        by_day.setdefault(vector.on, []).append(record_of(rules, vector.given))
    for on, records in by_day.items():
        population = Population.from_records(rules.inputs, records, on)
        found = evaluate_columns(rules, population, on)
        explain = explainer(rules, on)
        for row, record in enumerate(records):
            result = evaluate(rules, population.to_facts(row, on, rules.inputs), on)
            compare(rules, population, row, result, found)
            quick = explain(record)
            assert quick.verdict.value == result.verdict.value
            for finding in result.tree:
                assert quick.status(finding.id) == finding.status
