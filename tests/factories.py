"""Plain functions that make what a test needs: regions, organisations, people with hats, valleys in a given
state.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Membership, Organisation, Person, Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import Expert, Plan, TaskForceMember, Valley
from jinchuanggu.programme.plan_data import plan_data

_serial = itertools.count(1)


def region(code: str = "140300", name: str = "阳泉市", level: str = "city", **fields: Any) -> Region:
    """A region, once per code."""
    found, _ = Region.objects.get_or_create(code=code, defaults={"name": name, "level": level, **fields})
    return found


def province() -> Region:
    return region("140000", "山西省", "province")


def organisation(kind: str, name: str = "", *, where: Region | None = None, **fields: Any) -> Organisation:
    """An organisation of a kind; a new one for each call without a name."""
    where = where or region()
    name = name or f"示例{kind}{next(_serial)}"
    found, _ = Organisation.objects.get_or_create(name=name, region=where, kind=kind, defaults=fields)
    return found


def person(name: str = "", employer: Organisation | None = None, **fields: Any) -> Person:
    number = next(_serial)
    user = User.objects.create_user(username=f"user{number}", password="a-long-password-1")
    return Person.objects.create(name=name or f"示例人员{number}", employer=employer, user=user, **fields)


def hat(role: str, body: Organisation, who: Person | None = None) -> Membership:
    """A membership in force today."""
    return Membership.objects.create(
        person=who or person(employer=body), organisation=body, role=role,
        starts_on=timezone.localdate() - timedelta(days=30),
    )  # fmt: skip


def actor(role: str, body: Organisation, who: Person | None = None) -> Actor:
    """An actor wearing a new hat of this role in this organisation."""
    return from_membership(hat(role, body, who))


def provincial_office() -> Actor:
    return actor(
        Role.PROVINCIAL_OFFICE, organisation("provincial_office", "省级工作专班办公室", where=province())
    )


def provincial_government() -> Actor:
    return actor(Role.PROVINCIAL_GOVERNMENT, organisation("government", "山西省人民政府", where=province()))


def city_office(where: Region | None = None) -> Actor:
    where = where or region()
    return actor(Role.CITY_OFFICE, organisation("city_office", f"{where.name}科学技术局", where=where))


def city_government(where: Region | None = None) -> Actor:
    where = where or region()
    return actor(Role.CITY_GOVERNMENT, organisation("government", f"{where.name}人民政府", where=where))


def member_unit(name: str = "") -> Actor:
    return actor(Role.MEMBER_UNIT, organisation("member_unit", name, where=province()))


def expert(category: str = "technical", employer: Organisation | None = None) -> tuple[Expert, Actor]:
    """A person of the bank working far from Yangquan, with the actor of their hat."""
    employer = employer or organisation(
        "institute", "省外示例研究院", where=region("110000", "北京市", "province")
    )
    who = person(employer=employer)
    return Expert.objects.create(person=who, category=category), actor(Role.EXPERT, employer, who)


def valley(city: Actor, *, kind: str = "regional", name: str = "") -> Valley:
    """A valley started by a city science office, in its first state."""
    from jinchuanggu.programme.actions.valley import create_valley

    return create_valley(city, name=name or f"晋创谷·示例{next(_serial)}", kind=kind)


def complete_plan(valley: Valley) -> Valley:
    """Everything that submitting the plan asks for, except the argument session."""
    data = plan_data()
    year = timezone.localdate().year + 1
    plan = Plan.objects.get(valley=valley)
    plan.sections = {section.key: "示例方案内容，" * 20 for section in data.sections_of(valley.kind)}
    plan.targets = {
        str(year + n): {name: str(100 * (n + 1)) for name in data.target_indicators}
        for n in range(data.target_years)
    }
    plan.budget_cny, plan.policies = 50_000_000, ["示例配套政策"]
    plan.save()
    TaskForceMember.objects.create(
        valley=valley, person_name="示例组长", unit="市政府", duty="统筹", leader=True
    )
    valley.zones.add(organisation("zone", "示例经济开发区", where=valley.region, zone_level="provincial"))
    valley.universities.add(organisation("university", "示例大学", where=province()))
    valley.key_fields, valley.whole_chain = ["新材料"], True
    valley.operator = organisation("operator", "示例运营有限公司", where=valley.region, legal_person=True)
    valley.save()
    valley.refresh_from_db()
    return valley


def planned_session(city: Actor, valley: Valley, experts: int = 3) -> list[Actor]:
    """A session with that many experts; returns their actors."""
    from jinchuanggu.programme.actions.argument import plan_session

    made = [expert() for _ in range(experts)]
    plan_session(
        city, valley_id=valley.pk, held_on=timezone.localdate() + timedelta(days=3), place="示例会议室",
        experts=[one.pk for one, _actor in made],
    )  # fmt: skip
    return [one for _expert, one in made]


def client_of(actor: Actor | None = None) -> Any:
    """A test client signed in as this actor, wearing its hat; without an actor nobody is signed in."""
    from django.test import Client

    from jinchuanggu.foundation.access.actor import HAT_SESSION_KEY

    client = Client()
    if actor is not None:
        client.force_login(
            User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend"
        )
        session = client.session
        session[HAT_SESSION_KEY] = actor.membership_id
        session.save()
    return client
