"""Whose residents an actor reaches. This room knows valleys by number only; the room above says which are whose."""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import Q, QuerySet

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations import scopes as organisation_scopes
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Reference, Tells
from jinchuanggu.residents.models import IntellectualProperty, Lease, Resident, Space, YearlyRevenue


class Valleys(Protocol):
    """What the room of valleys answers."""

    def mine(self, actor: Actor) -> QuerySet[Any]:
        """The valleys whose records the actor keeps or oversees; narrower than those it may read about."""

    def everything(self) -> QuerySet[Any]:
        """All valleys, to name the ones in rows that the actor sees already."""


class Nowhere:
    """Before any room of valleys is there: nobody has any."""

    def mine(self, actor: Actor) -> QuerySet[Any]:
        return Organisation.objects.none()

    def everything(self) -> QuerySet[Any]:
        return Organisation.objects.none()


_directory: Valleys = Nowhere()


def use(directory: Valleys) -> None:
    """Called once by the room of valleys."""
    global _directory
    _directory = directory


def valley_ids_for(actor: Actor) -> QuerySet[Any]:
    """Ids of the actor's valleys, as a subquery."""
    return _directory.mine(actor).order_by().values("pk")


VALLEY = Reference(
    lambda actor: _directory.mine(actor),
    lambda: _directory.everything(),
    label="name",
    lookups=("name",),
    body=True,
)


def changed(path: str) -> Tells:
    """Records of a valley say `residents.changed`; `path` leads from the record to the valley's id."""
    return Tells("residents.changed", path, "valley_id")


def residents(actor: Actor) -> QuerySet[Resident]:
    """The province all, city and operator those of their valleys, an enterprise itself."""
    rows = Resident.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(organisation_id=actor.organisation_id)
    return rows.filter(valley_id__in=valley_ids_for(actor))


def revenues(actor: Actor) -> QuerySet[YearlyRevenue]:
    """Revenues of the residents in scope."""
    rows = YearlyRevenue.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(resident__organisation_id=actor.organisation_id)
    return rows.filter(resident__valley_id__in=valley_ids_for(actor))


def spaces(actor: Actor) -> QuerySet[Space]:
    """Spaces of the actor's valleys; none for an enterprise."""
    rows = Space.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.none()
    return rows.filter(valley_id__in=valley_ids_for(actor))


def firm_valleys(actor: Actor) -> QuerySet[Any]:
    """The valleys to which a record of a firm may be put: the actor's, for an enterprise where it is or was resident."""
    if actor.role == Role.ENTERPRISE:
        there = Resident.objects.filter(organisation_id=actor.organisation_id).values("valley_id")
        return _directory.everything().filter(pk__in=there)
    return _directory.mine(actor)


FIRM_VALLEY = Reference(
    firm_valleys, lambda: _directory.everything(), label="name", lookups=("name",), body=True
)


def leases(actor: Actor) -> QuerySet[Lease]:
    """The province all, city and operator those in their spaces, an enterprise its own."""
    rows = Lease.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(organisation_id=actor.organisation_id)
    return rows.filter(space__valley_id__in=valley_ids_for(actor))


def rights(actor: Actor) -> QuerySet[IntellectualProperty]:
    """The rights of the firms whose facts the actor reads."""
    return IntellectualProperty.objects.filter(organisation__in=firms(actor))


def movers_in(actor: Actor) -> QuerySet[Organisation]:
    """Firms and teams that an actor may enter as residents."""
    return organisation_scopes.organisations(actor).filter(kind__in=organisation_scopes.MOVES_IN)


def firms(actor: Actor) -> QuerySet[Organisation]:
    """Firms and teams whose facts an actor reads: the province all, a city its own and those in its valleys,
    an operator its tenants, an enterprise itself."""
    rows = Organisation.objects.filter(kind__in=organisation_scopes.MOVES_IN)
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(pk=actor.organisation_id)
    tenants = Q(pk__in=in_house(actor))
    if actor.city_wide:
        near = Q(region_id=actor.region_id) | Q(region__parent_id=actor.region_id)
        return rows.filter(near | tenants)
    return rows.filter(tenants) if actor.role == Role.OPERATOR else rows.none()


def writable_firms(actor: Actor) -> QuerySet[Organisation]:
    """Whose facts an actor may write: an enterprise its own, an operator its tenants', a city office its firms'."""
    if actor.role in {Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE} or actor.role == "system":
        return firms(actor)
    return Organisation.objects.none()


def in_house(actor: Actor) -> QuerySet[Any]:
    """Ids of the organisations that live in the actor's valleys today."""
    return Resident.objects.filter(valley_id__in=valley_ids_for(actor), left_on__isnull=True).values(
        "organisation_id"
    )


def _tenants(actor: Actor) -> QuerySet[Any]:
    return Resident.objects.filter(valley_id__in=valley_ids_for(actor)).values("organisation_id")


def _settled(actor: Actor) -> QuerySet[Any]:
    elsewhere = ~Q(valley_id__in=valley_ids_for(actor))
    return Resident.objects.filter(elsewhere, left_on__isnull=True).values("organisation_id")


def connect() -> None:
    """Tell the organisations who is resident where."""
    for hooks, answer in ((organisation_scopes.tenants, _tenants), (organisation_scopes.settled, _settled)):
        if answer not in hooks:
            hooks.append(answer)
