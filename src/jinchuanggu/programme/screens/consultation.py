"""The provincial consultation: the office's and the city's page, and the one page of a member unit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import process_of
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.actions import consultation as actions
from jinchuanggu.programme.cases import due_in
from jinchuanggu.programme.forms.consultation import AnswerForm, OpenForm, OpinionForm
from jinchuanggu.programme.models import Opinion, PlanVersion, Valley
from jinchuanggu.programme.screens.common import actor_of, add_errors, crumbs, valley_context
from jinchuanggu.programme.screens.moves import make_move
from jinchuanggu.programme.screens.plan import FILE_READERS, reading_context

CONSULTATION_MOVES = ("send_opinions", "answer", "return_plan", "accept")
READERS = tuple(role for role in FILE_READERS if role not in (Role.MEMBER_UNIT, Role.OPERATOR))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Rounds of a valley: naming the units (POST opens the round), their opinions, the city's answers."""
    actor = actor_of(request)
    valley = get_file(actor, pk)
    context = valley_context(request, valley)
    opening = _opening(actor.role, context)
    form = None
    if opening:
        form = OpenForm(
            valley.origin,
            request.POST or None,
            initial={"due_on": due_in(context["case"], "consulting", timezone.localdate())},
        )
    if request.method == "POST":
        if form is None or not opening:
            raise Http404
        if form.is_valid():
            payload = {
                "units": [unit.pk for unit in form.cleaned_data["units"]],
                "due_on": form.cleaned_data["due_on"],
                "issuing_number": form.cleaned_data["issuing_number"],
            }
            refusals = make_move(request, context["case"], "open_consultation", payload)
            if not refusals:
                return redirect("consultation", pk)
            for refusal in refusals:
                form.add_error(None, refusal.message)
    return _page(request, valley, context, open_form=form)


def _opening(role: str, context: dict[str, Any]) -> bool:
    case = context["case"]
    if case is None or role != Role.PROVINCIAL_OFFICE:
        return False
    return process_of(case).move(case.state, "open_consultation", case.variant) is not None


def _page(request: HttpRequest, valley: Valley, context: dict[str, Any], **forms: Any) -> HttpResponse:
    actor = actor_of(request)
    rounds = list(actions.rounds(actor, valley))
    answering = (
        actor.role == Role.CITY_OFFICE and actor.region_id == valley.region_id and actions.answering(valley)
    )
    tried: AnswerForm | None = forms.get("answer_form")
    for index, round_ in enumerate(rounds):
        round_.rows = [  # type: ignore[attr-defined]
            _row(
                opinion,
                answering and index == 0,
                tried if tried and tried.prefix == f"o{opinion.pk}" else None,
            )
            for opinion in round_.opinions.all()
        ]
        round_.given = sum(1 for row in round_.rows if row["given"])  # type: ignore[attr-defined]
    context |= {
        "rounds": rounds,
        "answering": answering,
        "open_form": forms.get("open_form"),
        "moves": [move for move in context["moves"] if move["event"] in CONSULTATION_MOVES],
        "crumbs": crumbs((_("征求意见"), ""), valley=valley),
    }
    failed = any(form is not None and form.is_bound and form.errors for form in forms.values())
    return render(request, "programme/consultation.html", context, status=422 if failed else 200)


def _row(opinion: Opinion, answering: bool, tried: AnswerForm | None) -> dict[str, Any]:
    given = opinion.given_at is not None
    wants_answer = given and opinion.stand != "agree"
    form = None
    if answering and wants_answer:
        adopted = {True: "yes", False: "no"}.get(opinion.adopted) if opinion.adopted is not None else None
        form = tried or AnswerForm(
            prefix=f"o{opinion.pk}", initial={"adopted": adopted, "answer": opinion.answer}
        )
    return {
        "opinion": opinion,
        "given": given,
        "late": actions.is_late(opinion),
        "wants_answer": wants_answer,
        "form": form,
    }


@require_POST
@guard(Role.CITY_OFFICE)
def opinion_answer(request: HttpRequest, pk: int, opinion: int) -> HttpResponse:
    """The city's answer to one opinion."""
    actor = actor_of(request)
    valley = get_file(actor, pk)
    form = AnswerForm(request.POST, prefix=f"o{opinion}")
    if form.is_valid():
        try:
            actions.answer_opinion(actor, valley_id=pk, opinion_id=opinion, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _page(request, valley, valley_context(request, valley), answer_form=form)
    messages.success(request, _("答复已保存"))
    return redirect(f"{reverse('consultation', args=[pk])}#opinion-{opinion}")


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.MEMBER_UNIT)
def opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """One page for a member unit: what is asked until when, the plan, the opinion."""
    actor = actor_of(request)
    found = actions.get_my_opinion(actor, pk)
    round_ = found.consultation
    form = OpinionForm(request.POST or None, initial={"stand": found.stand, "text": found.text})
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_opinion(actor, opinion_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("意见已反馈；本轮结束前可以修改"))
            return redirect("opinion", pk)
    version: PlanVersion = round_.version
    context = {
        **reading_context(version.content),
        "opinion": found,
        "round": round_,
        "valley": round_.valley,
        "simulated": round_.valley.origin == "simulated",
        "form": form,
        "closed": round_.closed_at is not None,
        "late": timezone.localdate() > round_.due_on,
        "crumbs": [{"label": _("工作台"), "url": reverse("workbench")}, {"label": _("征求意见"), "url": ""}],
    }
    return render(request, "programme/opinion.html", context, status=422 if form.errors else 200)
