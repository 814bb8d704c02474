"""Who keeps the catalogue: the provincial office adds indicators; it and the city offices may have figures computed anew."""

from __future__ import annotations

from django.db import models
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.models import IndicatorDefinition

AUTHORS = frozenset({str(Role.PROVINCIAL_OFFICE)})
KEEPERS = frozenset({str(Role.PROVINCIAL_OFFICE), str(Role.CITY_OFFICE)})


def authored(actor: Actor) -> models.QuerySet[IndicatorDefinition]:
    """The definitions an actor may change: those that offices added, never a shipped one."""
    rows = IndicatorDefinition.objects.filter(shipped=False)
    return rows if actor.role in AUTHORS else rows.none()


def get_authored(actor: Actor, key: str) -> IndicatorDefinition:
    """Raises Http404 for a shipped one, one that does not exist, and for whoever may not write."""
    found = authored(actor).filter(key=key).first()
    if found is None:
        raise Http404
    return found
