"""The pivot table over HTTP: its address, its totals, its files, and what a reader may not see."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
import python_calamine as calamine
from django.urls import reverse

from jinchuanggu.indicators.models import ValueSource
from jinchuanggu.indicators.store.units import firm_units, valley_unit
from jinchuanggu.residents.models import Resident
from tests import factories
from tests.indicators.store import keep

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two valleys of two cities; the first with two firms that filed revenue for two months."""
    here, there = factories.city_office(), factories.city_office(factories.region("140400", "长治市"))
    province = factories.province()
    for region in (factories.region(), factories.region("140400", "长治市")):
        region.parent = province
        region.save()
    valleys = [factories.valley(here), factories.valley(there)]
    firms = []
    for n in range(2):
        firm = factories.organisation("enterprise", f"示例企业{n}")
        firms.append(
            Resident.objects.create(
                valley_id=valleys[0].pk, organisation=firm, kind="enterprise", field="新材料" if n else "",
                entered_on="2026-01-01", full_time_staff=5 + 10 * n,
            )
        )  # fmt: skip
    units = firm_units(row.pk for row in firms)
    rows = [
        ("revenue_cny", units[firm.pk], month, value)
        for firm, values in zip(firms, ((100, "2000.5"), (40000, 0)), strict=True)
        for month, value in zip(("2026-08", "2026-09"), values, strict=True)
    ]
    keep(*rows, source=ValueSource.FILED)
    valley_unit(valleys[1].pk)
    return here, there, valleys, units


def address(**more: object) -> str:
    from urllib.parse import urlencode

    keys = {"key": "revenue_cny", "from": "2026-08", "to": "2026-09", "kind": "month"} | more
    return f"{reverse('explore')}?{urlencode(keys)}"


def test_a_city_sees_its_valleys_and_the_sum_of_the_city(world) -> None:
    here, _there, valleys, _units = world
    answer = factories.client_of(here).get(address())
    page = answer.content.decode()
    assert answer.status_code == 200
    assert valleys[0].name in page
    assert valleys[1].name not in page
    section = answer.context["answer"].sections[0]
    assert [cell.value for cell in section.rows[0].cells] == [Decimal(40100), Decimal("2000.5")]
    assert section.rows[0].total == Decimal("42100.5")
    assert [cell.reporters for cell in section.whole.cells] == [2, 2]


def test_the_address_holds_everything(world) -> None:
    here, *_ = world
    client = factories.client_of(here)
    asked = client.get(address(level=1, by="size", kind="quarter")).context["asked"]
    again = client.get(f"{reverse('explore')}?{asked.address()}").context["asked"]
    assert again == asked
    assert (again.level, again.kind, again.breakdown, again.keys) == (1, "quarter", "size", ("revenue_cny",))


def test_firms_of_another_city_are_not_there(world) -> None:
    here, there, _valleys, units = world
    mine = factories.client_of(here).get(address(level=1)).context["answer"]
    assert {row.unit_id for row in mine.sections[0].rows} == {unit.pk for unit in units.values()}
    within = units[min(units)].parent_id
    answer = factories.client_of(there).get(address(level=1, within=within))
    assert "没有这个范围" in answer.content.decode()
    assert not [row for section in answer.context["answer"].sections for row in section.rows]


def test_the_file_is_what_is_shown(world) -> None:
    here, *_ = world
    client = factories.client_of(here)
    query = client.get(address(level=1)).context["asked"].address()

    def fetch(form: str) -> bytes:
        return b"".join(client.get(f"{reverse('explore_file', args=[form])}?{query}").streaming_content)

    sheet = list(csv.reader(io.StringIO(fetch("csv").decode("utf-8-sig"))))
    assert sheet[0][4:] == ["2026-08", "2026-09", "合计"]
    assert [row[4:] for row in sheet[1:]] == [
        ["100", "2000.5", "2100.5"], ["40000", "0", "40000"], ["40100", "2000.5", "42100.5"]
    ]  # fmt: skip
    found = json.loads(fetch("json"))
    assert found["rows"][1]["values"] == {"2026-08": "40000", "2026-09": "0"}
    assert found["rows"][2]["whole"] is True
    book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(fetch("xlsx")))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[4:] for row in rows[1:]] == [
        [100, 2000.5, 2100.5],
        [40000, 0, 40000],
        [40100, 2000.5, 42100.5],
    ]
    assert client.get(f"{reverse('explore_file', args=['pdf'])}?{query}").status_code == 404


def test_what_is_empty_is_not_zero(world) -> None:
    here, *_ = world
    section = (
        factories.client_of(here).get(address(level=1, **{"from": "2026-07"})).context["answer"].sections[0]
    )
    assert section.rows[0].cells[0] is None
    assert section.rows[1].cells[2].value == 0


def test_groups_stand_below_the_whole_of_each_unit(world) -> None:
    here, *_ = world
    section = factories.client_of(here).get(address(by="field")).context["answer"].sections[0]
    assert [(row.group, [cell and cell.value for cell in row.cells]) for row in section.rows] == [
        (None, [40100, Decimal("2000.5")]), ("", [100, Decimal("2000.5")]), ("新材料", [40000, 0]),
    ]  # fmt: skip


def test_nonsense_is_told_and_never_a_500(world) -> None:
    here, *_ = world
    client = factories.client_of(here)
    for nonsense in (
        {"from": "2026-13"}, {"level": "9"}, {"by": "colour"}, {"kind": "week"}, {"key": "no_such"}, {"within": "x"},
        {"from": "2026-09", "to": "2026-01"}, {"from": "1990-01"}, {"page": "-1"}, {"page": "99999"}, {"level": "4"},
    ):  # fmt: skip
        answer = client.get(address(**nonsense))
        assert answer.status_code == 200
        assert answer.context["asked"].problems or nonsense.keys() == {"page"}


def test_a_table_that_would_burst_a_file_is_refused(world, monkeypatch) -> None:
    here, *_ = world
    monkeypatch.setattr("jinchuanggu.indicators.explore.table.MOST_CELLS", 1)
    client = factories.client_of(here)
    query = client.get(address(level=1)).context["asked"].address()
    assert client.get(f"{reverse('explore_file', args=['csv'])}?{query}").status_code == 413


def test_the_number_of_queries_does_not_grow_with_the_rows(world, django_assert_max_num_queries) -> None:
    here, *_ = world
    client = factories.client_of(here)
    client.get(address(level=1))
    with django_assert_max_num_queries(32):
        client.get(address(level=1, by="field"))


def test_others_see_no_firm_and_no_closed_valley(world) -> None:
    member = factories.member_unit()
    found = factories.client_of(member).get(address(level=1)).context["answer"]
    assert not [row for section in found.sections for row in section.rows]
