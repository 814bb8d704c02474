"""What is behind a value: the foot of the list is the value, page by page and in the workbook, within the reader's scope."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.computed.computing import compute, computed_keys
from jinchuanggu.indicators.computed.sources import sources
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.evidence.behind import Behind, Slice, behind, settled, value_of
from jinchuanggu.indicators.evidence.records import evidence_of
from jinchuanggu.indicators.evidence.values import listing, parts
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Breakdown, Unit, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.indicators.store.units import city_unit, firm_units, province_unit, valley_unit
from jinchuanggu.residents.models import Resident
from tests import factories
from tests.indicators import random_records

pytestmark = pytest.mark.django_db
MONTH = Period.parse("2025-09")


@pytest.fixture
def where():
    valleys = random_records.valleys()
    random_records.fill(11, valleys)
    return valleys


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5])
def test_the_list_of_every_computed_source_adds_up_to_the_value(seed: int) -> None:
    valleys = random_records.valleys()
    random_records.fill(seed, valleys, firms=40)
    office = factories.provincial_office()
    for period in (MONTH, MONTH.shift(1), Period.parse("2025")):
        compute(SYSTEM_ACTOR, period)
    groups = {b.pk: (b.dimension, b.code) for b in Breakdown.objects.all()}
    checked, known = set(), catalogue()
    for value in Value.objects.filter(current=True).select_related("indicator", "unit"):
        if value.breakdown and value.pk % 6:
            continue  # all totals, some of the groups
        at = Slice(
            known[value.indicator.key], value.unit, Period.numbered(value.period), groups.get(value.breakdown)
        )
        assert behind(at) is Behind.RECORDS, at
        evidence = evidence_of(office, at)
        found = evidence.listing()
        by_line = sum((line.amount or Decimal(0) for line in evidence.lines()), Decimal(0))
        assert value.value == (found.total or 0) == (found.shown or 0) == by_line, at
        assert found.hidden is None
        assert value_of(at).value == value.value
        checked.add(value.indicator.key)
    assert checked == set(sources())


def test_pages_follow_each_other_without_gap_or_repeat(where) -> None:
    compute(SYSTEM_ACTOR, MONTH)
    office = factories.provincial_office()
    at = Slice(catalogue()["resident_units"], province_unit(factories.province().pk), MONTH)
    evidence = evidence_of(office, at)
    seen, after = [], 0
    while after is not None:
        page = evidence.listing(after, size=2)
        seen += [line.pk for line in page.lines]
        after = page.after
    assert seen == sorted(set(seen)) == [line.pk for line in evidence.lines()]
    assert len(seen) == value_of(at).value


def test_a_stock_over_a_year_is_told_by_its_last_month_and_a_flow_by_all(where) -> None:
    for month in (MONTH.shift(-1), MONTH):
        compute(SYSTEM_ACTOR, month, keys=["resident_units"])
    for number in range(1, 13):
        compute(SYSTEM_ACTOR, Period.month(2025, number), keys=["contract_turnover_cny"])
    office, year = factories.provincial_office(), Period.parse("2025")
    for key, period in (("resident_units", MONTH), ("contract_turnover_cny", year)):
        asked = Slice(catalogue()[key], province_unit(factories.province().pk), year)
        at = settled(asked)
        assert at.period == period
        total = evidence_of(office, at).listing().total
        assert total
        assert value_of(asked).value == total


def _filed(valleys, value="100.25"):
    """Three firms of the first valley and one of the last have filed revenue."""
    residents = list(Resident.objects.filter(valley_id=valleys[0].pk)[:3])
    residents += list(Resident.objects.filter(valley_id=valleys[2].pk)[:1])
    units = firm_units(r.pk for r in residents)
    rows = [
        Posting(key, units[r.pk].pk, MONTH, Decimal(value) + n, source=ValueSource.FILED)
        for n, r in enumerate(residents)
        for key in ("revenue_cny", "rd_expense_cny")
    ]
    roll_up(post(rows))
    return residents, units


def test_filed_values_list_the_firms_with_what_they_said_before(where) -> None:
    residents, units = _filed(where)
    first = units[residents[0].pk]
    roll_up(post([Posting("revenue_cny", first.pk, MONTH, Decimal("7.5"), source=ValueSource.FILED)]))
    office = factories.provincial_office()
    at = Slice(catalogue()["revenue_cny"], province_unit(factories.province().pk), MONTH)
    assert behind(at) is Behind.VALUES
    found = listing(office, at)
    assert found.total == value_of(at).value == sum(line.value for line in found.lines)
    restated = next(line for line in found.lines if line.pk and line.version == 2)
    assert [(number, value) for number, value, *_rest in restated.former] == [(1, Decimal("100.25"))]
    # by field, the same firms and the same sum
    for field in {unit.field for unit in units.values()}:
        part = Slice(at.indicator, at.unit, MONTH, ("field", field))
        assert listing(office, part).total == value_of(part).value


def test_a_published_figure_of_a_valley_is_told_beside_what_others_add(where) -> None:
    _filed(where)
    unit = valley_unit(where[1].pk)
    roll_up(post([Posting("revenue_cny", unit.pk, MONTH, Decimal(5000), source=ValueSource.PUBLISHED)]))
    at = Slice(catalogue()["revenue_cny"], city_unit(where[0].region_id), MONTH)
    found = listing(factories.provincial_office(), at)
    assert found.total == value_of(at).value
    assert {line.source for line in found.lines} == {"公开报道", "报送"}


def test_what_a_formula_reads_opens_further(where) -> None:
    _filed(where)
    at = Slice(catalogue()["rd_intensity_percent"], city_unit(where[0].region_id), MONTH)
    assert behind(at) is Behind.PARTS
    over, under = parts(at)
    assert value_of(at).value == round(100 * over.cell.value / under.cell.value, 4)


def test_nobody_sees_the_records_of_others(where) -> None:
    compute(SYSTEM_ACTOR, MONTH)
    residents, units = _filed(where)
    mine = residents[0]
    firm = factories.actor(Role.ENTERPRISE, mine.organisation)
    client = factories.client_of(firm)
    # a firm reaches no unit but its own
    for unit in Unit.objects.exclude(level=UnitLevel.FIRM):
        assert client.get(records_url("resident_units", unit.pk, MONTH)).status_code == 404
    other = units[residents[1].pk]
    assert client.get(records_url("revenue_cny", other.pk, MONTH)).status_code == 404
    own = client.get(records_url("revenue_cny", units[mine.pk].pk, MONTH))
    assert own.status_code == 200
    assert residents[1].organisation.name not in own.content.decode()


def test_a_city_sees_its_own_records_and_a_member_unit_only_the_sum(where) -> None:
    compute(SYSTEM_ACTOR, MONTH)
    city = factories.city_office(where[0].region)
    foreign = valley_unit(where[2].pk)
    client = factories.client_of(city)
    assert client.get(records_url("resident_units", foreign.pk, MONTH)).status_code == 404
    assert client.get(records_url("resident_units", valley_unit(where[0].pk).pk, MONTH)).status_code == 200
    reader = factories.member_unit()
    at = Slice(catalogue()["full_time_staff"], province_unit(factories.province().pk), MONTH)
    found = evidence_of(reader, at).listing()
    assert found.lines == []
    assert found.hidden == found.total == value_of(at).value


@pytest.mark.parametrize("key", ["resident_units", "leased_area_m2", "ip_valid", "policy_grants"])
def test_the_workbook_holds_the_same_lines_and_the_same_sum(where, key: str) -> None:
    compute(SYSTEM_ACTOR, MONTH)
    unit = province_unit(factories.province().pk)
    client = factories.client_of(factories.provincial_office())
    page = client.get(records_url(key, unit.pk, MONTH))
    assert page.status_code == 200
    answer = client.get(records_url(key, unit.pk, MONTH).replace("/records/", "/records.xlsx"))
    rows = (
        CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
        .get_sheet_by_index(0)
        .to_python()
    )
    at = Slice(catalogue()[key], unit, MONTH)
    total = evidence_of(factories.provincial_office(), at).listing().total
    sums = {row[0]: row[-1] for row in rows if row[0] in ("合计", "指标值")}
    if total:
        assert sums["合计"] == sums["指标值"] == pytest.approx(float(total))


@pytest.mark.parametrize(
    "query", ["", "?unit=x&period=2025-09", "?unit=1&period=2025-13", "?unit=1&period=2025Q9"]
)
def test_an_address_that_means_nothing_is_not_found(query: str) -> None:
    client = factories.client_of(factories.provincial_office())
    assert client.get(f"/indicators/resident_units/records/{query}").status_code == 404
    assert client.get("/indicators/no_such_thing/").status_code == 404


@pytest.mark.parametrize("period", ["1900-01", "1900", "2999-12", "2999Q4", "2999"])
def test_the_first_and_the_last_period_have_their_page_and_book(where, period: str) -> None:
    client = factories.client_of(factories.provincial_office())
    unit = province_unit(factories.province().pk)
    for key in ("resident_units", "occupancy_percent", "revenue_cny"):
        url = records_url(key, unit.pk, period)
        expected = 404 if period.endswith("Q4") and not catalogue()[key].kind <= PeriodKind.QUARTER else 200
        assert client.get(url).status_code == expected
        assert client.get(url.replace("/records/", "/records.xlsx")).status_code == expected


@pytest.mark.parametrize("key", ["resident_units", "contracts_registered", "leased_area_m2"])
def test_who_never_had_records_has_no_value_not_zero(key: str) -> None:
    valley = random_records.valleys()[0]
    client = factories.client_of(factories.provincial_office())
    shown = client.get(records_url(key, valley_unit(valley.pk).pk, MONTH)).context
    assert shown["value"] is None


def test_a_page_asks_the_database_as_often_for_many_records_as_for_few(django_assert_max_num_queries) -> None:
    valleys = random_records.valleys()
    random_records.fill(21, valleys, firms=30)
    for key in computed_keys(MONTH.kind)[:3]:
        compute(SYSTEM_ACTOR, MONTH, keys=[key])
    client = factories.client_of(factories.provincial_office())
    unit = province_unit(factories.province().pk)
    client.get(records_url("resident_units", unit.pk, MONTH))
    with django_assert_max_num_queries(60):
        assert client.get(records_url("resident_units", unit.pk, MONTH)).status_code == 200


def test_every_kind_of_evidence_is_a_page(where) -> None:
    """Records, filings with what they replaced, reports side by side, parts of a formula; by group and over a year."""
    from jinchuanggu.foundation.organisations.models import Origin
    from jinchuanggu.indicators.models import Figure, SourceKind

    compute(SYSTEM_ACTOR, MONTH)
    residents, units = _filed(where)
    first = units[residents[0].pk]
    roll_up(post([Posting("revenue_cny", first.pk, MONTH, Decimal("7.5"), source=ValueSource.FILED)]))
    for title, chosen in (("甲报", True), ("乙报", False)):
        Figure.objects.create(
            valley_id=where[0].pk, indicator="resident_units", value=40, unit="count", dated=MONTH.last_day,
            source_kind=SourceKind.PUBLISHED, source_title=title, chosen=chosen, origin=Origin.SIMULATED,
        )  # fmt: skip
    client = factories.client_of(factories.provincial_office())
    province, valley = province_unit(factories.province().pk), valley_unit(where[0].pk)

    def page(key, unit, period=MONTH, group=None) -> str:
        answer = client.get(records_url(key, unit.pk, period, group))
        assert answer.status_code == 200
        return answer.content.decode()

    field = ("field", first.field)
    assert "第 1 版 100.25" in page("revenue_cny", province)
    assert "第 1 版 100.25" in page("revenue_cny", province, MONTH, field)
    assert "第 1 版 100.25" in page("revenue_cny", province, Period.parse("2025"))
    both = page("resident_units", valley)
    assert "甲报" in both
    assert "乙报" in both
    assert "研发经费支出" in page("rd_intensity_percent", province)
    assert page("resident_units", province, Period.parse("2025"))
    assert page("events_held", province, Period.parse("2025Q3"))
    for key in ("revenue_cny", "rd_intensity_percent", "resident_units", "events_held"):
        assert client.get(f"/indicators/{key}/").status_code == 200


def test_records_that_changed_since_say_so(where) -> None:
    firm = factories.organisation("enterprise", "新改企业", where=where[0].region)
    resident = Resident.objects.create(
        valley_id=where[0].pk,
        organisation=firm,
        kind="enterprise",
        entered_on=MONTH.first_day,
        full_time_staff=5,
    )
    compute(SYSTEM_ACTOR, MONTH)
    Resident.objects.filter(pk=resident.pk).update(full_time_staff=777)
    client = factories.client_of(factories.provincial_office())
    unit = valley_unit(where[0].pk)

    def page(key: str) -> str:
        return client.get(records_url(key, unit.pk, MONTH)).content.decode()

    assert "这类记录只记现状" in page("full_time_staff")
    Resident.objects.filter(pk=resident.pk).update(entered_on=MONTH.shift(2).first_day)
    assert "记录在计算之后有变动" in page("resident_units")
    compute(SYSTEM_ACTOR, MONTH)
    assert "记录在计算之后有变动" not in page("resident_units")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_reads_the_catalogue(where, role: str) -> None:
    body = factories.organisation(
        "operator" if role == Role.OPERATOR else "enterprise", where=where[0].region
    )
    client = factories.client_of(factories.actor(role, body))
    for path in ("/indicators/", "/indicators/resident_units/", "/indicators/revenue_cny/?unit=x"):
        assert client.get(path).status_code == 200
