"""Whose firms a measure is for: another city's measures are nothing a firm can get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.organisations.models import Organisation, Region, RegionLevel
from jinchuanggu.policies.eligibility import CITY_OF_FIRM, Group, Judged
from jinchuanggu.policies.grant_terms import PROVINCIAL, city_of
from jinchuanggu.policies.models import Level, RuleEntry


def cities_of(found: Iterable[RuleSet]) -> dict[str, Region]:
    """The city a measure is for, by its id; one query.

    Measures for every city are not among them, nor those whose own conditions ask for the city and have the say.
    """
    wanted = {rules.id: rules.effective_from for rules in found if CITY_OF_FIRM not in rules.reads}
    rows = RuleEntry.objects.filter(rule_set__in=wanted, superseded=False).select_related(
        "text__region", "text__policy__region"
    )
    places: dict[str, Region] = {}
    for row in rows:
        text, policy = row.text, row.text.policy
        region = text.region or (policy.region if policy else None)
        level = (policy.level if policy else None) or text.level or Level.PROVINCE
        if row.effective_from == wanted[row.rule_set] and region is not None and level not in PROVINCIAL:
            places[row.rule_set] = region
    return places


def home_cities(firms: Iterable[int]) -> dict[int, int]:
    """The city in whose area each firm sits, both by id; one query. See `grant_terms.city_of` for a single firm."""
    rows = Organisation.objects.filter(pk__in=list(firms)).values_list(
        "pk", "region_id", "region__level", "region__parent_id"
    )
    return {
        pk: parent if level == RegionLevel.COUNTY and parent else region for pk, region, level, parent in rows
    }


def settled(judged: Iterable[Judged], firm: Organisation, places: Mapping[str, Region]) -> list[Judged]:
    """The same measures, those of other cities as not to be had, with the name of the city."""
    home = city_of(firm).pk
    return [
        replace(one, group=Group.NOT, change=None, waits_for_text=False, only_in=str(place))
        if (place := places.get(one.rule_set.id)) is not None and place.pk != home
        else one
        for one in judged
    ]
