"""Indicators of the office's own: held to the rules of the files, never over a shipped one, told in the history."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.indicators.definitions.actions import add_indicator, change_indicator
from jinchuanggu.indicators.definitions.catalogue import catalogue, definition_ids
from jinchuanggu.indicators.definitions.library import title_of
from jinchuanggu.indicators.models import IndicatorDefinition, ValueSource
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.units import province_unit
from tests import factories

pytestmark = pytest.mark.django_db

FILED = {
    "key": "city_visits", "unit": "count", "title": {"zh": "考察批次", "en": "Visits"},
    "counts": {"zh": "接待考察的批次", "en": "Visits received"}, "period": "month", "level": "valley",
    "aggregation": "sum", "over_time": "sum", "source": "filed", "group": "services",
}  # fmt: skip
DERIVED = {
    "key": "visits_per_move_in", "unit": "count", "title": {"zh": "每家新入驻的考察", "en": "Visits per arrival"},
    "counts": {"zh": "考察批次除以新入驻单位", "en": "Visits by arrivals"}, "period": "month", "level": "valley",
    "aggregation": "ratio", "over_time": "sum", "source": "derived", "group": "services",
    "formula": {"per": {"numerator": "city_visits", "denominator": "move_ins"}},
}  # fmt: skip


@pytest.fixture
def office():
    return factories.provincial_office()


def refused(call) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        call()
    return found.value.message_dict


def test_an_office_adds_a_filed_and_a_derived_one(office) -> None:
    add_indicator(office, values=FILED)
    row = add_indicator(office, values=DERIVED)
    assert not row.shipped
    assert catalogue()["visits_per_move_in"].formula == DERIVED["formula"]
    assert title_of("city_visits") == "考察批次"
    assert "city_visits" in definition_ids()
    event = AuditEvent.objects.filter(verb="indicator.add").order_by("number").last()
    assert event.target_id == str(row.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "revenue_cny"}, "key"),
        ({"key": "explore"}, "key"),
        ({"key": "Ü"}, "key"),
        ({"key": ""}, "key"),
        ({"unit": "parsec"}, "unit"),
        ({"title": {"zh": "考察", "en": ""}}, "title_en"),
        ({"counts": {"zh": "", "en": ""}}, "counts_zh"),
        ({"source": "computed"}, "source"),
        ({"period": "moment", "over_time": "sum"}, "over_time"),
        ({"valid_from": "2026-05-01", "valid_to": "2026-04-01"}, "valid_to"),
        ({"breakdowns": ["colour"]}, "breakdowns"),
    ],
)
def test_a_filed_one_is_held_to_the_rules(office, changes, field) -> None:
    assert field in refused(lambda: add_indicator(office, values={**FILED, **changes}))
    assert not IndicatorDefinition.objects.filter(shipped=False).exists()


@pytest.mark.parametrize(
    ("formula", "unit", "field"),
    [
        ({"per": {"numerator": "city_visit", "denominator": "move_ins"}}, "count", "numerator"),
        ({"per": {"numerator": "revenue_cny", "denominator": "move_ins"}}, "count", "numerator"),
        ({"quotient": {"numerator": "revenue_cny", "denominator": "move_ins"}}, "percent", "formula_kind"),
        ({"per": {"numerator": "move_ins", "denominator": "events_held"}}, "count", "formula_kind"),
        ({"sum": ["move_ins", "revenue_cny"]}, "count", "plus"),
        ({"sum": ["move_ins"], "less": ["no_such"]}, "count", "minus"),
        ({}, "count", "formula_kind"),
    ],
)
def test_a_formula_is_held_to_the_rules(office, formula, unit, field) -> None:
    add_indicator(office, values=FILED)
    found = refused(lambda: add_indicator(office, values={**DERIVED, "formula": formula, "unit": unit}))
    assert field in found, found


def test_a_circle_is_refused_from_whichever_side_it_is_closed(office) -> None:
    add_indicator(office, values=FILED)
    add_indicator(office, values=DERIVED)
    second = {**DERIVED, "key": "second", "formula": {"sum": ["visits_per_move_in"]}}
    add_indicator(office, values=second)
    back = {**DERIVED, "formula": {"sum": ["second"]}}
    found = refused(lambda: change_indicator(office, key="visits_per_move_in", values=back, revision=0))
    assert "formula_kind" in found


def test_a_change_that_breaks_another_indicator_names_it(office) -> None:
    add_indicator(office, values=FILED)
    add_indicator(office, values=DERIVED)
    found = refused(
        lambda: change_indicator(office, key="city_visits", values={**FILED, "period": "year"}, revision=0)
    )
    assert "每家新入驻的考察" in str(found)


def test_what_has_values_keeps_what_they_rest_on(office) -> None:
    add_indicator(office, values=FILED)
    unit = province_unit(factories.province().pk)
    post([Posting("city_visits", unit.pk, Period.parse("2026-05"), Decimal(3), source=ValueSource.FILED)])
    found = refused(
        lambda: change_indicator(office, key="city_visits", values={**FILED, "unit": "persons"}, revision=0)
    )
    assert list(found) == ["unit"]
    row = change_indicator(
        office, key="city_visits", values={**FILED, "title": {"zh": "接待批次", "en": "Visits"}}, revision=0
    )
    assert (row.revision, title_of("city_visits")) == (1, "接待批次")
    assert "title" in AuditEvent.objects.filter(verb="indicator.edit").last().changes


def test_two_officers_do_not_write_over_each_other(office) -> None:
    add_indicator(office, values=FILED)
    change_indicator(office, key="city_visits", values={**FILED, "owner": "甲"}, revision=0)
    with pytest.raises(ValidationError):
        change_indicator(office, key="city_visits", values={**FILED, "owner": "乙"}, revision=0)
    assert IndicatorDefinition.objects.get(key="city_visits").owner == "甲"


def test_a_shipped_one_is_never_written_and_others_do_not_write(office) -> None:
    definition_ids()
    with pytest.raises(Http404):
        change_indicator(office, key="revenue_cny", values=FILED, revision=0)
    with pytest.raises(PermissionDenied):
        add_indicator(factories.city_office(), values=FILED)
    client = factories.client_of(office)
    assert client.get("/indicators/revenue_cny/edit/").status_code == 404
    assert factories.client_of(factories.city_office()).get("/indicators/new/").status_code == 403


def test_the_form_adds_keeps_what_was_typed_and_edits(office) -> None:
    client = factories.client_of(office)
    typed = {
        "key": "visit_share", "title_zh": "占比", "title_en": "Share", "counts_zh": "口径", "counts_en": "Meaning",
        "group": "market", "unit": "percent", "period": "month", "level": "valley", "aggregation": "ratio",
        "over_time": "sum", "formula_kind": "quotient", "numerator": "contract_technology_cny",
        "denominator": "move_ins", "confidence": "own",
    }  # fmt: skip
    answer = client.post("/indicators/new/", typed)
    assert answer.status_code == 422
    assert 'value="visit_share"' in answer.content.decode()
    answer = client.post("/indicators/new/", {**typed, "denominator": "contract_turnover_cny"})
    assert answer.headers["Location"] == "/indicators/visit_share/"
    page = client.get("/indicators/visit_share/edit/").content.decode()
    assert '<option value="contract_turnover_cny" selected>' in page
    answer = client.post(
        "/indicators/visit_share/edit/",
        {**typed, "denominator": "contract_turnover_cny", "title_zh": "交易占比", "revision": "0"},
    )
    assert answer.status_code == 302
    assert "交易占比" in client.get("/indicators/").content.decode()
