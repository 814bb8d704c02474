"""The course of a valley as a diagram (Mermaid text) and as tables, from the process file and a case's
steps.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.definition import Process, load
from jinchuanggu.foundation.workflow.engine import process_of, say
from jinchuanggu.foundation.workflow.models import Case, Step

PROCESS = "valley"
MOST_LINES = 3


def _quoted(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ")


def source_of(process: Process, variant: str, current: str = "") -> str:
    """Mermaid flowchart: states of a variant in their stages, moves as arrows, ways back dotted, the
    present one marked.
    """
    states = process.states_of(variant)
    known = {state.key for state in states}
    lines = ["flowchart TB"]
    for stage, title in process.stages.items():
        inside = [state for state in states if state.stage == stage]
        if not inside:
            continue
        lines.append(f'  subgraph stage_{stage} ["{_quoted(say(title))}"]')
        lines += [f'    s_{state.key}["{_quoted(say(state.title))}"]' for state in inside]
        lines.append("  end")
    for move in process.moves:
        if move.variants and variant not in move.variants:
            continue
        arrow = "-." if move.tone == "back" else "--"
        head = ".->" if move.tone == "back" else "-->"
        sources = [source for source in move.sources if source in known]
        # a move from many states would be a net of lines: it is drawn once, and the table says it in full;
        # going back from an end would turn the picture upside down
        if len(sources) > MOST_LINES:
            sources = sources[:1]
        sources = [source for source in sources if not process.states[source].final]
        for source in sources:
            lines.append(f'  s_{source} {arrow} "{_quoted(say(move.title))}" {head} s_{move.target}')
    if current in known:
        lines.append(f"  style s_{current} stroke-width:4px")
    return "\n".join(lines)


def diagram_of(variant: str, current: str = "") -> dict[str, str]:
    """For components/diagram.html."""
    process = load(PROCESS)
    return {
        "source": source_of(process, variant, current),
        "description": _("建设程序流程图，下方表格逐条写明"),
    }


def moves_table(variant: str) -> list[dict[str, Any]]:
    """Every move of a variant in words: from, verb, to, who, what it needs."""
    process = load(PROCESS)
    rows = []
    for move in process.moves:
        if move.variants and variant not in move.variants:
            continue
        rows.append(
            {
                "sources": _("、").join(
                    say(process.states[key].title) for key in move.sources
                    if not process.states[key].variants or variant in process.states[key].variants
                ),
                "title": say(move.title),
                "target": say(process.states[move.target].title),
                "by": _("、").join(str(Role(role).label) for role in move.by if role in Role.values),
                "back": move.tone == "back",
                "reason": move.reason,
                "letters": len(move.letters),
            }
        )  # fmt: skip
    return rows


def states_table(variant: str) -> list[dict[str, Any]]:
    """Every state of a variant: stage, who holds it, what they do, how long they have."""
    process = load(PROCESS)
    return [
        {
            "title": say(state.title),
            "stage": say(process.stages[state.stage]),
            "holder": str(Role(state.holder).label) if state.holder else "",
            "task": say(state.task),
            "days": state.deadline.days if state.deadline else None,
            "working": bool(state.deadline and state.deadline.working),
            "basis": state.deadline.basis if state.deadline else "",
        }
        for state in process.states_of(variant)
    ]


def path_table(case: Case, steps: list[Step]) -> list[dict[str, Any]]:
    """The steps a case took, newest first, with what each is called."""
    process = process_of(case)
    rows = []
    for step in reversed(steps):
        move = process.move(step.source, step.event, case.variant) if step.source else None
        rows.append(
            {
                "at": step.at,
                "who": step.actor_label,
                "verb": say(move.title) if move else _("启动"),
                "source": say(process.states[step.source].title) if step.source else "",
                "target": say(process.states[step.target].title),
                "reason": step.reason,
                "back": bool(move and move.tone == "back"),
            }
        )
    return rows
