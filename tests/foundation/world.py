"""A small province: two cities, a valley each, and an actor of every role, for tests of screens and imports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.test import Client

from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Region,
)
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.policies.models import Budget, Grant, GrantApplication, Payment, Policy
from jinchuanggu.programme.models import Expert, ServiceBody, Valley
from jinchuanggu.residents.models import IntellectualProperty, Lease, Resident, Space, YearlyRevenue

KINDS = {
    Role.PROVINCIAL_OFFICE: OrganisationKind.PROVINCIAL_OFFICE,
    Role.PROVINCIAL_GOVERNMENT: OrganisationKind.GOVERNMENT,
    Role.MEMBER_UNIT: OrganisationKind.MEMBER_UNIT,
    Role.CITY_OFFICE: OrganisationKind.CITY_OFFICE,
    Role.CITY_GOVERNMENT: OrganisationKind.GOVERNMENT,
    Role.OPERATOR: OrganisationKind.OPERATOR,
    Role.ENTERPRISE: OrganisationKind.ENTERPRISE,
    Role.UNIVERSITY: OrganisationKind.UNIVERSITY,
    Role.EXPERT: OrganisationKind.INSTITUTE,
    Role.AUDITOR: OrganisationKind.PLATFORM,
    Role.ADMIN: OrganisationKind.PLATFORM,
}
PROVINCIAL = {
    Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.MEMBER_UNIT, Role.AUDITOR, Role.ADMIN, Role.EXPERT,
}  # fmt: skip


def code(number: int) -> str:
    """A valid made-up credit code."""
    return uscc.make(org8=f"MA{number:06d}")


@dataclass
class World:
    """What the tests reach for: `hats[city][role]`, `valleys[city]`, `firms[city]`; city 0 and city 1."""

    cities: list[Region] = field(default_factory=list)
    hats: list[dict[str, Membership]] = field(default_factory=list)
    valleys: list[Valley] = field(default_factory=list)
    firms: list[Organisation] = field(default_factory=list)

    def actor(self, role: str, city: int = 0) -> Actor:
        return from_membership(self.hats[city][role])

    def client(self, role: str, city: int = 0) -> Client:
        """A browser signed in under the hat."""
        client = Client()
        client.force_login(self.hats[city][role].person.user)
        return client


def _hat(role: str, region: Region, tag: str) -> Membership:
    body = Organisation.objects.create(name=f"{tag}{Role(role).label}", kind=KINDS[role], region=region)
    user = User.objects.create(username=f"{role}-{tag}")
    person = Person.objects.create(name=f"{tag}{Role(role).label}员", user=user, employer=body)
    return Membership.objects.create(person=person, organisation=body, role=role, starts_on=date(2024, 1, 1))


def build() -> World:
    """Fresh rows for one test."""
    world = World()
    province = Region.objects.create(code="140000", name="示例省", level="province")
    for at, (region_code, name) in enumerate((("149100", "甲市"), ("149200", "乙市"))):
        city = Region.objects.create(code=region_code, name=name, level="city", parent=province)
        world.cities.append(city)
        hats = {role: _hat(role, province if role in PROVINCIAL else city, name) for role in Role.values}
        world.hats.append(hats)
        valley = Valley.objects.create(
            name=f"晋创谷·{name}", region=city, operator=hats[Role.OPERATOR].organisation, state="building",
            stage="building",
        )  # fmt: skip
        world.valleys.append(valley)
        firm = hats[Role.ENTERPRISE].organisation
        firm.uscc = code(at + 1)
        firm.save()
        world.firms.append(firm)
        resident = Resident.objects.create(
            valley_id=valley.pk, organisation=firm, kind="enterprise", field="新材料", entered_on=date(2025, 3, 1),
            full_time_staff=12,
        )  # fmt: skip
        YearlyRevenue.objects.create(
            resident=resident, year=2025, revenue_cny="1234567.80", filed_on=date(2026, 1, 9)
        )
        space = Space.objects.create(
            valley_id=valley.pk, name=f"{name}一号楼", kind="office", area_m2="1200.50"
        )
        _records(firm, valley, space, at)
        ServiceBody.objects.create(valley=valley, kind="finance", name=f"{name}金融站", staff=3)
        expert = hats[Role.EXPERT].person
        Expert.objects.create(person=expert, category="technical", fields=["新材料"])
        _part_paid(firm, city, at)
    return world


def _records(firm: Organisation, valley: Valley, space: Space, at: int) -> None:
    """One lease (small, since tests give the space other sizes), right, contract and deal of the firm."""
    Lease.objects.create(space=space, organisation=firm, area_m2="1.25", starts_on=date(2025, 3, 1))
    IntellectualProperty.objects.create(
        organisation=firm, kind="invention", title="一种示例装置", number=f"ZL-{at:04d}", applied_on=date(2025, 4, 1),
        granted_on=date(2026, 2, 1),
    )  # fmt: skip
    TechnologyContract.objects.create(
        number=f"JS-2026-{at:04d}", title="示例技术开发", kind="development", valley_id=valley.pk, seller=firm,
        buyer_name="示例买方", direction="within", field="新材料", signed_on=date(2026, 3, 2),
        registered_on=date(2026, 3, 9), turnover_cny="1000000.10", technology_cny="650000.05",
    )  # fmt: skip
    FinancingDeal.objects.create(
        organisation=firm, valley_id=valley.pk, kind="equity", round="天使轮", provider="示例基金", amount_cny=2_000_000,
        closed_on=date(2026, 4, 15), number=f"RZ-2026-{at:04d}",
    )  # fmt: skip


def _part_paid(firm: Organisation, city: Region, at: int) -> None:
    """A grant of the city to the firm, of which one part is paid."""
    policy = Policy.objects.create(code=f"city-{at}", title_zh=f"{city}若干措施", level="city", region=city)
    budget = Budget.objects.create(policy=policy, year=2026, amount_cny=500_000)
    application = GrantApplication.objects.create(
        organisation=firm, rule_set=f"measure.city_{at}", rule_version="2026", rule_digest="0" * 64,
        title_zh="研发补助", level="city", region=city, policy=policy, frequency="yearly", basis_on=date(2026, 5, 1),
        period="2026", applied_on=date(2026, 5, 1), state="paying", stage="pay",
    )  # fmt: skip
    grant = Grant.objects.create(
        application=application, number=f"DX2026-{at:06d}", budget=budget, full=80_000, percent=100, amount=80_000,
        due=80_000, paid=30_000, decided_on=date(2026, 6, 1), decided_by="",
    )  # fmt: skip
    Payment.objects.create(grant=grant, amount=30_000, paid_on=date(2026, 6, 20), reference=f"ZF-{at}")


def more_residents(world: World, count: int, city: int = 0) -> list[Any]:
    """`count` further firms resident in a city's valley."""
    start = Organisation.objects.count() + 100
    firms = Organisation.objects.bulk_create(
        Organisation(name=f"示例企业{n:06d}", kind="enterprise", uscc=code(n), region=world.cities[city])
        for n in range(start, start + count)
    )
    return Resident.objects.bulk_create(
        Resident(
            valley_id=world.valleys[city].pk, organisation=firm, kind="enterprise", entered_on=date(2025, 1 + n % 12, 1),
            full_time_staff=n % 40, field="数字经济",
        )
        for n, firm in enumerate(firms)
    )  # fmt: skip
