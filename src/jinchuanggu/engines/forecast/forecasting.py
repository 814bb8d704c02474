"""A forecast: of seasonal naive and ETS the one that was closer in the back-test, with an interval that owns up to both kinds
of error - what the model expects of itself, and what it was out by in the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from jinchuanggu.engines.forecast.models import Model, SeasonalNaive, best_ets, fit
from jinchuanggu.engines.forecast.series import Clean, Floats, Number, Reason, clean
from jinchuanggu.engines.forecast.testing import Error, Tested, back_test, window

LEVEL = 0.8


@dataclass(frozen=True, slots=True)
class Forecast:
    """`points` one per step, each within `low` and `high`, which hold the future with probability `level`.

    `drift`: change per step the model carries forward (0: it has no trend). With a `reason` all else is empty.
    """

    model: str = ""
    points: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    level: float = LEVEL
    error: Error | None = None
    drift: float = 0.0
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The model that won, estimated on everything, and how it did in the back-test."""

    model: Model
    tested: Tested


def forecast(
    values: Sequence[Number | None],
    *,
    season: int = 12,
    horizon: int,
    level: float = LEVEL,
    floor: float | None = None,
) -> Forecast:
    """Forecast `horizon` steps of a series of equal steps. `floor`: below it nothing can lie (0 for amounts).

    Raises ValueError for a level outside 0 … 1 or a horizon below 1.
    """
    if not 0 < level < 1 or horizon < 1 or season < 1:
        raise ValueError("level lies between 0 and 1, horizon and season are 1 or more")
    cleaned = clean(values)
    if isinstance(cleaned, Reason):
        return Forecast(level=level, reason=cleaned)
    chosen = choose(cleaned, season)
    points = chosen.model.points(cleaned.values, horizon)
    spread = spread_of(chosen, cleaned.values, horizon)
    freedom = max(len(cleaned.values) - chosen.model.parameters, 3)
    reach = _quantile(level, freedom) * spread
    least = -np.inf if floor is None else floor / cleaned.scale
    low, high = np.maximum(points - reach, least), np.maximum(points + reach, least)
    return Forecast(
        model=chosen.model.name,
        points=_out(np.maximum(points, least), cleaned),
        low=_out(low, cleaned),
        high=_out(high, cleaned),
        level=level,
        error=chosen.tested.error,
        drift=chosen.model.drift(cleaned.values) * cleaned.scale,
    )


def choose(cleaned: Clean, season: int) -> Chosen:
    """Both through the back-test, estimated on what came before its window; the closer one, estimated on everything."""
    values = cleaned.values
    months = window(len(values), season)
    before = values[: len(values) - months]
    lag = season if len(values) >= 2 * season else 1
    naive = SeasonalNaive(lag if len(before) >= lag else 1)
    best = Chosen(naive, back_test(naive, values, months, season))
    ets = best_ets(before, season)
    if ets is None:
        return best
    tested = back_test(ets, values, months, season)
    if np.isfinite(tested.mean) and tested.mean < best.tested.mean:
        return Chosen(fit(values, ets.name, ets.form, season) or ets, tested)
    return best


def spread_of(chosen: Chosen, values: Floats, horizon: int) -> Floats:
    """The larger of the model's own spread and what it was out by; never narrower for a later step."""
    own = chosen.model.spread(values, horizon)
    past = chosen.tested.by_step
    shown = np.asarray([past[min(step, len(past) - 1)] for step in range(horizon)])
    return np.asarray(np.maximum.accumulate(np.maximum(own, shown)), dtype=np.float64)


def _quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit  # comes with statsmodels

    return float(stdtrit(freedom, (1 + level) / 2))


def _out(values: Floats, cleaned: Clean) -> tuple[float, ...]:
    return tuple(float(value) for value in values * cleaned.scale)
