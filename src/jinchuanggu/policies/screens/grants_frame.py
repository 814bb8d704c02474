"""What the pages of one application share: ribbon, next steps, crumbs, and how refusals become form errors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Offer, Refused, offers, say
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.policies.grant_words import state_label, title_of
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.policies.process.subject import case_of
from jinchuanggu.programme.ribbon import holder_of, open_deadline, stages_of, steps_of
from jinchuanggu.programme.screens.assessment_frame import spread

IN_FORMS = ("submit", "confirm", "approve", "ask_supplement", "pay_part", "pay_rest", "recover", "receive_part",
            "receive_rest", "fill", "propose")  # fmt: skip
"""Moves that ask for more than a reason: they stand in a form of their page."""
_LEFT_OUT = {"check": ("city", "province"), "recover": ()}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    """政策兑现 › further pages."""
    found = [{"label": _("政策兑现"), "url": reverse("grants")}]
    return [*found, *({"label": label, "url": url} for label, url in further)]


def frame(request: HttpRequest, application: GrantApplication) -> dict[str, Any]:
    """Context of dossier.html for one application."""
    actor, case = actor_of(request), case_of(application)
    offered = {offer.move.event: offer for offer in offers(actor, case, application)}
    steps = steps_of(case)
    return {
        "application": application,
        "title": title_of(application),
        "shown_state": state_label(application.state),
        "simulated": application.origin == "simulated",
        "case": case,
        "offered": offered,
        "moves": [shown(one, case, application) for event, one in offered.items() if event not in IN_FORMS],
        "stages": _stages(case, application, steps),
        "steps": steps,
        "events": timeline(case, steps),
        "holder": holder_of(case, application),
        "deadline": open_deadline(case),
        "crumbs": crumbs((title_of(application), "")),
    }


def _stages(case: Case, application: GrantApplication, steps: list[Any]) -> list[dict[str, Any]]:
    """The ribbon; a recovery is shown only where there is or was one."""
    stages = stages_of(case, application, steps)
    recovery = say({"zh": "追回", "en": "Recovery"})
    return [
        one
        for one in stages
        if one["label"] != recovery or (one["state"] in ("now", "done") and _recovered(steps))
    ]


def _recovered(steps: list[Any]) -> bool:
    return any(step.event == "recover" for step in steps)


def shown(offer: Offer, case: Case, application: GrantApplication) -> dict[str, Any]:
    """One move for `programme/_moves.html`."""
    move, back = offer.move, offer.move.tone == "back"
    return {
        "event": move.event,
        "label": offer.title,
        "url": reverse("grant_move", args=[application.pk, move.event]),
        "page": "",
        "allowed": offer.open,
        "refusals": offer.refusals,
        "after": str(Role(offer.next_holder).label) if offer.next_holder else "",
        "icon": "arrow-back-up" if back else "arrow-right",
        "primary": not back and move.event != "recompute",
        "back": back,
        "needs_reason": move.reason,
        "reasons": [say(text) for text in move.reasons],
        "asks_number": bool(move.letters),
        "dialog_id": f"move-{move.event}",
        "revision": case.revision,
    }


def timeline(case: Case, steps: list[Any]) -> list[dict[str, Any]]:
    """The steps for components/timeline.html, newest first; the start says nothing."""
    from jinchuanggu.foundation.workflow.engine import process_of

    process, rows = process_of(case), []
    for step in reversed(steps):
        move = process.move(step.source, step.event, case.variant) if step.source else None
        if move is None:
            continue
        tone = "back" if move.tone == "back" else ""
        rows.append(
            {
                "at": step.at,
                "who": step.actor_label,
                "verb": say(move.title),
                "reason": step.reason,
                "tone": tone,
            }
        )
    return rows


def mend(form: forms.Form, problem: ValidationError | Refused) -> None:
    """Put every error where it belongs, all of them at once."""
    spread(form, problem)


def revision_of(request: HttpRequest) -> int | None:
    """The revision of the case that the page showed."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None
