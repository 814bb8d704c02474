"""Screens of long work: my jobs, one job with live progress, cancel."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.foundation.access.guards import signed_in
from jinchuanggu.foundation.jobs import jobs as work
from jinchuanggu.foundation.jobs import queries
from jinchuanggu.foundation.jobs.models import Job

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
    return render(
        request, "jobs/list.html", {"jobs": [work.live(job) for job in found[:PAGE]], "older": older}
    )


def _remaining(job: Job) -> int | None:
    """Seconds still to go at the pace so far, once there is one to speak of."""
    if not (job.started_at and job.total and job.done):
        return None
    spent = (timezone.now() - job.started_at).total_seconds()
    return round(spent * (job.total - job.done) / job.done) if spent > 2 else None


@require_GET
@signed_in
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked by htmx it answers with the panel alone, which stops asking when the job has ended."""
    found = work.live(queries.get_job(request.actor, pk))  # type: ignore[attr-defined]
    context = {
        "job": found,
        "remaining": _remaining(found) if found.open else None,
        "result": queries.result_of(found),
        "mine": found.person_id == request.actor.person_id,  # type: ignore[attr-defined]
    }
    panel = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "jobs/_panel.html" if panel else "jobs/detail.html", context)


@require_POST
@signed_in
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found = queries.get_job(request.actor, pk)  # type: ignore[attr-defined]
    work.cancel(request.actor, found)  # type: ignore[attr-defined]
    return redirect("job", pk=found.pk)
