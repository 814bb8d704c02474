"""From rule sets to the rows that lists and filters read."""

from __future__ import annotations

import hashlib

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.model import Confidence, Joined, Pending
from jinchuanggu.policies.models import Level, RuleEntry, RuleText

OPEN = (Confidence.RECALLED, Confidence.UNKNOWN)
"""Confidences that the product calls 待核."""


def digest_of(yaml: str) -> str:
    return hashlib.sha256(yaml.encode()).hexdigest()


def entry_for(text: RuleText, rules: RuleSet, order: int) -> RuleEntry:
    """The unsaved row of one rule set of a text."""
    return RuleEntry(
        text=text,
        rule_set=rules.id,
        version=rules.version,
        title_zh=rules.title.zh,
        title_en=rules.title.en,
        subject=rules.subject,
        effective_from=rules.effective_from,
        effective_to=rules.effective_to,
        confidence=rules.confidence,
        benefit_kind=rules.benefit.kind if rules.benefit else "",
        amount_known=rules.benefit is not None and rules.benefit.low is not None,
        pending=has_open_points(rules),
        order=order,
    )


def has_open_points(rules: RuleSet) -> bool:
    """Whether anything in it is 待核: its head, a condition, or an amount nobody knows."""
    if rules.confidence in OPEN or (rules.benefit is not None and rules.benefit.low is None):
        return True
    return any(
        criterion.confidence in OPEN or isinstance(criterion.test, Pending)
        for criterion in rules.walk()
        if not isinstance(criterion.test, Joined)
    )


def level_of(rules: RuleSet) -> str:
    """Who made a rule set, by its id: measures of the province are `measure.sx.…`, of a city `measure.<city>.…`."""
    parts = rules.id.split(".")
    if parts[0] == "valley_recognition":
        return Level.PROVINCE
    if parts[0] in ("measure", "startup_money"):
        return Level.PROVINCE if len(parts) > 1 and parts[1] == "sx" else Level.CITY
    return Level.NATIONAL


def city_of(rules: RuleSet) -> str:
    """The pinyin of the city a rule set is of, else nothing."""
    return rules.id.split(".")[1] if level_of(rules) == Level.CITY and "." in rules.id else ""
