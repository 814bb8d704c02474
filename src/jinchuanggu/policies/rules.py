"""The rules that count: those that come with the product, and those officers wrote and another officer put in force.

Everything in this room asks here. Reading and checking them takes a while, so each process keeps them until the
token of `RuleRevision` changes.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from jinchuanggu.engines.rules import Library, RuleSet, load_text, official
from jinchuanggu.engines.rules.sureness import Sure, how_sure, sure_of
from jinchuanggu.policies.models import RecordOrigin, RuleEntry, RuleRevision, RuleStatus, RuleText

COUNTED = (RuleStatus.IN_FORCE, RuleStatus.REPLACED)
"""Texts that are or were in force; a replaced one still answers for its own days."""


def library() -> Library:
    """All rule sets with the days they are really in force; one short query when nothing changed."""
    token = RuleRevision.objects.values_list("token", flat=True).first()
    return _compiled(token or "")


def rule_set_in_force(rule_set: str, on: date) -> RuleSet | None:
    """The version that applies on a day, or None."""
    return library().in_force(rule_set, on)


def measures(on: date) -> tuple[RuleSet, ...]:
    """The rule sets in force on a day that give something to somebody, by id."""
    found = (rules for rules in library().rule_sets if rules.benefit is not None and rules.in_force(on))
    return tuple(sorted(found, key=lambda rules: rules.id))


def entry_of(rule_set: RuleSet) -> RuleEntry | None:
    """The library's record of a version, with its text and its policy."""
    return (
        RuleEntry.objects.filter(
            rule_set=rule_set.id, effective_from=rule_set.effective_from, superseded=False
        )
        .select_related("text__policy")
        .order_by("-pk")
        .first()
    )


def sure_of_entry(entry: RuleEntry) -> Sure:
    """How sure a version is; one without rules in this process is as sure as its record says."""
    found = (one for one in library().versions(entry.rule_set) if one.effective_from == entry.effective_from)
    rules = next(found, None)
    return sure_of(entry.confidence) if rules is None else how_sure(rules)


def bump() -> None:
    """Say that what is in force changed; inside the transaction of the change."""
    RuleRevision.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})


def lock() -> None:
    """Let nobody else change what is in force until the end of this transaction."""
    RuleRevision.objects.get_or_create(pk=1, defaults={"token": secrets.token_hex(16)})
    RuleRevision.objects.select_for_update().get(pk=1)


def authored_file(text: RuleText) -> str:
    """What messages call a text that has no file."""
    return f"{text.family}.yaml"


@lru_cache(maxsize=256)
def parsed(digest: str, yaml: str, file: str) -> tuple[RuleSet, ...]:
    """The rule sets of a text that was checked when it came into force."""
    return load_text(yaml, file, check_vectors=False)


@lru_cache(maxsize=2)
def _compiled(token: str) -> Library:
    shipped = official()
    if not token:
        return shipped
    rows = list(RuleEntry.objects.select_related("text").filter(text__status__in=COUNTED))
    known = {
        (row.rule_set, row.effective_from): row for row in rows if row.text.origin == RecordOrigin.SHIPPED
    }
    found = [_with_days(rules, known.get((rules.id, rules.effective_from))) for rules in shipped.rule_sets]
    written = {(row.text_id, row.rule_set): row for row in rows if row.text.origin == RecordOrigin.AUTHORED}
    for text in {row.text_id: row.text for row in written.values()}.values():
        found += [
            _with_days(rules, written.get((text.pk, rules.id)))
            for rules in parsed(text.digest, text.yaml, authored_file(text))
        ]
    return Library(tuple(rules for rules in found if rules is not None))


def _with_days(rules: RuleSet, row: RuleEntry | None) -> RuleSet | None:
    """The rule set with the last day the library knows; None when a newer text took its whole time."""
    if row is None:
        return rules
    if row.superseded:
        return None
    return rules if row.effective_to == rules.effective_to else replace(rules, effective_to=row.effective_to)


def day_before(day: date) -> date:
    return day - timedelta(days=1)
