"""Of each unmet condition the month it will be met, in the dossier of the valley."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.engines.forecast import Reason, Verdict
from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.models import ValueSource
from jinchuanggu.indicators.outlook import conditions, outlook
from jinchuanggu.indicators.outlook_words import words_of
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.indicators.store.units import firm_units, valley_unit
from jinchuanggu.programme.actions.figures import file_figure
from jinchuanggu.programme.outlooks import outlooks
from jinchuanggu.residents.models import Resident
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = Period.month(2023, 11)
ON = date(2026, 11, 24)


@pytest.fixture
def city():
    cache.clear()
    return factories.city_office()


@pytest.fixture
def valley(city):
    return factories.complete_plan(factories.valley(city))


def keep(valley, key: str, values: list[float], first: Period = FIRST) -> None:
    unit = valley_unit(valley.pk)
    post(
        Posting(key, unit.pk, first.shift(at), Decimal(round(value)), source=ValueSource.COMPUTED)
        for at, value in enumerate(values)
    )


def staff(at: int) -> float:
    return 200 + 5 * at + (at * 7919 % 5 - 2)


def test_the_limits_are_those_of_the_document() -> None:
    found = {one.id: (one.test.input, int(one.test.limit)) for one in conditions("regional", ON)}
    assert found["full_time_staff"] == ("full_time_staff", 400)
    assert found["revenue"] == ("tech_enterprise_revenue_cny", 300_000_000)
    assert set(found) == {
        "planned_area",
        "startup_office",
        "standard_plants",
        "residents",
        "full_time_staff",
        "revenue",
    }
    assert set(found) <= {one.id for one in conditions("specialised", ON)}


def test_a_month_is_said_where_the_months_speak(valley) -> None:
    keep(valley, "full_time_staff", [staff(at) for at in range(36)])
    keep(valley, "startup_office_m2", [28_000] * 36)
    keep(valley, "resident_teams_and_startups", list(range(4, 40)))
    keep(valley, "standard_plant_m2", [90_000, 95_000])
    found = outlook(valley.pk, ON)
    assert "residents" not in found  # 39 of 30
    said = found["full_time_staff"]
    assert said.verdict is Verdict.EXPECTED
    assert Period.month(2027, 1) <= said.month <= Period.month(2027, 4)
    assert said.earliest <= said.month
    assert (found["startup_office"].verdict, found["startup_office"].reason) == (
        Verdict.CANNOT_BE_SAID,
        Reason.CONSTANT,
    )
    assert found["standard_plants"].reason is Reason.TOO_SHORT
    assert found["planned_area"].reason is Reason.NO_DATA
    assert found["revenue"].reason is Reason.NO_DATA


def test_a_changed_value_changes_the_outlook(valley) -> None:
    keep(valley, "full_time_staff", [staff(at) for at in range(36)])
    before = outlook(valley.pk, ON)["full_time_staff"]
    assert outlook(valley.pk, ON)["full_time_staff"] == before
    keep(valley, "full_time_staff", [395], Period.month(2026, 10))
    assert outlook(valley.pk, ON)["full_time_staff"].current == 395


def test_the_running_month_is_not_taken_for_a_whole_one(valley) -> None:
    keep(valley, "full_time_staff", [*(staff(at) for at in range(36)), 3])
    assert outlook(valley.pk, ON)["full_time_staff"].at == Period.month(2026, 10)


def test_a_years_revenue_is_followed_by_the_months_of_the_sci_tech_firms(city, valley) -> None:
    body = factories.organisation("enterprise", where=factories.Region.objects.get(pk=city.region_id))
    other = factories.organisation("enterprise", where=factories.Region.objects.get(pk=city.region_id))
    made = [
        Resident.objects.create(
            valley_id=valley.pk,
            organisation=one,
            kind="enterprise",
            sci_tech=tech,
            entered_on=date(2023, 1, 1),
        )
        for one, tech in ((body, True), (other, False))
    ]
    units = firm_units(resident.pk for resident in made)
    roll_up(
        post(
            Posting("revenue_cny", units[resident.pk].pk, FIRST.shift(at), Decimal(10_000_000 + 400_000 * at + 31 * (at % 7)), source=ValueSource.FILED)
            for at in range(36) for resident in made
        )
    )  # fmt: skip
    said = outlook(valley.pk, ON)["revenue"]
    assert said.current == sum(10_000_000 + 400_000 * at + 31 * (at % 7) for at in range(24, 36))
    assert said.verdict is Verdict.EXPECTED
    # 12 months of 10 m + 0.4 m a month reach 300 m when their middle month does 25 m
    assert said.month in (Period.month(2027, 6), Period.month(2027, 7), Period.month(2027, 8))


def test_the_words_name_month_interval_and_past_error(valley) -> None:
    keep(valley, "full_time_staff", [staff(at) for at in range(36)])
    said = words_of(outlook(valley.pk, ON)["full_time_staff"])
    assert "预计 2027-" in said
    assert "80% 区间" in said
    assert "过去 12 个月回测平均误差" in said
    assert words_of(outlook(valley.pk, ON)["planned_area"]) == "何时达到还不能判断：没有这项指标的逐月数据"


def test_the_verdict_tree_asks_for_it_and_those_of_the_file_get_it(city, valley) -> None:
    today = timezone.localdate()
    last = Period.of(PeriodKind.MONTH, today).shift(-1)
    keep(valley, "full_time_staff", [staff(at) for at in range(36)], last.shift(-35))
    file_figure(
        city,
        valley_id=valley.pk,
        indicator="full_time_staff",
        value=Decimal(380),
        dated=today,
        source_title="自查",
    )
    client = factories.client_of(city)
    page = client.get(reverse("valley_tab", args=[valley.pk, "conditions"])).content.decode()
    address = reverse("valley_outlook", args=[valley.pk])
    assert f'hx-get="{address}"' in page
    assert 'id="outlook-full_time_staff"' in page
    part = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert 'id="outlook-full_time_staff" hx-swap-oob="true"' in part
    assert "预计" in part
    assert "<html" not in part
    whole = client.get(address).content.decode()
    assert f"{staff(35):.0f}" in whole
    assert "何时达到条件" in whole
    assert [one.criterion for one in outlooks(valley)] == ["full_time_staff"]
    stranger = factories.client_of(factories.city_office(factories.region("140400", "长治市")))
    assert stranger.get(address).status_code == 404
    assert factories.client_of().get(address).status_code in (302, 404)
