"""How the firms report: most in time, some late, some never, one restated. Pure, from the same seed."""

from __future__ import annotations

import numpy as np
import polars as pl

from jinchuanggu.demo.run.growth import CELLS, Raw, figures

LATE_MONTHS, LATE_FIRMS, NEVER = 0.2, 0.3, 0.008
RESTATED_BACK = 6
"""The month restated, counted back from the last one."""
RESTATED_SHARE = 0.62
"""What the first report of the restated month had of the revenue: a contract had been left out."""


def filings(raw: Raw) -> pl.DataFrame:
    """One row for each version filed: `firm`, `valley`, `month`, `version`, `late`, `outlier` and the eight cells.

    A month without a row was never reported.
    """
    true = figures(raw.months).join(raw.firms.select("firm", "valley"), on="firm", maintain_order="left")
    order = {valley.key: at for at, valley in enumerate(raw.valleys)}
    late, never = [], []
    for firm, valley, month in true.select("firm", "valley", "month").iter_rows():
        place = np.random.default_rng([raw.scale.seed, 21, order[valley], month]).random()
        own = np.random.default_rng([raw.scale.seed, 22, firm, month]).random(2)
        late.append(bool(place < LATE_MONTHS and own[0] < LATE_FIRMS))
        never.append(bool(own[1] < NEVER))
    told = true.with_columns(
        pl.Series("late", late), pl.Series("never", never), version=pl.lit(1, dtype=pl.Int64)
    ).filter(~pl.col("never"))
    mended = restated(raw, told)
    wrong = (pl.col("revenue_cny") * RESTATED_SHARE).floor().cast(pl.Int64)
    is_mended = (pl.col("firm") == mended[0]) & (pl.col("month") == mended[1])
    second = told.filter(is_mended).with_columns(version=pl.lit(2, dtype=pl.Int64))
    first = told.with_columns(
        late=pl.when(is_mended).then(False).otherwise(pl.col("late")),
        revenue_cny=pl.when(is_mended).then(wrong).otherwise(pl.col("revenue_cny")),
        technology_income_cny=pl.when(is_mended).then(wrong // 4).otherwise(pl.col("technology_income_cny")),
        product_income_cny=pl.when(is_mended).then(wrong // 8).otherwise(pl.col("product_income_cny")),
    )
    columns = ("firm", "valley", "month", "version", "late", "outlier", *CELLS)
    return pl.concat([first.select(columns), second.select(columns)]).sort("month", "firm", "version")


def restated(raw: Raw, told: pl.DataFrame) -> tuple[int, int]:
    """`(firm, month)` of the one restatement: the largest revenue of the first valley, some months before the end."""
    month = max(0, raw.scale.months - 1 - RESTATED_BACK)
    here = told.filter((pl.col("valley") == raw.valleys[0].key) & (pl.col("month") == month))
    return int(here.sort("revenue_cny", "firm", descending=True)["firm"][0]), month


def final(filed: pl.DataFrame) -> pl.DataFrame:
    """What stands in the end: the last version of each month of each firm."""
    return filed.sort("version").group_by("firm", "month", maintain_order=True).last().sort("month", "firm")
