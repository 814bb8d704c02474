"""How filings are said: periods in words, states with one tone each, cells in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.workflow.definition import ProcessError, load
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.places import Place

PROCESS = "filing"
_TONES = {
    "draft": "quiet", "checking": "active", "reviewing": "active", "returned": "attention", "reopened": "attention",
    "locked": "met",
}  # fmt: skip
_ICONS = {
    "draft": "pencil", "checking": "clipboard-check", "reviewing": "clipboard-check", "returned": "arrow-back-up",
    "reopened": "lock-open", "locked": "lock",
}  # fmt: skip
WAITING = ("checking", "reviewing")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class StateLabel:
    key: str
    label: str
    tone: str
    icon: str


def state_label(state: str) -> StateLabel:
    """Words, tone and icon of a state; an unknown one is shown by its key."""
    return StateLabel(state, state_words(state), _TONES.get(state, "quiet"), _ICONS.get(state, "point"))


def state_words(state: str) -> str:
    """The title of a state in the reader's language; an unknown one as it is."""
    try:
        known = load(PROCESS).states.get(state)
    except ProcessError:
        known = None
    return state if known is None else say(known.title)


def period_words(period: Period | int) -> str:
    """2026 年 10 月, 2026 年三季度, 2026 年; Oct 2026, Q3 2026, 2026 in English."""
    one = Period.numbered(period) if isinstance(period, int) else period
    if one.kind is PeriodKind.YEAR:
        return str(one.year) if english() else _("%(year)d 年") % {"year": one.year}
    if english():
        return (
            f"{MONTHS[one.part - 1]} {one.year}"
            if one.kind is PeriodKind.MONTH
            else f"Q{one.part} {one.year}"
        )
    if one.kind is PeriodKind.MONTH:
        return _("%(year)d 年 %(part)d 月") % {"year": one.year, "part": one.part}
    return _("%(year)d 年第 %(part)d 季度") % {"year": one.year, "part": one.part}


def place_words(place: Place | None) -> str:
    """The name of a valley in the reader's language; "" for none."""
    return "" if place is None else (english() and place.name_en) or place.name


def decimal_of(text: Any) -> Decimal | None:
    """A kept cell as a number; None where it is empty."""
    if text in (None, ""):
        return None
    try:
        return Decimal(str(text))
    except InvalidOperation:
        return None
