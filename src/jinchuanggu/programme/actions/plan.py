"""Writing the plan: chapters, yearly targets, budget, policies. Two people writing at once lose nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.indicators.definitions.library import title_of
from jinchuanggu.programme.access import get_own_valley
from jinchuanggu.programme.actions.valley import city_office_only, plan_is_writable
from jinchuanggu.programme.models import Plan
from jinchuanggu.programme.plan_data import plan_data

LONGEST_SECTION = 20_000


class PlanConflict(Exception):
    """Somebody saved the plan after the writer's page was opened. `plan` is what is stored now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__("plan changed meanwhile")
        self.plan = plan


def save_plan(
    actor: Actor,
    *,
    valley_id: int,
    revision: int,
    sections: Mapping[str, str],
    targets: Mapping[str, Mapping[str, str]],
    budget_cny: str,
    policies: Sequence[str],
    lenient: bool = False,
) -> Plan:
    """Store the plan as written; incomplete is fine. Numbers come as text and are refused by field when
    they aren't.

    `targets` is {year: {indicator: text}}, in the unit of the indicator; `budget_cny` in yuan. An unchanged
    plan
    writes nothing. `lenient` (autosave) leaves what cannot be read as it was instead of refusing the rest.
    Raises PlanConflict, ValidationError, PermissionDenied.
    """
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    if not plan_is_writable(valley):
        raise ValidationError(_("方案在当前阶段不能修改"))
    errors: dict[str, str] = {}
    new: dict[str, Any] = {
        "sections": _sections(sections, valley.kind, errors),
        "targets": _targets(targets, errors),
        "budget_cny": _number(budget_cny, "budget_cny", errors, places=2),
        "policies": [line.strip() for line in policies if line.strip()][:50],
    }
    if errors and not lenient:
        raise ValidationError(errors)
    with transaction.atomic():
        plan = Plan.objects.select_for_update().filter(valley=valley).first() or Plan.objects.create(
            valley=valley
        )
        if errors:
            _keep_old(plan, new, errors)
        changes = _changes(plan, new)
        if not changes:
            return plan
        if plan.revision != revision:
            raise PlanConflict(plan)
        for name, value in new.items():
            setattr(plan, name, value)
        plan.revision += 1
        plan.save()
        record(actor, "plan.save", plan, changes=changes)
    return plan


def _keep_old(plan: Plan, new: dict[str, Any], errors: Mapping[str, str]) -> None:
    """Put back the stored value of every field that could not be read."""
    for name in errors:
        kind, _sep, rest = name.partition("-")
        if name == "budget_cny":
            new["budget_cny"] = plan.budget_cny
        elif kind == "section":
            new["sections"][rest] = plan.sections.get(rest, "")
        elif kind == "target":
            indicator, _sep, year = rest.rpartition("-")
            if (old := plan.targets.get(year, {}).get(indicator)) is not None:
                new["targets"].setdefault(year, {})[indicator] = old


def _sections(given: Mapping[str, str], kind: str, errors: dict[str, str]) -> dict[str, str]:
    known = [section.key for section in plan_data().sections_of(kind)]
    sections = {key: given[key].replace("\r\n", "\n").strip() for key in known if given.get(key, "").strip()}
    for key, text in sections.items():
        if len(text) > LONGEST_SECTION:
            errors[f"section-{key}"] = _("超过 %(n)s 字，请精简") % {"n": LONGEST_SECTION}
    return sections


def _targets(given: Mapping[str, Mapping[str, str]], errors: dict[str, str]) -> dict[str, dict[str, str]]:
    """Targets keep the digits as written (a string), so that a decimal stays exact in JSON."""
    targets: dict[str, dict[str, str]] = {}
    for year, row in given.items():
        for name in plan_data().target_indicators:
            value = _number(
                row.get(name, ""), f"target-{name}-{year}", errors, label=f"{title_of(name)} {year}"
            )
            if value is not None:
                targets.setdefault(str(int(year)), {})[name] = format(value.normalize(), "f")
    return targets


def _number(
    text: str, field: str, errors: dict[str, str], *, places: int = 4, label: str = ""
) -> Decimal | None:
    """A number that isn't negative, or None for a blank; what is wrong goes to `errors`."""
    text = str(text).replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 14:
        errors[field] = _("%(label)s应为不小于 0 的数，收到“%(text)s”") % {"label": label, "text": text[:30]}
        return None
    return value.quantize(Decimal(1).scaleb(-places))


def _changes(plan: Plan, new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Old and new of what differs, chapter by chapter, so that the history shows a chapter and not the
    whole plan.
    """
    changes: dict[str, list[Any]] = {}
    for key in dict.fromkeys((*plan.sections, *new["sections"])):
        old, value = plan.sections.get(key, ""), new["sections"].get(key, "")
        if old != value:
            changes[f"section.{key}"] = [old, value]
    for name in ("targets", "budget_cny", "policies"):
        if getattr(plan, name) != new[name]:
            changes[name] = [getattr(plan, name), new[name]]
    return changes
