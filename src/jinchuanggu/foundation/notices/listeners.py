"""What is worth a notice: something waits for a hat, a case moved, a job ended.

The words name roles and never people: who assessed or advised stays unseen by those it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.events import subscribe
from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.jobs.models import Job, JobState
from jinchuanggu.foundation.notices.actions import Text, notify, people_with_role
from jinchuanggu.foundation.notices.models import MailState, Notice
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.definition import Move
from jinchuanggu.foundation.workflow.models import Case, Task

FOLLOWERS = (Role.CITY_OFFICE, Role.CITY_GOVERNMENT)
"""Hats that follow their case wherever it lies, besides whoever must act."""

QUICK_JOB_SECONDS = 10


def holders_of(task: Task) -> list[int]:
    """The people for whom a task waits today."""
    if task.person_id:
        return [task.person_id]
    return people_with_role(task.role, [task.organisation_id] if task.organisation_id else [])


def _due(task: Task) -> Text:
    if task.due_on is None:
        return {"zh": "", "en": ""}
    day = task.due_on.isoformat()
    return {"zh": f"，{day} 前办结", "en": f", due by {day}"}


def _back_reason(task: Task) -> str:
    """The reason of the move that put the task there; a return must say why where it is read."""
    if task.case_id is None:
        return ""
    step = task.case.steps.order_by("-pk").first()
    return step.reason if step is not None and step.target == task.kind else ""


def tell_of_task(task: Task) -> int:
    """Tell the holders that something waits for them; safe to repeat."""
    due, reason = _due(task), _back_reason(task)
    subject = str(task.case.subject) if task.case_id else ""
    head = {"zh": f"{subject}：" if subject else "", "en": f"{subject}: " if subject else ""}
    tail = {"zh": f"。理由：{reason}" if reason else "", "en": f". Reason: {reason}" if reason else ""}
    text = {
        "zh": f"待办 · {head['zh']}{task.title.get('zh', '')}{due['zh']}{tail['zh']}",
        "en": f"To do · {head['en']}{task.title.get('en', '')}{due['en']}{tail['en']}",
    }
    return notify(holders_of(task), text=text, url=task.url, key=f"task:{task.pk}")


@subscribe("task.opened")
def _task_opened(task: Task, **_: Any) -> None:
    tell_of_task(task)


def _role_words(role: str) -> Text:
    if role == SYSTEM or role not in Role.values:
        return {"zh": "系统", "en": "The system"}
    with override("zh-hans"):
        zh = str(Role(role).label)
    with override("en"):
        en = str(Role(role).label)
    return {"zh": zh, "en": en}


def _following(case: Case, subject: Any) -> set[int]:
    people: set[int] = set()
    for role in FOLLOWERS:
        people.update(people_with_role(role, registry.holders[case.process](subject, role)))
    return people


def _already_told(case: Case) -> set[int]:
    """Those who must act now have been told so, with the reason."""
    return {pk for task in case.tasks.filter(closed_at__isnull=True) for pk in holders_of(task)}


def settle(keys: Iterable[str]) -> int:
    """What somebody has done needs no reading any more, nor a mail."""
    pending = Notice.objects.filter(key__in=list(keys))
    pending.filter(mail=MailState.WAITING).update(mail=MailState.NONE)
    return pending.filter(read_at__isnull=True).update(read_at=timezone.now())


@subscribe("case.moved")
def _case_moved(case: Case, move: Move, actor: Actor, subject: Any, reason: str = "", **_: Any) -> None:
    settle(f"task:{pk}" for pk in case.tasks.filter(closed_at__isnull=False).values_list("pk", flat=True))
    if case.process in registry.quiet:
        return
    people = _following(case, subject) - _already_told(case) - {actor.person_id or 0}
    who = _role_words(actor.role)
    because = {"zh": f"。理由：{reason}" if reason else "", "en": f". Reason: {reason}" if reason else ""}
    text = {
        "zh": f"{subject}：{who['zh']}已办理“{move.title['zh']}”{because['zh']}",
        "en": f"{subject}: {who['en']} did “{move.title['en']}”{because['en']}",
    }
    notify(
        people,
        text=text,
        url=registry.addresses[case.process](subject),
        key=f"case:{case.pk}:{case.revision}",
    )


def _recipients(job: Job) -> Iterable[int]:
    if job.person_id is not None:
        return [job.person_id]
    return people_with_role(Role.ADMIN) if job.state == JobState.FAILED else []


@subscribe("job.ended")
def _job_ended(job: Job, **_: Any) -> None:
    if job.state == JobState.CANCELLED:
        return
    spent = (job.ended_at - job.started_at).total_seconds() if job.ended_at and job.started_at else 0
    if job.state == JobState.DONE and spent < QUICK_JOB_SECONDS:
        return  # its owner is still looking at the page
    failed = job.state == JobState.FAILED
    text = {
        "zh": f"后台作业“{job.title}”{'失败：' + job.error if failed else '已完成'}",
        "en": f"Job “{job.title}” {'failed: ' + job.error if failed else 'is done'}",
    }
    notify(_recipients(job), text=text, url=f"/jobs/{job.pk}/", key=f"job:{job.pk}")


@on_tick("notices.missed")
def _missed(now: datetime) -> int:
    """Tell of tasks whose notice was lost because a process died right after the commit."""
    told = 0
    recent = Task.objects.filter(
        closed_at__isnull=True,
        created_at__gt=now - timedelta(days=2),
        created_at__lt=now - timedelta(minutes=2),
    ).select_related("case")
    known = _told_keys([task.pk for task in recent])
    for task in recent:
        if f"task:{task.pk}" not in known:
            told += tell_of_task(task)
    return told


@on_tick("notices.settled")
def _settled(now: datetime) -> int:
    """Notices of tasks that were closed in other ways than by a move."""
    closed = Task.objects.filter(closed_at__gt=now - timedelta(days=2))
    return settle(f"task:{pk}" for pk in closed.values_list("pk", flat=True))


def _told_keys(pks: list[int]) -> set[str]:
    return set(Notice.objects.filter(key__in=[f"task:{pk}" for pk in pks]).values_list("key", flat=True))
