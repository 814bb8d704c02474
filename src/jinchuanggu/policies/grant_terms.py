"""What a measure says about applying for it: which version on which day, who pays, how often, how much is left.

One place where grants meet the rules, so that the rest never asks the engine or the library itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.benefit import Basis, Benefit, BenefitKind, Delivery, Frequency
from jinchuanggu.foundation.organisations.models import Organisation, Region, RegionLevel
from jinchuanggu.policies import rules
from jinchuanggu.policies.entries import level_in
from jinchuanggu.policies.models import Level, Policy

FEN = Decimal("0.01")
CITY = "city"
"""The fact that says in which city a firm stands."""
PROVINCIAL = (Level.PROVINCE, Level.NATIONAL)


@dataclass(frozen=True)
class Terms:
    """One version of a measure as an applicant meets it. `region`: whose firms it is for; None: every city's."""

    rule_set: RuleSet
    benefit: Benefit
    level: str
    region: Region | None
    policy: Policy | None
    digest: str

    @property
    def by_event(self) -> bool:
        """Whether the day of an event decides which rules apply."""
        return self.benefit.basis is Basis.EVENT

    @property
    def needs_event(self) -> bool:
        """Whether the application must name an event: a contract, a loan, a registration."""
        return self.by_event or self.benefit.frequency is Frequency.EACH

    @property
    def automatic(self) -> bool:
        return self.benefit.delivery is Delivery.AUTOMATIC

    @property
    def is_grant(self) -> bool:
        """Only what is paid out runs through applications; relief, loans and titles have their own ways."""
        return self.benefit.kind is BenefitKind.GRANT

    @property
    def provincial(self) -> bool:
        return self.level in PROVINCIAL

    def period(self, on: date, event_ref: str) -> str:
        """What "the second time" means for this measure: ever, in a year, or for one event."""
        if self.benefit.frequency is Frequency.ONCE:
            return "once"
        return str(on.year) if self.benefit.frequency is Frequency.YEARLY else reference(event_ref)


def reference(text: str) -> str:
    """The number of an event as it is compared: without blanks, in one case and width."""
    import unicodedata

    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()[:120]


def terms_on(rule_set: str, on: date) -> Terms | None:
    """The version in force on a day, or None when there is none or it gives nothing."""
    return _terms(rules.rule_set_in_force(rule_set, on))


def terms_shown(rule_set: str, today: date) -> Terms | None:
    """The version to show an applicant: today's, else the last that began (an event may lie in its time)."""
    found = rules.rule_set_in_force(rule_set, today)
    if found is None:
        begun = [one for one in rules.library().versions(rule_set) if one.effective_from <= today]
        found = begun[-1] if begun else None
    return _terms(found)


def _terms(found: RuleSet | None) -> Terms | None:
    if found is None or found.benefit is None:
        return None
    entry = rules.entry_of(found)
    text = entry.text if entry is not None else None
    policy = text.policy if text is not None else None
    region = (text.region if text else None) or (policy.region if policy else None)
    return Terms(found, found.benefit, level_in(found, text), region, policy, found.digest)


def city_of(organisation: Organisation) -> Region:
    """The builder of valleys in whose area a body sits: its region, or the city above its county."""
    region = organisation.region
    if region.level == RegionLevel.COUNTY and region.parent is not None:
        return region.parent
    return region


def payer_region(terms: Terms, organisation: Organisation) -> Region:
    """The region whose office decides and pays for this firm; what is simulated is never laid before a real office."""
    city = city_of(organisation)
    if not terms.provincial:
        own = terms.region is None or terms.region.origin != organisation.origin
        return city if own or terms.region is None else terms.region
    above = city
    while above.parent is not None:
        above = above.parent
    if above.level == RegionLevel.PROVINCE:
        return above
    top = Region.objects.filter(level=RegionLevel.PROVINCE).order_by("pk")
    return top.filter(origin=organisation.origin).first() or top.first() or city


def is_elsewhere(terms: Terms, organisation: Organisation) -> bool:
    """Whether the measure is of another city; where its own conditions ask for the city they have the say."""
    if terms.provincial or terms.region is None or CITY in terms.rule_set.reads:
        return False
    return terms.region.pk != city_of(organisation).pk


@cache
def settings() -> dict[str, Any]:
    """What this installation settled, see grant_settings.yaml."""
    path = Path(__file__).with_name("grant_settings.yaml")
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found
