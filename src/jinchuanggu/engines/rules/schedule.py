"""Which share of a computed amount is paid when (退坡): of one case on the day that decides, of a year by its days.

Everything that pays or forecasts asks here, so that a step has one meaning.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from jinchuanggu.engines.rules.benefit import Benefit


def share_paid(benefit: Benefit, on: date) -> Fraction:
    """The share paid on a day; 1, all of it, before the first step."""
    percent = next((step.percent for step in reversed(benefit.steps) if step.start <= on), Fraction(100))
    return percent / 100


def share_in(benefit: Benefit | None, year: int) -> Fraction:
    """The share paid in a year, weighted by days where a step falls in it."""
    if benefit is None:
        return Fraction(1)
    starts = [date(year, 1, 1), *(step.start for step in benefit.steps if step.start.year == year)]
    starts = sorted(set(starts))
    ends = [*starts[1:], date(year + 1, 1, 1)]
    weights = [(end - start).days for start, end in zip(starts, ends, strict=True)]
    paid = (share_paid(benefit, start) * days for start, days in zip(starts, weights, strict=True))
    return sum(paid, Fraction(0)) / sum(weights)
