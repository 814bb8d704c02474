"""No more of a space is let on any day than there is: by arithmetic, in forms and imports, and by two people at once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources import actions
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.foundation.resources.revision import revision
from jinchuanggu.residents.letting import Let, peak
from jinchuanggu.residents.models import Lease, Space
from tests.foundation import world as small_world
from tests.foundation.exchange import books

START = date(2026, 1, 1)
HEADS = ["空间", "承租单位", "租用面积（m²）", "租金（元/m²·月）", "起租日期", "到期日期"]


@st.composite
def lets(draw):
    first = draw(st.integers(0, 30))
    length = draw(st.one_of(st.none(), st.integers(0, 20)))
    return Let(
        START + timedelta(days=first),
        None if length is None else START + timedelta(days=first + length),
        Decimal(draw(st.integers(1, 5000))).scaleb(-2),
    )


@given(st.lists(lets(), max_size=8), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 20)))
def test_the_peak_is_that_of_the_fullest_day(found, first, length) -> None:
    begin = START + timedelta(days=first)
    end = None if length is None else begin + timedelta(days=length)
    last = end or START + timedelta(days=100)
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    full = {
        day: sum((let.area_m2 for let in found if let.starts_on <= day and (let.ends_on is None or let.ends_on >= day)), Decimal(0))
        for day in days
    }  # fmt: skip
    most, when = peak(found, begin, end)
    assert most == max(full.values())
    assert when == (next(day for day in days if full[day] == most) if most else None)


@pytest.fixture
def world(db):
    made = small_world.build()
    Lease.objects.all().delete()
    return made


def _lease(made: small_world.World, **changes: object) -> dict[str, object]:
    return {
        "space": Space.objects.get(name="甲市一号楼").pk, "organisation": made.firms[0].pk, "area_m2": "700.50",
        "starts_on": "2026-01-01", "ends_on": "2026-12-31", **changes,
    }  # fmt: skip


def _edit(client, name: str, pk: int, form: dict[str, object]):
    """Send a form as it stood on the page."""
    seen = revision(resources[name].model.objects.get(pk=pk))
    return client.post(f"/r/{name}/{pk}/edit", {**form, "seen": seen})


def test_what_does_not_fit_is_said_with_what_is_left(world) -> None:
    client = world.client(Role.OPERATOR)
    assert client.post("/r/leases/new", _lease(world)).status_code == 302
    answer = client.post("/r/leases/new", _lease(world, starts_on="2026-12-31", ends_on="", area_m2="500.01"))
    assert answer.status_code == 422
    assert "只剩 500 m²" in answer.context["form"].errors["area_m2"][0]
    # the day after, there is room; and a lease may grow into what it holds itself
    assert (
        client.post(
            "/r/leases/new", _lease(world, starts_on="2027-01-01", ends_on="", area_m2="1200.50")
        ).status_code
        == 302
    )
    first = Lease.objects.order_by("pk").first()
    assert _edit(client, "leases", first.pk, _lease(world, area_m2="1200.50")).status_code == 302
    assert _edit(client, "leases", first.pk, _lease(world, area_m2="1200.51")).status_code == 422


def test_a_space_does_not_shrink_below_what_is_let(world) -> None:
    client = world.client(Role.OPERATOR)
    client.post("/r/leases/new", _lease(world))
    space = Space.objects.get(name="甲市一号楼")
    form = {"name": space.name, "valley_id": space.valley_id, "kind": "office", "startup_zone": "true"}
    answer = _edit(client, "spaces", space.pk, {**form, "area_m2": "700.49"})
    assert "已出租" in answer.context["form"].errors["area_m2"][0]
    assert _edit(client, "spaces", space.pk, {**form, "area_m2": "700.50"}).status_code == 302


def test_an_import_tells_which_rows_do_not_fit_together(world) -> None:
    client, firm = world.client(Role.OPERATOR), world.firms[0].name
    rows = [["甲市一号楼", firm, 600, 20, f"2026-0{month}-01", "2026-12-31"] for month in (1, 2, 3)]
    run = books.send(client, "leases", books.book(HEADS, *rows))
    assert run.counts["failed"] == 1
    assert books.messages(run).startswith("4|租用面积（m²）|600|该空间共 1,200.5 m²")
    run = books.commit(client, "leases", run, "good")
    assert Lease.objects.count() == 2


def test_an_import_of_several_chunks_is_taken_back_whole_where_it_does_not_fit(world, monkeypatch) -> None:
    """Each chunk of a workbook is judged without those before it; what holds is asked again when all is written."""
    from jinchuanggu.foundation.exchange import planning

    monkeypatch.setattr(planning, "CHUNK", 1)
    client, firm = world.client(Role.OPERATOR), world.firms[0].name
    rows = [["甲市一号楼", firm, 700, 20, f"2026-0{month}-01", "2026-12-31"] for month in (1, 2)]
    run = books.send(client, "leases", books.book(HEADS, *rows))
    assert run.counts["failed"] == 0
    run = books.commit(client, "leases", run)
    assert "出租面积将超过空间面积" in run.message
    assert not Lease.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_let_the_same_room_at_once() -> None:
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection of a database in memory")
    made = small_world.build()
    Lease.objects.all().delete()
    space, gate, found = Space.objects.get(name="甲市一号楼"), threading.Barrier(2), []

    def let(role: str) -> None:
        actor, firm = made.actor(role), made.firms[0]
        try:
            gate.wait(10)
            values = {"space": space, "organisation": firm, "area_m2": Decimal(700), "starts_on": START}
            actions.create(actor, resource=resources["leases"], values=values)
            found.append("let")
        except ValidationError:
            found.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=let, args=(role,)) for role in (Role.OPERATOR, Role.CITY_OFFICE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert sorted(found) == ["let", "refused"]
    assert Lease.objects.count() == 1
