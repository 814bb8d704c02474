"""Intellectual property: who enters it, and what is told when the dates or numbers cannot be."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents.models import IntellectualProperty
from tests.foundation import world as small_world
from tests.foundation.exchange import books

pytestmark = pytest.mark.django_db
HEADS = ["权利人", "名称", "类别", "申请号（登记号）", "申请日期", "授权日期"]


def _right(made: small_world.World, **changes: object) -> dict[str, object]:
    return {
        "organisation": made.firms[0].pk, "title": "一种方法", "kind": "invention", "number": "202610000001.X",
        "applied_on": "2026-02-01", "granted_on": "", "lapsed_on": "", **changes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"granted_on": "2026-01-31"}, "granted_on", "不能早于申请日期"),
        ({"lapsed_on": "2026-03-01"}, "lapsed_on", "未授权"),
        ({"granted_on": "2026-03-01", "lapsed_on": "2026-02-28"}, "lapsed_on", "不能早于授权日期"),
        ({"applied_on": "2999-01-01"}, "applied_on", "不能晚于今天"),
        ({"number": "ZL-0000"}, "number", "已存在"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict[str, str], field: str, words: str) -> None:
    made = small_world.build()
    answer = made.client(Role.ENTERPRISE).post("/r/rights/new", _right(made, **changes))
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]


def test_an_enterprise_enters_its_own_and_no_other() -> None:
    made = small_world.build()
    client = made.client(Role.ENTERPRISE)
    assert client.get("/r/rights/new").context["form"]["organisation"].value() == made.firms[0].pk
    assert client.post("/r/rights/new", _right(made)).status_code == 302
    other = _right(made, organisation=made.firms[1].pk, number="N-2")
    assert client.post("/r/rights/new", other).status_code == 422
    assert IntellectualProperty.objects.filter(organisation=made.firms[1]).count() == 1


@pytest.mark.parametrize("role", [Role.CITY_GOVERNMENT, Role.PROVINCIAL_OFFICE, Role.EXPERT, Role.UNIVERSITY])
def test_who_keeps_no_records_finds_no_form(role: str) -> None:
    made = small_world.build()
    assert made.client(role).get("/r/rights/new").status_code == 403
    assert made.client(role).post("/r/rights/new", _right(made)).status_code == 403


def test_firms_are_named_by_name_or_credit_code_in_a_workbook() -> None:
    made = small_world.build()
    firm = made.firms[0]
    rows = [
        [firm.name, "甲", "发明专利", "A-1", "2026-01-05", "2026-05-06"],
        [firm.uscc, "乙", "软件著作权", "A-2", "2026-01-05", ""],
        [made.firms[1].name, "丙", "发明专利", "A-3", "2026-01-05", ""],
        [firm.name, "丁", "专利", "A-1", "2026-01-05", "2025-05-06"],
    ]
    client = made.client(Role.OPERATOR)
    run = books.send(client, "rights", books.book(HEADS, *rows))
    told = books.messages(run)
    assert run.counts["create"] == 2
    assert run.counts["failed"] == 2
    assert "4|权利人" in told
    assert "5|类别|专利" in told
    books.commit(client, "rights", run, "good")
    assert set(
        IntellectualProperty.objects.filter(number__startswith="A-").values_list("organisation", flat=True)
    ) == {firm.pk}
