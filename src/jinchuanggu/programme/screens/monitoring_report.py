"""One yearly report: reading, writing chapter by chapter, its moves, its file, its scores and the decision on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.actions import monitoring as actions
from jinchuanggu.programme.models import AnnualReport
from jinchuanggu.programme.monitoring import letters, telling, view
from jinchuanggu.programme.monitoring.access import get_report, may_score, may_write
from jinchuanggu.programme.monitoring.cases import case_of
from jinchuanggu.programme.monitoring.snapshot import current
from jinchuanggu.programme.screens.common import actor_of
from jinchuanggu.programme.screens.monitoring import READERS, TYPES, download
from jinchuanggu.programme.screens.moves import payload_of

MOVERS = frozenset(
    {Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.CITY_OFFICE, Role.CITY_GOVERNMENT}
)
ITEM_ROWS, MOST_ITEMS = 3, 30


@require_safe
@guard(*READERS)
def annual_report(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_report(actor_of(request), pk))


def _show(
    request: HttpRequest, report: AnnualReport, refusals: list[Refusal] | None = None, event: str = ""
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    context = view.frame(actor, report) | view.body(actor, report, today)
    published = report.score is not None
    # points are the office's until they are published
    if published or (actor.role == Role.PROVINCIAL_OFFICE and report.state in ("scoring", "scored")):
        context |= {"scores": view.scores(report)}
    before = AnnualReport.objects.filter(valley=report.valley_id, cycle__year=report.cycle.year - 1).first()
    context |= {
        "items": list(report.items.all()), "refusals": refusals or [], "today": today, "published": published,
        "before": before, "told": telling.told(report, before, context, today),
        "tried": next((one["label"] for one in context["moves"] if one["event"] == event), ""),
        "reason": request.POST.get("reason", ""), "issuing_number": request.POST.get("issuing_number", ""),
    }  # fmt: skip
    return render(request, "programme/monitoring/report.html", context, status=422 if refusals else 200)


@require_safe
@guard(Role.CITY_OFFICE)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All chapters, each its own form that saves itself."""
    report = get_report(actor_of(request), pk)
    if not may_write(actor_of(request), report):
        if report.state != "drafting":
            messages.info(request, _("报告已不在编写中，不能修改"))
            return redirect(report)
        raise Http404
    return _editor(request, report)


def _editor(
    request: HttpRequest, report: AnnualReport, conflict: dict[str, Any] | None = None, error: str = ""
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    context = view.frame(actor, report) | view.body(actor, report, today)
    context |= {
        "conflict": conflict, "error": error, "crumbs": view.crumbs(report, (_("编写"), "")),
        "unconfirmed": sum(one["draft"] for one in context["sections"]),
    }  # fmt: skip
    return render(
        request, "programme/monitoring/edit.html", context, status=409 if conflict else 422 if error else 200
    )


@require_POST
@guard(Role.CITY_OFFICE)
def report_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Save one chapter: by its button, or by itself while one types (204, 409 when somebody else was first)."""
    actor, quiet = actor_of(request), request.headers.get("X-Requested-With") == "autosave"
    text, revision = request.POST.get("text", ""), _whole(request.POST.get("version", ""))
    try:
        saved = actions.save_section(actor, report_id=pk, section=section, text=text, revision=revision)
    except actions.Conflict as clash:
        if quiet:
            return HttpResponse(status=409, headers={"X-Version": str(clash.revision)})
        return _editor(
            request, get_report(actor, pk), {"section": section, "mine": text, "theirs": clash.now}
        )
    except ValidationError as problem:
        if quiet:
            return HttpResponse(status=204, headers={"X-Version": str(revision), "X-Unsaved": "1"})
        return _editor(request, get_report(actor, pk), error=_("；").join(problem.messages))
    if quiet:
        return HttpResponse(status=204, headers={"X-Version": str(saved.edited[section]["revision"])})
    messages.success(request, _("已保存并确认这一章"))
    return redirect(f"{reverse('report_edit', args=[pk])}#s-{section}")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*MOVERS)
def report_move(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """One move; every refusal at once. A second press of the same button changes nothing."""
    actor = actor_of(request)
    report = get_report(actor, pk)
    if event in view.ON_PAGES:
        raise Http404
    if request.method != "POST":
        return redirect(report)
    try:
        engine.fire(
            actor, case_of(report), event, reason=request.POST.get("reason", "").strip()[:2000],
            payload=payload_of(request), revision=_revision(request),
        )  # fmt: skip
    except StaleCase as stale:
        last = case_of(report).steps.last()
        if last is None or last.event != event or last.actor_label != actor.label:
            return _show(request, get_report(actor, pk), stale.refusals, event)
    except (Refused, ValidationError) as problem:
        return _show(request, get_report(actor, pk), _refusals(problem), event)
    report = get_report(actor, pk)
    messages.success(request, _("已办理：现为“%(state)s”") % {"state": view.state(report)["label"]})
    return redirect(report)


def _refusals(problem: Refused | ValidationError) -> list[Refusal]:
    return problem.refusals if isinstance(problem, Refused) else [Refusal(text) for text in problem.messages]


def _revision(request: HttpRequest) -> int | None:
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


@require_safe
@guard(*READERS)
def report_file(request: HttpRequest, pk: int, extension: str) -> HttpResponse:
    """The report as it stands, as Word or PDF with charts, before and after filing."""
    report = get_report(actor_of(request), pk)
    if extension not in TYPES:
        raise Http404
    with translation.override(letters.CHINESE):
        today = timezone.localdate()
        figures = current(report, today)
        chapters = {one["key"]: one["text"] for one in view.sections(report, figures, today)}
        report.sections = {**chapters, **report.sections}
        letter = letters.preview(actor_of(request), report, figures)
    return download(letter, extension, f"report-{report.cycle.year}-{report.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.PROVINCIAL_OFFICE)
def report_scores(request: HttpRequest, pk: int) -> HttpResponse:
    """Computed points beside the office's; each may be set with a reason."""
    actor = actor_of(request)
    report = get_report(actor, pk)
    if not may_score(actor, report):
        return redirect(report)
    errors: dict[str, str] = {}
    typed = {"criterion": request.POST.get("criterion", ""), "points": request.POST.get("points", ""),
             "reason": request.POST.get("reason", "")}  # fmt: skip
    if request.method == "POST":
        try:
            actions.score(
                actor,
                report_id=pk,
                criterion=typed["criterion"],
                points=typed["points"],
                reason=typed["reason"],
            )
        except ValidationError as problem:
            errors = {key: _("；").join(found) for key, found in problem.message_dict.items()}
        else:
            messages.success(request, _("已记分"))
            return redirect(f"{reverse('report_scores', args=[pk])}#c-{typed['criterion']}")
    context = view.frame(actor, report) | {
        "scores": view.scores(report),
        "errors": errors,
        "typed": typed,
        "crumbs": view.crumbs(report, (_("评价打分"), "")),
    }
    return render(request, "programme/monitoring/scores.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.PROVINCIAL_OFFICE)
def report_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Support, rectify with items, or propose the revocation."""
    actor = actor_of(request)
    report = get_report(actor, pk)
    frame = view.frame(actor, report)
    same = report.state != "deciding" and request.POST.get("outcome", "-") == report.outcome
    if not frame["decides"] or same:
        return redirect(report)  # decided already, also by a second press
    rows = [
        {name: request.POST.get(f"{name}-{n}", "") for name in ("title", "requirement", "due_on")} | {"n": n}
        for n in range(1, _item_rows(request) + 1)
    ]
    refusals: list[Refusal] = []
    if request.method == "POST" and "more" not in request.POST:
        try:
            number = str(payload_of(request).get("issuing_number", ""))
            actions.decide(
                actor, report_id=pk, outcome=request.POST.get("outcome", ""), items=rows, issuing_number=number,
                reason=request.POST.get("reason", "").strip()[:2000], revision=_revision(request),
            )  # fmt: skip
        except (Refused, ValidationError) as problem:
            refusals = _refusals(problem)
        else:
            messages.success(request, _("决定已作出，通知已生成"))
            return redirect("annual_report", pk)
    context = frame | {
        "scores": view.scores(report), "rows": rows, "refusals": refusals, "outcome": request.POST.get("outcome", ""),
        "reason": request.POST.get("reason", ""), "number": request.POST.get("issuing_number", ""),
        "crumbs": view.crumbs(report, (_("作出决定"), "")), "today": timezone.localdate(),
        "full": len(rows) >= MOST_ITEMS,
    }  # fmt: skip
    return render(request, "programme/monitoring/decide.html", context, status=422 if refusals else 200)


def _item_rows(request: HttpRequest) -> int:
    """How many rows for items: as many as were there, and further ones on asking."""
    there = _whole(request.POST.get("rows", "")) or ITEM_ROWS
    return min(there + (ITEM_ROWS if "more" in request.POST else 0), MOST_ITEMS)
