"""Which deals a period holds."""

from __future__ import annotations

from datetime import date

import pytest

from jinchuanggu.capital import queries
from jinchuanggu.capital.models import DealKind, FinancingDeal
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db


def test_deals_of_a_period_by_what_has_to_be_paid_back():
    world = small_world.build()
    firm, valley = world.firms[0], world.valleys[0]
    FinancingDeal.objects.all().delete()
    for number, kind in enumerate(DealKind.values):
        FinancingDeal.objects.create(
            organisation=firm, valley_id=valley.pk, kind=kind, provider="某银行", amount_cny=100, number=f"R-{number}",
            closed_on=date(2026, 3, 31),
        )  # fmt: skip
    month = (date(2026, 3, 1), date(2026, 3, 31))
    assert {row.kind for row in queries.equity_closed(*month)} == {"equity"}
    assert {row.kind for row in queries.loans_closed(*month)} == {"loan", "pledge", "guarantee"}
    assert {row.field for row in queries.deals_closed(*month)} == {"新材料"}
    assert not queries.deals_closed(date(2026, 4, 1), date(2026, 4, 30)).exists()
