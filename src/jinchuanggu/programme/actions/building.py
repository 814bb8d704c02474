"""Deeds of the building stage: fit the milestones to the plan, report progress, warn of delays."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.engine import close_task, open_task
from jinchuanggu.programme.access import get_own_valley, visible_valleys
from jinchuanggu.programme.building_state import standing
from jinchuanggu.programme.cases import PROCESS
from jinchuanggu.programme.models import Milestone, Valley
from jinchuanggu.programme.schemes.loading import read

BUILDING_STATES = ("preparing", "building", "rectifying")
WARNED_STATES = ("building", "rectifying")


def get_milestone(actor: Actor, pk: int) -> Milestone:
    """A milestone the actor may report on: of the own city, or of the valley it operates. Raises Http404."""
    rows = Milestone.objects.select_related("valley").filter(pk=pk)
    if actor.role == Role.CITY_OFFICE:
        rows = rows.filter(valley__region_id=actor.region_id)
    elif actor.role == Role.OPERATOR and actor.organisation_id:
        rows = rows.filter(valley__operator_id=actor.organisation_id)
    else:
        raise Http404
    milestone = rows.filter(valley__in=visible_valleys(actor)).first()
    if milestone is None:
        raise Http404
    return milestone


def save_milestone(
    actor: Actor,
    *,
    valley_pk: int,
    pk: int | None = None,
    title: str,
    starts_on: date,
    due_on: date,
    responsible: str = "",
    revision: int | None = None,
) -> Milestone:
    """Add or change what the plan promises for a day; by the city office. Raises ValidationError with all fields."""
    valley = _city_valley(actor, valley_pk)
    milestone = Milestone(valley=valley)
    if pk is not None:
        found = Milestone.objects.filter(pk=pk, valley=valley).first()
        if found is None:
            raise Http404
        milestone = found
    verb = "milestone.change" if pk else "milestone.add"
    with act(actor, verb, milestone if pk else None) as deed:
        if pk:
            milestone = _locked(milestone, revision)
        _must_be_building(valley)
        milestone.title, milestone.responsible = title.strip(), responsible.strip()
        milestone.starts_on, milestone.due_on = starts_on, due_on
        milestone.revision += 1
        if due_on < starts_on:
            raise ValidationError({"due_on": _("计划完成日期不能早于开始日期")})
        milestone.full_clean(validate_constraints=False)
        milestone.save()
        if pk:
            deed.target.refresh_from_db()  # type: ignore[union-attr]
        else:
            deed.target = milestone
    return milestone


def report_progress(
    actor: Actor,
    *,
    pk: int,
    progress: int,
    note: str = "",
    done_on: date | None = None,
    revision: int | None = None,
) -> Milestone:
    """Say how far a milestone is, by the city office or the operator. 100 % needs the day it was done, and back.

    The same report sent twice changes nothing the second time. Raises ValidationError.
    """
    milestone = get_milestone(actor, pk)
    _must_be_building(milestone.valley)
    problems: dict[str, str] = {}
    if not 0 <= progress <= 100:
        problems["progress"] = _("进度为 0 至 100 的整数")
    if progress == 100 and done_on is None:
        done_on = timezone.localdate()
    if done_on is not None and done_on > timezone.localdate():
        problems["done_on"] = _("实际完成日期不能晚于今天")
    if done_on is not None and progress < 100:
        problems["progress"] = _("填写了实际完成日期，进度应为 100")
    if problems:
        raise ValidationError(problems)
    with act(actor, "milestone.progress", milestone) as deed:
        locked = _locked(milestone, revision)
        if (locked.progress, locked.note, locked.done_on) != (progress, note.strip(), done_on):
            locked.progress, locked.note, locked.done_on = progress, note.strip(), done_on
            locked.revision += 1
            locked.full_clean(validate_constraints=False)
            locked.save()
        deed.target.refresh_from_db()  # type: ignore[union-attr]
        if done_on is not None:
            for role in (Role.CITY_OFFICE, Role.OPERATOR):
                close_task(_task_key(locked, role))
    return milestone


@on_tick("programme.delays")
def _tick(now: datetime) -> int:
    return warn_of_delays(today=timezone.localdate(now))


def warn_of_delays(*, today: date | None = None) -> int:
    """Put late and soon-due lagging milestones into the queues of city office and operator; by the clock, once each.

    Returns how many warnings are new. The task's own listeners tell the people.
    """
    today = today or timezone.localdate()
    data = read("milestones.v1")
    lag, ahead = int(data["lag_percent"]), int(data["warn_days_before"])
    opened = 0
    rows = Milestone.objects.filter(done_on__isnull=True, valley__state__in=WARNED_STATES).select_related(
        "valley"
    )
    for milestone in rows.iterator():
        found = standing(milestone, today, lag_percent=lag)
        if found.light == "late" or (found.light == "lagging" and found.days <= ahead):
            opened += _warn(milestone, found.light)
    return opened


def _warn(milestone: Milestone, light: str) -> int:
    from jinchuanggu.foundation.workflow.models import Task

    valley, opened = milestone.valley, 0
    words = {"late": ("逾期", "overdue"), "lagging": ("滞后", "lagging")}[light]
    for role in (Role.CITY_OFFICE, Role.OPERATOR):
        key = _task_key(milestone, role)
        if Task.objects.filter(key=key, closed_at__isnull=True).exists():
            continue
        for organisation_id in registry.holders[PROCESS](valley, role)[:1]:
            # one warning in the history per task, so that "who was warned when" can be shown
            with act(SYSTEM_ACTOR, "milestone.warn", milestone, detail={"light": light, "role": str(role)}):
                open_task(
                    kind="milestone_late", key=key, role=role, organisation_id=organisation_id,
                    title={"zh": f"里程碑{words[0]}：{milestone.title}", "en": f"Milestone {words[1]}: {milestone.title}"},
                    url=reverse("building", args=[valley.pk]), due_on=milestone.due_on, origin=valley.origin,
                )  # fmt: skip
            opened += 1
    return opened


def begin(actor: Actor, valley: Valley) -> None:
    """Start the clock of building: the day, and the milestones the stage begins with. Inside the move's transaction."""
    today = timezone.localdate()
    Valley.objects.filter(pk=valley.pk, building_since__isnull=True).update(building_since=today)
    valley.refresh_from_db(fields=["building_since"])
    if Milestone.objects.filter(valley=valley).exists():
        return
    start = valley.building_since or today
    rows = [_default(valley, start, item) for item in read("milestones.v1")["milestones"]]
    for year in sorted(set(valley.year_targets.values_list("year", flat=True))):
        end = date(year, 12, 31)
        if end > start:
            rows.append(
                Milestone(valley=valley, title=f"完成{year}年度目标", starts_on=max(start, date(year, 1, 1)),
                          due_on=end, responsible=_responsible(valley, "city"))
            )  # fmt: skip
    Milestone.objects.bulk_create(rows)
    record(
        actor,
        "milestone.open",
        valley,
        detail={"count": len(rows), "basis": read("milestones.v1")["basis"]["zh"]},
    )


def _default(valley: Valley, start: date, item: dict[str, Any]) -> Milestone:
    return Milestone(
        valley=valley, title=item["zh"], starts_on=months_after(start, item["from"]),
        due_on=months_after(start, item["to"]), responsible=_responsible(valley, item["who"]),
    )  # fmt: skip


def months_after(day: date, months: int) -> date:
    """The same day so many months later, the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for length in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, length))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _responsible(valley: Valley, who: str) -> str:
    if who == "operator" and valley.operator_id:
        return str(valley.operator)
    office = Organisation.objects.filter(
        region_id=valley.region_id, kind=OrganisationKind.CITY_OFFICE
    ).first()
    return str(office or valley.region)


def _city_valley(actor: Actor, pk: int) -> Valley:
    valley = get_own_valley(actor, pk)
    if actor.role != Role.CITY_OFFICE:
        raise Http404
    return valley


def _must_be_building(valley: Valley) -> None:
    if valley.state not in BUILDING_STATES:
        raise ValidationError(_("当前不在先行建设阶段，不能修改里程碑"))


def _locked(milestone: Milestone, revision: int | None) -> Milestone:
    """The row under its lock; a page that is behind says so instead of overwriting."""
    locked = Milestone.objects.select_for_update().get(pk=milestone.pk)
    if revision is not None and locked.revision != revision:
        raise ValidationError(_("该里程碑已被他人更新，请核对后重新提交"), code="stale")
    return locked


def _task_key(milestone: Milestone, role: str) -> str:
    return f"milestone:{milestone.pk}:{role}"
