"""The expert's own sheet and nothing else: declare, score with evidence beside, submit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.programme.actions import scoring
from jinchuanggu.programme.assessment_access import get_own_seat, own_seats
from jinchuanggu.programme.assessment_view import view_of
from jinchuanggu.programme.conflicts import conflicts_of
from jinchuanggu.programme.forms.assessment import DeclareForm
from jinchuanggu.programme.judging import open_points
from jinchuanggu.programme.models import Assessor
from jinchuanggu.programme.schemes.loading import scheme
from jinchuanggu.programme.screens.assessment_frame import say_problems, spread
from jinchuanggu.programme.versions import basics_lines, section_lines, target_table


@guard(Role.EXPERT)
def mine(request: HttpRequest) -> HttpResponse:
    """The sheets assigned to me, the open ones first."""
    seats = list(
        own_seats(request.actor)
        .select_related("assessment__valley", "assessment__application", "sheet")
        .order_by("-pk")
    )
    open_ones = [seat for seat in seats if _is_open(seat)]
    context = {
        "open_seats": open_ones,
        "closed_seats": [seat for seat in seats if seat not in open_ones],
        "crumbs": [{"label": _("我的评分表"), "url": ""}],
    }
    return render(request, "programme/score_sheets.html", context)


@guard(Role.EXPERT)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """One own sheet; before the declaration only the declaration."""
    return _page(request, get_own_seat(request.actor, pk))


@guard(Role.EXPERT)
@require_POST
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    """No conflict, or which one."""
    seat = get_own_seat(request.actor, pk)
    form, free = DeclareForm(request.POST), request.POST.get("declaration") == "free"
    if form.is_valid():
        try:
            scoring.declare(request.actor, pk=pk, free_of_conflict=free, note=form.cleaned_data["note"])
        except ValidationError as problem:
            spread(form, problem)
        else:
            if free:
                return redirect("score_sheet", pk)
            messages.success(request, _("已登记您的利益申报，本次评估由其他专家递补"))
            return redirect("score_sheets")
    return _page(request, seat, {"declare_form": form}, status=422)


@guard(Role.EXPERT)
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft by script: 204 with X-Version, 409 when a newer one exists, 422 for what couldn't be kept."""
    try:
        saved = _save(request, pk)
    except ValidationError as problem:
        return JsonResponse(
            {"problems": say_problems(problem)}, status=409 if problem_is_stale(problem) else 422
        )
    response: HttpResponse = (
        JsonResponse({"problems": saved.problems}) if saved.problems else HttpResponse(status=204)
    )
    response.headers["X-Version"] = str(saved.sheet.revision)
    return response


@guard(Role.EXPERT)
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Save by button, or save and submit. Whatever is wrong comes back with everything that was typed."""
    seat = get_own_seat(request.actor, pk)
    try:
        saved = _save(request, pk)
        if saved.problems:
            return _page(
                request, seat, {"problems": _listed(saved.problems), "typed": request.POST}, status=422
            )
        if "submit" in request.POST:
            scoring.submit(request.actor, pk=pk, revision=saved.sheet.revision)
            messages.success(request, _("评分表已提交并封存"))
            return redirect("score_sheets")
    except ValidationError as problem:
        seat = get_own_seat(request.actor, pk)
        found = problem.message_dict if hasattr(problem, "error_dict") else {"": problem.messages}
        problems = [{"target": key, "text": text} for key, texts in found.items() for text in texts]
        return _page(request, seat, {"problems": problems, "typed": request.POST}, status=422)
    messages.success(request, _("草稿已保存"))
    return redirect("score_sheet", pk)


def problem_is_stale(problem: ValidationError) -> bool:
    return getattr(problem, "code", None) == "stale"


def _save(request: HttpRequest, pk: int) -> scoring.Saved:
    seat = get_own_seat(request.actor, pk)
    criteria = scheme(seat.assessment.scheme).criteria
    version = request.POST.get("version", "")
    return scoring.save_draft(
        request.actor,
        pk=pk,
        scores={item.id: request.POST.get(f"score-{item.id}", "") for item in criteria},
        reasons={item.id: request.POST.get(f"reason-{item.id}", "") for item in criteria},
        comment=request.POST.get("comment", ""),
        revision=int(version) if version.isdecimal() else -1,
    )


def _page(
    request: HttpRequest, seat: Assessor, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    assessment = seat.assessment
    valley, own = assessment.valley, getattr(seat, "sheet", None)
    conflicts = conflicts_of(valley, [seat.expert]).get(seat.expert_id, [])
    context: dict[str, Any] = {
        "seat": seat,
        "valley": valley,
        "assessment": assessment,
        "sheet": own,
        "scheme": scheme(assessment.scheme),
        "conflicts": conflicts,
        "simulated": valley.origin == "simulated",
        "declare_form": DeclareForm(),
        "is_open": _is_open(seat),
        "crumbs": [{"label": _("我的评分表"), "url": "/score-sheets/"}, {"label": str(valley), "url": ""}],
    } | (extra or {})
    if seat.declared_at and not conflicts:
        context["a"] = view_of(assessment, request.actor)
        context["open_points"] = list(open_points(assessment.application.result))
        context["rows"] = _rows(seat, own, context.get("typed"))
        context["comment"] = (
            context["typed"].get("comment", "") if "typed" in context else (own.comment if own else "")
        )
        if plan := context["a"].get("evidence", {}).get("plan"):
            years, targets = target_table(plan.content)
            context |= {
                "plan": plan,
                "plan_lines": [*basics_lines(plan.content), *section_lines(plan.content)],
                "years": years,
                "targets": targets,
            }
    return render(request, "programme/score_sheet.html", context, status=status)


def _rows(seat: Assessor, own: Any, typed: Any) -> list[dict[str, Any]]:
    """Each criterion with what is in its fields: what was just typed, else what is kept."""
    lines = {line.criterion: line for line in own.lines.all()} if own else {}
    rows = []
    for item in scheme(seat.assessment.scheme).criteria:
        line = lines.get(item.id)
        score = "" if line is None or line.score is None else f"{line.score:f}"
        rows.append(
            {
                "criterion": item,
                "title": say(item.title),
                "score": typed.get(f"score-{item.id}", "") if typed is not None else score,
                "reason": typed.get(f"reason-{item.id}", "")
                if typed is not None
                else (line.reason if line else ""),
            }
        )
    return rows


def _listed(problems: dict[str, str]) -> list[dict[str, str]]:
    return [{"target": key, "text": text} for key, text in problems.items()]


def _is_open(seat: Assessor) -> bool:
    submitted = hasattr(seat, "sheet") and seat.sheet.submitted_at is not None
    return not submitted and not seat.assessment.conclusion and seat.assessment.valley.state == "assessing"
