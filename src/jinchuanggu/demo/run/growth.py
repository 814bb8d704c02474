"""The underlying process: firms move in, grow with the season, hire, earn, spend, move out. Pure, from one seed.

Every firm has its own stream of random numbers, so that a smaller scale is no other world but a part of one.
Money is whole yuan, people are whole. Nothing here knows the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from jinchuanggu.demo.run.names import SUFFIX, name_of
from jinchuanggu.demo.run.places import RunValley, places
from jinchuanggu.demo.run.scale import MOST, Scale

TRADES = tuple(SUFFIX)
YEAR = np.array([-0.05, -0.28, 0.02, 0.0, 0.03, 0.06, -0.04, -0.06, 0.04, 0.0, 0.08, 0.2])
"""Logarithmic season of revenue, January to December: the spring festival and the closing of books."""
STAFF_NEAR, STAFF_BEFORE, STAFF_SLIPPED = 386.0, 430.0, 372.0
MOST_FIRMS = {"near": 40, "slipping": 46}
"""People at the end of the valley that is nearly there; of the one that slips, before it does and at the end."""
SLIP_MONTHS = 4
CELLS = (
    "revenue_cny", "technology_income_cny", "product_income_cny", "profit_cny", "rd_expense_cny", "tax_paid_cny",
    "staff_month_end", "rd_staff_month_end",
)  # fmt: skip


@dataclass(frozen=True)
class Raw:
    """The simulated truth. `firms`: one row a firm; `months`: one row for each month it owes a report, true cells."""

    scale: Scale
    valleys: tuple[RunValley, ...]
    firms: pl.DataFrame
    months: pl.DataFrame


def begun(scale: Scale, valley: RunValley) -> int:
    """Month of this run in which residents begin to move in, in proportion to its length."""
    return valley.begun * scale.months // MOST[2]


def grow(scale: Scale) -> Raw:
    """The whole process at a scale. Deterministic: the same scale gives the same frames."""
    chosen = places().valleys[: scale.valleys]
    firms = [row for valley, count in _counts(scale, chosen) for row in _firms(scale, valley, count, chosen)]
    table = _numbered(firms)
    months = (
        pl.concat([_months(scale, row) for row in table.iter_rows(named=True)]) if firms else pl.DataFrame()
    )
    for valley in chosen:
        if valley.path != "steady":
            months = _fitted(scale, months, table, valley)
    return Raw(scale, chosen, table, months.sort("month", "firm") if firms else months)


def _counts(scale: Scale, chosen: tuple[RunValley, ...]) -> Iterator[tuple[RunValley, int]]:
    """Firms of each valley by its share, at least four, adding up to the whole."""
    whole = sum(valley.share for valley in chosen)
    left, shares = scale.firms, whole
    for number, valley in enumerate(chosen):
        rest = 4 * (len(chosen) - number - 1)
        count = min(
            max(4, round(left * valley.share / shares)), left - rest, MOST_FIRMS.get(valley.path, left)
        )
        left, shares = left - count, shares - valley.share
        yield valley, count


def _firms(
    scale: Scale, valley: RunValley, count: int, chosen: tuple[RunValley, ...]
) -> Iterator[dict[str, Any]]:
    at = chosen.index(valley)
    first = begun(scale, valley)
    for number in range(count):
        random = np.random.default_rng([scale.seed, at, number])
        early = number < max(3, round(count * 0.45))
        entered = first + (0 if early else int(random.integers(1, max(2, scale.months - first))))
        entered = min(entered, scale.months - 1)
        field = (
            valley.fields[int(random.integers(len(valley.fields)))]
            if random.random() < 0.8
            else str(random.choice(TRADES))
        )
        team = random.random() < 0.22
        lives = int(random.geometric(0.004))
        slips = valley.path == "slipping" and number % 4 == 3
        left = entered + max(2, lives)
        if slips and entered < scale.months - SLIP_MONTHS - 2:
            left = scale.months - SLIP_MONTHS
        if number < 3:
            left = scale.months  # the first of each valley stay
        stays = left >= scale.months or left <= entered + 1
        yield {
            "valley": valley.key, "number": number, "field": field, "kind": "team" if team else "enterprise",
            "start_up": bool(team or random.random() < 0.75), "sci_tech": bool(not team and random.random() < 0.8),
            "entered": _day(scale, entered, int(random.integers(2, 24))),
            "left": None if stays else _day(scale, left, int(random.integers(4, 27))),
            "entered_month": entered, "left_month": None if stays else left,
            "staff": float(np.clip(random.lognormal(1.9 if team else 2.6, 0.55), 3, 180)),
            "per_head": float(random.lognormal(12.2 if team else 12.8, 0.5)),
        }  # fmt: skip


def _day(scale: Scale, month: int, day: int) -> date:
    return scale.period(month).first_day + timedelta(days=day - 1)


def _numbered(rows: list[dict[str, Any]]) -> pl.DataFrame:
    if not rows:
        return pl.DataFrame()
    for firm, row in enumerate(rows):
        row |= {"firm": firm, "name": name_of(firm, str(row["valley"]), str(row["field"]), str(row["kind"]))}
    return pl.DataFrame(rows, infer_schema_length=None)


def _months(scale: Scale, firm: dict[str, Any]) -> pl.DataFrame:
    """The months at whose end a firm is in residence, with its true figures before the fitting of valleys."""
    random = np.random.default_rng([scale.seed, 7, firm["firm"]])
    first = int(firm["entered_month"])
    last = scale.months if firm["left_month"] is None else int(firm["left_month"])
    count = last - first
    step = np.arange(count)
    hire = random.normal(0.009, 0.006)
    staff = float(firm["staff"]) * np.exp(hire * step + np.cumsum(random.normal(0, 0.012, count)))
    calendar = np.array([scale.period(first + at).part - 1 for at in range(count)], dtype=int)
    noise = np.zeros(count)
    shocks = random.normal(0, 0.05, count)
    for at in range(count):
        noise[at] = 0.5 * (noise[at - 1] if at else 0.0) + shocks[at]
    ramp = np.minimum(1.0, (step + 4) / 12)
    level = float(firm["per_head"]) * random.lognormal(0, 0.1)
    strength = random.uniform(0.6, 1.2)
    per_head = (
        level / 12 * ramp * np.exp(random.normal(0.006, 0.006) * step + strength * YEAR[calendar] + noise)
    )
    outlier = random.random(count) < 0.004
    return pl.DataFrame(
        {
            "firm": np.full(count, firm["firm"]),
            "month": first + step,
            "staff": staff,
            "per_head": per_head * np.where(outlier, random.uniform(6, 9, count), 1.0),
            "outlier": outlier,
            "tech_share": np.clip(random.uniform(0.1, 0.6) + random.normal(0, 0.02, count), 0, 0.65),
            "product_share": np.full(count, random.uniform(0.05, 0.3)),
            "rd_share": np.clip(random.uniform(0.05, 0.25) + random.normal(0, 0.01, count), 0.01, 0.4),
            "rd_people": np.full(count, random.uniform(0.15, 0.6)),
            "margin": random.normal(0.07, 0.05, count),
            "tax_share": np.where(calendar % 3 == 0, 0.055, 0.025) * random.uniform(0.9, 1.1, count),
        }
    )


def _fitted(scale: Scale, months: pl.DataFrame, firms: pl.DataFrame, valley: RunValley) -> pl.DataFrame:
    """Scale the people of a valley so that its story holds at any size: a little short and growing, or above the condition
    until a part of the firms leaves.
    """
    mine = firms.filter(pl.col("valley") == valley.key)
    end = scale.months - 1
    if valley.path == "near":
        return _scaled(months, mine["firm"], end, STAFF_NEAR)
    leaves = pl.col("left_month") == scale.months - SLIP_MONTHS
    stay, gone = mine.filter(~leaves.fill_null(False))["firm"], mine.filter(leaves)["firm"]
    months, before = _scaled(months, stay, end, STAFF_SLIPPED), max(0, scale.months - SLIP_MONTHS - 1)
    return _scaled(months, gone, before, max(STAFF_BEFORE - _total(months, stay, before), 1.0))


def _total(months: pl.DataFrame, firms: pl.Series, month: int) -> float:
    return float(
        months.filter(pl.col("firm").is_in(firms.implode()) & (pl.col("month") == month))["staff"].sum()
    )


def _scaled(months: pl.DataFrame, firms: pl.Series, month: int, wanted: float) -> pl.DataFrame:
    total = _total(months, firms, month)
    factor = wanted / total if total else 1.0
    told = pl.when(pl.col("firm").is_in(firms.implode())).then(pl.col("staff") * factor)
    return months.with_columns(told.otherwise(pl.col("staff")).alias("staff"))


def figures(months: pl.DataFrame) -> pl.DataFrame:
    """`firm`, `month`, `outlier` and the eight cells of the monthly report, whole numbers."""
    staff = pl.col("staff").round(0).clip(lower_bound=1).cast(pl.Int64)
    return (
        months.with_columns(staff_month_end=staff)
        .with_columns(revenue_cny=(pl.col("per_head") * pl.col("staff_month_end")).round(0).cast(pl.Int64))
        .with_columns(
            technology_income_cny=_part("tech_share"), product_income_cny=_part("product_share"),
            profit_cny=_part("margin"), tax_paid_cny=_part("tax_share"), rd_expense_cny=_part("rd_share"),
            rd_staff_month_end=(pl.col("staff_month_end") * pl.col("rd_people")).floor().cast(pl.Int64),
        )
        .select("firm", "month", "outlier", *CELLS)
    )  # fmt: skip


def _part(share: str) -> pl.Expr:
    return (pl.col("revenue_cny") * pl.col(share)).floor().cast(pl.Int64)
