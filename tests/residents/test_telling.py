"""Changed records of a valley are told to whoever lives above, by form and by workbook: figures and verdicts follow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from jinchuanggu.foundation import events
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources import actions
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.residents.models import Lease, Resident, Space, YearlyRevenue
from tests.foundation import world as small_world
from tests.foundation.exchange import books

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    heard: list[int] = []
    monkeypatch.setitem(events._listeners, "residents.changed", [lambda valley_id: heard.append(valley_id)])
    return heard


@pytest.mark.parametrize(
    ("name", "model", "values"),
    [
        ("residents", Resident, {"full_time_staff": 40}),
        ("spaces", Space, {"area_m2": Decimal("1300")}),
        ("revenues", YearlyRevenue, {"revenue_cny": Decimal("9")}),
        ("leases", Lease, {"area_m2": Decimal("2")}),
    ],
)
def test_a_form_tells_the_valley_once_and_only_of_changes(
    name: str,
    model: Any,
    values: dict[str, Any],
    told: list[int],
    django_capture_on_commit_callbacks: Any,
) -> None:
    made = small_world.build()
    declared, actor = resources[name], made.actor(Role.OPERATOR)
    pk = declared.may_write(actor).get().pk
    for _twice in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.update(actor, resource=declared, pk=pk, values=values)
    assert told == [made.valleys[0].pk]


def test_a_row_that_moves_is_told_to_both_valleys(
    told: list[int], django_capture_on_commit_callbacks: Any
) -> None:
    made = small_world.build()
    one, other = made.valleys
    other.region = made.cities[0]
    other.save()
    space = Space.objects.create(valley_id=one.pk, name="移交楼", kind="office", area_m2="10")
    with django_capture_on_commit_callbacks(execute=True):
        actions.update(
            made.actor(Role.CITY_OFFICE), resource=resources["spaces"], pk=space.pk, values={"valley_id": other.pk}
        )  # fmt: skip
    assert told == sorted([one.pk, other.pk])


def test_a_workbook_tells_each_valley_once(told: list[int], django_capture_on_commit_callbacks: Any) -> None:
    made = small_world.build()
    client, heads = made.client(Role.OPERATOR), ["名称*", "晋创谷*", "类别", "面积（m²）"]
    rows = [[f"{at}号楼", "晋创谷·甲市", "办公用房", 100] for at in range(5)]
    run = books.send(client, "spaces", books.book(heads, *rows))
    with django_capture_on_commit_callbacks(execute=True):
        books.commit(client, "spaces", run)
    assert told == [made.valleys[0].pk]


def test_the_figures_of_the_valley_follow_a_new_resident(django_capture_on_commit_callbacks: Any) -> None:
    made = small_world.build()
    actor, valley = made.actor(Role.OPERATOR), made.valleys[0]
    pk = Resident.objects.get(valley_id=valley.pk).pk
    with django_capture_on_commit_callbacks(execute=True):
        actions.update(actor, resource=resources["residents"], pk=pk, values={"full_time_staff": 77})
    figure = Figure.objects.get(
        valley_id=valley.pk, indicator="full_time_staff", source_kind=SourceKind.COMPUTED
    )
    assert figure.value == 77
