"""How states and kinds are shown: words from the process file, one letter and one tone per stage for maps
and lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.programme.models import Valley

PROCESS = "valley"
# stage → (letter zh, letter en, tone)
_MARKS = {
    "plan": ("编", "P", "quiet"),
    "file": ("报", "F", "active"),
    "prepare": ("筹", "R", "active"),
    "build": ("建", "B", "active"),
    "assess": ("评", "A", "attention"),
    "approve": ("审", "V", "attention"),
    "plaque": ("牌", "Q", "met"),
    "ended": ("止", "E", "quiet"),
}
# states that went back on their way and want attention
_TONES = {"returned": "attention", "rectifying": "final", "objecting": "final"}


@dataclass(frozen=True, slots=True)
class StateLabel:
    label: str
    letter: str
    tone: str


def state_label(state: str) -> StateLabel:
    """Words, letter and tone of a state; one the newest process doesn't know is shown by its key."""
    process = load(PROCESS)
    known = process.states.get(state)
    if known is None:
        return StateLabel(state, "·", "quiet")
    zh, en, tone = _MARKS.get(known.stage, ("·", "·", "quiet"))
    letter = en if (get_language() or "").startswith("en") else zh
    return StateLabel(say(known.title), letter, _TONES.get(state, tone))


def stages() -> list[tuple[str, str, str, str]]:
    """(key, label, letter, tone) of every stage in order, for legends and filters."""
    process = load(PROCESS)
    english = (get_language() or "").startswith("en")
    return [
        (key, say(text), (_MARKS[key][1] if english else _MARKS[key][0]), _MARKS[key][2])
        for key, text in process.stages.items()
    ]


def verdict_label(verdict: str) -> str:
    return {
        "met": _("符合条件"),
        "not_met": _("尚不符合条件"),
        "not_evidenced": _("证据不足"),
        "not_applicable": _("当日无适用条件"),
    }.get(verdict, _("未核验"))


def display_name(valley: Valley) -> str:
    """The valley's name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return valley.name_en if english and valley.name_en else valley.name
