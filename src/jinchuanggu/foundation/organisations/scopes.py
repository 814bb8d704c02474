"""Which organisations and people a hat reaches: the province all, a city its region, a valley's team its tenants.

What lies above this floor (who is resident where) is asked through two hooks that the residents' room fills in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import (
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Region,
)
from jinchuanggu.foundation.organisations.roles import Role

Ids = Callable[[Actor], "QuerySet[Any]"]
tenants: list[Ids] = []
"""Ids of the organisations resident in the actor's valleys."""
settled: list[Ids] = []
"""Ids of the organisations resident in a valley that isn't the actor's."""

MOVES_IN = (OrganisationKind.ENTERPRISE, OrganisationKind.TEAM)


def regions(actor: Actor) -> QuerySet[Region]:
    """The regions an actor may place something in: all, or its own with its counties."""
    if actor.province_wide:
        return Region.objects.all()
    return Region.objects.filter(Q(pk=actor.region_id) | Q(parent_id=actor.region_id))


def _own(actor: Actor) -> Q:
    return Q(pk=actor.organisation_id)


def _near(actor: Actor) -> Q:
    return Q(region_id=actor.region_id) | Q(region__parent_id=actor.region_id)


def organisations(actor: Actor) -> QuerySet[Organisation]:
    """What an actor may open. A valley's team finds the firms and teams of its region, because it takes them in."""
    rows = Organisation.objects.all()
    if actor.province_wide:
        return rows
    met = _own(actor)
    if actor.city_wide:
        met |= _near(actor)
    elif actor.role == Role.OPERATOR:
        met |= _near(actor) & Q(kind__in=MOVES_IN)
        for ids in tenants:
            met |= Q(pk__in=ids(actor))
    return rows.filter(met)


def writable_organisations(actor: Actor) -> QuerySet[Organisation]:
    """What an actor may change: a valley's team only its tenants and those that are nobody's tenants yet."""
    if actor.role != Role.OPERATOR:
        return organisations(actor)
    met = _near(actor) & Q(kind__in=MOVES_IN)
    for ids in settled:
        met &= ~Q(pk__in=ids(actor))
    for ids in tenants:
        met |= Q(pk__in=ids(actor))
    return Organisation.objects.filter(met)


def people(actor: Actor) -> QuerySet[Person]:
    """What an actor may open: all, those employed in the city's region, or those of the own organisation."""
    rows = Person.objects.all()
    if actor.province_wide:
        return rows
    if actor.city_wide:
        return rows.filter(
            Q(employer__region_id=actor.region_id) | Q(employer__region__parent_id=actor.region_id)
        )
    return rows.filter(employer_id=actor.organisation_id, employer__isnull=False)


def memberships(actor: Actor) -> QuerySet[Membership]:
    """Hats are the administrator's business; the auditor reads them."""
    if actor.role in {Role.ADMIN, Role.AUDITOR}:
        return Membership.objects.all()
    return Membership.objects.none()
