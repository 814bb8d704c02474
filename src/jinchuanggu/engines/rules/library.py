"""All rule sets that were read, and which of them is in force on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinchuanggu.engines.rules.model import RuleSet

OFFICIAL = Path(__file__).parent / "official"
"""The official conditions that come with the product."""


@dataclass(frozen=True, slots=True)
class Library:
    """Rule sets by id and version; the loader made sure that versions of one id never overlap."""

    rule_sets: tuple[RuleSet, ...]

    def versions(self, rule_set: str) -> tuple[RuleSet, ...]:
        """All versions of one rule set, oldest first."""
        found = [rules for rules in self.rule_sets if rules.id == rule_set]
        return tuple(sorted(found, key=lambda rules: rules.effective_from))

    def in_force(self, rule_set: str, on: date) -> RuleSet | None:
        """The version that applies on a day, or None when there is none."""
        return next((rules for rules in self.versions(rule_set) if rules.in_force(on)), None)

    def following(self, rule_set: str, on: date) -> RuleSet | None:
        """The first version to come into force after a day."""
        return next((rules for rules in self.versions(rule_set) if rules.effective_from > on), None)

    def concerning(self, subject: str, **kind: str) -> tuple[str, ...]:
        """Ids of the rule sets for a subject (``valley``) of a kind (``kind="regional"``), each once."""
        wanted: Mapping[str, str] = kind
        return tuple(
            dict.fromkeys(
                rules.id
                for rules in self.rule_sets
                if rules.subject == subject
                and all(rules.applies_to.get(key) == value for key, value in wanted.items())
            )
        )


@cache
def official(family: str | None = None) -> Library:
    """The official rule sets, or those of one family (a folder of ``OFFICIAL``), read once per process.

    Their vectors are run by the tests of the product, not again in every process. LookupError: no such family.
    """
    from jinchuanggu.engines.rules.loader import load  # the loader builds libraries

    folder = OFFICIAL if family is None else OFFICIAL / family
    if family is not None and family not in families():
        raise LookupError(family)
    return load([folder], check_vectors=False)


def families() -> tuple[str, ...]:
    """The families of official rules: a folder each."""
    return tuple(sorted(entry.name for entry in OFFICIAL.iterdir() if entry.is_dir()))
