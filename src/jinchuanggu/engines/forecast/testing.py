"""The rolling-origin back-test: how far a model would have been out, had it been asked each month of the last year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jinchuanggu.engines.forecast.models import Model
from jinchuanggu.engines.forecast.series import Floats


@dataclass(frozen=True, slots=True)
class Error:
    """Mean errors over `months` of the past, every origin in them and every step up to their end.

    `percent`: mean absolute error in percent of what came, None where that was 0 somewhere. `scaled` (MASE): against
    repeating the season within the past before; below 1 is better than that. `count`: how many forecasts were compared.
    """

    months: int
    percent: float | None
    scaled: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Tested:
    """`mean`: mean absolute error; `by_step`: root of the mean square error of each step ahead."""

    mean: float
    by_step: Floats
    error: Error


def window(length: int, season: int) -> int:
    """How many of the last points are asked for: a season, at most a third of what there is."""
    return max(1, min(season, length // 3))


def back_test(model: Model, values: Floats, months: int, season: int) -> Tested:
    """Ask a model, estimated on what came before, at every month of the last `months`."""
    errors: list[list[float]] = [[] for _ in range(months)]
    relative: list[float] = []
    for origin in range(len(values) - months, len(values)):
        came = values[origin:]
        missed = np.abs(model.points(values[:origin], len(came)) - came)
        for step, (miss, real) in enumerate(zip(missed, came, strict=True)):
            errors[step].append(float(miss))
            relative.append(float(miss) / abs(float(real)) if real else float("inf"))
    flat = np.asarray([miss for step in errors for miss in step])
    mean = float(flat.mean())
    before = values[: len(values) - months]
    lag = season if len(before) > season else 1
    naive = float(np.abs(before[lag:] - before[:-lag]).mean())
    percent = float(np.mean(relative)) * 100
    return Tested(
        mean=mean,
        by_step=np.asarray([float(np.sqrt(np.mean(np.square(step)))) for step in errors]),
        error=Error(
            months=months,
            percent=percent if np.isfinite(percent) else None,
            scaled=mean / naive if naive > 0 else None,
            count=len(flat),
        ),
    )
