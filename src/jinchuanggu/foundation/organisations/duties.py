"""Three duties stay apart: a person is either administrator, or auditor, or acts in the programme."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role


def _duty(role: str) -> str:
    return role if role in {Role.ADMIN, Role.AUDITOR} else "programme"


def problems(actor: Actor, hat: Membership) -> dict[str, Any]:
    """`{"role": words}` when this hat may not be given by this actor, else nothing. One query."""
    if hat.person_id is None or hat.role not in Role.values:
        return {}
    if hat.person_id == actor.person_id:
        return {"role": _("不能给自己授予身份，请由另一名系统管理员办理")}
    worn = Membership.objects.filter(person_id=hat.person_id, revoked_at__isnull=True).exclude(pk=hat.pk)
    for role in worn.exclude(ends_on__lt=timezone.localdate()).values_list("role", flat=True):
        if _duty(role) != _duty(hat.role):
            words = _("“%(worn)s”与“%(wanted)s”须由不同人员担任（系统管理、审计、业务三员分立）")
            return {"role": words % {"worn": Role(role).label, "wanted": Role(hat.role).label}}
    return {}
