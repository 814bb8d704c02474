"""A unit measured by its own past: the median of its log changes and their median deviation, which one wild period
does not move. Without enough past nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp, log
from statistics import median

from jinchuanggu.indicators.forms.model import Check

NORMAL = 1.4826
"""The median deviation of a normal distribution, times this, is its standard deviation."""
LONGEST = 30.0
"""A change by more than e^30 is not spelled out."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What this unit's past lets one expect, and what came instead. `low` and `high`: the expected range."""

    now: Decimal
    before: Decimal
    low: Decimal
    high: Decimal
    changes: int


def depth(check: Check) -> int:
    """So many periods back are read."""
    return 2 * check.least + 1


def unusual(now: Decimal | None, past: Mapping[int, Decimal | None], check: Check) -> Usual | None:
    """None where the last change is like the others, was `seen` before, is too small to matter, or there are too few."""
    before = past.get(1)
    if now is None or before is None or before <= 0 or now < 0:
        return None
    if abs(now - before) * 100 < before * check.least_change:
        return None
    steps = [
        log(later) - log(earlier)
        for back in range(1, depth(check))
        if (later := past.get(back)) is not None
        and (earlier := past.get(back + 1)) is not None
        and later > 0
        and earlier > 0
    ]
    if len(steps) < check.least:
        return None
    if now == 0 and any(value == 0 for back, value in past.items() if back <= depth(check)):
        return None  # a month without any is nothing new here
    middle = median(steps)
    room = float(check.factor) * NORMAL * median([abs(step - middle) for step in steps])
    if now > 0 and abs(log(now) - log(before) - middle) <= room:
        return None
    if now > 0:
        step = log(now) - log(before)
        alike = sum(one >= step if step > 0 else one <= step for one in steps)
        if alike >= check.seen > 0:
            return None  # it swings like this: quarters that end with invoices, for example
    change = float(check.least_change) / 100
    up = exp(min(middle + room, LONGEST))
    down = exp(max(middle - room, -LONGEST))
    return Usual(
        now,
        before,
        before * Decimal(repr(min(down, max(1 - change, 0.0)))),
        before * Decimal(repr(max(up, 1 + change))),
        len(steps),
    )
