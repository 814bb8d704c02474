"""Keeping a scenario of a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.models import Scenario

OFFICERS = (Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE)


def save_scenario(
    actor: Actor,
    *,
    name: str,
    rule_set: RuleSet,
    on: date,
    numbers: Mapping[str, Decimal],
    summary: Mapping[str, Any],
) -> Scenario:
    """Keep what was tried under a name. `numbers` by the keys of an address. Raises ValidationError on `name`."""
    if actor.role not in OFFICERS or actor.person_id is None:
        raise PermissionDenied
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("请填写方案名称")})
    if len(name) > 80:
        raise ValidationError({"name": _("名称最多 80 个字")})
    knobs = {key: f"{value:f}" for key, value in numbers.items()}
    same = Scenario.objects.filter(author_id=actor.person_id, rule_set=rule_set.id, name=name).first()
    if same is not None:
        if (same.knobs, same.on, same.effective_from) == (knobs, on, rule_set.effective_from):
            return same  # the same press a second time
        raise ValidationError({"name": _("您已有同名方案，请换一个名称")})
    try:
        with transaction.atomic(), act(actor, "scenario.save") as deed:
            deed.target = scenario = Scenario.objects.create(
                name=name,
                rule_set=rule_set.id,
                effective_from=rule_set.effective_from,
                on=on,
                knobs=knobs,
                summary=dict(summary),
                region_id=None if actor.province_wide else actor.region_id,
                author_id=actor.person_id,
                origin=summary.get("origin", "simulated"),
            )
    except IntegrityError:
        raise ValidationError({"name": _("您已有同名方案，请换一个名称")}) from None
    return scenario
