"""Whose rule sets are whose: the ids a city may write begin with its own prefix."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.library_access import city_prefix
from jinchuanggu.policies.models import RuleEntry

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


def clean_id(rule_set: str, region: Region | None) -> str:
    """The id of a new measure; of a city's with its prefix. Raises ValidationError on `rule_set`."""
    found = rule_set.strip().lower()
    if not found or len(found) > 100 or not _ID.fullmatch(found):
        raise ValidationError(
            {"rule_set": _("编号由小写字母、数字、下划线和点组成，如 measure.sx.first_loan")}
        )
    if region is not None and not found.startswith(city_prefix(region)):
        raise ValidationError(
            {"rule_set": _("本市规则的编号以 %(prefix)s 开头") % {"prefix": city_prefix(region)}}
        )
    if RuleEntry.objects.filter(rule_set=found).exists():
        raise ValidationError(
            {"rule_set": _("编号 %(id)s 已在规则库中，请从规则库起草新版本") % {"id": found}}
        )
    return found


def check_ids(actor: Actor, rule_sets: Sequence[RuleSet]) -> None:
    """Refuse rule sets that are somebody else's. Raises ValidationError with all of them."""
    if actor.role != Role.CITY_OFFICE:
        return
    prefix = city_prefix(Region.objects.get(pk=actor.region_id))
    wrong = [rules.id for rules in rule_sets if not rules.id.startswith(prefix)]
    if wrong:
        raise ValidationError(
            _("本市规则的编号以 %(prefix)s 开头，不能是 %(ids)s")
            % {"prefix": prefix, "ids": "、".join(wrong)}
        )
