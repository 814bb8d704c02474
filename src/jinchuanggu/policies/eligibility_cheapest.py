"""The least change of facts that would make a firm pass, where one is worth looking for."""

from __future__ import annotations

from datetime import date

from jinchuanggu.engines.rules import Facts, RuleSet
from jinchuanggu.engines.rules import Change, cheapest


def least_change(rule_set: RuleSet, facts: Facts, on: date) -> Change | None:
    """The verified least change, or None when the firm passes already or nothing it can change would do."""
    found = cheapest(rule_set, facts, on)
    return found if found is not None and found.verified else None
