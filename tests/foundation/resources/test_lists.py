"""A list as its reader asked for it: sorted, filtered, paged by position, exported as shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources import keyset
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.residents.models import Resident, Space
from tests.foundation import world
from tests.foundation.exchange import books

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("queries.yaml")
READER = {
    name: next(r for r in (Role.PROVINCIAL_OFFICE, Role.ADMIN) if r in res.access.view)
    for name, res in resources.items()
}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.none() | st.integers(0, 4), min_size=1, max_size=14),
    path=st.sampled_from(["full_time_staff", "pk", "entered_on"]),
    down=st.booleans(),
    size=st.integers(1, 4),
)
def test_walking_forth_and_back_meets_every_row_once(
    values: list[int | None], path: str, down: bool, size: int
) -> None:
    from django.db import transaction

    with transaction.atomic():
        made = world.build()
        firms = Organisation.objects.bulk_create(
            Organisation(name=f"企{n}", kind="team", region=made.cities[0]) for n in range(len(values))
        )
        Resident.objects.bulk_create(
            Resident(
                valley_id=9,
                organisation=firm,
                kind="team",
                entered_on=date(2025, 1, 1 + (v or 0)),
                full_time_staff=v,
            )
            for firm, v in zip(firms, values, strict=True)
        )
        rows = Resident.objects.filter(valley_id=9)
        order = keyset.Order(path, down, nullable=path == "full_time_staff")
        expected = list(rows.order_by(*order.sorting()).values_list("pk", flat=True))
        met, page = [], keyset.page(rows, order, [], size=size)
        pages = [page]
        while page.after:
            page = keyset.page(rows, order, [], size=size, after=page.after)
            pages.append(page)
        met = [row["pk"] for p in pages for row in p.rows]
        assert met == expected
        assert not pages[0].before
        back = pages[-1]
        for wanted in reversed(pages[:-1]):
            back = keyset.page(rows, order, [], size=size, before=back.before)
            assert [r["pk"] for r in back.rows] == [r["pk"] for r in wanted.rows]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WzEsInhdIl0", "bnVsbA", "WyJ4Iiwx", "WzEsLTFd", "%00", "W251bGwsMV0"]
)
def test_a_broken_cursor_means_the_first_page(cursor: str) -> None:
    client = world.build().client(Role.PROVINCIAL_OFFICE)
    for sort in ("", "&sort=entered_on", "&sort=-pk;drop"):
        assert client.get(f"/r/residents/?after={cursor}{sort}").status_code == 200
        assert client.get(f"/r/residents/?before={cursor}{sort}").status_code == 200


def test_no_page_counts_the_table_and_the_total_comes_when_asked() -> None:
    made = world.build()
    world.more_residents(made, 60)
    client = made.client(Role.PROVINCIAL_OFFICE)
    with CaptureQueriesContext(connection) as asked:
        response = client.get("/r/residents/")
    assert not [q["sql"] for q in asked if "COUNT(" in q["sql"] and "residents_resident" in q["sql"]]
    assert len(response.context["listing"].table) == 50
    second = client.get(f"/r/residents/{response.context['listing'].next}")
    assert len(second.context["listing"].table) == 12
    fragment = client.get("/r/residents/?total=1", headers={"HX-Request": "true"}).content.decode()
    assert "62" in fragment
    assert "<html" not in fragment


def test_filters_search_and_columns_stand_in_the_address_and_in_the_export() -> None:
    made = world.build()
    world.more_residents(made, 30)
    client = made.client(Role.PROVINCIAL_OFFICE)
    query = "?kind=enterprise&field=&q=示例企业&entered_on_after=2025-06-01&col=organisation&col=full_time_staff&sort=entered_on"
    listing = client.get(f"/r/residents/{query}").context["listing"]
    assert {chip.label for chip in listing.chips} == {"类别", "入驻日期"}
    assert [head.label for head in listing.heads] == ["企业或团队", "全时人员"]
    rows = books.table(books.fetched(client, f"/r/residents/export.xlsx{query}"))
    assert rows[1] == ["编号", "企业或团队", "全时人员", "数据性质"]
    assert [row[0] for row in rows[2:]] == list(
        listing.rows.order_by("entered_on", "pk").values_list("pk", flat=True)
    )
    assert all(row[3] == "模拟" for row in rows[2:])
    assert "类别：企业" in rows[0][0]
    assert "口径版本" in rows[0][0]


def test_an_unreadable_filter_is_left_out_and_said() -> None:
    client = world.build().client(Role.PROVINCIAL_OFFICE)
    for query in (
        "kind=xx",
        "entered_on_after=x",
        "full_time_staff_min=x",
        "valley_id=999999",
        "start_up=maybe",
        "q=%00",
    ):
        assert client.get(f"/r/residents/?{query}").status_code == 200


def test_the_data_switch_narrows_list_and_export() -> None:
    made = world.build()
    Space.objects.create(valley_id=made.valleys[0].pk, name="真实楼", kind="plant", area_m2=1, origin="real")
    client = made.client(Role.PROVINCIAL_OFFICE)
    session = client.session
    session["origin_view"] = "real"
    session.save()
    rows = books.table(books.fetched(client, "/r/spaces/export.xlsx"))
    assert [row[1] for row in rows[2:]] == ["真实楼"]


@pytest.mark.parametrize("name", resources)
def test_queries_per_screen_are_those_kept_in_the_file(name: str) -> None:
    """5 and 50 rows cost the same; the numbers stand in queries.yaml."""
    kept = yaml.safe_load(BASELINE.read_text()) if BASELINE.exists() else {}
    made = world.build()
    client, resource = made.client(READER[name]), resources[name]
    client.get("/r/organisations/")  # content types and the like are read once per process
    found = []
    for count in (5, 50):
        _grow(made, name, count)
        first = resource.scope(made.actor(READER[name])).first().pk
        counted = {}
        for screen, address in (
            ("list", f"/r/{name}/"),
            ("detail", f"/r/{name}/{first}/"),
            ("history", f"/r/{name}/{first}/history"),
        ):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            counted[screen] = len(asked)
        found.append(counted)
    assert found[0] == found[1]
    assert found[0] == kept.get(name), f"{name}: {found[0]}"


def _grow(made: world.World, name: str, count: int) -> None:
    from jinchuanggu.foundation.organisations.models import Membership, Person
    from jinchuanggu.programme.models import Expert, ServiceBody
    from jinchuanggu.residents.models import YearlyRevenue

    residents = world.more_residents(made, count)
    YearlyRevenue.objects.bulk_create(
        YearlyRevenue(resident=r, year=2024, revenue_cny=1, filed_on=date(2025, 1, 1)) for r in residents
    )
    Space.objects.bulk_create(
        Space(valley_id=made.valleys[0].pk, name=f"楼{count}-{n}", kind="office", area_m2=1)
        for n in range(count)
    )
    ServiceBody.objects.bulk_create(
        ServiceBody(valley=made.valleys[0], kind="finance", name=f"站{n}") for n in range(count)
    )
    people = Person.objects.bulk_create(Person(name=f"人{n}", employer=made.firms[0]) for n in range(count))
    Expert.objects.bulk_create(Expert(person=p, category="technical", fields=["a"]) for p in people)
    Membership.objects.bulk_create(
        Membership(person=p, organisation=made.firms[0], role="enterprise", starts_on=date(2025, 1, 1))
        for p in people
    )
