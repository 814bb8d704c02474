"""Which contracts a period holds."""

from __future__ import annotations

from datetime import date

import pytest

from jinchuanggu.market import queries
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.residents.models import Resident
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def test_a_cancelled_contract_counts_out_from_its_day():
    world = small_world.build()
    firm, valley = world.firms[0], world.valleys[0]
    contract = TechnologyContract.objects.create(
        number="2026-X-1", title="技术开发", kind="development", valley_id=valley.pk, seller=firm, buyer_name="买方",
        signed_on=MARCH[0], registered_on=date(2026, 3, 31), turnover_cny="10.50", technology_cny="8.00",
        cancelled_on=date(2026, 7, 1),
    )  # fmt: skip
    resident = Resident.objects.get(organisation=firm)

    def found(on):
        rows = queries.contracts_registered(*MARCH, on).filter(pk=contract.pk)
        return list(rows.values_list("resident_id", flat=True))

    assert found(date(2026, 6, 30)) == [resident.pk]
    assert found(date(2026, 7, 1)) == []
    assert not queries.contracts_registered(date(2026, 2, 1), date(2026, 3, 30), MARCH[1]).filter(
        pk=contract.pk
    )
