"""Guards of the plan half of the course: plan, expert argument, consultation."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.programme import requirements
from jinchuanggu.programme.completeness import plan_items
from jinchuanggu.programme.models import Consultation, Plan
from jinchuanggu.programme.models.plan import Conclusion, OpinionStand
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.subject import current_session


@guard
def plan_is_complete(attempt: Attempt) -> list[Refusal] | None:
    plan = Plan.objects.filter(valley=attempt.subject).first()
    return [
        Refusal(f"{item.title}：{item.missing}", item.clause, item.url)
        for item in plan_items(attempt.subject, plan)
        if not item.done
    ] or None


@guard
def plan_names_university(attempt: Attempt) -> Refusal | None:
    return requirements.university_missing(attempt.subject)


@guard
def plan_names_zone(attempt: Attempt) -> Refusal | None:
    return requirements.zone_missing(attempt.subject)


@guard
def plan_fields_fit_kind(attempt: Attempt) -> list[Refusal] | None:
    return requirements.fields_missing(attempt.subject) or None


@guard
def session_is_planned(attempt: Attempt) -> Refusal | None:
    session, url = current_session(attempt.subject), reverse("argument", args=[attempt.subject.pk])
    if session is None:
        return Refusal(_("尚未安排专家论证会（时间、地点、专家）"), "P1", url)
    invited, least = session.opinions.count(), plan_data().experts_min
    if invited < least:
        return Refusal(_("论证专家 %(n)s 人，至少 %(least)s 人") % {"n": invited, "least": least}, "P1", url)
    return None


@guard
def argument_opinions_are_in(attempt: Attempt) -> Refusal | None:
    session, url = current_session(attempt.subject), reverse("argument", args=[attempt.subject.pk])
    if session is None:
        return Refusal(_("没有进行中的专家论证会"), "P1", url)
    waiting = list(
        session.opinions.filter(given_at__isnull=True).values_list("expert__person__name", flat=True)
    )
    if not waiting:
        return None
    return Refusal(_("还有专家未提交意见：%(names)s") % {"names": _("、").join(waiting)}, "P1", url)


@guard
def argument_passed(attempt: Attempt) -> Refusal | None:
    """More than half of those who spoke say pass, or pass after revision."""
    session = current_session(attempt.subject)
    if session is None:
        return None  # argument_opinions_are_in says so
    verdicts = [verdict for verdict in session.opinions.values_list("verdict", flat=True) if verdict]
    against = verdicts.count(Conclusion.REJECT)
    if verdicts and against * 2 < len(verdicts):
        return None
    return Refusal(
        _("专家意见未过半数同意（不通过 %(n)s 人，共 %(all)s 人）") % {"n": against, "all": len(verdicts)},
        "P1", reverse("argument", args=[attempt.subject.pk]),
    )  # fmt: skip


@guard
def member_units_are_named(attempt: Attempt) -> list[Refusal] | None:
    """The office names the units and the day in the form that makes the move."""
    url = reverse("consultation", args=[attempt.subject.pk])
    found = []
    units = attempt.payload.get("units") or []
    if not member_units(attempt.subject.origin).filter(pk__in=units).exists():
        found.append(Refusal(_("请先选择征求意见的成员单位"), "P1", url))
    due = attempt.payload.get("due_on")
    if due is None:
        found.append(Refusal(_("请写明反馈截止日期"), "P1", url))
    elif due <= timezone.localdate():
        found.append(Refusal(_("反馈截止日期应晚于今天"), "P1", url))
    return found or None


def member_units(origin: str) -> QuerySet[Organisation]:
    """The departments that may be consulted, of the same kind of data as the valley."""
    return Organisation.objects.filter(kind=OrganisationKind.MEMBER_UNIT, origin=origin).order_by("name")


def current_consultation(valley_id: int) -> Consultation | None:
    return Consultation.objects.filter(valley_id=valley_id).order_by("-pk").first()


@guard
def opinions_are_in(attempt: Attempt) -> Refusal | None:
    """Every unit has answered, or the day for it has passed."""
    round_ = current_consultation(attempt.subject.pk)
    if round_ is None or round_.due_on < timezone.localdate():
        return None
    waiting = list(round_.opinions.filter(given_at__isnull=True).values_list("organisation__name", flat=True))
    if not waiting:
        return None
    return Refusal(
        _("截止日期未到，还有单位未反馈：%(names)s") % {"names": _("、").join(waiting)},
        "P1", reverse("consultation", args=[attempt.subject.pk]),
    )  # fmt: skip


@guard
def opinions_are_answered(attempt: Attempt) -> Refusal | None:
    """Each opinion that asks for something has an answer; 无意见 needs none."""
    round_ = current_consultation(attempt.subject.pk)
    if round_ is None:
        return None
    open_ones = list(
        round_.opinions.filter(given_at__isnull=False, answered_at__isnull=True)
        .exclude(stand=OpinionStand.AGREE)
        .values_list("organisation__name", flat=True)
    )
    if not open_ones:
        return None
    return Refusal(
        _("还有意见未答复：%(names)s") % {"names": _("、").join(open_ones)},
        "P1", reverse("consultation", args=[attempt.subject.pk]),
    )  # fmt: skip
