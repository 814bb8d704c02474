"""From rule sets to the rows that lists and filters read."""

from __future__ import annotations

import hashlib

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.model import Confidence, Joined, Pending
from jinchuanggu.policies.models import Level, RuleEntry, RuleText

MONEY = (BenefitKind.GRANT, BenefitKind.RELIEF, BenefitKind.FINANCE)
"""What has an amount; a service or a title has none, so none is missing."""

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
    benefit = rules.benefit
    if rules.confidence in OPEN or (benefit is not None and benefit.low is None and benefit.kind in MONEY):
        return True
    return any(
        criterion.confidence in OPEN or isinstance(criterion.test, Pending)
        for criterion in rules.walk()
        if not isinstance(criterion.test, Joined)
    )


def level_in(rules: RuleSet, text: RuleText | None) -> str:
    """Whose measure it is: by the policy that its text implements, else by the text, else by the rule set alone."""
    if text is None:
        return level_of(rules)
    return (text.policy.level if text.policy is not None else "") or text.level or level_of(rules)


def level_of(rules: RuleSet) -> str:
    """Who made a rule set: by the city it applies to, else by its id (`measure.sx.…` and what names the province)."""
    if rules.applies_to.get("region"):
        return Level.CITY
    parts = rules.id.split(".")
    if parts[0] in ("valley_recognition", "measure", "startup_money") or any(
        "shanxi" in part for part in parts
    ):
        return Level.PROVINCE if parts[0] != "measure" or parts[1:2] == ["sx"] else Level.CITY
    return Level.NATIONAL
