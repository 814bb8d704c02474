"""The assessment of one valley: one page, showing each reader what the visibility table gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.actions import assessment as deeds
from jinchuanggu.programme.actions import draw
from jinchuanggu.programme.actions.consultation import member_units
from jinchuanggu.programme.assessment_access import (
    current_assessment,
    get_assessment,
    get_office_assessment,
    get_visit,
)
from jinchuanggu.programme.assessment_view import view_of
from jinchuanggu.programme.forms import assessment as forms
from jinchuanggu.programme.models import Assessment, Assessor, Valley
from jinchuanggu.programme.screens.assessment_frame import (
    crumbs_of,
    moves_of,
    spread,
    valley_frame,
)
from jinchuanggu.programme.screens.building import READERS
from jinchuanggu.programme.visibility import reader_of


@guard(*READERS, Role.EXPERT)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest assessment of a valley (`?n=` an earlier one)."""
    valley = Valley.objects.select_related("region", "operator").filter(pk=pk).first()
    found = current_assessment(valley) if valley else None
    if valley is None or found is None or reader_of(request.actor, found) is None:
        get_file(
            request.actor, pk
        )  # no relation to the assessment: only who sees the dossier learns there is none
        if found is not None:
            raise Http404
    if found is not None and request.GET.get("n", "").isdecimal():
        found = get_assessment(request.actor, int(request.GET["n"]))
        if found.valley_id != pk:
            raise Http404
    return _page(request, valley, found)


def _page(
    request: HttpRequest, valley: Valley, found: Assessment | None, bound: dict[str, Any] | None = None
) -> HttpResponse:
    context = valley_frame(request, valley, _("评估"))
    case, actor = context["case"], request.actor
    if found is not None:
        context["a"] = view_of(found, actor)
        context["assessment"] = found
        context["earlier"] = (
            Assessment.objects.filter(valley=valley).exclude(pk=found.pk).only("pk", "opened_on")
        )
        if context["a"]["reader"] == "office":
            context |= _office_forms(found, case.revision if case else None)
            context["pass_offer"] = context["offered"].get("pass_assessment")
            context["fail_offer"] = context["offered"].get("fail_assessment")
    context["withdrawn"] = found is not None and found.application.withdrawn_at is not None
    context["running"] = found is not None and not found.conclusion and valley.state == "assessing"
    context["moves"] = moves_of(context, "open_assessment", "withdraw_application")
    context |= bound or {}
    return render(request, "programme/assessment.html", context, status=422 if bound else 200)


def _office_forms(found: Assessment, revision: int | None) -> dict[str, Any]:
    invite = forms.InviteForm()
    invite.fields["units"].queryset = member_units(found.valley.origin).exclude(invited_assessments=found)
    return {
        "commit_form": forms.CommitForm(),
        "draw_form": forms.DrawForm(),
        "invite_form": invite,
        "visit_add_form": forms.VisitAddForm(),
        "conclude_form": forms.ConcludeForm(initial={"revision": revision}),
        "invited": list(found.invited_units.all()),
    }


def _do(
    request: HttpRequest,
    found: Assessment,
    name: str,
    form: django_forms.Form,
    act: Callable[[dict[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """Post a form of the office: act and go back to the page, or show the page with the input and what is wrong."""
    if form.is_valid():
        try:
            act(form.cleaned_data)
        except (Refused, ValidationError) as problem:
            spread(form, problem)
        else:
            messages.success(request, done)
            return redirect("assessment", found.valley_id)
    return _page(request, found.valley, found, {name: form})


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish pool and commitment."""
    found = get_office_assessment(request.actor, pk)
    return _do(
        request, found, "commit_form", forms.CommitForm(request.POST),
        lambda data: draw.commit(request.actor, pk=pk, public_fact=data["public_fact"]),
        _("已公布抽取名单和种子承诺"),
    )  # fmt: skip


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def make_draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Reveal the seed and seat the panel."""
    found = get_office_assessment(request.actor, pk)
    return _do(
        request, found, "draw_form", forms.DrawForm(request.POST),
        lambda data: draw.draw(request.actor, pk=pk, public_value=data["public_value"]),
        _("已抽取专家并公布种子，任何人都可复算"),
    )  # fmt: skip


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Excuse a seated expert; the next in order follows."""
    seat = Assessor.objects.select_related("assessment__valley").filter(pk=pk).first()
    if seat is None:
        raise Http404
    found = get_office_assessment(request.actor, seat.assessment_id)
    return _do(
        request, found, "excuse_form", forms.ExcuseForm(request.POST),
        lambda data: draw.excuse(request.actor, pk=pk, reason=data["reason"]),
        _("已登记回避，并按公布的顺序递补"),
    )  # fmt: skip


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite member units."""
    found = get_office_assessment(request.actor, pk)
    form = forms.InviteForm(request.POST)
    form.fields["units"].queryset = member_units(found.valley.origin)
    return _do(
        request, found, "invite_form", form,
        lambda data: deeds.invite_units(request.actor, pk=pk, organisations=[unit.pk for unit in data["units"]]),
        _("已邀请成员单位"),
    )  # fmt: skip


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def visit_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add to the site visit list."""
    found = get_office_assessment(request.actor, pk)
    return _do(
        request, found, "visit_add_form", forms.VisitAddForm(request.POST),
        lambda data: deeds.add_visit(request.actor, pk=pk, item=data["item"]),
        _("已加入现场查看清单"),
    )  # fmt: skip


@guard(Role.PROVINCIAL_OFFICE, Role.MEMBER_UNIT, Role.EXPERT)
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was found on site."""
    found = get_visit(request.actor, pk)
    valley = found.assessment.valley
    initial: dict[str, Any] = {
        "visited_on": found.visited_on or timezone.localdate(),
        "finding": found.finding,
    }
    if found.consistent is not None:
        initial["consistent"] = "yes" if found.consistent else "no"
    form = forms.VisitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            deeds.record_visit(request.actor, pk=pk, **form.cleaned_data)
        except ValidationError as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已记录现场情况"))
            return redirect("assessment", valley.pk)
    crumbs = crumbs_of(valley, _("现场查看"))
    context = {
        "valley": valley, "visit": found, "form": form, "simulated": valley.origin == "simulated",
        "crumbs": crumbs[-1:] if request.actor.role != Role.PROVINCIAL_OFFICE else crumbs,
        "submit_label": _("记录现场情况"),
    }  # fmt: skip
    return render(request, "programme/visit_form.html", context)


@guard(Role.PROVINCIAL_OFFICE)
@require_POST
def conclude(request: HttpRequest, pk: int) -> HttpResponse:
    """Pass or fail."""
    found = get_office_assessment(request.actor, pk)
    passed = request.POST.get("conclusion") == "pass"
    return _do(
        request, found, "conclude_form", forms.ConcludeForm(request.POST),
        lambda data: deeds.conclude(
            request.actor, pk=pk, passed=passed, opinion=data["opinion"], reason=data["reason"],
            revision=data["revision"],
        ),
        _("评估合格，已形成报告并上报省政府") if passed else _("评估不合格，已形成报告并退市整改"),
    )  # fmt: skip
