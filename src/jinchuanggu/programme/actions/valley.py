"""Starting a valley and keeping its basics: builder, zones, universities, operator, key fields, people,
papers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.programme import requirements
from jinchuanggu.programme.access import get_own_valley
from jinchuanggu.programme.models import (
    ArgumentSession,
    Plan,
    ServiceBody,
    TaskForceMember,
    Valley,
    ValleyKind,
)
from jinchuanggu.programme.models.plan import Conclusion
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.subject import PROCESS
from jinchuanggu.programme.verdicts import refresh_verdict

NAME = re.compile(r"晋创谷·[^\s·]{2,20}")
UNIVERSITY_KINDS = (OrganisationKind.UNIVERSITY, OrganisationKind.INSTITUTE)


def city_office_only(actor: Actor) -> None:
    if actor.role != Role.CITY_OFFICE:
        raise PermissionDenied


def check_name(name: str, *, but: int | None = None) -> str:
    """晋创谷·×× , not yet taken. Raises ValidationError on `name`."""
    name = name.strip().replace("•", "·").replace("・", "·")
    if not NAME.fullmatch(name):
        raise ValidationError(
            {"name": _("名称格式为“晋创谷·××”，×× 为 2 至 20 个字，不含空格，如 晋创谷·阳泉")}
        )
    if Valley.objects.filter(name=name).exclude(pk=but).exists():
        raise ValidationError({"name": _("名称“%(name)s”已被使用") % {"name": name}})
    return name


def create_valley(
    actor: Actor,
    *,
    name: str,
    kind: str,
    name_en: str = "",
    summary: str = "",
    key_fields: Sequence[str] = (),
) -> Valley:
    """A city science office starts a valley of its own region and its plan.

    Raises ValidationError, PermissionDenied.
    """
    city_office_only(actor)
    if kind not in ValleyKind.values:
        raise ValidationError({"kind": _("请选择平台类别")})
    name, fields = check_name(name), _fields(kind, key_fields)
    office = Organisation.objects.get(pk=actor.organisation_id)
    process = load(PROCESS)
    with act(actor, "valley.create") as deed:
        valley = Valley.objects.create(
            name=name,
            name_en=name_en.strip(),
            kind=kind,
            region_id=office.region_id,
            summary=summary.strip(),
            key_fields=fields,
            origin=office.origin,
            state=process.initial,
            stage=process.states[process.initial].stage,
        )
        Plan.objects.create(valley=valley)
        engine.start(actor, PROCESS, valley, variant=kind)
        valley.refresh_from_db()
        refresh_verdict(valley)
        deed.target = valley
    return valley


def plan_is_writable(valley: Valley) -> bool:
    """Whether the city may change the plan now; after an argument only when it ended with 修改后通过."""
    when = plan_data().editable_in.get(valley.state)
    if when != "revise":
        return when == "always"
    last = ArgumentSession.objects.filter(valley=valley, concluded_at__isnull=False).order_by("-pk").first()
    return last is not None and last.conclusion == Conclusion.REVISE


def zone_choices(valley: Valley) -> QuerySet[Organisation]:
    """Development zones and parks of the valley's own region, of its own kind of data."""
    here = Q(region_id=valley.region_id) | Q(region__parent_id=valley.region_id)
    return Organisation.objects.filter(here, kind=OrganisationKind.ZONE, origin=valley.origin).order_by(
        "name"
    )


def university_choices(valley: Valley) -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind__in=UNIVERSITY_KINDS, origin=valley.origin).order_by("name")


def operator_choices(valley: Valley) -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind=OrganisationKind.OPERATOR, origin=valley.origin).order_by("name")


def edit_basics(
    actor: Actor,
    *,
    valley_id: int,
    name_en: str = "",
    summary: str = "",
    key_fields: Sequence[str] = (),
    whole_chain: bool | None = None,
    zones: Sequence[int] = (),
    universities: Sequence[int] = (),
    operator: int | None = None,
) -> Valley:
    """Write the basics. What the accepted plan fixed (key fields, chain) is kept once the plan is closed.

    Raises ValidationError by field, quoting the clause: a fourth key field (C2), a zone below the province
    (L2).
    """
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    errors: dict[str, Any] = {}
    writable = plan_is_writable(valley)
    fields = list(valley.key_fields or [])
    if writable:
        try:
            fields = _fields(valley.kind, key_fields)
        except ValidationError as error:
            errors.update(error.message_dict)
    hosts = _through(zone_choices(valley), zones, "zones", errors)
    if refused := requirements.zones_refused(hosts):
        errors["zones"] = refused
    partners = _through(university_choices(valley), universities, "universities", errors)
    if not writable:
        for key, chosen, rule in (
            ("universities", partners, "partner_university"),
            ("zones", hosts, "host_zone"),
        ):
            if not chosen:
                errors[key] = requirements.emptied(valley.kind, rule)
    team = _through(operator_choices(valley), [operator] if operator else [], "operator", errors)
    if errors:
        raise ValidationError(errors)
    with act(actor, "valley.edit", valley) as deed:
        for relation, chosen in (("zones", hosts), ("universities", partners)):
            before = {item.pk: item.name for item in getattr(valley, relation).all()}
            after = {item.pk: item.name for item in chosen}
            if before.keys() != after.keys():
                deed.detail[relation] = [sorted(before.values()), sorted(after.values())]
            getattr(valley, relation).set(chosen)
        valley.name_en, valley.summary = name_en.strip(), summary.strip()
        valley.operator = team[0] if team else None
        valley.key_fields = fields
        if writable:
            valley.whole_chain = whole_chain
        valley.save(
            update_fields=["name_en", "summary", "operator", "key_fields", "whole_chain", "updated_at"]
        )
        refresh_verdict(valley)
    return valley


def _fields(kind: str, key_fields: Sequence[str]) -> list[str]:
    fields = list(dict.fromkeys(field.strip() for field in key_fields if field.strip()))
    if refused := requirements.fields_refused(kind, fields):
        raise ValidationError({"key_fields": refused.message})
    return fields


def _through(
    rows: QuerySet[Organisation], ids: Sequence[int], field: str, errors: dict[str, Any]
) -> list[Organisation]:
    """The chosen organisations, through what may be chosen; anything else is an error on the field."""
    wanted = {int(pk) for pk in ids}
    found = list(rows.filter(pk__in=wanted))
    if len(found) != len(wanted):
        errors[field] = _("所选单位不在可选范围内")
    return found


def add_member(
    actor: Actor, *, valley_id: int, person_name: str, unit: str, duty: str, leader: bool = False
) -> TaskForceMember:
    """Register a member of the city's task force."""
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    _filled(person_name=person_name, unit=unit, duty=duty)
    with act(actor, "valley.member_add") as deed:
        deed.target = member = TaskForceMember.objects.create(
            valley=valley,
            person_name=person_name.strip(),
            unit=unit.strip(),
            duty=duty.strip(),
            leader=leader,
        )
    return member


def remove_member(actor: Actor, *, valley_id: int, member_id: int) -> None:
    """Take a member off the task force; nothing happens when it is already off."""
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    member = TaskForceMember.objects.filter(valley=valley, pk=member_id).first()
    if member is None:
        return
    with act(actor, "valley.member_remove", valley, detail={"member": str(member)}):
        member.delete()


def add_service_body(
    actor: Actor, *, valley_id: int, kind: str, name: str, staff: int = 0, qualifications: str = ""
) -> ServiceBody:
    """Register a body that serves residents (C4)."""
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    _filled(name=name, kind=kind)
    with act(actor, "valley.service_body_add") as deed:
        body = ServiceBody(
            valley=valley,
            kind=kind,
            name=name.strip(),
            staff=staff,
            qualifications=qualifications.strip(),
            origin=valley.origin,
        )
        body.clean_fields()
        body.save()
        deed.target = body
        refresh_verdict(valley)
    return body


def remove_service_body(actor: Actor, *, valley_id: int, body_id: int) -> None:
    """Take a service body off the list; nothing happens when it is already off."""
    city_office_only(actor)
    valley = get_own_valley(actor, valley_id)
    body = ServiceBody.objects.filter(valley=valley, pk=body_id).first()
    if body is None:
        return
    with act(
        actor, "valley.service_body_remove", valley, detail={"body": f"{body.get_kind_display()} {body}"}
    ):
        body.delete()
        refresh_verdict(valley)


def _filled(**values: str) -> None:
    if blank := {name: _("请填写") for name, value in values.items() if not value.strip()}:
        raise ValidationError(blank)
