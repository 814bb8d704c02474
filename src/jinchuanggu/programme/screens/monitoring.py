"""Yearly monitoring: the years, one year, one report with its chapters, scores, decision and rectification."""

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
from jinchuanggu.foundation.documents.actions import add_document
from jinchuanggu.foundation.letters import render_docx, render_pdf
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.programme.actions import monitoring as actions
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle
from jinchuanggu.programme.monitoring import letters, view
from jinchuanggu.programme.monitoring.access import (
    get_item,
    get_report,
    may_answer,
    may_check,
    may_score,
    may_write,
    visible_reports,
)
from jinchuanggu.programme.monitoring.cases import case_of
from jinchuanggu.programme.monitoring.scheme import current as current_scheme
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.monitoring.snapshot import current
from jinchuanggu.programme.screens.assessment_frame import say_problems
from jinchuanggu.programme.screens.common import actor_of
from jinchuanggu.programme.screens.moves import payload_of

READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR}
MOVERS = frozenset(
    {Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.CITY_OFFICE, Role.CITY_GOVERNMENT}
)
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
ITEM_ROWS = 4


@require_safe
@guard(*READERS)
def monitoring(request: HttpRequest) -> HttpResponse:
    """The years, newest first, each with who filed and what was decided."""
    actor = actor_of(request)
    rows = of_origin(visible_reports(actor), origin_view(request)).select_related("cycle")
    years: dict[int, dict[str, Any]] = {}
    for row in rows.order_by("-cycle__year"):
        one = years.setdefault(
            row.cycle.year,
            {
                "cycle": row.cycle,
                "all": 0,
                "filed": 0,
                "late": 0,
                "decided": 0,
                "support": 0,
                "rectify": 0,
                "revoke": 0,
            },
        )
        one["all"] += 1
        one["filed"] += row.filed_at is not None
        one["late"] += bool(row.late)
        one["decided"] += bool(row.outcome)
        if row.outcome:
            one[row.outcome] += 1
    today = timezone.localdate()
    newest = next(iter(years.values()), None)
    context = {
        "years": list(years.values()), "newest": newest, "today": today, "basis": view.word(settings().basis),
        "may_open": actor.role == Role.PROVINCIAL_OFFICE
        and not MonitoringCycle.objects.filter(year=today.year).exists(),
        "this_year": today.year, "opens_on": settings().opens_on(today.year), "crumbs": view.crumbs(),
    }  # fmt: skip
    return render(request, "programme/monitoring/years.html", context)


@require_POST
@guard(Role.PROVINCIAL_OFFICE)
def monitoring_open(request: HttpRequest) -> HttpResponse:
    """Open this year's cycle before the clock does; pressing twice opens it once."""
    cycle = actions.open_cycle(actor_of(request), timezone.localdate().year)
    messages.success(request, _("%(year)d 年度监测已启动") % {"year": cycle.year})
    return redirect("monitoring_cycle", cycle.year)


def _cycle(request: HttpRequest, year: int) -> tuple[MonitoringCycle, list[AnnualReport]]:
    """The cycle with the reports in the reader's scope. Raises Http404 when there is none of them."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    rows = of_origin(visible_reports(actor_of(request)), origin_view(request)).filter(cycle__year=year)
    found = list(rows.select_related("valley__region", "cycle"))
    if cycle is None or (not found and not actor_of(request).province_wide):
        raise Http404
    return cycle, found


@require_safe
@guard(*READERS)
def monitoring_cycle(request: HttpRequest, year: int) -> HttpResponse:
    return _show_cycle(request, year)


def _show_cycle(request: HttpRequest, year: int, refusals: list[str] | None = None) -> HttpResponse:
    cycle, rows = _cycle(request, year)
    actor = actor_of(request)
    filed = [row for row in rows if row.filed_at]
    context = {
        "cycle": cycle, "rows": view.cycle_rows(actor, cycle, rows), "all": len(rows), "filed": len(filed),
        "late": sum(bool(row.late) for row in filed), "missing": len(rows) - len(filed),
        "overdue": timezone.localdate() > cycle.due_on, "scheme": view.scheme_words(scheme_of(cycle)),
        "may_publish": actor.role == Role.PROVINCIAL_OFFICE and any(row.state == "scored" for row in rows),
        "waiting": [row for row in rows if row.state in ("filed", "scoring")], "refusals": refusals or [],
        "summaries": [origin for origin in ("real", "simulated") if any(row.origin == origin for row in rows)]
        if actor.province_wide else [],
        "crumbs": [*view.crumbs(year=year)[:-1], {"label": str(year), "url": ""}],
        "simulated": bool(rows) and all(row.origin == "simulated" for row in rows),
    }  # fmt: skip
    return render(request, "programme/monitoring/cycle.html", context, status=422 if refusals else 200)


@require_POST
@guard(Role.PROVINCIAL_OFFICE)
def monitoring_publish(request: HttpRequest, year: int) -> HttpResponse:
    """Rank and publish what is scored."""
    try:
        done = actions.publish_ranking(
            actor_of(request), year=year, summary=request.POST.get("summary", "")[:5000]
        )
    except Refused as refused:
        return _show_cycle(request, year, say_problems(refused))
    messages.success(request, _("已公布 %(n)d 份报告的评价结果") % {"n": done})
    return redirect("monitoring_cycle", year)


@require_safe
@guard(*READERS)
def monitoring_scheme(request: HttpRequest, year: int) -> HttpResponse:
    """The scheme of a year as fixed when its cycle opened; before that, the one that will be used."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    scheme = scheme_of(cycle) if cycle else current_scheme()
    context = {
        "scheme": view.scheme_words(scheme), "year": year, "cycle": cycle, "digest": cycle.scheme_digest if cycle else "",
        "crumbs": view.crumbs(None, (_("评价方案"), ""), year=year if cycle else None),
    }  # fmt: skip
    return render(request, "programme/monitoring/scheme.html", context)


@require_safe
@guard(*PROVINCE_WIDE)
def monitoring_summary(request: HttpRequest, year: int, origin: str, extension: str) -> HttpResponse:
    """The province's summary of a year as Word or PDF, made from what stands now."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    if cycle is None or origin not in ("real", "simulated") or extension not in TYPES:
        raise Http404
    with translation.override(letters.CHINESE):
        letter = letters.summary_letter(actor_of(request), cycle, origin)
    return _file(letter, extension, f"summary-{year}-{origin}")


def _file(letter: Any, extension: str, name: str) -> HttpResponse:
    content = render_docx(letter) if extension == "docx" else render_pdf(letter)
    response = HttpResponse(content, content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


@require_safe
@guard(*READERS)
def annual_report(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, get_report(actor_of(request), pk))


def _show(request: HttpRequest, report: AnnualReport, refusals: list[str] | None = None) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    context = view.frame(actor, report) | view.body(actor, report, today)
    if report.state not in ("drafting", "ready", "filed"):
        context |= {"scores": view.scores(report)}
    context |= {
        "items": list(report.items.all()), "refusals": refusals or [], "today": today,
        "published": report.score is not None,
    }  # fmt: skip
    return render(request, "programme/monitoring/report.html", context, status=422 if refusals else 200)


@require_safe
@guard(Role.CITY_OFFICE)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """All chapters, each its own form that saves itself."""
    report = get_report(actor_of(request), pk)
    if not may_write(actor_of(request), report):
        raise Http404
    return _editor(request, report)


def _editor(
    request: HttpRequest, report: AnnualReport, conflict: dict[str, Any] | None = None, error: str = ""
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    context = view.frame(actor, report) | view.body(actor, report, today)
    context |= {"conflict": conflict, "error": error, "crumbs": view.crumbs(report, (_("编写"), ""))}
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
        return _editor(request, get_report(actor, pk), error="；".join(problem.messages))
    if quiet:
        return HttpResponse(status=204, headers={"X-Version": str(saved.edited[section]["revision"])})
    messages.success(request, _("已保存并确认这一章"))
    return redirect(f"{reverse('report_edit', args=[pk])}#s-{section}")


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@require_POST
@guard(*MOVERS)
def report_move(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """One move; every refusal at once. A second press of the same button changes nothing."""
    actor = actor_of(request)
    report = get_report(actor, pk)
    if event in view.ON_PAGES:
        raise Http404
    try:
        engine.fire(
            actor, case_of(report), event, reason=request.POST.get("reason", "").strip()[:2000],
            payload=payload_of(request), revision=_revision(request),
        )  # fmt: skip
    except StaleCase as stale:
        last = case_of(report).steps.last()
        if last is None or last.event != event or last.actor_label != actor.label:
            return _show(request, get_report(actor, pk), say_problems(stale))
    except (Refused, ValidationError) as problem:
        return _show(request, get_report(actor, pk), say_problems(problem))
    report = get_report(actor, pk)
    messages.success(request, _("已办理：现为“%(state)s”") % {"state": view.state(report)["label"]})
    return redirect(report)


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
    return _file(letter, extension, f"report-{report.cycle.year}-{report.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.PROVINCIAL_OFFICE)
def report_scores(request: HttpRequest, pk: int) -> HttpResponse:
    """Computed points beside the office's; each may be set with a reason."""
    actor = actor_of(request)
    report = get_report(actor, pk)
    if not may_score(actor, report):
        raise Http404
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
            errors = {key: "；".join(found) for key, found in problem.message_dict.items()}
        else:
            messages.success(request, _("已记分"))
            return redirect("report_scores", pk)
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
    if not frame["decides"]:
        raise Http404
    rows = [
        {name: request.POST.get(f"{name}-{n}", "") for name in ("title", "requirement", "due_on")} | {"n": n}
        for n in range(1, ITEM_ROWS + 1)
    ]
    refusals: list[str] = []
    if request.method == "POST":
        try:
            number = str(payload_of(request).get("issuing_number", ""))
            actions.decide(
                actor, report_id=pk, outcome=request.POST.get("outcome", ""), items=rows, issuing_number=number,
                reason=request.POST.get("reason", "").strip()[:2000], revision=_revision(request),
            )  # fmt: skip
        except (Refused, ValidationError) as problem:
            refusals = say_problems(problem)
        else:
            messages.success(request, _("决定已作出，通知已生成"))
            return redirect("annual_report", pk)
    context = frame | {
        "scores": view.scores(report), "rows": rows, "refusals": refusals, "outcome": request.POST.get("outcome", ""),
        "reason": request.POST.get("reason", ""), "number": request.POST.get("issuing_number", ""),
        "crumbs": view.crumbs(report, (_("作出决定"), "")),
    }  # fmt: skip
    return render(request, "programme/monitoring/decide.html", context, status=422 if refusals else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def rectification_item(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be mended, the city's answer with its evidence, the re-check."""
    actor = actor_of(request)
    item = get_item(actor, pk)
    refusals: list[str] = []
    if request.method == "POST":
        try:
            _act_on_item(request, item)
        except (ValidationError, Refused) as problem:
            refusals = say_problems(problem)
        except actions.Conflict as clash:
            refusals = [_("他人已先保存：%(now)s") % {"now": clash.now[:200]}]
        else:
            messages.success(request, _("已保存"))
            return redirect("rectification_item", pk)
    from jinchuanggu.foundation.documents.models import Document

    context = {
        "item": item, "report": item.report, "valley_name": view.display_name(item.report.valley), "refusals": refusals,
        "may_answer": may_answer(actor, item) and not item.accepted, "may_check": may_check(actor, item),
        "evidence": Document.objects.filter(subject_label="programme.rectificationitem", subject_id=item.pk).order_by("pk"),
        "typed": request.POST.get("answer"), "opinion": request.POST.get("opinion", item.opinion),
        "overdue": item.answered_at is None and item.due_on < timezone.localdate(),
        "simulated": item.origin == "simulated", "crumbs": view.crumbs(item.report, (item.title, "")),
    }  # fmt: skip
    return render(request, "programme/monitoring/item.html", context, status=422 if refusals else 200)


def _act_on_item(request: HttpRequest, item: Any) -> None:
    actor, deed = actor_of(request), request.POST.get("deed", "")
    if deed == "check":
        actions.recheck_item(
            actor,
            item_id=item.pk,
            accepted=request.POST.get("accepted") == "yes",
            opinion=request.POST.get("opinion", ""),
        )
        return
    if not (may_answer(actor, item) and not item.accepted):
        raise Http404
    if deed == "evidence":
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError(_("请选择文件"))
        add_document(
            actor, subject=item, kind="rectification_evidence", title=(file.name or "")[:160], file=file,
            dated=timezone.localdate(),
        )  # fmt: skip
        return
    actions.answer_item(
        actor,
        item_id=item.pk,
        answer=request.POST.get("answer", ""),
        revision=_whole(request.POST.get("version", "")),
    )
