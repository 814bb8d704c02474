"""Deeds of the provincial office around an assessment: open, invite units, site visits, excuse, conclude."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import fire, open_task
from jinchuanggu.foundation.workflow.models import Case, Task
from jinchuanggu.programme.actions import application as applications
from jinchuanggu.programme.actions.consultation import member_units
from jinchuanggu.programme.assessment_access import get_office_assessment, get_visit
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Assessment, SiteVisit, Valley
from jinchuanggu.programme.schemes.loading import RECOGNITION, scheme


def open_for(actor: Actor, valley: Valley) -> Assessment:
    """One assessment for the newest application, with the scheme's visit list; inside the transaction of the move."""
    application = applications.latest(valley)
    if application is None:
        raise ValidationError(_("没有认定申请，不能组织评估"))
    chosen, today = scheme(RECOGNITION), timezone.localdate()
    if chosen.sheets_due_working:
        due = add_working_days(today, chosen.sheets_due_days).day
    else:
        due = today + timedelta(days=chosen.sheets_due_days)
    assessment = Assessment.objects.create(
        valley=valley, application=application, scheme=chosen.key, opened_on=today, sheets_due_on=due,
        seats=chosen.seats,
    )  # fmt: skip
    SiteVisit.objects.bulk_create(SiteVisit(assessment=assessment, item=item["zh"]) for item in chosen.visits)
    record(
        actor, "assessment.open", assessment, detail={"scheme": chosen.key, "application": application.number}
    )
    return assessment


def invite_units(actor: Actor, *, pk: int, organisations: Iterable[int]) -> Assessment:
    """Invite member units to take part where needed (二（三）3); each gets the visit list into its queue."""
    assessment = get_office_assessment(actor, pk)
    _must_be_open(assessment)
    wanted = set(organisations)
    units = list(member_units(assessment.valley.origin).filter(pk__in=wanted))
    if len(units) != len(wanted):
        raise ValidationError({"units": _("只能邀请省级工作专班成员单位")})
    new = [unit for unit in units if not assessment.invited_units.filter(pk=unit.pk).exists()]
    with act(actor, "assessment.invite", assessment, detail={"units": [unit.name for unit in new]}):
        assessment.invited_units.add(*new)
        for unit in new:
            open_task(
                kind="assessment_invited", key=f"invited:{assessment.pk}:{unit.pk}", role=Role.MEMBER_UNIT,
                organisation_id=unit.pk, url=reverse("assessment", args=[assessment.valley_id]),
                title={"zh": f"参与评估现场查看：{assessment.valley}", "en": f"Take part in the site visit: {assessment.valley}"},
                due_on=assessment.sheets_due_on, origin=assessment.valley.origin,
            )  # fmt: skip
    return assessment


def add_visit(actor: Actor, *, pk: int, item: str) -> SiteVisit:
    """Put something further on the site visit list."""
    assessment = get_office_assessment(actor, pk)
    _must_be_open(assessment)
    if not item.strip():
        raise ValidationError({"item": _("请写明要查看的内容")})
    with act(actor, "visit.add") as deed:
        visit = SiteVisit(assessment=assessment, item=item.strip())
        visit.full_clean()
        visit.save()
        deed.target = visit
    return visit


def record_visit(
    actor: Actor, *, pk: int, finding: str, consistent: bool | None, visited_on: date | None = None
) -> SiteVisit:
    """What was found on site and whether it agrees with the papers; by the office, an invited unit or an expert."""
    visit = get_visit(actor, pk)
    _must_be_open(visit.assessment)
    problems: dict[str, str] = {}
    visited_on = visited_on or timezone.localdate()
    if not finding.strip():
        problems["finding"] = _("请写明现场情况")
    if consistent is None:
        problems["consistent"] = _("请选择与申请材料是否一致")
    if visited_on > timezone.localdate():
        problems["visited_on"] = _("查看日期不能晚于今天")
    if problems:
        raise ValidationError(problems)
    with act(actor, "visit.record", visit):
        visit.finding, visit.consistent, visit.visited_on = finding.strip(), consistent, visited_on
        visit.found_by = Role(actor.role).label if actor.role == Role.EXPERT else actor.label
        visit.save()
    return visit


def conclude(
    actor: Actor, *, pk: int, passed: bool, opinion: str, reason: str = "", revision: int | None = None
) -> Case:
    """Pass or fail by the process's own moves. The score decides whether passing is open. Raises Refused."""
    assessment = get_office_assessment(actor, pk)
    event = "pass_assessment" if passed else "fail_assessment"
    payload: dict[str, Any] = {"opinion": opinion.strip()}
    return fire(actor, case_of(assessment.valley), event, reason=reason, payload=payload, revision=revision)


def close_tasks(assessment: Assessment, how: str) -> None:
    """Take the experts' and units' tasks of an assessment out of their queues."""
    keys = [f"score:{seat}" for seat in assessment.assessors.values_list("pk", flat=True)]
    keys += [
        f"invited:{assessment.pk}:{unit}" for unit in assessment.invited_units.values_list("pk", flat=True)
    ]
    Task.objects.filter(key__in=keys, closed_at__isnull=True).update(closed_at=timezone.now(), closed_how=how)


def _must_be_open(assessment: Assessment) -> None:
    if assessment.conclusion or assessment.valley.state != "assessing":
        raise ValidationError(_("评估已结束，不能再修改"))
