"""The least change of facts that would make a firm pass, where one is worth looking for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from jinchuanggu.engines.rules import Change, Facts, Result, RuleSet, Status, cheapest
from jinchuanggu.engines.rules.model import Criterion, Joined, Ref


def least_change(rule_set: RuleSet, facts: Facts, on: date, result: Result) -> Change | None:
    """The verified least change; None when the firm passes already or nothing it can change would do.

    Where experts or missing facts leave the whole open, the change that mends what is certainly not met.
    """
    found = cheapest(rule_set, facts, on)
    if found is None:
        short = {finding.id for finding in result.tree if finding.status is Status.NOT_MET}
        part = tuple(criterion for criterion in rule_set.criteria if criterion.id in short)
        if part and len(part) < len(rule_set.criteria) and not any(_refers(one) for one in part):
            found = cheapest(replace(rule_set, criteria=part), facts, on)
    return found if found is not None and found.verified else None


def _refers(criterion: Criterion) -> bool:
    """Whether it leans on conditions elsewhere in the rule set."""
    return any(isinstance(child, Ref) for child in _inside(criterion))


def _inside(criterion: Criterion) -> Iterator[Criterion | Ref]:
    if isinstance(criterion.test, Joined):
        for child in criterion.test.children:
            yield child
            if isinstance(child, Criterion):
                yield from _inside(child)
