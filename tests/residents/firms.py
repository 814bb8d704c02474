"""Firms with facts, for tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.residents.actions.profile import import_profiles
from jinchuanggu.residents.models import Resident, YearlyRevenue
from tests import factories

FACTS: dict[str, Any] = {
    "registered_on": "2018-03-01",
    "mainland_resident": True,
    "sme_by_standard": True,
    "hightech_field": "materials",
    "staff_total": "40",
    "tech_staff": "12",
    "revenue_cny@2025": "20000000",
    "revenue_cny@2024": "16000000",
    "revenue_cny@2023": "12000000",
    "rd_expense_cny@2025": "1200000",
    "rd_expense_cny@2024": "900000",
    "rd_expense_cny@2023": "700000",
}


def firm(name: str = "", **facts: Any) -> Organisation:
    """A firm of Yangquan; keyword facts go to its profile."""
    made = factories.organisation("enterprise", name)
    if facts:
        put(made, facts)
    return made


def put(body: Organisation, facts: dict[str, Any]) -> None:
    import_profiles(SYSTEM_ACTOR, rows=[(body.pk, facts)], on=date(2026, 3, 20), said_by=body.name)


def resident(body: Organisation, valley_id: int = 1, entered_on: date = date(2025, 5, 1)) -> Resident:
    return Resident.objects.create(
        valley_id=valley_id, organisation=body, kind="enterprise", field="新材料", entered_on=entered_on
    )


def filed_revenue(row: Resident, year: int, yuan: str) -> YearlyRevenue:
    return YearlyRevenue.objects.create(
        resident=row, year=year, revenue_cny=Decimal(yuan), filed_on=date(year + 1, 3, 20)
    )
