"""Starting and stopping long work."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.jobs import board
from jinchuanggu.foundation.jobs.models import OPEN_STATES, Job, JobState
from jinchuanggu.foundation.jobs.registry import works

SILENCE_SECONDS = 60
"""A running job without a heartbeat for this long has lost its worker."""


def run(
    actor: Actor, *, kind: str, title: str, function: str, parameters: dict[str, Any] | None = None
) -> Job:
    """Queue registered work for this actor and return its job; it starts once the surrounding transaction
    commits.

    `parameters` must be JSON. Raises `KeyError` for work nobody registered.
    """
    from jinchuanggu.foundation.jobs.tasks import run_job

    if function not in works:
        raise KeyError(f"no work is registered as {function!r}")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, title=title[:200], function=function, parameters=parameters or {},
            person_id=actor.person_id, membership_id=None if actor.role == SYSTEM else actor.membership_id,
        )  # fmt: skip
        record(actor, "job.start", job, detail={"function": function})
        transaction.on_commit(lambda: run_job.enqueue(job.pk))
    job.refresh_from_db()
    return job


def cancel(actor: Actor, job: Job) -> None:
    """Ask a job of the actor to stop: a waiting one never starts, a running one stops at its next step."""
    if not job.open:
        return
    board.ask_cancel(job.pk)  # first, since the database may be held by the work itself
    with transaction.atomic():
        stopped = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
            state=JobState.CANCELLED, cancel_asked=True, ended_at=timezone.now()
        )
        if not stopped:
            Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_asked=True)
        record(actor, "job.cancel", job)
    if stopped:
        board.clear(job.pk)
    job.refresh_from_db()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _lost(job: Job) -> bool:
    host, _sep, pid = job.worker.rpartition(":")
    if host == socket.gethostname():
        if pid.isdecimal() and not _alive(int(pid)):
            return True
        silence = board.silent_for(job.pk)
        return silence is None or silence > SILENCE_SECONDS
    # another machine's worker: its heartbeat cannot be heard here
    return job.started_at is not None and job.started_at < timezone.now() - timedelta(days=1)


def fail_lost() -> int:
    """End, with words, the running jobs whose worker is gone. Returns how many."""
    from jinchuanggu.foundation.jobs.tasks import announce

    ended = 0
    for job in Job.objects.filter(state=JobState.RUNNING):
        if not _lost(job):
            continue
        changed = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(
            state=JobState.FAILED, ended_at=timezone.now(),
            error=_("后台进程中断，作业未完成；未提交的改动已全部撤回，请重新发起"),
        )  # fmt: skip
        if changed:
            board.clear(job.pk)
            announce(job.pk)
            ended += 1
    return ended


def enqueue_forgotten(older_than: timedelta = timedelta(minutes=2)) -> int:
    """Queue again the waiting jobs that never reached the queue (a process died right after its commit)."""
    from jinchuanggu.foundation.jobs.tasks import run_job

    waiting = Job.objects.filter(state=JobState.WAITING, created_at__lt=timezone.now() - older_than)
    known = _queued_ids()
    forgotten = [pk for pk in waiting.values_list("pk", flat=True) if pk not in known]
    for pk in forgotten:
        run_job.enqueue(pk)
    return len(forgotten)


def _queued_ids() -> set[int]:
    from django_tasks_db.models import DBTaskResult

    rows = DBTaskResult.objects.filter(
        task_path="jinchuanggu.foundation.jobs.tasks.run_job", finished_at__isnull=True
    )
    return {args["args"][0] for args in rows.values_list("args_kwargs", flat=True) if args.get("args")}


def live(job: Job) -> Job:
    """The job with the newest counts, also those that its own transaction still hides."""
    if job.state == JobState.RUNNING:
        facts = board.read(job.pk)
        job.done = max(job.done, int(facts.get("done", 0)))
        job.total = max(job.total, int(facts.get("total", 0)))
    return job


__all__ = ["OPEN_STATES", "cancel", "enqueue_forgotten", "fail_lost", "live", "run"]
