"""When a figure reaches a target at its present pace: a month, the earliest and the latest by the interval - or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jinchuanggu.engines.forecast.forecasting import LEVEL, forecast
from jinchuanggu.engines.forecast.series import Number, Reason
from jinchuanggu.engines.forecast.testing import Error
from jinchuanggu.engines.periods import Period

HORIZON = 36


class Verdict(StrEnum):
    """What can be said of a target."""

    REACHED = "reached"
    EXPECTED = "expected"
    NOT_WITHIN = "not_within"
    CANNOT_BE_SAID = "cannot_be_said"


@dataclass(frozen=True, slots=True)
class Reach:
    """`month`: when the points reach the target; `earliest`, `latest`: when the upper and the lower bound do, None where
    they don't within `horizon` months. `current` is the last value, `at` its month; `drift` the pace per month.
    """

    verdict: Verdict
    month: Period | None = None
    earliest: Period | None = None
    latest: Period | None = None
    level: float = LEVEL
    horizon: int = 0
    error: Error | None = None
    model: str = ""
    reason: Reason | None = None
    target: float | None = None
    current: float | None = None
    at: Period | None = None
    drift: float = 0.0


def reach(
    series: Sequence[tuple[Period, Number | None]],
    target: Number,
    *,
    season: int = 12,
    horizon: int = HORIZON,
    level: float = LEVEL,
    floor: float | None = 0.0,
    window: int = 1,
) -> Reach:
    """When the last value, followed at its pace, is `target` or more. No further ahead than the series reaches back.

    `series` is in order of time, one entry a period; a missing one is (period, None). `window`: the target is one of the
    sum over so many periods (a year's revenue of monthly ones); the bounds then add up as if every month erred alike.
    """
    wanted = float(target)
    while series and series[-1][1] is None:
        series = series[:-1]
    known = [value for _period, value in series if value is not None]
    if not known:
        return Reach(Verdict.CANNOT_BE_SAID, reason=Reason.NO_DATA, target=wanted, level=level)
    at = series[-1][0]
    if len(known) < window:
        return Reach(Verdict.CANNOT_BE_SAID, reason=Reason.TOO_SHORT, target=wanted, at=at, level=level)
    recent = [value for _period, value in series[-window:]]
    if None in recent:
        return Reach(Verdict.CANNOT_BE_SAID, reason=Reason.GAPS, target=wanted, at=at, level=level)
    current = float(sum(float(value) for value in recent if value is not None))
    if current >= wanted:
        return Reach(Verdict.REACHED, month=at, target=wanted, current=current, at=at, level=level)
    ahead = max(1, min(horizon, len(known)))
    found = forecast([value for _, value in series], season=season, horizon=ahead, level=level, floor=floor)
    if found.reason is not None:
        return Reach(
            Verdict.CANNOT_BE_SAID, reason=found.reason, target=wanted, current=current, at=at, level=level
        )

    before = [float(value) for value in recent[1:] if value is not None]

    def first(path: tuple[float, ...]) -> Period | None:
        whole = [*before, *path]
        sums = (sum(whole[step : step + window]) for step in range(len(path)))
        return next((at.shift(step) for step, value in enumerate(sums, 1) if value >= wanted), None)

    month = first(found.points)
    return Reach(
        Verdict.EXPECTED if month else Verdict.NOT_WITHIN,
        month=month,
        earliest=first(found.high),
        latest=first(found.low),
        level=level,
        horizon=ahead,
        error=found.error,
        model=found.model,
        target=wanted,
        current=current,
        at=at,
        drift=found.drift,
    )
