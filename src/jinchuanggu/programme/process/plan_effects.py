"""Effects of the plan half of the course; each runs inside the transaction of its move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import close_task, open_task, process_of
from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.programme import plan_letters, versions
from jinchuanggu.programme.actions import argument, consultation
from jinchuanggu.programme.models import ArgumentSession, Consultation, Opinion, Plan, PlanVersion, YearTarget
from jinchuanggu.programme.models.plan import Conclusion
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.plan_guards import current_consultation
from jinchuanggu.programme.process.subject import current_session


@effect
def freeze_plan(attempt: Attempt) -> None:
    """Freeze what is submitted, and keep it as the document 建设方案 when the words are new."""
    plan, _ = Plan.objects.get_or_create(valley=attempt.subject)
    version, new = versions.freeze(
        attempt.subject, plan, by=attempt.actor.label[:240], occasion=attempt.event
    )
    if new:
        plan_letters.keep_plan(attempt.actor, attempt.subject, version)


@effect
def invite_argument_experts(attempt: Attempt) -> None:
    """Give the session its version and each expert a task of their own, until the day of the session."""
    session = current_session(attempt.subject)
    assert session is not None, "session_is_planned holds"
    session.version = latest_version(attempt.subject.pk)
    session.save(update_fields=["version"])
    for opinion in session.opinions.select_related("expert"):
        open_task(
            kind="argument_opinion",
            title={
                "zh": f"论证{attempt.subject.name}建设方案",
                "en": f"Argue the plan of {attempt.subject.name}",
            },
            url=reverse("expert_opinion", args=[opinion.pk]),
            role=Role.EXPERT,
            person_id=opinion.expert.person_id,
            due_on=session.held_on,
            origin=attempt.subject.origin,
            key=argument.task_key(opinion),
        )


def latest_version(valley_id: int) -> PlanVersion:
    return PlanVersion.objects.filter(plan__valley_id=valley_id).order_by("-number")[0]


@effect
def close_argument(attempt: Attempt) -> None:
    """Write the conclusion that follows from the event and the opinions."""
    session = current_session(attempt.subject)
    if session is None:
        return
    verdicts = list(session.opinions.values_list("verdict", flat=True))
    if attempt.event == "reject_argument":
        session.conclusion = Conclusion.REJECT
    else:
        # passed outright only when more than half say so without asking for changes
        outright = verdicts.count(Conclusion.PASS) * 2 > len(verdicts)
        session.conclusion = Conclusion.PASS if outright else Conclusion.REVISE
    session.concluded_at = timezone.now()
    session.save(update_fields=["conclusion", "concluded_at"])
    _dismiss(session)


def _dismiss(session: ArgumentSession) -> None:
    for opinion in session.opinions.all():
        close_task(argument.task_key(opinion), "closed")


@effect
def abandon_argument(attempt: Attempt) -> None:
    """The plan was withdrawn while experts were at it: the session ends without a conclusion, its tasks
    too.
    """
    session = current_session(attempt.subject)
    if session is None:
        return
    session.concluded_at = timezone.now()
    session.save(update_fields=["concluded_at"])
    _dismiss(session)


@effect
def write_filing_letter(attempt: Attempt) -> None:
    plan_letters.keep_filing(attempt, latest_version(attempt.subject.pk))


@effect
def invite_member_units(attempt: Attempt) -> None:
    """Open the round named in the form: a row and a task for each unit."""
    valley = attempt.subject
    round_ = Consultation.objects.create(
        valley=valley, version=latest_version(valley.pk), opened_on=timezone.localdate(),
        due_on=attempt.payload["due_on"],
    )  # fmt: skip
    wanted = consultation.member_units(valley.origin).filter(pk__in=attempt.payload["units"])
    for unit in wanted:
        opinion = Opinion.objects.create(consultation=round_, organisation=unit)
        open_task(
            kind="consultation_opinion",
            title={
                "zh": f"反馈对{valley.name}建设方案的意见",
                "en": f"Give an opinion on the plan of {valley.name}",
            },
            url=reverse("opinion", args=[opinion.pk]),
            role=Role.MEMBER_UNIT,
            organisation_id=unit.pk,
            due_on=round_.due_on,
            origin=valley.origin,
            key=consultation.task_key(opinion),
        )


@effect
def write_consultation_letter(attempt: Attempt) -> None:
    round_ = current_consultation(attempt.subject.pk)
    assert round_ is not None, "invite_member_units opened it"
    plan_letters.keep_consultation(attempt, round_)


@effect
def close_consultation(attempt: Attempt) -> None:
    """End the round that is open; units that haven't answered stay on record as silent."""
    round_ = current_consultation(attempt.subject.pk)
    if round_ is None or round_.closed_at:
        return
    round_.closed_at = timezone.now()
    round_.save(update_fields=["closed_at"])
    for opinion in round_.opinions.all():
        close_task(consultation.task_key(opinion), "closed")


@effect
def write_return_letter(attempt: Attempt) -> None:
    plan_letters.keep_return(attempt, "认定申请" if attempt.event == "return_application" else "建设方案")


@effect
def write_acceptance_letter(attempt: Attempt) -> None:
    building = process_of(attempt.case).states["building"].deadline
    plan_letters.keep_acceptance(attempt, building)


@effect
def take_targets(attempt: Attempt) -> None:
    """The yearly targets of the accepted plan become those that building is measured by."""
    plan = Plan.objects.get(valley=attempt.subject)
    wanted: dict[tuple[int, str], Any] = {
        (int(year), name): Decimal(str(value))
        for year, row in plan.targets.items()
        for name, value in row.items()
        if name in plan_data().target_indicators and value not in (None, "")
    }
    YearTarget.objects.filter(valley=attempt.subject).delete()
    YearTarget.objects.bulk_create(
        YearTarget(valley=attempt.subject, year=year, indicator=name, target=target)
        for (year, name), target in wanted.items()
    )
