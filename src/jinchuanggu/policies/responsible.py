"""Which unit answers for a rule or for a datum of a firm."""

from __future__ import annotations

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.policies.entries import level_in
from jinchuanggu.policies.models import Level, RuleEntry


def unit_for_rule(rule_set: RuleSet, entry: RuleEntry | None, firm: Organisation) -> Organisation | None:
    """The unit the library names for the policy; else the city office for a measure of a city, the provincial
    office for everything above."""
    policy = entry.text.policy if entry is not None else None
    if policy is not None and policy.unit_id is not None and policy.unit.origin == firm.origin:
        return policy.unit
    if (
        level_in(rule_set, entry.text if entry is not None else None) == Level.CITY
        and (office := city_office(firm)) is not None
    ):
        return office
    return provincial_office(firm)


def unit_for_datum(firm: Organisation) -> Organisation | None:
    """Records of a firm are kept by its city."""
    return city_office(firm) or provincial_office(firm)


def city_office(firm: Organisation) -> Organisation | None:
    regions = [firm.region_id, firm.region.parent_id]
    return _first(OrganisationKind.CITY_OFFICE, firm, regions)


def provincial_office(firm: Organisation) -> Organisation | None:
    return _first(OrganisationKind.PROVINCIAL_OFFICE, firm, None)


def _first(kind: str, firm: Organisation, regions: list[int | None] | None) -> Organisation | None:
    rows = Organisation.objects.filter(kind=kind)
    if regions is not None:
        rows = rows.filter(region_id__in=[region for region in regions if region is not None])
    # simulated firms ask simulated offices
    return rows.filter(origin=firm.origin).order_by("pk").first() or rows.order_by("pk").first()
