"""Whose residents an actor reaches, and what a valley's team may touch among the firms around it."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.organisations import scopes as organisation_scopes
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents import scopes
from jinchuanggu.residents.models import Resident
from tests.foundation import world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "reached"),
    [
        (Role.PROVINCIAL_OFFICE, {0, 1}), (Role.AUDITOR, {0, 1}), (Role.CITY_OFFICE, {0}), (Role.OPERATOR, {0}),
        (Role.ENTERPRISE, {0}), (Role.UNIVERSITY, set()), (Role.MEMBER_UNIT, set()), (Role.EXPERT, set()),
    ],
)  # fmt: skip
def test_each_role_reaches_its_own(role: str, reached: set[int]) -> None:
    made = world.build()
    valleys = set(scopes.residents(made.actor(role)).values_list("valley_id", flat=True))
    assert valleys == {made.valleys[at].pk for at in reached}


def test_a_team_finds_the_firms_of_its_region_but_changes_only_its_tenants_and_the_free() -> None:
    made = world.build()
    actor, city = made.actor(Role.OPERATOR), made.cities[0]
    free = Organisation.objects.create(name="未入驻企业", kind="enterprise", region=city)
    taken = Organisation.objects.create(name="他谷企业", kind="enterprise", region=city)
    Resident.objects.create(
        valley_id=made.valleys[1].pk, organisation=taken, kind="enterprise", entered_on="2025-01-01"
    )
    seen, writable = (
        set(rows(actor).values_list("pk", flat=True))
        for rows in (organisation_scopes.organisations, organisation_scopes.writable_organisations)
    )
    assert {free.pk, taken.pk, made.firms[0].pk} <= seen
    assert {free.pk, made.firms[0].pk} <= writable
    assert taken.pk not in writable
    assert made.firms[1].pk not in seen
