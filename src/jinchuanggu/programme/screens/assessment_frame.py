"""What the pages of the second half share: breadcrumb, next steps, and how a refusal becomes form errors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest

from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.screens.common import crumbs, valley_context


def crumbs_of(valley: Valley, title: str, *between: tuple[str, str]) -> list[dict[str, str]]:
    """名录 › valley › … › this page."""
    return crumbs(*between, (title, ""), valley=valley)


def valley_frame(request: HttpRequest, valley: Valley, title: str) -> dict[str, Any]:
    """The context every page of one valley needs: that of the dossier, with this page's own title.

    `offered` holds all moves of the reader; a page shows its own of them as `moves`.
    """
    context = valley_context(request, valley)
    return context | {
        "case": find_case(valley),
        "crumbs": crumbs_of(valley, title),
        "page_title": title,
        "offered": {move["event"]: move for move in context["moves"]},
        "moves": [],
    }


def moves_of(context: dict[str, Any], *events: str) -> list[dict[str, Any]]:
    """The named moves as far as this reader may make them, for `programme/_moves.html`."""
    return [move for event, move in context["offered"].items() if event in events]


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
