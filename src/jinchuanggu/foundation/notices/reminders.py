"""Reminders of due dates: three days before, on the day, and once it has passed. Each goes out once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jinchuanggu.foundation.jobs.clock import on_tick
from jinchuanggu.foundation.notices.actions import Text, notify
from jinchuanggu.foundation.notices.listeners import holders_of
from jinchuanggu.foundation.workflow.models import Deadline, Task

AHEAD = timedelta(days=3)


def stage_of(due: date, today: date) -> str:
    """ "before", "today", "after", or "" while it is too early. A day missed is not made up for."""
    if due < today:
        return "after"
    if due == today:
        return "today"
    return "before" if due - today <= AHEAD else ""


def _text(task: Task, due: date, today: date, stage: str) -> Text:
    subject = str(task.case.subject) if task.case_id else ""
    what = {language: f"{subject} · {words}" if subject else words for language, words in task.title.items()}
    days = abs((due - today).days)
    day = due.isoformat()
    if stage == "before":
        return {
            "zh": f"还有 {days} 天到期（{day}）：{what.get('zh', '')}",
            "en": f"Due in {days} day(s) ({day}): {what.get('en', '')}",
        }
    if stage == "today":
        return {"zh": f"今天到期：{what.get('zh', '')}", "en": f"Due today: {what.get('en', '')}"}
    return {
        "zh": f"已逾期 {days} 天（{day}）：{what.get('zh', '')}",
        "en": f"Overdue by {days} day(s) ({day}): {what.get('en', '')}",
    }


def _remind(task: Task, due: date, today: date, stage: str, key: str) -> int:
    return notify(holders_of(task), text=_text(task, due, today, stage), url=task.url, key=key)


def _of_deadline(pk: int, today: date) -> int:
    """Remind of one deadline; the row lock lets only one of several clocks do it."""
    with transaction.atomic():
        deadline = Deadline.objects.select_for_update().get(pk=pk)
        stage = stage_of(deadline.due_on, today)
        if not stage or stage in deadline.reminded or deadline.closed_at is not None:
            return 0
        told = 0
        for task in deadline.case.tasks.filter(closed_at__isnull=True).select_related("case"):
            told += _remind(task, deadline.due_on, today, stage, f"deadline:{deadline.pk}:{task.pk}:{stage}")
        deadline.reminded = [*deadline.reminded, stage]
        deadline.save(update_fields=["reminded"])
    return told


@on_tick("notices.reminders")
def remind(now: datetime) -> int:
    """Send the reminders that are due at this moment. Returns how many people were told."""
    today = timezone.localdate(now)
    soon = Deadline.objects.filter(closed_at__isnull=True, due_on__lte=today + AHEAD)
    due = [
        pk
        for pk, due_on, reminded in soon.values_list("pk", "due_on", "reminded")
        if stage_of(due_on, today) not in reminded
    ]
    told = sum(_of_deadline(pk, today) for pk in due)
    return told + _of_loose_tasks(today)


def _of_loose_tasks(today: date) -> int:
    """Tasks with a due date of their own (an opinion, a sheet), not that of their case."""
    from jinchuanggu.foundation.notices.models import Notice

    told = 0
    rows = Task.objects.filter(closed_at__isnull=True, due_on__lte=today + AHEAD).select_related("case")
    loose = [task for task in rows if not _has_deadline(task)]
    keys = {task.pk: f"due:{task.pk}:{stage_of(task.due_on, today)}" for task in loose if task.due_on}
    sent = set(Notice.objects.filter(key__in=list(keys.values())).values_list("key", flat=True))
    for task in loose:
        if task.due_on and keys[task.pk] not in sent:
            told += _remind(task, task.due_on, today, stage_of(task.due_on, today), keys[task.pk])
    return told


def _has_deadline(task: Task) -> bool:
    return task.case is not None and task.kind == task.case.state
