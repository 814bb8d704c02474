"""How a due day is said: the date, and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.foundation.ui.formats import day, days_left

SOON = 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """`tone`: "final" when overdue, "attention" within three days, "met" when done in time, else "quiet"."""

    date: str
    words: str
    tone: str
    icon: str


def deadline(due: Any, done: Any = None, working: int | None = None) -> Deadline | None:
    """What to show for `due` (date, time or ISO text).

    `done` is the day it was met. `working` is the number of working days left where the law counts those.
    None without a due day.
    """
    left = days_left(due)
    if left is None:
        return None
    if done:
        late = (days_left(done) or 0) > left
        words = _("已完成（逾期）") if late else _("已按期完成")
        return Deadline(day(due), words, "attention" if late else "met", "clock-check")
    if left < 0:
        words = ngettext("逾期 %d 天", "逾期 %d 天", -left) % -left
        return Deadline(day(due), words, "final", "clock-exclamation")
    if left == 0:
        return Deadline(day(due), _("今天到期"), "attention", "clock-hour-4")
    if working is not None:
        words = ngettext("还有 %d 个工作日", "还有 %d 个工作日", working) % working
    else:
        words = ngettext("还有 %d 天", "还有 %d 天", left) % left
    return Deadline(day(due), words, "attention" if left <= SOON else "quiet", "clock-hour-4")
