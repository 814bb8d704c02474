from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.forecast import Reason, Verdict, forecast, reach
from jinchuanggu.engines.periods import Period

FIRST = Period.month(2023, 11)
SEASON = 10 * np.sin(np.arange(60) * 2 * np.pi / 12)


def months(values):
    return [(FIRST.shift(step), value) for step, value in enumerate(values)]


def test_a_line_is_followed() -> None:
    found = forecast([100 + 5 * step for step in range(36)], horizon=6)
    assert found.model.startswith("ets(A,A")
    assert found.points == pytest.approx([280, 285, 290, 295, 300, 305], rel=1e-3)
    assert found.drift == pytest.approx(5, rel=1e-2)
    assert found.error is not None
    assert found.error.percent == pytest.approx(0, abs=0.1)
    assert (found.error.months, found.error.count) == (12, 78)


def test_a_season_that_repeats_is_repeated_and_has_no_drift() -> None:
    found = forecast(list(100 + SEASON[:36]), horizon=12)
    assert found.model == "seasonal_naive"
    assert found.points == pytest.approx(list(100 + SEASON[:12]), abs=1e-6)
    assert found.drift == 0
    assert found.error is not None
    assert found.error.percent == pytest.approx(0, abs=1e-6)


def test_growth_with_a_season_keeps_both() -> None:
    future = 100 + 3 * np.arange(60) + SEASON
    found = forecast(list(future[:36]), horizon=12)
    assert found.model == "ets(A,A,A)"
    assert found.points == pytest.approx(list(future[36:48]), rel=0.02)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], Reason.NO_DATA),
        ([None, None], Reason.NO_DATA),
        ([1, 2, 3, 4, 5, 6, 7], Reason.TOO_SHORT),
        ([1, 2, 3, None, 5, 6, 7, 8, 9, 10], Reason.GAPS),
        ([7] * 36, Reason.CONSTANT),
        ([0] * 36, Reason.CONSTANT),
        ([1.0] * 9 + [float("nan")], Reason.NOT_FINITE),
    ],
)
def test_what_cannot_be_said_has_its_reason(values: list[float | None], reason: Reason) -> None:
    found = forecast(values, horizon=3)
    assert (found.reason, found.points, found.error) == (reason, (), None)


def test_two_seasons_are_needed_before_a_season_is_seen() -> None:
    assert "season" not in forecast(list(100 + SEASON[:20]), horizon=3).model
    assert forecast(list(100 + SEASON[:24]), horizon=3).model == "seasonal_naive"


def test_missing_at_either_end_is_no_gap() -> None:
    values = [None, *range(10, 40), None]
    assert forecast(values, horizon=3).points == forecast(values[1:-1], horizon=3).points


@pytest.mark.parametrize(("level", "horizon"), [(0, 3), (1, 3), (0.8, 0)])
def test_senseless_questions_are_refused(level: float, horizon: int) -> None:
    with pytest.raises(ValueError, match="level"):
        forecast([1.0] * 12, horizon=horizon, level=level)


noisy = st.tuples(
    st.integers(0, 10_000), st.integers(8, 40), st.floats(-2, 4), st.floats(0, 20), st.floats(0.01, 8)
)


def draw(seed: int, length: int, slope: float, season: float, noise: float) -> list[float]:
    steps = np.arange(length)
    wave = season * np.sin(steps * 2 * np.pi / 12)
    return list(100 + slope * steps + wave + np.random.default_rng(seed).normal(0, noise, length))


@settings(max_examples=12, deadline=None)
@given(noisy)
def test_the_interval_holds_the_point_and_widens_with_level_and_distance(kind) -> None:
    values = draw(*kind)
    narrow, wide = forecast(values, horizon=9, level=0.5), forecast(values, horizon=9, level=0.95)
    assert narrow.points == wide.points
    for found in (narrow, wide):
        assert all(
            low <= at <= high for low, at, high in zip(found.low, found.points, found.high, strict=True)
        )
        spread = np.subtract(found.high, found.low)
        assert (np.diff(spread) >= -1e-6 * spread.max()).all()
    assert all(a <= b for a, b in zip(wide.low, narrow.low, strict=True))
    assert all(a >= b for a, b in zip(wide.high, narrow.high, strict=True))


@settings(max_examples=12, deadline=None)
@given(noisy, st.sampled_from([0.001, 3.7, 10_000, 1e8]))
def test_the_unit_of_the_series_does_not_matter(kind, factor: float) -> None:
    values = draw(*kind)
    one, other = forecast(values, horizon=6), forecast([value * factor for value in values], horizon=6)
    assert one.model == other.model
    for name in ("points", "low", "high"):
        assert getattr(other, name) == pytest.approx([v * factor for v in getattr(one, name)], rel=1e-6)


@settings(max_examples=10, deadline=None)
@given(noisy)
def test_the_floor_holds(kind) -> None:
    found = forecast([value - 60 for value in draw(*kind)], horizon=9, floor=0.0, level=0.95)
    assert min(found.low) >= 0
    assert min(found.points) >= 0


@pytest.mark.slow
@pytest.mark.parametrize(("trend", "season"), [(0.0, 0.0), (2.0, 0.0), (2.0, 12.0)])
def test_the_interval_covers_what_comes(trend: float, season: float) -> None:
    """Of 20 simulated series × 6 steps about four fifths lie inside 80 %; an honest interval is rather too wide."""
    random, inside, asked = np.random.default_rng(4), 0, 0
    for _ in range(20):
        level = 200 + np.cumsum(trend + random.normal(0, 2, 42))
        values = level + season * np.sin(np.arange(42) * np.pi / 6) + random.normal(0, 3, 42)
        found = forecast(list(values[:36]), horizon=6, level=0.8)
        inside += sum(
            low <= v <= high for low, v, high in zip(found.low, values[36:], found.high, strict=True)
        )
        asked += 6
    assert 0.72 <= inside / asked <= 0.99


def test_of_a_target_the_month_and_its_interval() -> None:
    noise = np.random.default_rng(2).normal(0, 3, 36)
    found = reach(months([200 + 5 * step + noise[step] for step in range(36)]), 400)
    assert found.verdict is Verdict.EXPECTED
    assert found.month in (FIRST.shift(39), FIRST.shift(40), FIRST.shift(41))
    assert found.earliest is not None
    assert found.latest is not None
    assert found.earliest <= found.month <= found.latest
    assert found.at == FIRST.shift(35)
    assert found.error is not None
    assert found.level == 0.8


def test_a_target_already_met_is_reached() -> None:
    found = reach(months([Decimal(390), Decimal(400)]), Decimal(400))
    assert (found.verdict, found.month, found.current) == (Verdict.REACHED, FIRST.shift(1), 400)


def test_a_target_beyond_the_pace_is_not_within() -> None:
    found = reach(months([100 + step % 3 for step in range(36)]), 400)
    assert (found.verdict, found.month, found.horizon) == (Verdict.NOT_WITHIN, None, 36)


def test_nobody_looks_further_ahead_than_back() -> None:
    assert reach(months([100.0 + step**0.5 for step in range(10)]), 400).horizon == 10


@pytest.mark.parametrize(
    ("values", "reason"),
    [([], "no_data"), ([1, 2, 3], "too_short"), ([1, None, 2], "gaps"), ([5] * 20, "constant")],
)
def test_of_a_target_too_it_is_said_when_nothing_can_be(values: list[int | None], reason: str) -> None:
    found = reach(months(values), 400)
    assert (found.verdict, found.reason, found.month) == (Verdict.CANNOT_BE_SAID, reason, None)


def test_statsmodels_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, django; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "import jinchuanggu.engines.forecast, jinchuanggu.indicators.outlook;"
        "print([m for m in ('statsmodels', 'scipy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"DJANGO_SETTINGS_MODULE": "jinchuanggu.settings.test", "PYTHONPATH": "src", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
