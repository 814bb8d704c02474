"""The next steps of one reader: each offered move with its verb, who acts after it, or why it isn't
possible yet.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Offer, offers, say
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.models import Valley

# moves whose form asks for more than a reason: where it stands
PAGES = {
    "submit_argument": "argument",
    "conclude_argument": "argument",
    "reject_argument": "argument",
    "open_consultation": "consultation",
    "send_opinions": "consultation",
    "answer": "consultation",
    "apply": "application",
    "open_assessment": "assessment",
    "pass_assessment": "assessment",
    "fail_assessment": "assessment",
    "award": "approval",
}
# moves made by another process, never from the dossier
ELSEWHERE = {"revoke"}
_ICONS = {"back": "arrow-back-up", "main": "arrow-right"}


def next_steps(actor: Actor, case: Case, valley: Valley) -> list[dict[str, Any]]:
    """Moves for `programme/_moves.html`, forward ones first."""
    offered = [offer for offer in offers(actor, case, valley) if offer.move.event not in ELSEWHERE]
    shown = [_shown(offer, case, valley) for offer in offered]
    return sorted(shown, key=lambda move: move["back"])


def _shown(offer: Offer, case: Case, valley: Valley) -> dict[str, Any]:
    move = offer.move
    back = move.tone == "back"
    page = PAGES.get(move.event)
    return {
        "event": move.event,
        "label": offer.title,
        "url": reverse("move", args=[valley.pk, move.event]),
        "page": reverse(page, args=[valley.pk]) if page else "",
        "allowed": offer.open,
        "refusals": offer.refusals,
        "after": str(Role(offer.next_holder).label) if offer.next_holder else "",
        "icon": _ICONS.get(move.tone, "arrow-right"),
        "primary": not back,
        "danger": False,
        "back": back,
        "needs_reason": move.reason,
        "reasons": [say(text) for text in move.reasons],
        "asks_number": bool(move.letters) and move.event != "approve",
        "dialog_id": f"move-{move.event}",
        "revision": case.revision,
    }


def primary(moves: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The one next step: the first forward move."""
    return next((move for move in moves if not move["back"]), None)
