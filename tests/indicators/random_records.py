"""Random records of every kind that figures are computed from, in several valleys of two cities; a fixed seed each."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from jinchuanggu.capital.models import DealKind, FinancingDeal
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.market.models import ContractKind, TechnologyContract
from jinchuanggu.policies.models import Budget, Grant, GrantApplication, Payment, Policy
from jinchuanggu.programme.models import ServiceBody, Valley
from jinchuanggu.residents.models import (
    IntellectualProperty,
    Lease,
    PropertyKind,
    Resident,
    ResidentKind,
    Space,
    SpaceKind,
    YearlyRevenue,
)
from tests import factories

FIELDS = ("新材料", "数字经济", "")
FIRST, DAYS = date(2025, 1, 1), 420


def valleys() -> list[Valley]:
    """Three valleys of two cities, with bare rows: their process doesn't matter here."""
    found = []
    for code, name in (("140300", "阳泉市"), ("140300", "阳泉市"), ("140200", "大同市")):
        where = factories.region(code, name, parent=factories.province())
        where.parent = factories.province()
        where.save()
        found.append(
            Valley.objects.create(
                name=f"晋创谷·试{len(found)}", kind="regional", region=where, state="building", stage="build",
                origin="simulated",
            )
        )  # fmt: skip
    return found


def _granted(name: str, firm: Organisation, decided: date, amount: Decimal, dice: random.Random) -> None:
    """A grant with one payment; how it was applied for doesn't matter here."""
    policy, _new = Policy.objects.get_or_create(
        code="tried", defaults={"title_zh": "试行措施", "level": "city"}
    )
    budget, _new = Budget.objects.get_or_create(
        policy=policy, year=decided.year, defaults={"amount_cny": 10**12, "source": "试"}
    )
    application = GrantApplication.objects.create(
        organisation=firm, rule_set="tried", rule_version="1", rule_digest="0" * 64, title_zh="试行措施",
        level="city", region=firm.region, frequency="once", basis_on=decided, applied_on=decided, period=name, state="paying",
    )  # fmt: skip
    grant = Grant.objects.create(
        application=application, number=f"G{name}", budget=budget, full=amount, percent=100, amount=amount,
        due=amount, paid=amount, decided_on=decided, decided_by="某人",
    )  # fmt: skip
    Payment.objects.create(
        grant=grant, amount=amount, paid_on=decided + timedelta(days=dice.randrange(40)), reference=name
    )


def fill(seed: int, where: list[Valley], firms: int = 9) -> None:
    """Records for some firms; a few live in two valleys at once or move."""
    dice = random.Random(seed)

    def day() -> date:
        return FIRST + timedelta(days=dice.randrange(DAYS))

    def money() -> Decimal:
        return Decimal(dice.randrange(1, 10**12)) / 100

    spaces = []
    for index, valley in enumerate(where * 2):
        spaces.append(
            Space.objects.create(
                valley_id=valley.pk, name=f"{seed}-{index}号楼", kind=[SpaceKind.OFFICE, SpaceKind.PLANT][index % 2],
                area_m2=Decimal(dice.randrange(1000, 10**7)) / 100, completed_on=(FIRST if index < 2 else day()) if index < 4 else None,
                startup_zone=index < 3 or dice.random() < 0.5,
            )
        )  # fmt: skip
        ServiceBody.objects.create(
            valley=valley, kind="government", name=f"机构{seed}-{index}", staff=dice.randrange(9)
        )
    for number in range(firms):
        firm = factories.organisation("enterprise", f"企业{seed}-{number}", where=where[0].region)
        for valley in dice.sample(where, min(len(where), dice.choice([1, 1, 2]))):
            entered = day()
            resident = Resident.objects.create(
                valley_id=valley.pk, organisation=firm, kind=dice.choice(list(ResidentKind)),
                field=dice.choice(FIELDS), entered_on=entered, sci_tech=dice.random() < 0.6,
                start_up=dice.random() < 0.5, full_time_staff=dice.choice([None, dice.randrange(200)]),
                left_on=dice.choice([None, None, entered + timedelta(days=dice.randrange(300))]),
            )  # fmt: skip
            if dice.random() < 0.6:
                YearlyRevenue.objects.create(
                    resident=resident, year=dice.choice([2025, 2026]), revenue_cny=money(), filed_on=day()
                )
            if dice.random() < 0.6:
                starts = day()
                Lease.objects.create(
                    space=dice.choice([s for s in spaces if s.valley_id == valley.pk]), organisation=firm,
                    area_m2=Decimal(dice.randrange(1, 9999)) / 100, starts_on=starts,
                    ends_on=dice.choice([None, starts + timedelta(days=dice.randrange(200))]),
                )  # fmt: skip
            for index in range(dice.randrange(6)):
                signed = day()
                technology = money()
                TechnologyContract.objects.create(
                    number=f"C{seed}-{resident.pk}-{index}", title="合同", kind=dice.choice(list(ContractKind)),
                    valley_id=dice.choice([None, valley.pk, valley.pk]), seller=firm, buyer_name="买方",
                    direction=dice.choice(["unknown", "within", "outside", "outside", "abroad"]), field=dice.choice(FIELDS),
                    signed_on=signed, registered_on=signed + timedelta(days=dice.randrange(20)),
                    turnover_cny=technology + dice.choice([Decimal(0), money()]) + Decimal("0.01"),
                    technology_cny=technology, cancelled_on=dice.choice([None, None, None, date(2026, 5, 1)]),
                )  # fmt: skip
                FinancingDeal.objects.create(
                    organisation=firm, valley_id=dice.choice([None, valley.pk]), kind=dice.choice(list(DealKind)),
                    provider="资金方", amount_cny=money(), closed_on=day(), number=f"D{seed}-{resident.pk}-{index}",
                )  # fmt: skip
        for index in range(dice.randrange(3)):
            _granted(f"{seed}-{number}-{index}", firm, day(), money(), dice)
        for index in range(dice.randrange(7)):
            applied = day()
            IntellectualProperty.objects.create(
                organisation=firm, kind=dice.choice([*PropertyKind, *[PropertyKind.INVENTION] * 4]), title="一种装置",
                number=f"P{seed}-{number}-{index}", applied_on=applied,
                granted_on=dice.choice([None, applied + timedelta(days=dice.randrange(200))]),
                lapsed_on=dice.choice([None, None, applied + timedelta(days=400)]),
            )  # fmt: skip
