"""Made-up facts of made-up firms, drawn with a fixed seed: spread over the rungs, some of them missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from jinchuanggu.residents.parsing import NEVER

YEARS = 4
# how grown-up a firm is, with how many of a hundred are so
STAGES = (
    ("start_up", 24), ("tech_sme", 25), ("hnte", 22), ("innovative_sme", 10), ("specialised_sme", 10),
    ("little_giant", 5), ("gazelle", 3), ("unicorn", 1),
)  # fmt: skip
CERTIFICATES = {
    "tech_sme_valid_until": 1, "hnte_valid_until": 2, "innovative_sme_valid_until": 3, "specialised_valid_until": 4,
    "little_giant_valid_until": 5,
}  # fmt: skip
FIELDS = {
    "新材料": "materials", "高端装备": "manufacturing", "数字经济": "electronics", "智能传感": "electronics",
    "空间信息": "electronics", "工业软件": "electronics", "生物医药": "biomedicine", "医疗器械": "biomedicine",
    "新能源": "energy", "新型储能": "energy", "节能环保": "environment", "固废利用": "environment",
    "镁合金": "materials", "先进陶瓷": "materials", "碳基材料": "materials", "人工智能应用": "electronics",
    "检验检测": "hightech_services", "健康食品": "none", "食品加工": "none",
}  # fmt: skip
ALWAYS = ("registered_on", "hightech_field", "staff_total")
"""Facts that every firm gives."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the records hold of a firm already; the rest is drawn to fit."""

    field: str
    staff: int | None = None
    revenue_cny: Decimal | None = None


def draw(random: Random, known: Known, today: date) -> dict[str, Any]:
    """`{key: value}` as profiles keep it: numbers as text, money in yuan, years behind `@`."""
    level = random.choices(range(len(STAGES)), [share for _stage, share in STAGES])[0]
    facts = {**_basics(random, known, level, today), **_money(random, known, level, today)}
    facts |= {**_innovation(random, level), **_titles(random, level, today), **_capital(random, level)}
    gaps = random.choice((0.0, 0.0, 0.03, 0.06, 0.15))
    return {
        key: value
        for key, value in facts.items()
        if key in ALWAYS or random.random() >= gaps
    }  # fmt: skip


def _yuan(amount: float) -> str:
    """Whole hundreds of yuan, as books of small firms read in 万元."""
    return str(int(round(amount, -2)))


def _yes(random: Random, share: float) -> bool:
    return random.random() < share


def _basics(random: Random, known: Known, level: int, today: date) -> dict[str, Any]:
    staff = known.staff or max(4, int(random.lognormvariate(2.6 + 0.35 * level, 0.35)))
    tech = max(1, round(staff * random.uniform(0.08, 0.45)))
    age = random.randint(1, 3) if level == 0 else random.randint(3, 6 + level)
    code = FIELDS.get(known.field, "manufacturing")
    return {
        "registered_on": date(today.year - age, random.randint(1, 12), random.randint(1, 28)).isoformat(),
        "mainland_resident": True,
        "sme_by_standard": level < 7,
        "strategic_industry": code != "none" and _yes(random, 0.7),
        "hightech_field": code,
        "innovative_firm": level > 0,
        "valley_selected": _yes(random, 0.45),
        "no_startup_money_before": _yes(random, 0.7),
        "products_unrestricted": _yes(random, 0.98),
        "no_serious_incident": _yes(random, 0.97),
        "no_serious_dishonesty": _yes(random, 0.97),
        "no_data_security_incident": _yes(random, 0.99),
        "no_falsification_3y": _yes(random, 0.99),
        "staff_total": str(staff),
        "tech_staff": str(tech),
        "rd_staff": str(max(1, round(tech * random.uniform(0.4, 0.95)))),
    }


def _money(random: Random, known: Known, level: int, today: date) -> dict[str, Any]:
    last = float(known.revenue_cny or 0) or random.lognormvariate(14.6 + 0.55 * level, 0.6)
    growth = 1 + random.gauss(0.03 + 0.02 * level, 0.09)
    ratio = max(0.004, random.gauss(0.055, 0.022))
    margin = random.gauss(0.08, 0.06)
    found: dict[str, Any] = {}
    rd_3y = 0.0
    for back in range(YEARS):
        year, revenue = today.year - 1 - back, last / max(growth, 0.6) ** back
        if known.revenue_cny and back:  # what residents filed with their valley for the year before
            revenue = last * 0.81 / max(growth, 0.6) ** (back - 1)
        rd = revenue * ratio * random.uniform(0.9, 1.1)
        rd_3y += rd if back < 3 else 0
        found |= {
            f"revenue_cny@{year}": _yuan(revenue),
            f"main_revenue_cny@{year}": _yuan(revenue * random.uniform(0.72, 0.97)),
            f"rd_expense_cny@{year}": _yuan(rd),
            f"net_profit_cny@{year}": _yuan(revenue * margin * random.uniform(0.6, 1.2)),
            f"net_assets_cny@{year}": _yuan(revenue * random.uniform(0.3, 0.9)),
            f"operating_cash_flow_cny@{year}": _yuan(revenue * margin * random.uniform(0.2, 1.4)),
        }
    assets, income = last * random.uniform(0.8, 1.8), last * random.uniform(1.0, 1.05)
    return found | {
        "assets_cny": _yuan(assets),
        "liabilities_cny": _yuan(assets * random.uniform(0.2, 0.75)),
        "costs_cny": _yuan(last * random.uniform(0.78, 0.96)),
        "total_income_cny": _yuan(income),
        "nontaxable_income_cny": _yuan(income * 0.004),
        "hightech_income_cny": _yuan(income * random.uniform(0.45, 0.95)),
        "main_product_income_cny": _yuan(last * random.uniform(0.4, 0.85)),
        "rd_domestic_3y_cny": _yuan(rd_3y * random.uniform(0.85, 1.0)),
        "paid_in_capital_cny": _yuan(random.choice((1, 2, 3, 5, 10, 20)) * 1_000_000),
    }


def _innovation(random: Random, level: int) -> dict[str, Any]:
    first = max(0, int(random.gauss(0.8 * level, 1.2)))
    own = random.randint(0, first)
    body = random.choices(
        ("none", "below", "city", "provincial", "national"), (40, 22, 18 + level, 2 + 4 * level, level)
    )
    return {
        "ip_class1": str(first),
        "ip_class1_own": str(own),
        "ip_class1_high_value": str(random.randint(0, own)),
        "ip_class1_applied": str(random.randint(0, first)),
        "ip_class2": str(random.randint(1, 6 + 4 * level)),
        "ip_core_technology": level > 0 or _yes(random, 0.4),
        "results_converted_3y": str(random.randint(0, 6 + 3 * level)),
        "rd_body_level": body[0],
        "led_standard_5y": _yes(random, 0.02 * level),
        "national_award_top3_5y": False,
        "national_award_top3_3y": False,
        "science_award_3y": _yes(random, 0.02 * level),
        "niche_years": str(random.randint(1, 3 + 2 * level)),
        "niche_share_percent": str(round(random.uniform(1, 6 + 3 * level), 1)),
        "market_near_front": _yes(random, 0.1 * level),
        "own_brand": _yes(random, 0.4 + 0.08 * level),
        "key_link_of_chain": _yes(random, 0.1 * level),
        "supported_product_field": _yes(random, 0.6),
    }


def _titles(random: Random, level: int, today: date) -> dict[str, Any]:
    found = {}
    for name, needed in CERTIFICATES.items():
        held = level >= needed and _yes(random, 0.8)
        lapsed = not held and level >= needed and _yes(random, 0.5)
        day = date(today.year + random.randint(0, 2), 12, 31) if held else date(today.year - 1, 12, 31)
        found[name] = day.isoformat() if held or lapsed else NEVER
    return {**found, "top_enterprise_title": _yes(random, 0.01 * level)}


def _capital(random: Random, level: int) -> dict[str, Any]:
    raised = random.choice((0, 0, 0, 2, 5, 10, 30)) * 1_000_000 * (1 + level)
    value = raised * random.randint(4, 9)
    return {
        "listed": False,
        "unlisted": True,
        "private_investment": raised > 0,
        "equity_raised_2y_cny": str(raised),
        "equity_raised_3y_cny": str(raised),
        "equity_raised_to_a_cny": str(raised),
        **({"valuation_cny": str(value)} if value else {}),
    }
