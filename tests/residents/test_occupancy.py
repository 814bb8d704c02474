"""What is let on a day and what is free: equal to the leases, within one's own valleys."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents import occupancy
from jinchuanggu.residents.models import Lease, Space
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)


@pytest.fixture
def world():
    made = small_world.build()
    Lease.objects.all().delete()
    Space.objects.filter(name="甲市一号楼").update(completed_on=date(2025, 1, 1))
    return made


def let(
    made: small_world.World, area: str, starts: date, ends: date | None = None, space: str = "甲市一号楼"
):
    return Lease.objects.create(
        space=Space.objects.get(name=space), organisation=made.firms[0], area_m2=area, starts_on=starts, ends_on=ends
    )  # fmt: skip


def test_a_day_counts_the_leases_that_run_on_it(world) -> None:
    let(world, "300.25", date(2026, 1, 1), ON)
    let(world, "200.10", date(2026, 7, 1))
    actor = world.actor(Role.OPERATOR)
    for day, taken in ((ON, "300.25"), (date(2026, 7, 1), "200.10"), (date(2025, 12, 31), "0")):
        whole = occupancy.together(occupancy.rooms(actor, day, "simulated"))
        assert (whole.spaces, whole.area) == (1, Decimal("1200.50"))
        assert whole.let == Decimal(taken)
        assert whole.free == Decimal("1200.50") - Decimal(taken)
    assert occupancy.together(occupancy.rooms(actor, ON, "simulated")).percent == Decimal("25.0")


def test_what_is_not_completed_is_not_free(world) -> None:
    Space.objects.create(valley_id=world.valleys[0].pk, name="在建楼", kind="plant", area_m2=900)
    actor = world.actor(Role.OPERATOR)
    whole = occupancy.together(occupancy.rooms(actor, ON, "simulated"))
    assert (whole.spaces, whole.area, whole.free) == (2, Decimal("1200.50"), Decimal("1200.50"))


def test_the_page_answers_in_words_and_names_the_tenants(world) -> None:
    lease = let(world, "300.25", date(2026, 1, 1))
    page = (
        world.client(Role.OPERATOR)
        .get("/residents/occupancy/?on=2026-06-30&origin=simulated")
        .content.decode()
    )
    assert "建成空间 1,200.5 m²，已出租 300.25 m²（25.0%），空置 900.25 m²" in page
    assert f'href="/r/leases/{lease.pk}/"' in page
    assert world.firms[0].name in page
    table = world.client(Role.OPERATOR).get("/residents/occupancy.csv?on=2026-06-30&origin=simulated")
    assert "1200.50,300.25,900.25" in table.content.decode("utf-8-sig")


def test_a_city_sees_its_own_and_the_province_both(world) -> None:
    for role, city, count in (
        (Role.CITY_OFFICE, 0, 1),
        (Role.OPERATOR, 1, 1),
        (Role.PROVINCIAL_OFFICE, 0, 2),
    ):
        assert len(occupancy.rooms(world.actor(role, city), ON, "simulated")) == count
    other = world.valleys[1].pk
    assert world.client(Role.CITY_OFFICE).get(f"/residents/occupancy/?valley={other}").status_code == 404
    assert (
        world.client(Role.PROVINCIAL_OFFICE).get(f"/residents/occupancy/?valley={other}").status_code == 200
    )
    assert world.client(Role.ENTERPRISE).get("/residents/occupancy/").status_code == 403
    assert world.client(Role.OPERATOR).get("/residents/occupancy/?on=yesterday").status_code == 404


def test_the_page_asks_as_often_for_many_leases_as_for_few(world, django_assert_max_num_queries) -> None:
    client = world.client(Role.PROVINCIAL_OFFICE)
    client.get("/residents/occupancy/")
    for _turn in range(30):
        let(world, "10", date(2026, 1, 1))
    with django_assert_max_num_queries(12):
        client.get("/residents/occupancy/?origin=simulated")
