"""Where a filing stands in its course: the stages of the ribbon, the steps taken, the moves on offer."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Offer, offers, process_of, say
from jinchuanggu.foundation.workflow.models import Case, Step
from jinchuanggu.indicators.filings.words import PROCESS
from jinchuanggu.indicators.models import Filing


def case_of(row: Filing) -> Case:
    """The running case of a filing."""
    kind = ContentType.objects.get_for_model(Filing)
    return Case.objects.get(process=PROCESS, subject_type=kind, subject_id=row.pk)


def stages_of(case: Case, row: Filing, steps: list[Step]) -> list[dict[str, Any]]:
    """Stages as components/ribbon.html wants them; a return stays visible as a loop."""
    process = process_of(case)
    current = process.states[case.state]
    reached: dict[str, Any] = {}
    loops: dict[str, list[str]] = {}
    for step in steps:
        target = process.states[step.target]
        reached[target.stage] = reached[target.key] = step.at
        move = process.move(step.source, step.event, case.variant) if step.source else None
        if move is not None and move.tone == "back":
            day = timezone.localdate(step.at).isoformat()
            source = process.states[step.source]
            loops.setdefault(source.key if source.stage == "check" else source.stage, []).append(
                f"{say(move.title)} {day}"
            )
    order = _stations(process, case.variant)
    here = next(at for at, (key, _title) in enumerate(order) if key in (current.key, current.stage))
    last = here == len(order) - 1
    holder = current.held_by(case.variant)
    shown = []
    for index, (key, title) in enumerate(order):
        now = index == here
        status = ("done" if last else "now") if now else "done" if index < here else "todo"
        shown.append(
            {
                "label": title,
                "state": status,
                "since": case.since if now else reached.get(key) if status == "done" else None,
                "due": row.due_on if now and index == 0 else None,
                "holder": role_words(holder) if now and not last else "",
                "note": say(current.title) if now and current.key in ("returned", "reopened") else "",
                "loops": loops.get(key, []),
            }
        )
    return shown


def _stations(process: Any, variant: str) -> list[tuple[str, str]]:
    """What the ribbon shows one after the other: each check by itself, all else by its stage."""
    found: list[tuple[str, str]] = []
    for stage, title in process.stages.items():
        states = [state for state in process.states_of(variant) if state.stage == stage]
        if stage == "check":
            found += [(state.key, say(state.title)) for state in states]
        elif states:
            found.append((stage, say(title)))
    return found


def role_words(role: str | None) -> str:
    return str(Role(role).label) if role in Role.values else ""


def timeline_of(case: Case, steps: list[Step]) -> list[dict[str, Any]]:
    """The steps for components/timeline.html, newest first; opening a filing says nothing."""
    process, rows = process_of(case), []
    for step in reversed(steps):
        move = process.move(step.source, step.event, case.variant) if step.source else None
        if move is not None:
            rows.append(
                {
                    "at": step.at, "who": step.actor_label, "verb": say(move.title), "reason": step.reason,
                    "tone": "back" if move.tone == "back" else "",
                }
            )  # fmt: skip
    return rows


def offered(actor: Actor, case: Case, row: Filing) -> dict[str, Offer]:
    """The moves of this actor by event."""
    return {one.move.event: one for one in offers(actor, case, row)}


def shown(offer: Offer, case: Case, row: Filing) -> dict[str, Any]:
    """One move for components/move.html."""
    move, back = offer.move, offer.move.tone == "back"
    return {
        "event": move.event,
        "label": offer.title,
        "url": reverse("filing_move", args=[row.pk, move.event]),
        "allowed": offer.open,
        "blockers": [refusal.message for refusal in offer.refusals],
        "after": role_words(offer.next_holder),
        "icon": "arrow-back-up" if back else "check",
        "primary": not back,
        "danger": False,
        "needs_reason": move.reason,
        "reasons": [say(text) for text in move.reasons],
        "dialog_id": f"move-{move.event}",
        "hint": "",
        "hidden": [("revision", case.revision)],
    }


def sent_back(case: Case, steps: list[Step]) -> dict[str, Any] | None:
    """The last return or reopening, while it still is the reason for the state."""
    if not steps or steps[-1].event not in ("return_filing", "reopen"):
        return None
    move = process_of(case).move(steps[-1].source, steps[-1].event, case.variant)
    return {
        "verb": say(move.title) if move else "", "who": steps[-1].actor_label, "at": steps[-1].at,
        "reason": steps[-1].reason,
    }  # fmt: skip
