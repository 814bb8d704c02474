"""Making a move of the course: one address for all of them, every refusal shown at once, nothing typed is
lost.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.documents.numbers import validate_issuing_number
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.access import get_file, visible_valleys
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.next_steps import next_steps
from jinchuanggu.programme.screens.common import actor_of, crumbs, valley_context

MOVERS = (
    Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.CITY_OFFICE, Role.CITY_GOVERNMENT,
)  # fmt: skip
_OURS = {"csrfmiddlewaretoken", "reason", "reason_choice", "revision", "next"}


def payload_of(request: HttpRequest) -> dict[str, Any]:
    """What a move's form holds besides the reason.

    Raises ValidationError for a number or day that cannot be read.
    """
    payload: dict[str, Any] = {key: request.POST[key] for key in request.POST if key not in _OURS}
    if number := str(payload.get("issuing_number", "")).strip():
        validate_issuing_number(number)
    if "units" in payload:
        payload["units"] = [
            int(pk) for pk in request.POST.getlist("units") if pk.isdecimal() and len(pk) < 19
        ]
    if "due_on" in payload:
        text = str(payload["due_on"]).strip()
        try:
            payload["due_on"] = date.fromisoformat(text) if text else None
        except ValueError as error:
            raise ValidationError(_("日期“%(text)s”不对，应如 2026-11-24") % {"text": text[:20]}) from error
    return payload


def make_move(
    request: HttpRequest, case: Case, event: str, payload: dict[str, Any] | None = None
) -> list[Refusal]:
    """Fire a move with what was posted; the refusals, none when it is done.

    For pages that carry a move's form.
    """
    revision = request.POST.get("revision", "")
    # looked up before it is made: afterwards the case stands where this move no longer starts
    made = engine.process_of(case).move(case.state, event, case.variant)
    try:
        engine.fire(
            actor_of(request),
            case,
            event,
            reason=request.POST.get("reason", ""),
            payload=payload_of(request) if payload is None else payload,
            revision=int(revision) if revision.isdecimal() else None,
        )
    except StaleCase as stale:
        return _already_done(request, case, event) or stale.refusals
    except Refused as refused:
        return refused.refusals
    except ValidationError as error:
        return [Refusal(message) for message in error.messages]
    messages.success(request, _("已办理：%(verb)s") % {"verb": engine.say(made.title) if made else event})
    return []


def _already_done(request: HttpRequest, case: Case, event: str) -> list[Refusal]:
    """The button was pressed twice: the last step is this event by this person, so say that it is done."""
    case.refresh_from_db()
    last = case.steps.last()
    if last is not None and last.event == event and last.actor_label == actor_of(request).label:
        return [Refusal(_("此动作刚才已由您办理，无需重复提交"))]
    return []


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*MOVERS)
def move(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """One move of one valley: GET asks for what it needs, POST makes it."""
    actor = actor_of(request)
    valley = get_file(actor, pk)
    case = find_case(valley)
    if case is None:
        raise Http404
    refusals: list[Refusal] = []
    if request.method == "POST":
        refusals = make_move(request, case, event)
        if not refusals:
            return redirect(_next(request, valley))
        case.refresh_from_db()
        valley = get_file(actor, pk)
    offered = {item["event"]: item for item in next_steps(actor, case, valley)}
    if request.method != "POST" and event not in offered:
        raise Http404
    shown = offered.get(event)
    context = {
        **valley_context(request, valley),
        "move": shown,
        "verb": shown["label"] if shown else event,
        "refusals": refusals or (shown["refusals"] if shown else []),
        "tried": request.method == "POST",
        "reason": request.POST.get("reason", ""),
        "issuing_number": request.POST.get("issuing_number", ""),
        "kept": [(k, v) for k, v in request.POST.items() if k not in _OURS | {"issuing_number"}],
        "case": case,
        "crumbs": crumbs((shown["label"] if shown else _("办理"), ""), valley=valley),
    }
    return render(request, "programme/move.html", context, status=422 if refusals else 200)


def _next(request: HttpRequest, valley: Valley) -> str:
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    open_to_me = visible_valleys(actor_of(request)).filter(pk=valley.pk).exists()
    return valley.get_absolute_url() if open_to_me else "/"
