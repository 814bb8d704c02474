"""Figures computed from records: whatever the records, a value is the sum of the list behind it, at every level."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.indicators.computed.computing import compute, computed_keys
from jinchuanggu.indicators.computed.sources import records_of, sources
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.models import Breakdown, Unit, Value
from jinchuanggu.residents.models import Resident, Space
from tests.indicators import random_records

pytestmark = pytest.mark.django_db
MONTH = Period.parse("2025-09")


def counted_by_hand(
    key: str, period: Period, valleys: set[int], group: tuple[str, str] | None
) -> Decimal | None:
    """The figure, row by row in Python."""
    records = records_of(key, period)
    total, things, said = Decimal(0), set(), False
    dimension = records.dimensions[group[0]] if group else None
    paths = [p for p in (records.valley, records.amount, records.distinct, dimension) if p]
    for row in records.rows.values(*dict.fromkeys(paths), one_=records_pk()):
        if row[records.valley] not in valleys:
            continue
        if dimension and (row[dimension] or "") != group[1]:
            continue
        if records.distinct:
            things.add(row[records.distinct])
            said = True
        elif not records.amount:
            total, said = total + 1, True
        elif row[records.amount] is not None:
            total, said = total + row[records.amount], True
    if records.distinct:
        return Decimal(len(things)) if said else None
    return total if said else None


def records_pk():
    from django.db.models import F

    return F("pk")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_computed_value_is_what_the_records_add_up_to(seed: int) -> None:
    where = random_records.valleys()
    random_records.fill(seed, where)
    for period in (MONTH, Period.parse("2025")):
        compute(SYSTEM_ACTOR, period)
    known = {unit.pk: unit for unit in Unit.objects.all()}
    groups = {b.pk: (b.dimension, b.code) for b in Breakdown.objects.all()}
    names = dict.fromkeys(sources())
    checked = set()
    rows = Value.objects.filter(current=True).select_related("indicator")
    for value in rows:
        unit = known[value.unit_id]
        valleys = {v.pk for v in where}
        if unit.level == 2:
            valleys &= {unit.ref_id}
        elif unit.level == 3:
            valleys = {v.pk for v in where if v.region_id == unit.ref_id}
        group = groups.get(value.breakdown)
        key = value.indicator.key
        by_hand = counted_by_hand(key, Period.numbered(value.period), valleys, group)
        assert value.value == (by_hand or 0), (key, unit, group)
        checked.add((key, unit.level))
    assert {key for key, _ in checked} <= set(names)
    # and the other way round: nothing that the records say is missing
    for key in sources():
        if indicators()[key].kind is not PeriodKind.MONTH:
            continue
        for valley in where:
            by_hand = counted_by_hand(key, MONTH, {valley.pk}, None)
            if by_hand is not None:
                assert rows.filter(
                    indicator__key=key,
                    unit__ref_id=valley.pk,
                    unit__level=2,
                    breakdown=0,
                    period=MONTH.number,
                ).exists(), key


def test_a_second_run_writes_nothing_and_a_changed_record_only_what_it_touches() -> None:
    where = random_records.valleys()
    random_records.fill(3, where)
    assert compute(SYSTEM_ACTOR, MONTH) > 0
    assert compute(SYSTEM_ACTOR, MONTH) == 0
    space = Space.objects.filter(
        valley_id=where[0].pk, kind="office", completed_on__lte=MONTH.first_day
    ).first()
    Space.objects.filter(pk=space.pk).update(area_m2=space.area_m2 + 5, startup_zone=False)
    compute(SYSTEM_ACTOR, MONTH, keys=["startup_office_m2"])
    Space.objects.filter(pk=space.pk).update(area_m2=space.area_m2 + 9)
    assert compute(SYSTEM_ACTOR, MONTH) == 3  # the valley, its city, the province


def test_no_record_is_zero_where_there_were_records_and_nothing_where_there_never_were() -> None:
    where = random_records.valleys()
    random_records.fill(4, where[:1])
    compute(SYSTEM_ACTOR, MONTH)
    later = Period.parse("2027-12")
    compute(SYSTEM_ACTOR, later)
    value = Value.objects.filter(indicator__key="move_ins", period=later.number, breakdown=0, current=True)
    assert not Value.objects.filter(unit__ref_id=where[2].pk, unit__level=2).exists()
    assert {row.value for row in value} <= {Decimal(0)}


def test_a_thing_in_two_valleys_counts_once_above_them() -> None:
    from tests import factories

    where = random_records.valleys()
    firm = factories.organisation("enterprise", "两地企业", where=where[0].region)
    for valley in where:
        Resident.objects.create(
            valley_id=valley.pk, organisation=firm, kind="enterprise", entered_on=random_records.FIRST
        )
    compute(SYSTEM_ACTOR, MONTH, keys=["resident_units", "resident_teams_and_startups"])
    found = {
        (v.indicator.key, v.unit.level, v.unit.ref_id): v.value
        for v in Value.objects.filter(current=True, breakdown=0).select_related("indicator", "unit")
    }
    province = factories.province().pk
    assert found["resident_units", 2, where[0].pk] == found["resident_units", 2, where[1].pk] == 1
    assert found["resident_units", 3, where[0].region_id] == 1  # two valleys of one city
    assert found["resident_units", 4, province] == 1
    assert found["resident_teams_and_startups", 4, province] == 3  # a sum of places, as the condition counts


def test_all_sources_are_of_computed_indicators_and_the_other_way_round() -> None:
    computed = {key for key, one in indicators().items() if one.source == "computed"}
    assert set(sources()) == computed
    assert set(computed_keys(PeriodKind.YEAR)) == {"tech_enterprise_revenue_cny"}


def test_what_records_say_only_of_today_stays_as_it_was_computed() -> None:
    from jinchuanggu.programme.models import ServiceBody

    where = random_records.valleys()
    random_records.fill(3, where)
    today = Period.of(PeriodKind.MONTH, timezone.localdate())
    for month in (MONTH, today):
        compute(SYSTEM_ACTOR, month, keys=["service_body_staff"])
    body = ServiceBody.objects.filter(valley=where[0]).first()
    ServiceBody.objects.filter(pk=body.pk).update(staff=body.staff + 5)
    assert compute(SYSTEM_ACTOR, MONTH, keys=["service_body_staff"]) == 0
    assert compute(SYSTEM_ACTOR, today, keys=["service_body_staff"]) == 3
