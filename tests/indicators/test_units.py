"""Units are made with everything above them, once; who sees which."""

from __future__ import annotations

import pytest
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.indicators.access import get_unit, visible_units
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.sizes import size_of
from jinchuanggu.indicators.store.units import firm_units, names_of, valley_unit
from jinchuanggu.residents.models import Resident
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    here = factories.city_office()
    region = factories.region()
    region.parent = factories.province()
    region.save()
    valley = factories.valley(here, name="晋创谷·示例谷")
    firm = factories.organisation("enterprise", "示例企业")
    resident = Resident.objects.create(
        valley_id=valley.pk,
        organisation=firm,
        kind="enterprise",
        field="新材料",
        entered_on="2026-01-01",
        full_time_staff=12,
    )
    return here, valley, firm, resident


def test_a_firm_brings_its_valley_city_and_province(town) -> None:
    _here, valley, _firm, resident = town
    unit = firm_units([resident.pk])[resident.pk]
    assert (unit.field, unit.kind, unit.size) == ("新材料", "enterprise", "small")
    levels = [unit.level, unit.parent.level, unit.parent.parent.level, unit.parent.parent.parent.level]
    assert levels == [1, 2, 3, 4]
    assert valley_unit(valley.pk) == unit.parent
    firm_units([resident.pk])
    assert Unit.objects.count() == 4
    names = names_of(Unit.objects.all())
    assert set(names.values()) == {"示例企业", "晋创谷·示例谷", "阳泉市", "山西省"}


def test_many_units_cost_few_queries(town, django_assert_max_num_queries) -> None:
    _here, valley, _firm, _resident = town
    residents = [
        Resident.objects.create(
            valley_id=valley.pk, organisation=factories.organisation("enterprise"), kind="enterprise",
            entered_on="2026-01-01",
        ).pk
        for _ in range(20)
    ]  # fmt: skip
    with django_assert_max_num_queries(18):
        firm_units(residents)


@pytest.mark.parametrize(
    ("staff", "size"),
    [(None, ""), (0, "micro"), (9, "micro"), (10, "small"), (100, "medium"), (300, "large")],
)
def test_sizes_begin_at_their_limits(staff: int | None, size: str) -> None:
    assert size_of(staff) == size


def test_who_sees_which_units(town) -> None:
    here, valley, firm, resident = town
    unit = firm_units([resident.pk])[resident.pk]
    assert set(visible_units(factories.provincial_office())) == set(Unit.objects.all())
    assert set(visible_units(here)) == {unit, unit.parent, unit.parent.parent}
    other = factories.city_office(factories.region("140400", "长治市"))
    assert not visible_units(other).exists()
    assert set(visible_units(factories.actor("enterprise", firm))) == {unit}
    assert not visible_units(factories.actor("enterprise", factories.organisation("enterprise"))).exists()
    operator = factories.organisation("operator", "示例运营公司")
    valley.operator = operator
    valley.save()
    assert set(visible_units(factories.actor("operator", operator))) == {unit, unit.parent}
    # the valley is not public yet, so others see the province only, and no firm ever
    assert {u.level for u in visible_units(Actor())} == {UnitLevel.PROVINCE}
    valley.state = "plaqued"
    valley.save()
    assert {u.level for u in visible_units(Actor())} == {UnitLevel.PROVINCE, UnitLevel.CITY, UnitLevel.VALLEY}
    assert get_unit(here, unit.pk) == unit
    with pytest.raises(Http404):
        get_unit(other, unit.pk)
