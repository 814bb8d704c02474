"""From the decision of the provincial government over the public notice to the plaque: one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.codes.working_days import working_days_between
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.actions import notice, plaque
from jinchuanggu.programme.assessment_access import current_assessment, get_objection
from jinchuanggu.programme.assessment_view import view_of
from jinchuanggu.programme.forms.assessment import AnswerForm, AwardForm
from jinchuanggu.programme.models import Objection, Plaque, Valley
from jinchuanggu.programme.schemes.loading import read
from jinchuanggu.programme.screens.assessment_frame import moves_of, spread, valley_frame
from jinchuanggu.programme.screens.building import READERS

PAPERS = ("assessment_report", "approval_request", "public_notice", "plaque_decision")


@guard(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, the report, the notice with its objections, the plaque."""
    return _page(request, get_file(request.actor, pk))


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one objection."""
    objection = get_objection(request.actor, pk)
    form = AnswerForm(request.POST, prefix=f"o{pk}")
    if form.is_valid():
        try:
            notice.answer(request.actor, pk=pk, **form.cleaned_data)
        except ValidationError as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已答复异议 %(receipt)s") % {"receipt": objection.receipt})
            return redirect("approval", objection.valley_id)
    return _page(request, objection.valley, answering={pk: form})


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Award the plaque."""
    valley = get_file(request.actor, pk)
    form = AwardForm(request.POST)
    if form.is_valid():
        try:
            plaque.award(request.actor, valley_pk=pk, **form.cleaned_data)
        except (Refused, ValidationError) as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已授牌“%(name)s”") % {"name": valley.name})
            return redirect("approval", pk)
    return _page(request, valley, award_form=form)


def _page(
    request: HttpRequest,
    valley: Valley,
    *,
    answering: dict[int, AnswerForm] | None = None,
    award_form: Any = None,
) -> HttpResponse:
    context = valley_frame(request, valley, _("审定与公示"))
    case, actor, today = context["case"], request.actor, timezone.localdate()
    assessment, current = current_assessment(valley), notice.current_notice(valley)
    office = actor.role == Role.PROVINCIAL_OFFICE
    context |= {
        "assessment": assessment,
        "a": view_of(assessment, actor) if assessment else None,
        "notice": current,
        "notices": list(valley.public_notices.all()),
        "working_days_left": working_days_between(today, current.ends_on).days
        if current and today <= current.ends_on
        else None,
        "objections": _objections(valley, office, answering or {}),
        "plaque": Plaque.objects.filter(valley=valley).first(),
        "papers": Document.objects.filter(
            subject_label="programme.valley", subject_id=valley.pk, kind__in=PAPERS
        ).order_by("-pk"),
        "moves": moves_of(context, "approve", "decline", "object", "dismiss_objection", "uphold_objection"),
        "award_offer": context["offered"].get("award"),
        "award_form": award_form or AwardForm(initial={"revision": case.revision if case else None}),
        "next_number": plaque.next_number(today.year),
        "number_basis": read("plaque.v1")["basis"],
        "office": office,
    }
    return render(request, "programme/approval.html", context, status=422 if answering or award_form else 200)


def _objections(valley: Valley, office: bool, answering: dict[int, AnswerForm]) -> list[dict[str, Any]]:
    """Who objected and how to reach them is the office's business; others see the matter and the answer."""
    rows = Objection.objects.filter(valley=valley).select_related("notice")
    return [
        {
            "row": row,
            "who": row.raised_by if office else "",
            "contact": row.contact if office else "",
            "form": answering.get(row.pk) or AnswerForm(prefix=f"o{row.pk}")
            if office and row.answered_at is None and valley.state == "objecting"
            else None,
        }
        for row in rows
    ]
