"""The one task that the queue knows: run a job. Whatever happens, the job ends in a state with words."""

from __future__ import annotations

import logging
import os
import socket
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from jinchuanggu.foundation import events
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor, from_membership
from jinchuanggu.foundation.jobs import board
from jinchuanggu.foundation.jobs.models import Job, JobState
from jinchuanggu.foundation.jobs.progress import Cancelled, Failed, Progress
from jinchuanggu.foundation.jobs.registry import works

logger = logging.getLogger(__name__)


def here() -> str:
    """The running process as `host:pid`."""
    return f"{socket.gethostname()}:{os.getpid()}"


@task()
def run_job(job_id: int) -> None:
    """Claim a waiting job, do its work as its owner, and write down how it ended. Runs once per job."""
    claimed = Job.objects.filter(pk=job_id, state=JobState.WAITING).update(
        state=JobState.RUNNING, started_at=timezone.now(), worker=here()
    )
    if not claimed:  # cancelled while waiting, or another worker has it
        return
    job = Job.objects.select_related("person").get(pk=job_id)
    progress = Progress(job)
    with progress:
        state, summary, error = _attempt(job, progress)
    Job.objects.filter(pk=job.pk).update(
        state=state,
        summary=summary,
        error=error[:500],
        log=progress.text,
        done=progress.done,
        total=progress.total,
        result_version_id=progress.result_version_id,
        ended_at=timezone.now(),
    )
    board.clear(job.pk)
    announce(job.pk)


def _attempt(job: Job, progress: Progress) -> tuple[str, dict[str, Any], str]:
    try:
        actor = _owner(job)
        summary = works[job.function](actor, progress, **job.parameters) or {}
    except Cancelled:
        return JobState.CANCELLED, {}, ""
    except Failed as problem:
        return JobState.FAILED, {}, str(problem)
    except ValidationError as problem:
        return JobState.FAILED, {}, "；".join(problem.messages)
    except Exception as problem:  # any other end must be told too; the log of the server keeps the trace
        logger.exception("job %s (%s) failed", job.pk, job.function)
        progress.log(f"{type(problem).__name__}: {problem}")
        return (
            JobState.FAILED,
            {},
            _("作业出错中止，已通知系统管理员。作业编号 %(number)s") % {"number": job.pk},
        )
    return JobState.DONE, summary, ""


def _owner(job: Job) -> Actor:
    """The actor under whose hat the work runs. A hat given up in the meantime may not act any more."""
    if job.membership_id is None:
        return SYSTEM_ACTOR
    from jinchuanggu.foundation.organisations.models import Membership

    hat = (
        Membership.objects.filter(pk=job.membership_id)
        .in_force(timezone.localdate())
        .select_related("person", "organisation")
        .first()
    )
    if hat is None:
        raise Failed(_("发起人的身份已失效，作业未执行"))
    return from_membership(hat)


def announce(job_id: int) -> None:
    """Tell the listeners that a job has ended."""
    from django.db import transaction

    with transaction.atomic():
        events.publish("job.ended", job=Job.objects.get(pk=job_id))
