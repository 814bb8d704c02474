"""The same two rule sets written by hand in plain NumPy, whole columns at a time: the floor, and helpers for others.

No unknowns, no exact edges, no status of any single condition.
"""

from __future__ import annotations

from typing import Any

import numpy as np

TODAY = np.datetime64("2026-06-30")
YEAR = 2025
GRADES = np.array([(7, 8), (5, 6), (3, 4), (1, 2), (0, 0)])
SOURCES = np.array([(1, 6), (1, 3), (0, 0)])
BONUS = np.array([(1, 2), (0, 0)])
STAFF = [(30, 20), (25, 16), (20, 12), (15, 8), (10, 4)]
RD_REVENUE = [(6, 50), (5, 40), (4, 30), (3, 20), (2, 10)]
RD_COSTS = [(30, 50), (25, 40), (20, 30), (15, 20), (10, 10)]
IP_TWO = [(4, 24), (3, 18), (2, 12), (1, 6)]
CONVERTED = [(15, (25, 30)), (12, (19, 24)), (9, (13, 18)), (6, (7, 12)), (3, (1, 6))]
GROWN = [(35, (9, 10)), (25, (7, 8)), (15, (5, 6)), (5, (3, 4))]
QUANTITY = [(5, (5, 6)), (3, (3, 4)), (1, (1, 2))]


def bands(x: Any, steps: Any, otherwise: Any = 0) -> Any:
    return np.select([x >= limit for limit, _ in steps], [points for _, points in steps], otherwise)


def end_of(steps: Any, end: int) -> Any:
    return [(limit, points[end]) for limit, points in steps]


def ratio(over: Any, under: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under == 0, np.nan, over / under * 100)


def founded(dates: Any) -> Any:
    return dates.astype("datetime64[Y]").astype(int) + 1970


def growth(last: Any, before: Any, first: Any, since: Any) -> tuple[Any, Any, Any]:
    """The mean rate of two years (one for a firm founded later or that began at zero), where there is none, and
    where people have to look."""
    one = (since > YEAR - 2) | (first == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(one, last / before - 1, (before / first + last / before) / 2 - 1) * 100
    undefined = (before <= 0) | (~one & (first <= 0)) | (since > YEAR - 1)
    review = undefined & (since <= YEAR - 1) & (rate > 0) & (before != 0) & (one | (first != 0))
    return rate, undefined, review


def growth_points(rate: Any, undefined: Any, review: Any, end: int) -> Any:
    """The least (0) or the most (1) points of a rate."""
    found = np.where(rate >= 5, bands(rate, end_of(GROWN, end)), np.where(rate > 0, (1, 2)[end], 0))
    found = np.where(undefined, 0, found)
    return np.where(review, 10, found) if end else found


def tech_points(c: Any) -> tuple[Any, Any]:
    staff = bands(ratio(c["tech_staff"], c["staff_total"]), STAFF)
    one = bands(ratio(c["rd_expense_cny@0"], c["revenue_cny@0"]), RD_REVENUE)
    two = bands(ratio(c["rd_expense_cny@0"], c["costs_cny"]), RD_COSTS)
    ip = np.maximum(np.where(c["ip_class1"] >= 1, 30, 0), bands(c["ip_class2"], IP_TWO))
    return staff + np.maximum(one, two) + ip, staff


def evaluate(c: dict[str, Any]) -> dict[str, Any]:
    """Both rule sets over columns named as the engine names them."""
    score, staff = tech_points(c)
    size = (c["staff_total"] <= 500) & (c["revenue_cny@0"] <= 2e8) & (c["assets_cny"] <= 2e8)
    direct = (
        (c["hnte_valid_until"] >= TODAY)
        | (c["national_award_top3_5y"] > 0)
        | (c["rd_body_level"] <= 1)
        | (c["led_standard_5y"] > 0)
    )
    clean = (
        (c["no_serious_incident"] > 0) & (c["no_serious_dishonesty"] > 0) & (c["products_unrestricted"] > 0)
    )
    tech = (c["mainland_resident"] > 0) & size & clean & (((score >= 60) & (staff > 0)) | direct)
    since = founded(c["registered_on"])

    def total(name: str) -> Any:
        found = c[f"{name}@0"]
        for back in (1, 2):
            found = found + np.where(since > YEAR - back, 0, c[f"{name}@{back}"])
        return found

    revenue, spent = c["revenue_cny@0"], total("rd_expense_cny")
    floor = np.where(revenue <= 5e7, 5, np.where(revenue <= 2e8, 4, 3))
    income = c["total_income_cny"] - c["nontaxable_income_cny"]
    conditions = (
        ((TODAY - c["registered_on"]).astype(int) >= 365)
        & (c["ip_core_technology"] > 0)
        & (c["hightech_field"] < 8)
        & (ratio(c["tech_staff"], c["staff_total"]) >= 10)
        & (ratio(spent, total("revenue_cny")) >= floor)
        & (ratio(c["rd_domestic_3y_cny"], spent) >= 60)
        & (ratio(c["hightech_income_cny"], income) >= 60)
        & (ratio(c["main_product_income_cny"], c["hightech_income_cny"]) >= 50)
        & (c["no_serious_incident"] > 0)
    )
    grown = [
        growth(c[f"{name}@0"], c[f"{name}@1"], c[f"{name}@2"], since)
        for name in ("net_assets_cny", "revenue_cny")
    ]
    ends = []
    for end in (0, 1):
        quantity = np.maximum(
            np.where(c["ip_class1"] >= 1, (7, 8)[end], 0), bands(c["ip_class2"], end_of(QUANTITY, end))
        )
        ip = (
            GRADES[c["ip_tech_grade"], end]
            + GRADES[c["ip_support_grade"], end]
            + SOURCES[c["ip_source"], end]
        )
        ip = np.minimum(ip + BONUS[c["standard_part"], end] + quantity, 30)
        points = ip + bands(c["results_converted_3y"], end_of(CONVERTED, end)) + (0, 20)[end]
        ends.append(points + growth_points(*grown[0], end) + growth_points(*grown[1], end))
    return {
        "tech_sme": tech, "tech_score": score, "hnte_sure": conditions & (ends[0] > 70),
        "hnte_possible": conditions & (ends[1] > 70), "hnte_low": ends[0], "hnte_high": ends[1],
    }  # fmt: skip
