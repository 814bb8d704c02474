"""Where the simulation stands in the navigation, what its acts are called, and whose scenarios one reads."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation import navigation
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.verbs import register
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.models import Scenario

navigation.add(
    "policy",
    _("政策模拟"),
    "adjustments-horizontal",
    "simulation",
    {Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.AUDITOR},
    order=40,
)
register({"scenario.save": {"zh": "保存模拟方案", "en": "Scenario saved"}})


def scenarios(actor: Actor) -> QuerySet[Scenario]:
    """The province reads all, a city those tried on its own firms."""
    rows = Scenario.objects.select_related("author", "region")
    if actor.province_wide:
        return rows
    return rows.filter(region_id=actor.region_id, region__isnull=False)
