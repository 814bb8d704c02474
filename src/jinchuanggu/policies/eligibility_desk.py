"""What eligibility adds to the navigation and to the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.workbench.registry import Figure, figures, quick_act
from jinchuanggu.policies import rules
from jinchuanggu.residents import inputs
from jinchuanggu.residents.actions.appeals import appeals

inputs.use(rules.library)
READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR, Role.ENTERPRISE}

add("policy", _("能享受什么"), "gift", "eligibility_firms", READERS, order=15)
add("policy", _("异议"), "message-report", "appeals", READERS | {Role.MEMBER_UNIT}, order=60)
quick_act(_("看能享受什么政策"), "gift", "eligibility_firms", Role.ENTERPRISE, order=5)


@figures(Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.MEMBER_UNIT, order=70)
def doubts(actor: Actor) -> Iterable[Figure]:
    """Doubts about rules and data that wait for this unit's answer."""
    number = appeals(actor).filter(unit_id=actor.organisation_id, answered_at__isnull=True).count()
    if number:
        yield Figure(gettext("待答复异议"), number, gettext("条"), reverse("appeals"), tone="warn")
