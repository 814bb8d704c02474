"""Where a case stands: the stages for the process ribbon, the steps taken, who holds it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils import timezone

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.engine import process_of, say, state_of
from jinchuanggu.foundation.workflow.models import Case, Deadline, Step

ENDED = "ended"


def steps_of(case: Case) -> list[Step]:
    return list(case.steps.all())


def open_deadline(case: Case) -> Deadline | None:
    return case.deadlines.filter(closed_at__isnull=True).order_by("due_on").first()


def holder_of(case: Case, valley: Any) -> str:
    """Role and organisations that must act now, e.g. 市科技局 · 阳泉市科学技术局."""
    holder = state_of(case).held_by(case.variant)
    if not holder:
        return ""
    ids = registry.holders[case.process](valley, holder)
    names = Organisation.objects.filter(pk__in=ids).values_list("name", flat=True)
    return " · ".join([str(Role(holder).label), *names[:2]])


def stages_of(case: Case, valley: Any, steps: list[Step]) -> list[dict[str, Any]]:
    """Stages as components/ribbon.html wants them: done, now, to come, not applicable; returns are visible
    as loops.
    """
    process = process_of(case)
    current = process.states[case.state]
    holder = current.held_by(case.variant)
    reached: dict[str, Any] = {}
    loops: defaultdict[str, list[str]] = defaultdict(list)
    for step in steps:
        reached[process.states[step.target].stage] = step.at
        move = process.move(step.source, step.event, case.variant) if step.source else None
        if move is not None and move.tone == "back":
            day = timezone.localdate(step.at).isoformat()
            loops[process.states[step.source].stage].append(f"{say(move.title)} {day}")
    usable = {state.stage for state in process.states_of(case.variant)}
    order = [key for key in process.stages if key != ENDED or current.stage == ENDED]
    here = order.index(current.stage)
    due = open_deadline(case)
    shown = []
    for index, key in enumerate(order):
        now = key == current.stage
        if key not in usable:
            status = "skipped"
        elif now:
            status = "done" if current.final and key != ENDED else "failed" if key == ENDED else "now"
        else:
            status = "done" if index < here and key in reached and current.stage != ENDED else "todo"
            if current.stage == ENDED and key in reached:
                status = "done"
        shown.append(
            {
                "label": say(process.stages[key]),
                "state": status,
                "since": case.since if now else reached.get(key) if status == "done" else None,
                "due": due.due_on if now and due else None,
                "holder": str(Role(holder).label) if now and holder and not current.final else "",
                "note": say(current.title) if now and current.title != process.stages[key] else "",
                "loops": loops[key],
            }
        )
    return shown
