"""The models that compete: the last season again, and exponential smoothing (ETS) as statsmodels estimates it.

A fitted model answers from any later moment with the parameters it was given, so that a back-test costs one estimation.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from jinchuanggu.engines.forecast.series import Floats


class Model(Protocol):
    """`name` for people who know; `parameters`: how many numbers were estimated."""

    @property
    def name(self) -> str: ...

    @property
    def parameters(self) -> int: ...

    def points(self, past: Floats, steps: int) -> Floats:
        """What follows on `past`, which may be longer than what the model was estimated on."""

    def spread(self, past: Floats, steps: int) -> Floats:
        """Standard deviation of the error of each step by the model's own account."""

    def drift(self, past: Floats) -> float:
        """Change per step that the model carries forward; 0 where it has no trend."""


@dataclass(frozen=True)
class SeasonalNaive:
    """The value of the same month a year ago; without a season (`season` 1) the last value. It has no drift."""

    season: int
    parameters: int = 0

    @property
    def name(self) -> str:
        return "seasonal_naive" if self.season > 1 else "naive"

    def points(self, past: Floats, steps: int) -> Floats:
        return np.asarray([past[len(past) - self.season + step % self.season] for step in range(steps)])

    def spread(self, past: Floats, steps: int) -> Floats:
        errors = past[self.season :] - past[: -self.season]
        sigma = float(np.sqrt(np.mean(errors**2))) if len(errors) else 0.0
        seasons = np.arange(steps) // self.season + 1
        return np.asarray(sigma * np.sqrt(seasons), dtype=np.float64)

    def drift(self, past: Floats) -> float:
        return 0.0


FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ets(A,N,N)", {}),
    ("ets(A,A,N)", {"trend": "add"}),
    ("ets(A,Ad,N)", {"trend": "add", "damped_trend": True}),
    ("ets(A,N,A)", {"seasonal": "add"}),
    ("ets(A,A,A)", {"trend": "add", "seasonal": "add"}),
)


@dataclass(frozen=True)
class Ets:
    """Additive errors; `form` is the entry of FORMS, `estimates` the parameters in statsmodels' order."""

    name: str
    form: dict[str, Any]
    season: int
    estimates: Floats
    named: dict[str, float]

    @property
    def parameters(self) -> int:
        return len(self.estimates)

    def _smoothed(self, past: Floats) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _model(past, self.form, self.season).smooth(self.estimates)

    def akaike(self, past: Floats) -> float:
        residuals = np.asarray(self._smoothed(past).resid, dtype=np.float64)
        variance = max(float(residuals @ residuals) / len(past), 1e-18)
        return float(len(past) * np.log(variance)) + 2 * self.parameters

    def points(self, past: Floats, steps: int) -> Floats:
        return np.asarray(self._smoothed(past).forecast(steps), dtype=np.float64)

    def spread(self, past: Floats, steps: int) -> Floats:
        """Analytic for linear models with additive errors: sigma² (1 + Σ c_j²), c_j = α + β·φ_j + γ at whole seasons.

        Hyndman, Koehler, Ord, Snyder (2008), Forecasting with Exponential Smoothing, table 6.2. statsmodels counts its
        smoothing parameters as those formulas do.
        """
        residuals = np.asarray(self._smoothed(past).resid, dtype=np.float64)
        freedom = max(len(past) - self.parameters, 3)
        sigma2 = float(residuals @ residuals) / freedom
        lags = np.arange(1, steps, dtype=np.float64)
        phi = self.named.get("damping_trend", 1.0)
        kept = lags if phi == 1.0 else phi * (1 - phi**lags) / (1 - phi)
        weights = self.named["smoothing_level"] + self.named.get("smoothing_trend", 0.0) * kept
        weights = weights + self.named.get("smoothing_seasonal", 0.0) * (lags % self.season == 0)
        return np.asarray(
            np.sqrt(sigma2 * (1 + np.concatenate([[0.0], np.cumsum(weights**2)]))), dtype=np.float64
        )

    def drift(self, past: Floats) -> float:
        if "trend" not in self.form:
            return 0.0
        return float(np.asarray(self._smoothed(past).slope)[-1])


def _model(past: Floats, form: dict[str, Any], season: int) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # a second to import

    periods = {"seasonal_periods": season} if "seasonal" in form else {}
    return ETSModel(past, error="add", **form, **periods)


def fit(past: Floats, name: str, form: dict[str, Any], season: int) -> Ets | None:
    """One form estimated, or None where it can't be (too few points, no finite likelihood)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = _model(past, form, season)
            found = model.fit(disp=False, maxiter=300)
            estimates = np.asarray(found.params, dtype=np.float64)
        except (ValueError, np.linalg.LinAlgError, ZeroDivisionError, FloatingPointError):
            return None
    if not (np.isfinite(estimates).all() and np.isfinite(found.llf) and len(past) > len(estimates)):
        return None
    return Ets(name, form, season, estimates, dict(zip(model.param_names, estimates, strict=True)))


def best_ets(past: Floats, season: int) -> Ets | None:
    """The form with the lowest Akaike criterion; seasonal ones only over two whole seasons and more.

    Not the corrected criterion: on two seasons it rules every season out, however plain.
    """
    seasonal = season > 1 and len(past) >= 2 * season
    found = [fit(past, name, form, season) for name, form in FORMS if seasonal or "seasonal" not in form]
    known = [one for one in found if one is not None]
    return min(known, key=lambda one: one.akaike(past)) if known else None
