"""Aggregation of the experts' totals, exact: with enough sheets the highest and the lowest total are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Tally:
    """`score` is the mean of `counted`, rounded half up to two places at the very end; pass is judged on `exact`."""

    totals: tuple[Decimal, ...]
    counted: tuple[Decimal, ...]
    dropped: tuple[Decimal, ...]
    exact_sum: Decimal
    score: Decimal
    passed: bool
    pass_mark: Decimal


def tally(totals: Sequence[Decimal], *, pass_mark: Decimal, drop_extremes_from: int) -> Tally:
    """Aggregate the totals of submitted sheets. Raises ValueError when there is none.

    One highest and one lowest are dropped, also when several share the extreme. Whether it passes is decided without
    division: sum >= pass mark x number of sheets, so no rounding can lift a score over the line.
    """
    if not totals:
        raise ValueError("no submitted sheet to aggregate")
    ranked = sorted(totals)
    dropped: list[Decimal] = []
    if len(ranked) >= drop_extremes_from:
        dropped = [ranked[0], ranked[-1]]
        ranked = ranked[1:-1]
    total = sum(ranked, Decimal(0))
    return Tally(
        totals=tuple(totals),
        counted=tuple(ranked),
        dropped=tuple(dropped),
        exact_sum=total,
        score=(total / len(ranked)).quantize(CENT, ROUND_HALF_UP),
        passed=total >= pass_mark * len(ranked),
        pass_mark=pass_mark,
    )


def means(lines: Sequence[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """The mean of every criterion over all sheets, two places; for reading, the verdict doesn't use it."""
    keys = dict.fromkeys(key for sheet in lines for key in sheet)
    found = {}
    for key in keys:
        values = [sheet[key] for sheet in lines if key in sheet]
        found[key] = (sum(values, Decimal(0)) / len(values)).quantize(CENT, ROUND_HALF_UP)
    return found
