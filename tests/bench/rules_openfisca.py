"""The same two rule sets in OpenFisca-Core, on the same arrays; run by an interpreter that has it and not the product.

    python tests/bench/rules_openfisca.py FOLDER OUT plain|declared RUNS    whole runs over the arrays in FOLDER
    python tests/bench/rules_openfisca.py FOLDER --one                      one firm at a time

OpenFisca has no "not evidenced"; where experts decide, the least and the most points are two variables each.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np
from openfisca_core import entities, taxbenefitsystems
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.variables import Variable
from rules_memory import memory
from rules_numpy import (
    BONUS,
    CONVERTED,
    GRADES,
    IP_TWO,
    QUANTITY,
    RD_COSTS,
    RD_REVENUE,
    SOURCES,
    STAFF,
    TODAY,
    YEAR,
    bands,
    end_of,
    founded,
    growth,
    growth_points,
    ratio,
)

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


def staff_share(firm, period):
    return ratio(firm("tech_staff", period), firm("staff_total", period))


def tech_score(firm, period):
    staff = bands(firm("staff_share", period), STAFF)
    rd = firm("rd_expense_cny", period)
    one = bands(ratio(rd, firm("revenue_cny", period)), RD_REVENUE)
    two = bands(ratio(rd, firm("costs_cny", period)), RD_COSTS)
    ip = np.maximum(bands(firm("ip_class1", period), [(1, 30)]), bands(firm("ip_class2", period), IP_TWO))
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
        firm("mainland_resident", period)
        * size
        * firm("products_unrestricted", period)
        * conduct
        * (scored + direct)
    )


def grown(firm, period, name, end):
    last, before, first = firm(name, period), firm(name, period.last_year), firm(name, period.offset(-2))
    return growth_points(*growth(last, before, first, founded(firm("registered_on", period))), end)


def hnte_points(firm, period, high):
    end = 1 if high else 0
    one = bands(firm("ip_class1", period), [(1, (7, 8)[end])])
    two = bands(firm("ip_class2", period), end_of(QUANTITY, end))
    grades = GRADES[firm("ip_tech_grade", period), end] + GRADES[firm("ip_support_grade", period), end]
    given = SOURCES[firm("ip_source", period), end] + BONUS[firm("standard_part", period), end]
    ip = np.minimum(grades + given + np.maximum(one, two), 30)
    converted = bands(firm("results_converted_3y", period), end_of(CONVERTED, end))
    growing = grown(firm, period, "net_assets_cny", end) + grown(firm, period, "revenue_cny", end)
    return ip + converted + (0, 20)[end] + growing


def total(firm, period, name):
    since = founded(firm("registered_on", period))
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


def build(rules, columns: dict[str, np.ndarray], ids: list[str] | None = None) -> Simulation:
    """A simulation with every array as an input of its year; with ``ids`` the firms are declared, as documented."""
    count = len(next(iter(columns.values())))
    builder = SimulationBuilder()
    if ids is not None:
        builder.create_entities(rules)
        builder.declare_person_entity("firm", ids)
        simulation = builder.build(rules)
    else:
        simulation = builder.build_default_simulation(rules, count)
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


NEEDED = {"assets_cny", "costs_cny", "staff_total", "tech_staff", "ip_class1", "ip_class2", "rd_body_level", "hnte_valid_until",
          "revenue_cny@0", "rd_expense_cny@0", *FLAGS} - {"ip_core_technology"}  # fmt: skip


def one(folder: str) -> dict[str, float]:
    """Seconds of one calculation of the technology-SME rule for one firm: the middle of many, in three ways."""
    rules = system()
    columns = {name: column for name, column in load(folder, slice(0, 1)).items() if name in NEEDED}
    facts = {name.partition("@")[0]: {str(YEAR): _plain(column[0])} for name, column in columns.items()}
    ways = {
        "a request (dictionary)": lambda: SimulationBuilder().build_from_dict(
            rules, {"firms": {"one": facts}}
        ),
        "arrays": lambda: build(rules, columns),
    }
    found = {}
    for name, make in ways.items():
        times = []
        for _ in range(300):
            start = time.perf_counter()
            make().calculate("tech_sme", str(YEAR))
            times.append(time.perf_counter() - start)
        found[name] = sorted(times)[len(times) // 2]
    times = []
    for _ in range(300):
        simulation = build(rules, columns)
        start = time.perf_counter()
        simulation.calculate("tech_sme", str(YEAR))
        times.append(time.perf_counter() - start)
    return found | {"calculation alone": sorted(times)[len(times) // 2]}


def _plain(cell):
    return str(cell) if isinstance(cell, np.datetime64) else cell.item()


def main() -> None:
    folder, out = sys.argv[1:3]
    if out == "--one":
        print(json.dumps(one(folder)))
        return
    runs = int(sys.argv[4])
    columns = load(folder)
    ids = None
    if sys.argv[3] == "declared":  # credit codes have 18 characters
        ids = [f"91140100MA{number:08}" for number in range(len(columns["staff_total"]))]
    rules = system()
    held = memory("VmRSS")
    best, least = (float("inf"), 0.0), float("inf")
    results = {}
    for _ in range(runs):
        results = {}
        start, worked = time.perf_counter(), time.process_time()
        simulation = build(rules, columns, ids)
        built = time.perf_counter() - start
        results = {name: simulation.calculate(name, str(YEAR)) for name in RESULTS}
        best = min(best, (time.perf_counter() - start, built))
        least = min(least, time.process_time() - worked)
        del simulation
    peak = memory("VmHWM")
    np.savez(out, **results)
    print(json.dumps({"seconds": best[0], "building": best[1], "cpu": least, "held": held, "peak": peak}))


if __name__ == "__main__":
    main()
