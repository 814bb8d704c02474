"""The records behind figures: which rows a day or a period holds."""

from __future__ import annotations

from datetime import date

import pytest

from jinchuanggu.residents import record_queries as queries
from jinchuanggu.residents.models import IntellectualProperty, Lease, Resident, Space, YearlyRevenue
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)


@pytest.fixture
def world():
    return small_world.build()


@pytest.fixture
def mover(world):
    """A firm that was in the first valley until the end of May and in the second from June on."""
    firm = small_world.more_residents(world, 1)[0].organisation
    Resident.objects.filter(organisation=firm).update(
        entered_on=date(2025, 1, 1), left_on=JUNE, field="新材料"
    )
    Resident.objects.create(
        valley_id=world.valleys[1].pk, organisation=firm, kind="enterprise", entered_on=JUNE
    )
    return firm


def test_a_unit_is_there_from_its_first_day_to_the_day_before_it_leaves(mover, world):
    def where(day):
        return list(queries.residents_on(day).filter(organisation=mover).values_list("valley_id", flat=True))

    first, second = (valley.pk for valley in world.valleys)
    assert where(date(2024, 12, 31)) == []
    assert where(date(2025, 1, 1)) == [first]
    assert where(date(2026, 5, 31)) == [first]
    assert where(JUNE) == [second]
    assert [r.valley_id for r in queries.move_outs(JUNE, JUNE)] == [first]
    assert [r.valley_id for r in queries.move_ins(JUNE, date(2026, 6, 30))] == [second]


def test_rights_belong_to_the_valley_where_the_firm_lives_on_the_day(mover, world):
    first, second = (valley.pk for valley in world.valleys)
    right = IntellectualProperty.objects.create(
        organisation=mover, kind="invention", title="一种装置", number="ZL-1",
        applied_on=date(2026, 5, 20), granted_on=date(2026, 6, 10), lapsed_on=date(2026, 9, 1),
    )  # fmt: skip

    def valleys(rows):
        return list(rows.filter(pk=right.pk).values_list("valley_id", flat=True))

    assert valleys(queries.rights_applied(MAY, date(2026, 5, 31))) == [first]
    assert valleys(queries.rights_granted(JUNE, date(2026, 6, 30))) == [second]
    assert valleys(queries.rights_valid(date(2026, 6, 9))) == []
    assert valleys(queries.rights_valid(date(2026, 6, 10))) == [second]
    assert valleys(queries.rights_valid(date(2026, 9, 1))) == []
    # a later filter by valley meets the same residency, not another one of the firm
    assert not queries.rights_applied(MAY, JUNE).filter(pk=right.pk, valley_id=second).exists()


def test_a_lease_runs_through_its_last_day(mover, world):
    space = Space.objects.create(valley_id=world.valleys[0].pk, name="二号楼", kind="office", area_m2=500)
    lease = Lease.objects.create(
        space=space, organisation=mover, area_m2=100, starts_on=MAY, ends_on=date(2026, 6, 30)
    )

    def on(day):
        return list(queries.leases_on(day).filter(pk=lease.pk).values_list("field", "space__valley_id"))

    assert on(date(2026, 4, 30)) == on(date(2026, 7, 1)) == []
    assert on(MAY) == [("新材料", world.valleys[0].pk)]
    assert on(date(2026, 6, 30)) == [(None, world.valleys[0].pk)]  # the tenant has left, the lease still runs


def test_spaces_count_from_the_day_they_are_completed(world):
    space = Space.objects.create(
        valley_id=world.valleys[0].pk, name="三号楼", kind="plant", area_m2=800, completed_on=MAY
    )
    assert space not in queries.spaces_by(date(2026, 4, 30))
    assert list(queries.spaces_by(MAY)) == [space]


def test_revenue_of_a_year_as_filed_by_a_day(world):
    resident = Resident.objects.filter(valley_id=world.valleys[0].pk).first()
    late = YearlyRevenue.objects.create(resident=resident, year=2024, revenue_cny=5, filed_on=JUNE)
    assert list(queries.revenues_of(2024)) == [late]
    assert not queries.revenues_of(2024, date(2026, 5, 31)).exists()
