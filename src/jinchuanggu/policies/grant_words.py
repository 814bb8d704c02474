"""How the states of a grant are shown: words from the process file, one tone for each stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.policies.models import GrantApplication

PROCESS = "grant"
_TONES = {
    "apply": "quiet", "check": "active", "decide": "active", "pay": "attention", "recover": "final", "done": "met",
    "ended": "quiet",
}  # fmt: skip
_STATE_TONES = {"paid": "met", "supplementing": "attention", "proposed": "attention", "refused": "final"}


@dataclass(frozen=True, slots=True)
class StateLabel:
    label: str
    tone: str


def state_label(state: str) -> StateLabel:
    """Words and tone of a state; one that the newest process does not know is shown by its key."""
    known = load(PROCESS).states.get(state)
    if known is None:
        return StateLabel(state, "quiet")
    return StateLabel(say(known.title), _STATE_TONES.get(state, _TONES[known.stage]))


def state_words(state: str) -> str:
    return state_label(state).label


def states() -> list[tuple[str, str]]:
    """(key, words) of the states an officer may filter by, in the order of the course."""
    return [(key, say(state.title)) for key, state in load(PROCESS).states.items() if key != "opened"]


def title_of(application: GrantApplication) -> str:
    """The measure's name in the reader's language."""
    return application.title_en if english() and application.title_en else application.title_zh


def result_shown(result: dict[str, Any] | None) -> dict[str, Any] | None:
    """A stored result for the verdict template: what is or is not so is said with yes and no."""
    if not result:
        return None
    parts = {part: [_said(one) for one in result[part]] for part in ("criteria", "expert") if part in result}
    return {**result, **parts}


def _said(criterion: dict[str, Any]) -> dict[str, Any]:
    found = {**criterion, "children": [_said(one) for one in criterion.get("children") or []]}
    if isinstance(criterion.get("value"), bool):
        found |= {"value": _("是") if criterion["value"] else _("否"), "threshold": None}
    return found
