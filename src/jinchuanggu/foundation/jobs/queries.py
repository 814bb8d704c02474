"""Reads of jobs: everybody their own; administrators all, since they must see what fails."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.jobs.models import Job
from jinchuanggu.foundation.organisations.roles import Role


def visible(actor: Actor) -> QuerySet[Job]:
    if actor.role == Role.ADMIN:
        return Job.objects.all()
    if actor.person_id is None:
        return Job.objects.none()
    return Job.objects.filter(person_id=actor.person_id)


def get_job(actor: Actor, pk: int) -> Job:
    """The job, through the actor's scope. Raises Http404."""
    job = visible(actor).select_related("person").filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


def result_of(job: Job) -> Any:
    """The document version made by the job, or None."""
    if job.result_version_id is None:
        return None
    from jinchuanggu.foundation.documents.models import Version

    return Version.objects.select_related("document").filter(pk=job.result_version_id).first()
