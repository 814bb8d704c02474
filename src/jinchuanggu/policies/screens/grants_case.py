"""One application: where it stands, what it rests on, what may be done now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.documents.queries import of_subject
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.registry import Refusal, document_titles
from jinchuanggu.policies.access_grants import DECIDERS, READERS, decides, get_application
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions import payments
from jinchuanggu.policies.forms import grants as grant_forms
from jinchuanggu.policies.grant_facts import compare, essence
from jinchuanggu.policies.grant_standing import (
    Standing,
    allowed,
    budget_of,
    left_of,
    rivals,
    standing_of,
)
from jinchuanggu.policies.grant_words import result_shown, state_words, title_of
from jinchuanggu.policies.models import Grant, GrantApplication
from jinchuanggu.policies.process.payment_guards import open_recovery
from jinchuanggu.policies.screens.grants_apply import values_of
from jinchuanggu.policies.screens.grants_frame import actor_of, frame, mend, revision_of

FORMS: dict[str, type[forms.Form]] = {
    "confirm": grant_forms.ConfirmForm,
    "approve": grant_forms.DecideForm,
    "ask_supplement": grant_forms.SupplementForm,
    "pay": grant_forms.PayForm,
    "recover": grant_forms.RecoverForm,
    "receive": grant_forms.ReceiveForm,
    "paper": grant_forms.PaperForm,
}
_EVENTS = {"pay": "pay_part", "receive": "receive_part"}
DECIDING = ("reviewing", "supplementing")


@require_safe
@guard(*READERS)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossier of one application."""
    return show(request, get_application(actor_of(request), pk))


def show(
    request: HttpRequest, application: GrantApplication, bound: forms.Form | None = None, name: str = ""
) -> HttpResponse:
    """The page; `bound` is the form `name` that was refused and keeps what was typed."""
    actor, context = actor_of(request), frame(request, application)
    standing = standing_of(application)
    made = Grant.objects.select_related("budget").filter(application=application).first()
    own = actor.role == Role.ENTERPRISE
    live = application.state in ("proposed", "checking", *DECIDING)
    context |= {
        "own": own,
        "decider": decides(actor, application),
        "grant": made,
        "payments": list(made.payments.all()) if made else [],
        "recoveries": list(made.recoveries.all()) if made else [],
        "recovery": open_recovery(made) if made else None,
        "result": result_shown(application.result),
        "values": values_of(application.result),
        "facts": application.facts,
        "changes": _changes(application, standing) if live else [],
        "stale": _stale(application, standing),
        "rivals": _rivals(application, standing) if live else [],
        "papers": papers_of(application),
        "forms": {key: _form(key, application, context, standing, made, bound, name) for key in FORMS},
        "budget": _budget(application, standing, made) if decides(actor, application) or made else None,
        "bounds": allowed(application, standing) if live else None,
        "may_upload": own and application.state in ("draft", "supplementing"),
        "today": timezone.localdate(),
    }
    return render(request, "policies/grants/case.html", context, status=422 if bound is not None else 200)


def papers_of(application: GrantApplication) -> list[dict[str, Any]]:
    """The papers with what kind each is and the files it comes in."""
    rows = of_subject(application).prefetch_related("versions")
    return [
        {
            "row": row,
            "kind": engine.say(document_titles.get(row.kind)) or row.kind,
            "files": [
                {"number": one.number, "kind": one.filename.rsplit(".", 1)[-1].upper()}
                for one in row.versions.all()
            ],
        }
        for row in rows
    ]


def _form(
    key: str, application: GrantApplication, context: dict[str, Any], standing: Standing, made: Grant | None,
    bound: forms.Form | None, name: str,
) -> dict[str, Any] | None:  # fmt: skip
    """A form with what stands in its way, or None when this reader has no such act now."""
    if key == "paper":
        return {"form": bound if name == key else FORMS[key](prefix=None), "refusals": []}
    offer = context["offered"].get(_EVENTS.get(key, key))
    if offer is None:
        return None
    form = (
        bound
        if bound is not None and name == key
        else FORMS[key](initial=_initial(key, application, standing, made))
    )
    return {"form": form, "refusals": offer.refusals, "label": offer.title}


def _initial(
    key: str, application: GrantApplication, standing: Standing, made: Grant | None
) -> dict[str, Any]:
    today = timezone.localdate()
    if key == "approve":
        bounds = allowed(application, standing)
        return {"amount": bounds[1] if bounds else None}
    if key == "pay" and made is not None:
        return {"amount": made.unpaid, "paid_on": today}
    if key == "receive" and made is not None and (recovery := open_recovery(made)) is not None:
        return {"amount": recovery.amount - recovery.received, "received_on": today}
    return {}


def _changes(application: GrantApplication, standing: Standing) -> list[dict[str, Any]]:
    if standing.now is None or not application.result:
        return []
    return compare(application.result, standing.now.result)


def _stale(application: GrantApplication, standing: Standing) -> bool:
    """Whether the differences stand in the way of a decision."""
    return standing.now is not None and essence(application.result) != essence(standing.now.result)


def _rivals(application: GrantApplication, standing: Standing) -> list[dict[str, Any]]:
    if standing.terms is None:
        return []
    rows = rivals(application, standing.terms, application.period)
    return [{"title": title_of(row), "state": state_words(row.state), "row": row} for row in rows]


def _budget(application: GrantApplication, standing: Standing, made: Grant | None) -> dict[str, Any] | None:
    """What the budget has left before and after the decision."""
    budget = made.budget if made is not None else budget_of(application, timezone.localdate().year)
    if budget is None:
        return None
    left = left_of(budget)
    if made is not None:
        return {"row": budget, "left": left, "after": None}
    bounds = allowed(application, standing)
    return {"row": budget, "left": left, "after": left - (bounds[1] if bounds else Decimal(0))}


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
def grant_move(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """A move that asks for no more than a reason: GET asks for it, POST makes it."""
    actor = actor_of(request)
    application = get_application(actor, pk)
    refusals: list[Refusal] = []
    if request.method == "POST":
        try:
            actions.move(
                actor, pk=pk, event=event, reason=request.POST.get("reason", ""),
                issuing_number=request.POST.get("issuing_number", "").strip(), revision=revision_of(request),
            )  # fmt: skip
        except StaleCase as stale:
            refusals = stale.refusals
        except Refused as refused:
            refusals = refused.refusals
        except ValidationError as error:
            refusals = [Refusal(message) for message in error.messages]
        else:
            messages.success(request, _("已办理"))
            return redirect("grant", pk)
        application = get_application(actor, pk)
    context = frame(request, application)
    offered = {one["event"]: one for one in context["moves"]}
    if request.method != "POST" and event not in offered:
        raise Http404
    move = offered.get(event)
    context |= {
        "move": move,
        "verb": move["label"] if move else _("办理"),
        "refusals": refusals or (move["refusals"] if move else []),
        "tried": request.method == "POST",
        "reason": request.POST.get("reason", ""),
        "issuing_number": request.POST.get("issuing_number", ""),
    }
    return render(request, "policies/grants/move.html", context, status=422 if refusals else 200)


def _act(request: HttpRequest, pk: int, name: str, done: str) -> HttpResponse:
    """One of the forms of the page: read, act, go back to the page; a refusal shows the form as it was."""
    actor = actor_of(request)
    application = get_application(actor, pk)
    form = FORMS[name](request.POST, request.FILES)
    if form.is_valid():
        try:
            _DEEDS[name](request, application, form.cleaned_data)
        except (Refused, ValidationError) as problem:
            mend(form, problem)
        else:
            messages.success(request, done)
            return redirect("grant", pk)
    return show(request, get_application(actor, pk), form, name)


def _confirm(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    actions.confirm(
        actor_of(request), pk=application.pk, committed=bool(data["committed"]), revision=revision_of(request)
    )


def _approve(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    actions.approve(actor_of(request), pk=application.pk, revision=revision_of(request), **data)


def _supplement(
    request: HttpRequest, application: GrantApplication, data: dict[str, date | str | None]
) -> None:
    actions.move(
        actor_of(request),
        pk=application.pk,
        event="ask_supplement",
        revision=revision_of(request),
        **data,  # type: ignore[arg-type]
    )


def _pay(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    payments.pay(actor_of(request), pk=application.pk, revision=revision_of(request), **data)


def _recover(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    payments.recover(actor_of(request), pk=application.pk, revision=revision_of(request), **data)


def _receive(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    payments.receive(actor_of(request), pk=application.pk, revision=revision_of(request), **data)


def _paper(request: HttpRequest, application: GrantApplication, data: dict[str, Any]) -> None:
    actions.add_paper(actor_of(request), pk=application.pk, **data)


_DEEDS = {
    "confirm": _confirm, "approve": _approve, "ask_supplement": _supplement, "pay": _pay, "recover": _recover,
    "receive": _receive, "paper": _paper,
}  # fmt: skip


@require_POST
@guard(Role.ENTERPRISE)
def grant_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what was offered without application."""
    return _act(request, pk, "confirm", _("已确认，等待审核"))


@require_POST
@guard(Role.ENTERPRISE)
def grant_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a paper."""
    return _act(request, pk, "paper", _("材料已上传"))


@require_POST
@guard(*DECIDERS)
def grant_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant it."""
    return _act(request, pk, "approve", _("已同意，等待拨付"))


@require_POST
@guard(*DECIDERS)
def grant_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the firm for more."""
    return _act(request, pk, "ask_supplement", _("已要求补正"))


@require_POST
@guard(*DECIDERS)
def grant_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a payment."""
    return _act(request, pk, "pay", _("拨付已登记"))


@require_POST
@guard(*DECIDERS)
def grant_recover(request: HttpRequest, pk: int) -> HttpResponse:
    """Order money back."""
    return _act(request, pk, "recover", _("已决定追回"))


@require_POST
@guard(*DECIDERS)
def grant_receive(request: HttpRequest, pk: int) -> HttpResponse:
    """Register money that came back."""
    return _act(request, pk, "receive", _("到账已登记"))
