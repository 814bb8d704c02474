"""Screens of long work: my jobs, one job with live progress, cancel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import signed_in
from jinchuanggu.foundation.jobs import jobs as work
from jinchuanggu.foundation.jobs import queries
from jinchuanggu.foundation.jobs.models import Job
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workbench.paging import pages
from jinchuanggu.foundation.workflow.engine import say

PAGE = 30


@require_GET
@signed_in
def jobs(request: HttpRequest) -> HttpResponse:
    """My jobs, newest first."""
    rows = queries.visible(request.actor).select_related("person")  # type: ignore[attr-defined]
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    shown = [work.live(job) for job in found[:PAGE]]
    context = {
        "jobs": shown,
        "running": sum(job.open for job in shown),
        "show_owner": request.actor.role == Role.ADMIN,  # type: ignore[attr-defined]
        "pages": pages(request, "before", older),
    }
    return render(request, "jobs/list.html", context)


def _remaining(job: Job) -> str:
    """The time still to go at the pace so far, once there is one to speak of."""
    if not (job.open and job.started_at and job.total and job.done):
        return ""
    spent = (timezone.now() - job.started_at).total_seconds()
    if spent < 2:
        return ""
    seconds = round(spent * (job.total - job.done) / job.done)
    if seconds < 90:
        return ngettext("%d 秒", "%d 秒", seconds) % seconds
    minutes = round(seconds / 60)
    return ngettext("%d 分钟", "%d 分钟", minutes) % minutes


def _summary(job: Job) -> str:
    """What came of it in words: the work's own sentence (`{"text": {zh, en}}`), else its figures one
    by one.
    """
    if job.error:
        return job.error
    if "text" in job.summary:
        return say(job.summary["text"])
    return "；".join(f"{key}: {value}" for key, value in job.summary.items())


def panel(actor: Actor, job: Job) -> dict[str, Any]:
    """Context of components/jobpanel.html."""
    result = queries.result_of(job) if job.person_id == actor.person_id else None
    return {
        "title": job.title,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "left": _remaining(job),
        "url": reverse("job", args=[job.pk]),
        "cancel_url": reverse("job_cancel", args=[job.pk]) if job.open else "",
        "log": job.log,
        "summary": _summary(job),
        "result_url": reverse("document_version", args=[result.document_id, result.number]) if result else "",
    }


@require_GET
@signed_in
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked by htmx it answers with the panel alone, which stops asking when the job has ended."""
    found = work.live(queries.get_job(request.actor, pk))  # type: ignore[attr-defined]
    context = {"job": found, "panel": panel(request.actor, found)}  # type: ignore[attr-defined]
    bare = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    response = render(request, "jobs/_panel.html" if bare else "jobs/detail.html", context)
    if bare and not found.open:
        response["HX-Refresh"] = "true"  # the words around the panel have changed too
    return response


@require_POST
@signed_in
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_job(request.actor, pk)  # type: ignore[attr-defined]
    work.cancel(request.actor, found)  # type: ignore[attr-defined]
    return redirect("job", pk=found.pk)
