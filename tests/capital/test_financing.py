"""Money that came to firms: who enters it and where it counts."""

from __future__ import annotations

import pytest

from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.residents.models import Resident
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db


def _deal(made: small_world.World, **changes: object) -> dict[str, object]:
    return {
        "organisation": made.firms[0].pk, "valley_id": made.valleys[0].pk, "kind": "loan", "provider": "某银行",
        "amount_cny": "500000.5", "closed_on": "2026-05-01", "number": "RZ-9", **changes,
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE])
def test_firm_operator_and_city_enter_what_came(role: str) -> None:
    made = small_world.build()
    client = made.client(role)
    assert client.post("/r/financing/new", _deal(made)).status_code == 302
    assert FinancingDeal.objects.get(number="RZ-9").origin == "simulated"
    other = _deal(made, organisation=made.firms[1].pk, valley_id=made.valleys[1].pk, number="RZ-10")
    assert client.post("/r/financing/new", other).status_code == 422


def test_an_enterprise_finds_itself_and_its_valley_filled_in() -> None:
    made = small_world.build()
    form = made.client(Role.ENTERPRISE).get("/r/financing/new").context["form"]
    assert (form["organisation"].value(), form["valley_id"].value()) == (made.firms[0].pk, made.valleys[0].pk)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"amount_cny": "0"}, "amount_cny", "大于 0"),
        ({"closed_on": "2999-01-01"}, "closed_on", "不能晚于今天"),
        ({"number": "RZ-2026-0000"}, "number", "已存在"),
        ({"closed_on": "2024-01-01"}, "valley_id", "未曾入驻"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(changes: dict[str, str], field: str, words: str) -> None:
    made = small_world.build()
    Resident.objects.update(entered_on="2025-03-01")
    answer = made.client(Role.OPERATOR).post("/r/financing/new", _deal(made, **changes))
    assert answer.status_code == 422
    assert words in answer.context["form"].errors[field][0]


def test_who_keeps_no_records_reads_or_finds_nothing() -> None:
    made = small_world.build()
    assert made.client(Role.PROVINCIAL_OFFICE).get("/r/financing/").status_code == 200
    assert made.client(Role.PROVINCIAL_OFFICE).get("/r/financing/new").status_code == 403
    for role in (Role.EXPERT, Role.UNIVERSITY, Role.MEMBER_UNIT):
        assert made.client(role).get("/r/financing/").status_code == 403
