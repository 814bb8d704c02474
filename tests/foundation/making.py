"""Small makers of what foundation tests need: a region, organisations, people with hats."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from jinchuanggu.foundation.access.actor import HAT_SESSION_KEY, Actor, from_membership
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Region,
    RegionLevel,
)
from jinchuanggu.foundation.organisations.roles import Role

_numbers = count(1)


def region(code: str = "140100", name: str = "太原市") -> Region:
    return Region.objects.get_or_create(code=code, defaults={"name": name, "level": RegionLevel.CITY})[0]


def organisation(name: str = "", kind: str = OrganisationKind.CITY_OFFICE, **fields: Any) -> Organisation:
    fields.setdefault("region", region())
    return Organisation.objects.create(name=name or f"示例单位{next(_numbers)}", kind=kind, **fields)


def hat(
    role: str, *, org: Organisation | None = None, person: Person | None = None, **fields: Any
) -> Membership:
    """A hat of a person with account and mail."""
    number = next(_numbers)
    if person is None:
        user = User.objects.create_user(f"user{number}", f"user{number}@example.cn", "a-long-password-1")
        person = Person.objects.create(name=f"张三{number}", email=user.email, user=user)
    fields.setdefault("starts_on", date(2020, 1, 1))
    return Membership.objects.create(person=person, organisation=org or organisation(), role=role, **fields)


def actor(role: str = Role.CITY_OFFICE, **kwargs: Any) -> Actor:
    return from_membership(hat(role, **kwargs), address="192.0.2.7", agent="test")


def client_of(membership: Membership) -> Client:
    """A signed-in browser under this hat."""
    client = Client()
    client.force_login(membership.person.user)
    session = client.session
    session[HAT_SESSION_KEY] = membership.pk
    session.save()
    return client
