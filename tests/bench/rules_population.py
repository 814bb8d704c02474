"""Made-up firms as plain arrays: a seed, lognormal sizes, growth around a trend, round figures where people round."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ON = date(2026, 6, 30)
CODES = {
    "hightech_field": ("electronics", "biomedicine", "aerospace", "materials", "hightech_services", "energy", "environment",
                       "manufacturing", "none"),
    "rd_body_level": ("national", "provincial", "city", "below", "none"),
    "ip_tech_grade": ("high", "rather_high", "average", "rather_low", "none"),
    "ip_support_grade": ("strong", "rather_strong", "average", "rather_weak", "none"),
    "ip_source": ("own", "acquired", "none"),
    "standard_part": ("yes_part", "no_part"),
}  # fmt: skip
STATEMENTS = {"mainland_resident": 0.99, "products_unrestricted": 0.97, "no_serious_incident": 0.97,
              "no_serious_dishonesty": 0.96, "ip_core_technology": 0.7, "national_award_top3_5y": 0.01,
              "led_standard_5y": 0.05}  # fmt: skip


def firms(n: int, seed: int = 20261124, missing: float = 0.0) -> dict[str, Array]:
    """Columns as the engine names them; ``missing``: the share of each fact that is not known."""
    random = np.random.default_rng(seed)
    found: dict[str, Array] = {}
    staff = np.clip(np.rint(random.lognormal(3.3, 1.1, n)), 1, 20_000)
    found["staff_total"] = staff
    found["tech_staff"] = np.minimum(staff, np.rint(staff * random.beta(1.6, 5, n)))
    revenue = _money(random.lognormal(16.2, 1.5, n))
    growth = random.normal(1.08, 0.22, (2, n)).clip(0.3, 3)
    found["revenue_cny@0"] = revenue
    found["revenue_cny@1"] = _money(revenue / growth[0])
    found["revenue_cny@2"] = _money(found["revenue_cny@1"] / growth[1])
    share = random.beta(1.5, 18, n)
    for back in range(3):
        spent = found[f"revenue_cny@{back}"] * share * random.normal(1, 0.1, n).clip(0.5, 1.5)
        # many accounts book exactly a round share of revenue
        spent = np.where(random.random(n) < 0.02, found[f"revenue_cny@{back}"] * random.choice([0.02, 0.03, 0.05, 0.06], n), spent)  # fmt: skip
        found[f"rd_expense_cny@{back}"] = _money(spent)
    assets = _money(revenue * random.lognormal(0, 0.6, n))
    found["assets_cny"] = assets
    net = assets * random.beta(4, 4, n)
    for back in range(3):
        found[f"net_assets_cny@{back}"] = _money(np.where(random.random(n) < 0.03, -net, net))
        net = net / random.normal(1.07, 0.2, n).clip(0.4, 2.5)
    found["costs_cny"] = _money(revenue * random.normal(0.92, 0.08, n).clip(0.3, 1.5))
    found["total_income_cny"] = _money(revenue * random.normal(1.02, 0.01, n).clip(1, 1.2))
    found["nontaxable_income_cny"] = np.where(random.random(n) < 0.2, _money(revenue * 0.01), 0.0)
    found["hightech_income_cny"] = _money(revenue * random.beta(4, 2.5, n))
    found["main_product_income_cny"] = _money(found["hightech_income_cny"] * random.beta(6, 2, n))
    spent = sum(found[f"rd_expense_cny@{back}"] for back in range(3))
    found["rd_domestic_3y_cny"] = _money(np.where(random.random(n) < 0.9, spent, spent * random.random(n)))
    found["ip_class1"] = random.poisson(0.5, n).astype(np.float64)
    found["ip_class2"] = random.poisson(3, n).astype(np.float64)
    found["results_converted_3y"] = random.poisson(9, n).astype(np.float64)
    for name, chance in STATEMENTS.items():
        found[name] = (random.random(n) < chance).astype(np.int8)
    for name, codes in CODES.items():
        found[name] = random.integers(0, len(codes), n).astype(np.int32)
    # of firms younger than a full year some figures do not exist, which only the engine can say
    founded = np.datetime64(ON, "D") - random.integers(547, 9000, n).astype("timedelta64[D]")
    found["registered_on"] = founded
    left = random.integers(-400, 1000, n).astype("timedelta64[D]")
    long_past = np.datetime64("1900-01-01", "D")
    found["hnte_valid_until"] = np.where(random.random(n) < 0.1, np.datetime64(ON, "D") + left, long_past)
    if missing:
        for column in found.values():
            gone = random.random(n) < missing
            column[gone] = {"f": np.nan, "i": -1, "M": np.datetime64("NaT")}[column.dtype.kind]
    return found


def _money(values: Array) -> Array:
    """Rounded as people round: large sums to ten thousand yuan, the rest to the fen."""
    rounded: Array = np.where(np.abs(values) > 2e7, np.rint(values / 1e4) * 1e4, np.rint(values * 100) / 100)
    return rounded


def save(columns: dict[str, Array], folder: Path) -> None:
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


def load(folder: Path) -> dict[str, Array]:
    return {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))}
