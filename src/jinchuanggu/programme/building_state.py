"""How building goes, pure: is a milestone on time, lagging, late or done; and the traffic light of the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from jinchuanggu.indicators.definitions.library import shown, title_of
from jinchuanggu.programme.models import Milestone

LIGHTS = {
    "done": (_("已完成"), "met", "circle-check"),
    "on_time": (_("按期"), "active", "clock"),
    "not_begun": (_("未开始"), "quiet", "circle-dashed"),
    "lagging": (_("滞后"), "attention", "alert-triangle"),
    "late": (_("逾期"), "final", "alert-octagon"),
}
"""light → (word, tone, icon); the word is always shown beside the colour."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One milestone on a day. `expected` and `progress` in percent; `days` until due, negative when overdue."""

    milestone: Milestone
    light: str
    expected: int
    days: int

    @property
    def word(self) -> str:
        return str(LIGHTS[self.light][0])

    @property
    def tone(self) -> str:
        return LIGHTS[self.light][1]

    @property
    def icon(self) -> str:
        return LIGHTS[self.light][2]


def expected_progress(starts_on: date, due_on: date, today: date) -> int:
    """The share of the time that has passed, in whole percent from 0 to 100."""
    if today >= due_on:
        return 100
    if today <= starts_on:
        return 0
    return 100 * (today - starts_on).days // (due_on - starts_on).days


def standing(milestone: Milestone, today: date, *, lag_percent: int) -> Standing:
    """Late once the due day has passed undone; lagging when progress falls short of time by more than the setting."""
    expected = expected_progress(milestone.starts_on, milestone.due_on, today)
    if milestone.done_on is not None:
        light = "done"
    elif milestone.late(today):
        light = "late"
    elif expected - milestone.progress > lag_percent:
        light = "lagging"
    elif today < milestone.starts_on:
        light = "not_begun"
    else:
        light = "on_time"
    return Standing(milestone, light, expected, (milestone.due_on - today).days)


def overall(standings: Iterable[Standing]) -> str:
    """The worst light of all; "done" only when every milestone is."""
    lights = {item.light for item in standings}
    return next((light for light in ("late", "lagging", "on_time", "not_begun") if light in lights), "done")


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A yearly target against the figure in use. `actual` is None when nothing is reported: unknown, not missed."""

    indicator: str
    year: int
    target: Decimal
    actual: Decimal | None
    dated: date | None
    source: str

    @property
    def title(self) -> str:
        return title_of(self.indicator)

    @property
    def target_text(self) -> str:
        return shown(self.indicator, self.target)

    @property
    def actual_text(self) -> str:
        return "—" if self.actual is None else shown(self.indicator, self.actual)

    @property
    def share(self) -> int | None:
        """Percent of the target reached, capped at 100 for the bar."""
        if self.actual is None or self.target == 0:
            return None
        return min(100, int(100 * self.actual / self.target))

    @property
    def reached(self) -> bool | None:
        return None if self.actual is None else self.actual >= self.target
