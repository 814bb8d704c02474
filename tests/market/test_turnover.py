"""The turnover page: equal to the sum of its contracts, to the fen, whatever one asks and whoever asks."""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.listing import Listing
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.market import turnover
from jinchuanggu.market.models import ContractKind, Direction, TechnologyContract
from jinchuanggu.market.turnover import DIMENSIONS, Asked
from jinchuanggu.programme.models import Valley
from tests.foundation import world as small_world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
FIELDS = ("新材料", "数字经济", "")


@pytest.fixture
def world():
    made = small_world.build()
    TechnologyContract.objects.all().delete()
    return made


def scatter(world, seed: int, count: int = 150, *, ahead: bool = True) -> list[TechnologyContract]:
    """Random contracts of three years: awkward amounts, both kinds of data, cancelled ones, some outside valleys."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        city = chance.randrange(2)
        registered = date(2024, 1, 1) + timedelta(days=chance.randrange(1050))
        whole = Decimal(chance.randrange(1, 10 ** chance.randrange(3, 13))).scaleb(-2)
        rows.append(
            TechnologyContract(
                number=f"S{seed}-{number}", title="合同", kind=chance.choice(ContractKind.values),
                valley_id=chance.choice((world.valleys[city].pk, world.valleys[city].pk, None)),
                seller=world.firms[city], buyer_name="买方", direction=chance.choice(Direction.values),
                field=chance.choice(FIELDS), signed_on=registered, registered_on=registered, turnover_cny=whole,
                technology_cny=(whole * chance.randrange(101) / 100).quantize(Decimal("0.01")),
                cancelled_on=chance.choice((None, None, None, registered, TODAY, TODAY + timedelta(days=ahead))),
                origin=chance.choice(Origin.values),
            )
        )  # fmt: skip
    return TechnologyContract.objects.bulk_create(rows)


def counted(rows, asked: Asked, days, near: set[int] | None = None):
    """The contracts that count, picked in plain Python."""
    return [
        row
        for row in rows
        if days[0] <= row.registered_on <= days[1]
        and row.origin == asked.origin
        and (row.cancelled_on is None or row.cancelled_on > TODAY)
        and all(getattr(row, DIMENSIONS[name][0]) == key for name, key in asked.only.items())
        and (near is None or row.valley_id in near)
    ]


def plain(rows) -> tuple[int, Decimal, Decimal]:
    return (
        len(rows),
        sum((row.turnover_cny for row in rows), Decimal(0)),
        sum((row.technology_cny for row in rows), Decimal(0)),
    )


def shown(sums) -> tuple[int, Decimal, Decimal]:
    return sums.contracts, sums.turnover, sums.technology


@pytest.mark.parametrize("seed", range(10))
def test_every_figure_is_the_sum_of_its_contracts_to_the_fen(world, seed: int) -> None:
    rows = scatter(world, seed)
    chance = random.Random(seed)
    period = Period.parse(chance.choice(("2026", "2025", "2026Q3", "2026Q4", "2026-11", "2025-02")))
    only = chance.choice(
        (
            {},
            {"valley": world.valleys[0].pk},
            {"valley": None},
            {"field": ""},
            {"kind": "transfer", "field": "新材料"},
        )
    )
    asked = Asked(period, chance.choice(Origin.values), TODAY, only)
    office, operator = world.actor(Role.PROVINCIAL_OFFICE), world.actor(Role.OPERATOR)
    for actor, near in ((office, None), (operator, {world.valleys[0].pk})):
        cube = turnover.cube(actor, asked)
        whole = turnover.whole(cube)
        assert shown(whole.now) == plain(counted(rows, asked, asked.days, near))
        assert shown(whole.before) == plain(counted(rows, asked, asked.days_before, near))
        for dimension, (path, *_words) in DIMENSIONS.items():
            groups = defaultdict(list)
            for row in counted(rows, asked, asked.days, near):
                groups[getattr(row, path)].append(row)
            lines = turnover.by(cube, dimension)
            assert sorted(shown(line.now) for line in lines if line.now.contracts) == sorted(
                plain(group) for group in groups.values()
            )
            assert shown(turnover.summed(lines).now) == shown(whole.now)
            assert shown(turnover.summed(lines).before) == shown(whole.before)
        months = {line.label: line for line in turnover.by_month(actor, asked)}
        for label, line in months.items():
            month = Period.parse(label)
            assert shown(line.now) == plain(
                counted(rows, asked, (month.first_day, min(month.last_day, TODAY)), near)
            )


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_opens_to_a_list_with_the_same_sum(world, seed: int) -> None:
    """The list of contracts under the figure's query holds exactly the rows it is made of, for every role."""
    scatter(world, seed, ahead=False)  # nobody can enter a cancellation that lies ahead
    asked = Asked(Period.parse("2026"), "simulated", TODAY, ({}, {"field": ""}, {"kind": "service"})[seed])
    for role in (Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.OPERATOR, Role.ENTERPRISE):
        actor = world.actor(role)
        cube = turnover.cube(actor, asked)
        lines = [turnover.whole(cube), *turnover.by_month(actor, asked)]
        for dimension in DIMENSIONS:
            lines += turnover.by(cube, dimension)
        opened = 0
        for line in lines:
            for sums, query in ((line.now, line.query), (line.before, line.query_before)):
                if sums.contracts:
                    params = QueryDict(mutable=True)
                    params.update({name: str(value) for name, value in query.items()})
                    found = list(Listing(resources["contracts"], actor, params).rows)
                    assert plain(found) == shown(sums), (role, line.label, query)
                    opened += 1
        assert opened > 5 if role == Role.PROVINCIAL_OFFICE else opened


def test_the_page_says_the_answer_and_mixes_no_kinds_of_data(world) -> None:
    today = date(2026, 3, 9)
    for number, (origin, amount) in enumerate((("real", "100.10"), ("real", "0.20"), ("simulated", "7.00"))):
        TechnologyContract.objects.create(
            number=f"N{number}", title="合同", kind="service", valley_id=world.valleys[0].pk, seller=world.firms[0],
            buyer_name="买方", signed_on=today, registered_on=today, turnover_cny=amount, technology_cny=amount,
            origin=origin,
        )  # fmt: skip
    client = world.client(Role.PROVINCIAL_OFFICE)
    page = client.get("/market/turnover/?period=2026-03&origin=real")
    assert "登记技术合同 2 份，成交额 100.3 元" in page.content.decode()
    assert "registered_on_after=2026-03-01" in page.content.decode()
    page = client.get("/market/turnover/?period=2026-03&origin=simulated")
    assert "登记技术合同 1 份，成交额 7 元" in page.content.decode()
    table = client.get("/market/turnover/kind.csv?period=2026-03&origin=real").content.decode("utf-8-sig")
    assert "技术服务,2,100.30,100.30,0,0.00,0.00" in table
    assert client.get("/market/turnover/kind.xlsx?period=2026-03&origin=real").content[:2] == b"PK"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?period=2026-13", 404),
        ("?valley=x", 404),
        ("?valley=99999999999999999999", 404),
        ("?valley=-99999999999999999999", 404),
        ("?kind=gift", 404),
        ("?field=—&direction=abroad&valley=null", 200),
        ("?period=2099", 200),
    ],
)
def test_an_address_that_asks_for_nothing_there_is(world, address: str, status: int) -> None:
    client = world.client(Role.CITY_OFFICE)
    assert client.get(f"/market/turnover/{address}").status_code == status
    assert client.get(f"/market/turnover/?valley={world.valleys[1].pk}").status_code == 404
    assert client.get("/market/turnover/weather.csv").status_code == 404
    assert client.get("/market/turnover/kind.exe").status_code == 404


def test_who_has_no_contracts_finds_no_page(world) -> None:
    for role in (Role.EXPERT, Role.UNIVERSITY, Role.MEMBER_UNIT):
        assert world.client(role).get("/market/turnover/").status_code == 403


def test_a_page_asks_as_often_for_many_contracts_as_for_few(world, django_assert_max_num_queries) -> None:
    scatter(world, 1, 30)
    Valley.objects.filter(pk=world.valleys[0].pk).update(origin="simulated")
    client = world.client(Role.PROVINCIAL_OFFICE)
    client.get("/market/turnover/")
    with django_assert_max_num_queries(12):
        client.get("/market/turnover/?period=2026&origin=simulated")
