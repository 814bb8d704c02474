"""The workbench, the search and the switches of the frame."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workbench import queries, registry
from jinchuanggu.foundation.workbench.registry import Figure, Hit
from jinchuanggu.foundation.workflow.engine import open_task
from tests.foundation import making

pytestmark = pytest.mark.django_db


def _task(hat: Any, days: int | None, **fields: Any) -> None:
    due = None if days is None else timezone.localdate() + timedelta(days=days)
    open_task(
        kind="x", title={"zh": f"事项{days}", "en": f"Thing {days}"}, url="/search", role=hat.role,
        organisation_id=hat.organisation_id, due_on=due, **fields,
    )  # fmt: skip


def test_the_answer_comes_first_and_the_most_urgent_on_top() -> None:
    hat = making.hat(Role.CITY_OFFICE)
    for days in (None, 30, 0, -2, 2):
        _task(hat, days)
    _task(making.hat(Role.CITY_OFFICE), -5)  # somebody else's
    page = making.client_of(hat).get("/workbench/")
    text = page.content.decode()
    assert "有 5 件事等您办理，1 件已逾期，1 件今天到期，1 件三天内到期" in text
    order = [text.index(f"事项{days}<") for days in (-2, 0, 2, 30, None)]
    assert order == sorted(order)


def test_nothing_waits() -> None:
    text = making.client_of(making.hat(Role.OPERATOR)).get("/workbench/").content.decode()
    assert "今天没有等您办理的事" in text


def test_a_long_queue_costs_no_more_queries() -> None:
    hat = making.hat(Role.CITY_OFFICE)
    client = making.client_of(hat)
    client.get("/workbench/")
    counts = []
    for number in (1, 20):
        for _ in range(number):
            _task(hat, 1)
        with CaptureQueriesContext(connection) as seen:
            client.get("/workbench/")
        counts.append(len(seen.captured_queries))
    assert counts[0] == counts[1]


def test_the_choice_of_data_narrows_the_queue() -> None:
    hat = making.hat(Role.CITY_OFFICE)
    _task(hat, 1, origin="real")
    _task(hat, 2, origin="simulated")
    client = making.client_of(hat)
    client.post("/switch/origin/", {"origin": "real"})
    page = client.get("/workbench/").content.decode()
    assert "事项1<" in page
    assert "事项2<" not in page


def test_figures_and_acts_are_shown_to_the_hats_they_are_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_figures", [])
    monkeypatch.setattr(registry, "_acts", [])
    registry.figures(Role.OPERATOR)(lambda actor: [Figure("在驻企业", 12, "家", tone="good")])
    registry.quick_act("看通知", "bell", "notices", Role.OPERATOR)
    registry.quick_act("去没有的地方", "bell", "no_such_address", Role.OPERATOR)
    shown = making.client_of(making.hat(Role.OPERATOR)).get("/workbench/").content.decode()
    assert "在驻企业" in shown
    assert "看通知" in shown
    assert "去没有的地方" not in shown
    assert "在驻企业" not in making.client_of(making.hat(Role.EXPERT)).get("/workbench/").content.decode()


def test_changes_since_yesterday_are_listed() -> None:
    hat = making.hat(Role.PROVINCIAL_OFFICE)
    with transaction.atomic():
        record(from_membership(hat), "document.add", making.organisation("某单位甲"))
    assert "某单位甲" in making.client_of(hat).get("/workbench/").content.decode()


@pytest.fixture
def one_searcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_searchers", {})

    @registry.searcher("things", "东西", Role.OPERATOR)
    def search(actor: Actor, text: str, limit: int) -> list[Hit]:
        return [Hit(f"{text}{number}", "/search", note="一行", simulated=True) for number in range(limit)]


@pytest.mark.usefixtures("one_searcher")
def test_search_groups_and_says_when_there_is_more() -> None:
    page = making.client_of(making.hat(Role.OPERATOR)).get("/search?q=太原").content.decode()
    assert "太原0" in page
    assert "太原7" in page
    assert "太原8" not in page
    assert f"只列前 {queries.PER_GROUP} 项" in page
    assert "模拟" in page


@pytest.mark.usefixtures("one_searcher")
def test_search_asks_only_the_rooms_of_the_hat_and_no_single_letter() -> None:
    expert, operator = making.client_of(making.hat(Role.EXPERT)), making.client_of(making.hat(Role.OPERATOR))
    assert "没有找到" in expert.get("/search?q=太原").content.decode()
    assert "至少输入" in operator.get("/search?q=太").content.decode()
    assert operator.get("/search").status_code == 200


def test_a_search_does_not_repeat_markup() -> None:
    page = making.client_of(making.hat(Role.OPERATOR)).get("/search", {"q": "<script>alert(1)</script>"})
    assert "<script>alert(1)" not in page.content.decode()


def test_switching_hats_is_recorded_and_holds() -> None:
    first = making.hat(Role.CITY_OFFICE)
    second = making.hat(Role.OPERATOR, person=first.person)
    client = making.client_of(first)
    response = client.post("/switch/hat/", {"hat": second.pk})
    assert response["Location"] == "/workbench/"
    assert client.get("/workbench/").context["actor"].role == Role.OPERATOR
    event = AuditEvent.objects.get(verb="account.switch_hat")
    assert event.changes == {"membership_id": [first.pk, second.pk]}


def test_somebody_elses_hat_cannot_be_put_on() -> None:
    mine, other = making.hat(Role.CITY_OFFICE), making.hat(Role.PROVINCIAL_OFFICE)
    client = making.client_of(mine)
    assert client.post("/switch/hat/", {"hat": other.pk}).status_code == 404
    assert client.post("/switch/hat/", {"hat": "x"}).status_code == 404
    assert client.get("/workbench/").context["actor"].role == Role.CITY_OFFICE


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
@pytest.mark.parametrize("switch", ["hat", "origin", "theme"])
def test_no_switch_leads_elsewhere(switch: str, address: str) -> None:
    hat = making.hat(Role.OPERATOR)
    values = {"hat": hat.pk, "origin": "real", "theme": "dark", "next": address}
    response = making.client_of(hat).post(f"/switch/{switch}/", values, HTTP_REFERER=address)
    assert response["Location"] in {"/", "/workbench/"}


def test_the_theme_is_kept(client: Any) -> None:
    response = client.post("/switch/theme/", {"theme": "dark", "next": "/search"})
    assert response["Location"] == "/search"
    assert response.cookies["jcg_theme"].value == "dark"
    assert "jcg_theme" not in client.post("/switch/theme/", {"theme": "x' onload="}).cookies
