"""The made-up records of the first simulated valleys: always the same, marked, and within their own rules."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.demo import records, world
from jinchuanggu.demo.pace import paced
from jinchuanggu.demo.simulated_data import load
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.letting import Let, peak
from jinchuanggu.residents.models import IntellectualProperty, Lease, Space

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def told() -> world.World:
    """The world with one valley and its records, without the stories of the process."""
    with paced() as pace:
        made = world.build(load())
        row = made.data.valleys["lanxiu"]
        valley = Valley.objects.create(
            name=row.name, region=Region.objects.get(code=row.builder), origin="simulated", state="plaqued",
            stage="plaque", operator=made.bodies[row.operator or ""],
        )  # fmt: skip
        made.valleys["lanxiu"] = valley
        world.load_records(made, row, valley)
        now = pace.moment
        for moment in records._story(records.Telling(made, row), now, -(row.building_since or 0)):
            pace.moment = moment
        pace.moment = now
    return made


def test_every_row_is_marked_and_lies_within_its_rules(told: world.World) -> None:
    for model in (Lease, IntellectualProperty, TechnologyContract, FinancingDeal):
        assert model.objects.count() > 10
        assert set(model.objects.values_list("origin", flat=True)) == {"simulated"}
    for space in Space.objects.all():
        leases = Lease.objects.filter(space=space)
        assert peak([Let(o.starts_on, o.ends_on, o.area_m2) for o in leases])[0] <= space.area_m2
    assert Lease.objects.values("organisation").distinct().count() == len(told.data.residents_of("lanxiu"))
    assert set(TechnologyContract.objects.values_list("basis", flat=True)) == {"computed", "certificate"}
    assert not TechnologyContract.objects.filter(basis="computed", rule_version="").exists()
    assert TechnologyContract.objects.filter(
        registered_on__gt=timezone.localdate() - timedelta(days=200)
    ).exists()


def test_every_row_came_in_by_an_import_with_its_event(told: world.World) -> None:
    verbs = Counter(
        AuditEvent.objects.filter(target_type="market.technologycontract").values_list("verb", flat=True)
    )
    assert verbs == {"contracts.import": TechnologyContract.objects.count()}
    latest = AuditEvent.objects.filter(verb="contracts.import").order_by("number").last()
    assert latest is not None
    assert latest.detail == {"said_by": records.SAID_BY}
    # nothing is entered before it has happened
    for event in AuditEvent.objects.filter(verb="contracts.import"):
        day = date.fromisoformat(event.changes["registered_on"][1])
        assert day <= timezone.localdate(event.at)
