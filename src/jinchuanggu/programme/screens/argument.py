"""The expert argument: the city's page, and the one page of an expert."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.documents.queries import of_subject
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.access import get_file, get_own_valley
from jinchuanggu.programme.actions import argument as actions
from jinchuanggu.programme.actions.valley import plan_is_writable
from jinchuanggu.programme.forms.argument import ExpertOpinionForm, MinutesForm, SessionForm
from jinchuanggu.programme.models import ArgumentSession, Valley
from jinchuanggu.programme.process.subject import current_session
from jinchuanggu.programme.screens.common import actor_of, add_errors, crumbs, valley_context
from jinchuanggu.programme.screens.plan import FILE_READERS, reading_context
from jinchuanggu.programme.tab_contents import described

ARGUMENT_MOVES = ("submit_argument", "conclude_argument", "reject_argument")


@require_safe
@guard(*(role for role in FILE_READERS if role != Role.MEMBER_UNIT))
def argument(request: HttpRequest, pk: int) -> HttpResponse:
    """The session that is planned or running, with its experts and opinions, and the former ones."""
    return _page(request, get_file(actor_of(request), pk))


def _page(request: HttpRequest, valley: Valley, **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    session = current_session(valley)
    context = valley_context(request, valley)
    running = session is not None and session.version_id is not None
    own = actor.role == Role.CITY_OFFICE and actor.region_id == valley.region_id
    planning = own and not running and plan_is_writable(valley)
    bank = actions.bank(valley) if planning else []
    context |= {
        "session": session,
        "running": running,
        "own": own,
        "planning": planning,
        "opinions": list(session.opinions.select_related("expert__person__employer").order_by("pk"))
        if session
        else [],
        "excluded": [(expert, found) for expert, found in bank if found],
        "papers": described(of_subject(session)) if session else [],
        "former": list(
            ArgumentSession.objects.filter(valley=valley, concluded_at__isnull=False)
            .select_related("version")
            .prefetch_related("opinions__expert__person")
        ),
        "moves": [move for move in context["moves"] if move["event"] in ARGUMENT_MOVES],
        "crumbs": crumbs((_("专家论证"), ""), valley=valley),
    }
    if planning:
        context["session_form"] = forms.get("session_form") or _session_form(session, bank)
    if own and running and session is not None:
        context["minutes_form"] = forms.get("minutes_form") or MinutesForm(
            initial={"minutes": session.minutes}
        )
    failed = any(form.errors for form in forms.values())
    return render(request, "programme/argument.html", context, status=422 if failed else 200)


def _session_form(session: ArgumentSession | None, bank: list[Any], data: Any = None) -> SessionForm:
    free = [
        (
            expert.pk,
            " · ".join(
                str(part)
                for part in (expert.person.name, expert.get_category_display(), expert.person.employer)
                if part
            ),
        )
        for expert, found in bank
        if not found
    ]
    initial = (
        {
            "held_on": session.held_on,
            "place": session.place,
            "experts": list(session.opinions.values_list("expert_id", flat=True)),
        }
        if session
        else {"held_on": timezone.localdate()}
    )
    return SessionForm(free, data, initial=initial)


@require_POST
@guard(Role.CITY_OFFICE)
def argument_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Set day, place and experts."""
    actor = actor_of(request)
    valley = get_own_valley(actor, pk)
    form = _session_form(current_session(valley), actions.bank(valley), request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.plan_session(
                actor,
                valley_id=pk,
                held_on=data["held_on"],
                place=data["place"],
                experts=[int(expert) for expert in data["experts"]],
            )
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _page(request, valley, session_form=form)
    messages.success(request, _("论证安排已保存；提交论证后通知专家"))
    return redirect("argument", pk)


@require_POST
@guard(Role.CITY_OFFICE)
def argument_release(request: HttpRequest, pk: int, opinion: int) -> HttpResponse:
    """Let an expert go."""
    try:
        actions.release_expert(
            actor_of(request), valley_id=pk, opinion_id=opinion, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    else:
        messages.success(request, _("已移出专家"))
    return redirect("argument", pk)


@require_POST
@guard(Role.CITY_OFFICE)
def argument_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes; the system makes the document."""
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            actions.write_minutes(actor_of(request), valley_id=pk, minutes=form.cleaned_data["minutes"])
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _page(request, get_own_valley(actor_of(request), pk), minutes_form=form)
    messages.success(request, _("纪要已保存，《专家论证意见》已生成"))
    return redirect("argument", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.EXPERT)
def expert_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """What one expert was asked for and nothing else: the frozen plan, and the opinion."""
    actor = actor_of(request)
    found = actions.get_my_opinion(actor, pk)
    form = ExpertOpinionForm(request.POST or None, initial={"verdict": found.verdict, "text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_expert_opinion(actor, opinion_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("意见已提交；结论形成前可以修改"))
            return redirect("expert_opinion", pk)
    session = found.session
    assert session.version is not None
    context = {
        **reading_context(session.version.content),
        "opinion": found,
        "session": session,
        "valley": session.valley,
        "simulated": session.valley.origin == "simulated",
        "form": form,
        "closed": session.concluded_at is not None,
        "crumbs": [{"label": _("工作台"), "url": reverse("workbench")}, {"label": _("专家论证"), "url": ""}],
    }
    return render(request, "programme/expert_opinion.html", context, status=422 if form.errors else 200)
