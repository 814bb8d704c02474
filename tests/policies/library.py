"""What tests of the library and of the editor stand on: a few shipped families, officers of province and city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest

from jinchuanggu.engines.rules import OFFICIAL, Library, load
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.policies import rules
from jinchuanggu.policies.actions import sync
from jinchuanggu.policies.models import RuleEntry
from tests import factories

FAMILIES = ("measures_province/five_policies", "measures_city/taiyuan", "innovative_sme", "tech_contract/vat")
UNKNOWN = "measure.sx.rent_relief"
"""A measure of the province known by name only."""
KNOWN = "innovative_sme"


@cache
def shipped() -> Library:
    return load([OFFICIAL / family for family in FAMILIES], check_vectors=False)


@dataclass
class Offices:
    """Two officers of the province, one each of two cities."""

    author: Actor
    reviewer: Actor
    taiyuan: Actor
    datong: Actor


def entry(rule_set: str) -> RuleEntry:
    """The newest record of a rule set."""
    return RuleEntry.objects.filter(rule_set=rule_set, superseded=False).order_by("-effective_from")[0]


def use_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these families are shipped, in the library and in what mirrors it."""
    monkeypatch.setattr(rules, "official", shipped)
    monkeypatch.setattr(sync, "official", shipped)
    rules._compiled.cache_clear()


def offices() -> Offices:
    taiyuan = factories.region("140100", "太原市", name_en="Taiyuan", stat_code="140100")
    datong = factories.region("140200", "大同市", name_en="Datong", stat_code="140200")
    made = Offices(
        factories.provincial_office(), factories.provincial_office(), factories.city_office(taiyuan),
        factories.city_office(datong),
    )  # fmt: skip
    sync.sync_official(SYSTEM_ACTOR)
    return made
