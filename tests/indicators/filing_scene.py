"""Firms by name in a running valley whose monthly forms are open, for the tests of pages and workbooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.models import Filing
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import Resident
from tests import factories

FORM = "firm_month"
MONTH = Period.parse("2026-10")
GOOD = {
    "revenue_cny": "1000000", "technology_income_cny": "300000", "product_income_cny": "500000", "profit_cny": "80000",
    "rd_expense_cny": "120000", "tax_paid_cny": "60000", "staff_month_end": "20", "rd_staff_month_end": "6",
}  # fmt: skip


@dataclass
class World:
    """`firms`: enterprise actors by name."""

    city: Actor
    operator: Actor
    valley: Valley
    firms: dict[str, Actor] = field(default_factory=dict)
    bodies: dict[str, Organisation] = field(default_factory=dict)
    residents: dict[str, Resident] = field(default_factory=dict)

    def row(self, name: str, period: Period = MONTH) -> Filing:
        return Filing.objects.get(
            unit__level=1, unit__ref_id=self.residents[name].pk, form=FORM, period=period.number
        )

    def fill(self, name: str, period: Period = MONTH, **cells: Any) -> Filing:
        """The firm's figures, sound unless `cells` say otherwise, kept but not sent."""
        row = self.row(name, period)
        values = {key: None if value is None else Decimal(value) for key, value in {**GOOD, **cells}.items()}
        return actions.save_cells(self.firms[name], filing_id=row.pk, cells=values, revision=row.revision)

    def send(self, name: str, period: Period = MONTH, **cells: Any) -> Filing:
        row = self.fill(name, period, **cells)
        actions.submit(self.firms[name], filing_id=row.pk)
        return self.row(name, period)

    def lock(self, name: str, period: Period = MONTH, **cells: Any) -> Filing:
        row = self.send(name, period, **cells)
        actions.pass_check(self.operator, filing_id=row.pk)
        actions.lock(self.city, filing_id=row.pk)
        return self.row(name, period)


def world(*names: str, code: str = "140300", city_name: str = "阳泉市") -> World:
    """A running valley with these firms (甲示例企业, 乙示例企业 without names), twenty people each."""
    top, where = factories.province(), factories.region(code, city_name)
    where.parent = top
    where.save()
    city = factories.city_office(where)
    valley = factories.valley(city)
    body = factories.organisation("operator", f"示例运营公司{code}", where=where)
    Valley.objects.filter(pk=valley.pk).update(operator=body, state="building", stage="build")
    valley.refresh_from_db()
    made = World(city, factories.actor(Role.OPERATOR, body), valley)
    for name in names or ("甲示例企业", "乙示例企业"):
        add(made, name)
    return made


def add(made: World, name: str) -> None:
    firm = factories.organisation(
        "enterprise", name, where=made.valley.region, uscc=f"91140300MA{Organisation.objects.count():06d}X2"
    )
    made.bodies[name], made.firms[name] = firm, factories.actor(Role.ENTERPRISE, firm)
    made.residents[name] = Resident.objects.create(
        valley_id=made.valley.pk, organisation=firm, kind="enterprise", field="新材料", entered_on=date(2024, 5, 1),
        full_time_staff=20,
    )  # fmt: skip


def opened(made: World, *periods: Period, form: str = FORM) -> World:
    """Open the filings of these months (MONTH without any)."""
    for period in periods or (MONTH,):
        actions.open_filings(SYSTEM_ACTOR, form, period, valley_ids=[made.valley.pk])
    return made
