"""What the pages of the second half share: breadcrumb, next steps, and how a refusal becomes form errors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest
from django.urls import reverse

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Offer, Refused, offers, say
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.screens.common import crumbs, valley_context


def crumbs_of(valley: Valley, title: str, *between: tuple[str, str]) -> list[dict[str, str]]:
    """名录 › valley › … › this page."""
    return crumbs(*between, (title, ""), valley=valley)


def valley_frame(request: HttpRequest, valley: Valley, title: str) -> dict[str, Any]:
    """The context every page of one valley needs: that of the dossier, with this page's own title and moves."""
    return valley_context(request, valley) | {
        "case": find_case(valley),
        "crumbs": crumbs_of(valley, title),
        "page_title": title,
        "moves": [],
    }


def moves_of(actor: Actor, case: Case | None, valley: Valley, *events: str) -> list[dict[str, Any]]:
    """The named moves this actor may make, as components/move.html shows them: open, or closed with every reason."""
    if case is None:
        return []
    return [_move(offer, case, valley) for offer in offers(actor, case, valley) if offer.move.event in events]


def offer_of(actor: Actor, case: Case | None, valley: Valley, event: str) -> Offer | None:
    if case is None:
        return None
    return next((offer for offer in offers(actor, case, valley) if offer.move.event == event), None)


def _move(offer: Offer, case: Case, valley: Valley) -> dict[str, Any]:
    event = offer.move.event
    return {
        "label": offer.title,
        "url": reverse("move", args=[valley.pk, event]),
        "allowed": offer.open,
        "blockers": [refusal.message for refusal in offer.refusals],
        "after": Role(offer.next_holder).label if offer.next_holder else "",
        "primary": offer.move.tone == "main",
        "danger": offer.move.tone == "back",
        "needs_reason": offer.move.reason,
        "dialog_id": f"move-{event}",
        "reasons": [say(text) for text in offer.move.reasons],
        "hidden": [("revision", case.revision)],
    }


def spread(form: forms.Form, problem: ValidationError | Refused) -> None:
    """Put every error where it belongs: at its field where the form has it, else at the head of the form."""
    if isinstance(problem, Refused):
        for refusal in problem.refusals:
            form.add_error(None, str(refusal.message))
        return
    if not hasattr(problem, "error_dict"):
        form.add_error(None, problem)
        return
    for name, found in problem.message_dict.items():
        form.add_error(name if name in form.fields and name != NON_FIELD_ERRORS else None, found)


def say_problems(problem: ValidationError | Refused) -> list[str]:
    """All messages of a refusal, for a page without that form."""
    if isinstance(problem, Refused):
        return [str(refusal.message) for refusal in problem.refusals]
    return [str(message) for message in problem.messages]
