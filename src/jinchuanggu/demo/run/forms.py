"""The cells of the longer forms, made up from the seed or from the months."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

Cells = dict[str, Decimal | None]


def quarter_cells(at: int, random: np.random.Generator) -> Cells:
    """The five figures that only an operator knows."""
    return {
        "events_held": Decimal(int(random.poisson(6)) + 2), "services_given": Decimal(int(random.poisson(40 + at)) + 10),
        "projects_signed": Decimal(int(random.poisson(3))), "investment_cny": Decimal(int(random.lognormal(15.6, 0.4))),
        "achievements_landed": Decimal(int(random.poisson(2))),
    }  # fmt: skip


def city_cells(year: int, at: int) -> Cells:
    """Growth figures of a city: they grow from year to year."""
    grown = year - 2020 + at
    return {
        "innovation_bodies": Decimal(48 + 7 * grown), "innovation_platforms": Decimal(11 + 2 * grown),
        "innovation_talents": Decimal(620 + 85 * grown), "technology_turnover_cny": Decimal(91_000_000 + 16_000_000 * grown),
    }  # fmt: skip


def year_cells(row: dict[str, Any]) -> Cells:
    """A year from its months: goods are a tenth of what is neither technology nor product."""
    staff = int(row["staff_month_end"])
    rest = row["revenue_cny"] - row["technology_income_cny"] - row["product_income_cny"]
    found = {
        "revenue_year_cny": row["revenue_cny"], "technology_income_year_cny": row["technology_income_cny"],
        "product_income_year_cny": row["product_income_cny"], "goods_income_year_cny": rest // 10,
        "industrial_output_year_cny": row["product_income_cny"], "net_profit_year_cny": row["profit_cny"] * 3 // 4,
        "tax_year_cny": row["tax_paid_cny"], "rd_expense_year_cny": row["rd_expense_cny"], "staff_year_end": staff,
        "tech_staff_year_end": min(staff, int(row["rd_staff_month_end"]) + 1), "rd_staff_fte": row["rd_staff_month_end"],
    }  # fmt: skip
    return {cell: Decimal(int(value)) for cell, value in found.items()}
