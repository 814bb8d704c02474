"""Which statistical units an actor may see. Lists, pivots and pages take the same scope; a miss is a 404."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.places import directory
from jinchuanggu.residents.models import Resident


def visible_units(actor: Actor) -> QuerySet[Unit]:
    """The province all; a city its own unit, its valleys and their firms; an operator its valleys and their firms; an
    enterprise itself. Everybody else the valleys that are open to them, the cities of which all valleys are, and the
    provinces; no firm.
    """
    rows = Unit.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        own = Resident.objects.filter(organisation_id=actor.organisation_id, organisation__isnull=False)
        return rows.filter(level=UnitLevel.FIRM, ref_id__in=own.values("pk"))
    if actor.city_wide or actor.role == Role.OPERATOR:
        mine = Unit.objects.filter(
            level=UnitLevel.VALLEY, ref_id__in=directory().mine(actor).order_by().values("pk")
        ).values("pk")
        found = Q(pk__in=mine) | Q(level=UnitLevel.FIRM, parent__in=mine)
        if actor.city_wide and actor.region_id:
            found |= Q(level=UnitLevel.CITY, ref_id=actor.region_id)
        return rows.filter(found)
    open_valleys = directory().visible(actor).order_by().values("pk")
    closed = Unit.objects.filter(parent=OuterRef("pk"), level=UnitLevel.VALLEY).exclude(
        ref_id__in=open_valleys
    )
    return rows.filter(
        Q(level=UnitLevel.PROVINCE)
        | Q(level=UnitLevel.VALLEY, ref_id__in=open_valleys)
        | (Q(level=UnitLevel.CITY) & ~Exists(closed))
    )


def get_unit(actor: Actor, pk: int) -> Unit:
    """The unit, through the actor's scope. Raises Http404 when it does not exist or is not theirs."""
    found = visible_units(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
