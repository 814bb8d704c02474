"""The same two rule sets in OpenFisca-Core, on the same arrays; run by an interpreter that has it and not the product.

    python tests/bench/rules_openfisca.py FOLDER OUT      a whole run over the arrays in FOLDER, results to OUT
    python tests/bench/rules_openfisca.py FOLDER --one    one firm, as a web service would be asked

OpenFisca has no "not evidenced"; where experts decide, the least and the most points are two variables each.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core import entities, taxbenefitsystems
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.variables import Variable

YEAR = 2025
TODAY = np.datetime64("2026-06-30")
FIRM = entities.Entity("firm", "firms", "Firm", "")
MONEY = ["assets_cny", "costs_cny", "total_income_cny", "nontaxable_income_cny", "hightech_income_cny", "main_product_income_cny",
         "rd_domestic_3y_cny"]  # fmt: skip
SERIES = ["revenue_cny", "rd_expense_cny", "net_assets_cny"]
COUNTS = ["staff_total", "tech_staff", "ip_class1", "ip_class2", "results_converted_3y"]
CODES = ["hightech_field", "rd_body_level", "ip_tech_grade", "ip_support_grade", "ip_source", "standard_part"]
FLAGS = ["mainland_resident", "products_unrestricted", "no_serious_incident", "no_serious_dishonesty", "ip_core_technology",
         "national_award_top3_5y", "led_standard_5y"]  # fmt: skip
DATES = ["registered_on", "hnte_valid_until"]
RESULTS = ["tech_sme", "tech_score", "hnte_sure", "hnte_possible", "hnte_low", "hnte_high"]


def variable(name: str, kind: type, formula=None) -> type[Variable]:
    members = {"value_type": kind, "entity": FIRM, "definition_period": DateUnit.YEAR, "label": name}
    if formula is not None:
        members["formula"] = formula
    return type(name, (Variable,), members)


def bands(x, steps, otherwise=0):
    return np.select([x >= limit for limit, _ in steps], [points for _, points in steps], otherwise)


def ratio(over, under):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(under == 0, np.nan, over / under * 100)


def staff_share(firm, period):
    return ratio(firm("tech_staff", period), firm("staff_total", period))


def tech_score(firm, period):
    staff = bands(firm("staff_share", period), [(30, 20), (25, 16), (20, 12), (15, 8), (10, 4)])
    rd = firm("rd_expense_cny", period)
    one = bands(ratio(rd, firm("revenue_cny", period)), [(6, 50), (5, 40), (4, 30), (3, 20), (2, 10)])
    two = bands(ratio(rd, firm("costs_cny", period)), [(30, 50), (25, 40), (20, 30), (15, 20), (10, 10)])
    ip = np.maximum(
        bands(firm("ip_class1", period), [(1, 30)]),
        bands(firm("ip_class2", period), [(4, 24), (3, 18), (2, 12), (1, 6)]),
    )
    return staff + np.maximum(one, two) + ip


def tech_sme(firm, period):
    size = (
        (firm("staff_total", period) <= 500)
        * (firm("revenue_cny", period) <= 2e8)
        * (firm("assets_cny", period) <= 2e8)
    )
    scored = (firm("tech_score", period) >= 60) * (bands(firm("staff_share", period), [(10, 4)]) > 0)
    direct = (
        (firm("hnte_valid_until", period) >= TODAY)
        + firm("national_award_top3_5y", period)
        + (firm("rd_body_level", period) <= 1)
        + firm("led_standard_5y", period)
    )
    conduct = firm("no_serious_incident", period) * firm("no_serious_dishonesty", period)
    return (
        firm("mainland_resident", period) * size * firm("products_unrestricted", period) * conduct * (scored + direct)
    )


def growth(firm, period, name):
    """The mean rate of two years; one year for a firm founded later or that began at zero."""
    last, before, first = firm(name, period), firm(name, period.last_year), firm(name, period.offset(-2))
    since = firm("registered_on", period).astype("datetime64[Y]").astype(int) + 1970
    one = (since > YEAR - 2) | (first == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        short, long = last / before - 1, (before / first + last / before) / 2 - 1
    rate = np.where(one, short, long) * 100
    undefined = (before <= 0) | (~one & (first <= 0)) | (since > YEAR - 1)
    with np.errstate(invalid="ignore"):
        review = undefined & (since <= YEAR - 1) & (rate > 0) & (before != 0) & (one | (first != 0))
    return rate, undefined, review


def growth_points(firm, period, name, high):
    rate, undefined, review = growth(firm, period, name)
    top = [(35, 10), (25, 8), (15, 6), (5, 4)] if high else [(35, 9), (25, 7), (15, 5), (5, 3)]
    points = np.where(rate >= 5, bands(rate, top), np.where(rate > 0, 2 if high else 1, 0))
    points = np.where(undefined, 0, points)
    return np.where(review, 10, points) if high else points


def hnte_points(firm, period, high):
    end = 1 if high else 0
    tech = np.array([(7, 8), (5, 6), (3, 4), (1, 2), (0, 0)])[firm("ip_tech_grade", period), end]
    support = np.array([(7, 8), (5, 6), (3, 4), (1, 2), (0, 0)])[firm("ip_support_grade", period), end]
    source = np.array([(1, 6), (1, 3), (0, 0)])[firm("ip_source", period), end]
    bonus = np.array([(1, 2), (0, 0)])[firm("standard_part", period), end]
    one = bands(firm("ip_class1", period), [(1, (7, 8)[end])])
    two = bands(firm("ip_class2", period), [(5, (5, 6)[end]), (3, (3, 4)[end]), (1, (1, 2)[end])])
    ip = np.minimum(tech + support + source + bonus + np.maximum(one, two), 30)
    results = firm("results_converted_3y", period)
    steps = [(15, (25, 30)), (12, (19, 24)), (9, (13, 18)), (6, (7, 12)), (3, (1, 6))]
    converted = bands(results, [(limit, points[end]) for limit, points in steps])
    grown = growth_points(firm, period, "net_assets_cny", high) + growth_points(firm, period, "revenue_cny", high)
    return ip + converted + (20 if high else 0) + grown


def total(firm, period, name):
    since = firm("registered_on", period).astype("datetime64[Y]").astype(int) + 1970
    found = firm(name, period)
    for back in (1, 2):
        found = found + np.where(since > YEAR - back, 0, firm(name, period.offset(-back)))
    return found


def hnte_conditions(firm, period):
    revenue = firm("revenue_cny", period)
    floor = np.where(revenue <= 5e7, 5, np.where(revenue <= 2e8, 4, 3))
    spent = firm("rd_3y", period)
    income = firm("total_income_cny", period) - firm("nontaxable_income_cny", period)
    return (
        ((TODAY - firm("registered_on", period)).astype(int) >= 365)
        * firm("ip_core_technology", period)
        * (firm("hightech_field", period) < 8)
        * (firm("staff_share", period) >= 10)
        * (ratio(spent, total(firm, period, "revenue_cny")) >= floor)
        * (ratio(firm("rd_domestic_3y_cny", period), spent) >= 60)
        * (ratio(firm("hightech_income_cny", period), income) >= 60)
        * (ratio(firm("main_product_income_cny", period), firm("hightech_income_cny", period)) >= 50)
        * firm("no_serious_incident", period)
    )


def system() -> taxbenefitsystems.TaxBenefitSystem:
    found = taxbenefitsystems.TaxBenefitSystem([FIRM])
    kinds = {float: [*MONEY, *SERIES], int: [*COUNTS, *CODES], bool: FLAGS}
    from datetime import date

    kinds[date] = DATES
    for kind, names in kinds.items():
        for name in names:
            found.add_variable(variable(name, kind))
    made = {
        "staff_share": (float, staff_share),
        "tech_score": (float, tech_score),
        "tech_sme": (bool, tech_sme),
        "rd_3y": (float, lambda firm, period: total(firm, period, "rd_expense_cny")),
        "hnte_low": (float, lambda firm, period: hnte_points(firm, period, False)),
        "hnte_high": (float, lambda firm, period: hnte_points(firm, period, True)),
        "hnte_conditions": (bool, hnte_conditions),
        "hnte_sure": (bool, lambda f, p: f("hnte_conditions", p) * (f("hnte_low", p) > 70)),
        "hnte_possible": (bool, lambda f, p: f("hnte_conditions", p) * (f("hnte_high", p) > 70)),
    }
    for name, (kind, formula) in made.items():
        found.add_variable(variable(name, kind, formula))
    return found


def build(rules, columns: dict[str, np.ndarray]) -> Simulation:
    """A simulation with every array as an input of its year."""
    count = len(next(iter(columns.values())))
    simulation = SimulationBuilder().build_default_simulation(rules, count)
    for name, column in columns.items():
        head, _, back = name.partition("@")
        simulation.set_input(head, str(YEAR - int(back or 0)), column)
    return simulation


def load(folder: str, rows: slice = slice(None)) -> dict[str, np.ndarray]:
    """The arrays as OpenFisca takes them: statements are booleans, counts and codes whole numbers."""
    found = {}
    for path in sorted(Path(folder).glob("*.npy")):
        column = np.load(path)[rows]
        if path.stem in FLAGS:
            column = column.astype(bool)
        elif path.stem in COUNTS or path.stem in CODES:
            column = column.astype(np.int32)
        found[path.stem] = column
    return found


def one(folder: str) -> float:
    """Seconds of one calculation of the technology-SME rule of one firm, its simulation included; the best of many."""
    rules, columns = system(), load(folder, slice(0, 1))
    needed = {"assets_cny", "costs_cny", "staff_total", "tech_staff", "ip_class1", "ip_class2", "rd_body_level", "hnte_valid_until",
              "revenue_cny@0", "rd_expense_cny@0", *FLAGS} - {"ip_core_technology"}  # fmt: skip
    columns = {name: column for name, column in columns.items() if name in needed}
    times = []
    for _ in range(200):
        start = time.perf_counter()
        build(rules, columns).calculate("tech_sme", str(YEAR))
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


def main() -> None:
    folder, out = sys.argv[1:3]
    if out == "--one":
        print(json.dumps({"seconds": one(folder)}))
        return
    columns = load(folder)
    rules = system()
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = []
    for _ in range(int(sys.argv[3]) if len(sys.argv) > 3 else 1):
        start = time.perf_counter()
        simulation = build(rules, columns)
        built = time.perf_counter() - start
        results = {name: simulation.calculate(name, str(YEAR)) for name in RESULTS}
        times.append((time.perf_counter() - start, built))
        del simulation
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    np.savez(out, **results)
    print(json.dumps({"seconds": min(times)[0], "building": min(times)[1], "held_mib": held / 1024, "peak_mib": peak / 1024}))


if __name__ == "__main__":
    main()
