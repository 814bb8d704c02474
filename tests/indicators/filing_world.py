"""A valley with an operator and firms, the people who file, check and lock, and a month that has ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.models import Filing, Unit, UnitLevel, Value
from jinchuanggu.indicators.store.units import firm_units
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import Resident
from tests import factories

MONTH = Period.parse("2026-09")
GOOD = {
    "revenue_cny": "1000000", "technology_income_cny": "600000", "product_income_cny": "300000", "profit_cny": "-5000.5",
    "rd_expense_cny": "120000", "tax_paid_cny": "30000", "staff_month_end": "20", "rd_staff_month_end": "8",
}  # fmt: skip
YEAR = {
    "revenue_year_cny": "12000000", "technology_income_year_cny": "7000000", "product_income_year_cny": "3000000",
    "goods_income_year_cny": "0", "industrial_output_year_cny": "3000000", "net_profit_year_cny": "500000",
    "tax_year_cny": "300000", "rd_expense_year_cny": "1500000", "staff_year_end": "20", "tech_staff_year_end": "10",
    "rd_staff_fte": "7",
}  # fmt: skip


@dataclass
class Place:
    valley: Valley
    city: Actor
    office: Actor
    operator: Actor
    firms: list[tuple[Resident, Actor]] = field(default_factory=list)

    @property
    def owner(self) -> Actor:
        return self.firms[0][1]

    def residents(self) -> list[int]:
        return [resident.pk for resident, _actor in self.firms]


def place(firms: int = 1, code: str = "140300", name: str = "阳泉市") -> Place:
    """A valley under construction in a city, with that many resident firms since 2023."""
    province = factories.province()
    region = factories.region(code, name)
    region.parent, region.origin = province, "simulated"
    region.save()
    city = factories.city_office(region)
    valley = factories.valley(city)
    operator = factories.organisation("operator", where=region)
    Valley.objects.filter(pk=valley.pk).update(operator=operator, state="building", stage="build")
    valley.refresh_from_db()
    found = Place(valley, city, factories.provincial_office(), factories.actor(Role.OPERATOR, operator))
    for number in range(firms):
        add_firm(found, number)
    return found


def add_firm(place: Place, number: int = 0, **fields: Any) -> tuple[Resident, Actor]:
    body: Organisation = factories.organisation("enterprise", where=place.valley.region)
    known = {
        "valley_id": place.valley.pk, "organisation": body, "kind": "enterprise", "field": "新材料",
        "entered_on": date(2023, 1, 1), "full_time_staff": 20,
    }  # fmt: skip
    resident = Resident.objects.create(**{**known, **fields})
    place.firms.append((resident, factories.actor(Role.ENTERPRISE, body)))
    return place.firms[-1]


def opened(place: Place, period: Period = MONTH, form: str = "firm_month") -> list[Filing]:
    actions.open_filings(place.city, form, period)
    return list(Filing.objects.filter(form=form, period=period.number).select_related("unit").order_by("pk"))


def filled(place: Place, period: Period = MONTH, number: int = 0, **cells: Any) -> Filing:
    filing = opened(place, period)[number]
    return actions.save_cells(
        place.firms[number][1], filing_id=filing.pk, cells={**GOOD, **cells}, revision=filing.revision
    )


def locked(place: Place, period: Period = MONTH, number: int = 0, **cells: Any) -> Filing:
    filing = filled(place, period, number, **cells)
    actions.submit(place.firms[number][1], filing_id=filing.pk)
    actions.pass_check(place.operator, filing_id=filing.pk)
    return actions.lock(place.city, filing_id=filing.pk)


def stored(key: str, unit: Unit, period: Period = MONTH) -> Decimal | None:
    """What counts in the store."""
    row = Value.objects.filter(
        indicator__key=key, unit=unit, period=period.number, breakdown=0, current=True
    ).first()
    return None if row is None else row.value


def unit_of(resident: Resident) -> Unit:
    return firm_units([resident.pk])[resident.pk]


def valley_unit(place: Place) -> Unit:
    return Unit.objects.get(level=UnitLevel.VALLEY, ref_id=place.valley.pk)
