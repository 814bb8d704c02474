"""Firms with facts for the ladder, the measures and the simulations. All made up, all marked simulated."""

from __future__ import annotations

from datetime import date
from itertools import product
from random import Random
from typing import Any

from jinchuanggu.demo.firm_facts import Known, draw
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind, Origin
from jinchuanggu.residents.actions.profile import import_profiles
from jinchuanggu.residents.inputs import CITY_OF_FIRM, read_inputs, split_key
from jinchuanggu.residents.parsing import NEVER

SEED = 20_261_124
NEW_FIRMS = 240
SAID_BY = "模拟数据"
# whose measures the firms of a simulated city borrow, so that measures of cities have somebody to judge
BORROWED = {
    "sim01": "140100", "sim02": "140500", "sim03": "140300", "sim04": "140400", "sim05": "140200", "sim06": "141100",
    "sim07": "140900", "sim08": "140700",
}  # fmt: skip
FIRST = [
    "珀",
    "砺",
    "霁",
    "沐",
    "栎",
    "岑",
    "苍",
    "澹",
    "琅",
    "砚",
    "翊",
    "烜",
    "炜",
    "燧",
    "煜",
    "晞",
    "飏",
    "溯",
    "濯",
    "滢",
    "沣",
    "芃",
    "苓",
    "葭",
    "蓁",
    "杞",
    "汀",
    "湉",
    "澂",
    "珩",
    "昀",
    "筠",
]
SECOND = ["衡", "屿", "澍", "岫", "芷", "珂", "渝", "翎", "旻", "硕", "澈", "棠", "霖", "绪", "樾", "璟"]
TRADES = (
    ("新材料有限公司", "新材料"), ("装备制造有限公司", "高端装备"), ("数字科技有限公司", "数字经济"),
    ("传感技术有限公司", "智能传感"), ("生物医药有限公司", "生物医药"), ("新能源科技有限公司", "新能源"),
    ("环保科技有限公司", "节能环保"), ("软件有限公司", "工业软件"), ("检测技术有限公司", "检验检测"),
)  # fmt: skip
# the firm of the demo account: a tech SME in all but two facts, a little R&D short of the high-tech title
TELLING: dict[str, Any] = {
    "registered_on": 6, "mainland_resident": True, "sme_by_standard": True, "strategic_industry": True,
    "hightech_field": "materials", "innovative_firm": True, "no_startup_money_before": True,
    "products_unrestricted": True, "no_serious_incident": True, "no_data_security_incident": True,
    "no_falsification_3y": True, "staff_total": "42", "rd_staff": "7",
    "valley_selected": True,
    "revenue_cny": (24_200_000, 19_602_000, 18_600_000, 17_900_000),
    "main_revenue_cny": (18_100_000, 17_600_000, 16_900_000, 16_100_000),
    "rd_expense_cny": (1_210_000, 880_000, 690_000, 520_000),
    "net_profit_cny": (1_930_000, 1_410_000, 870_000, 310_000),
    "net_assets_cny": (13_400_000, 11_200_000, 9_700_000, 8_800_000),
    "operating_cash_flow_cny": (1_650_000, 1_020_000, 640_000, -180_000),
    "assets_cny": "33_500_000", "liabilities_cny": "20_100_000", "costs_cny": "20_900_000",
    "total_income_cny": "24_600_000", "nontaxable_income_cny": "120_000", "hightech_income_cny": "17_800_000",
    "main_product_income_cny": "15_300_000", "rd_domestic_3y_cny": "2_700_000", "paid_in_capital_cny": "5_000_000",
    "ip_class1": "2", "ip_class1_own": "2", "ip_class1_high_value": "0", "ip_class1_applied": "1", "ip_class2": "9",
    "ip_core_technology": True, "results_converted_3y": "11", "rd_body_level": "city", "led_standard_5y": False,
    "national_award_top3_5y": False, "national_award_top3_3y": False, "science_award_3y": False, "niche_years": "5",
    "market_near_front": False, "own_brand": True, "key_link_of_chain": True, "supported_product_field": True,
    "hnte_valid_until": NEVER, "tech_sme_valid_until": NEVER, "innovative_sme_valid_until": NEVER,
    "specialised_valid_until": NEVER, "little_giant_valid_until": NEVER, "top_enterprise_title": False,
    "listed": False, "unlisted": True, "private_investment": True, "equity_raised_2y_cny": "3_000_000",
    "equity_raised_3y_cny": "3_000_000", "equity_raised_to_a_cny": "3_000_000", "valuation_cny": "36_000_000",
}  # fmt: skip
TELLING_FIRM = "e01"


def load(world: World, today: date) -> None:
    """New firms beside those of the world, and facts for all of them; one event for the whole import."""
    random = Random(SEED)
    rows: list[tuple[int, dict[str, Any]]] = []
    by_key = {
        one.body.key: one for one in world.data.residents if one.body.kind == OrganisationKind.ENTERPRISE
    }
    for key, one in by_key.items():
        body = world.bodies[key]
        facts = draw(random, Known(one.field, one.staff + 12, one.revenue_cny), today)
        rows.append((body.pk, telling(today) if key == TELLING_FIRM else facts))
    fields = _new_firms(world, random)
    rows += [(pk, draw(random, Known(field), today)) for pk, field in fields.items()]
    codes = dict(Organisation.objects.filter(pk__in=[pk for pk, _ in rows]).values_list("pk", "region__code"))
    known = read_inputs()
    rows = [
        (
            pk,
            {
                **{k: v for k, v in facts.items() if split_key(k)[0] in known},
                CITY_OF_FIRM: BORROWED[codes[pk]],
            },
        )
        for pk, facts in rows
    ]
    filed_on = date(today.year, 3, 20) if today >= date(today.year, 3, 20) else today
    import_profiles(SYSTEM_ACTOR, rows=rows, said_by=SAID_BY, on=filed_on)


def telling(today: date) -> dict[str, Any]:
    """The facts of the demo account's firm."""
    found: dict[str, Any] = {}
    for name, value in TELLING.items():
        if isinstance(value, tuple):
            found |= {f"{name}@{today.year - 1 - back}": str(amount) for back, amount in enumerate(value)}
        elif name == "registered_on":
            found[name] = date(today.year - value, 4, 18).isoformat()
        else:
            found[name] = value.replace("_", "") if name.endswith("_cny") else value
    return found


def _new_firms(world: World, random: Random) -> dict[int, str]:
    """`{id: field}` of the added firms."""
    cities = list(world.data.cities.values())
    names = [f"{one}{two}" for one, two in product(FIRST, SECOND) if one != two]
    random.shuffle(names)
    made: list[tuple[Organisation, str]] = []
    for number in range(NEW_FIRMS):
        city, (trade, field) = cities[number % len(cities)], TRADES[random.randrange(len(TRADES))]
        made.append(
            (
                Organisation(
                    name=f"{city.short}{names[number]}{trade}",
                    kind=OrganisationKind.ENTERPRISE,
                    uscc=uscc.make("9", "1", city.uscc_region, f"MC{number + 1:06d}"),
                    region=world.regions[city.code],
                    origin=Origin.SIMULATED,
                ),
                field,
            )
        )
    Organisation.objects.bulk_create([body for body, _field in made])
    found = dict(
        Organisation.objects.filter(uscc__in=[body.uscc for body, _field in made]).values_list("uscc", "pk")
    )
    return {found[body.uscc]: field for body, field in made if body.uscc}
