"""Shipped definitions as rows: made lazily, brought up to the files, never over what an office wrote."""

from __future__ import annotations

import pytest

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.indicators.definitions.catalogue import catalogue, definition_ids, sync_definitions
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.models import IndicatorDefinition

pytestmark = pytest.mark.django_db


def test_every_shipped_indicator_gets_a_row_when_it_is_first_asked_for() -> None:
    IndicatorDefinition.objects.all().delete()
    ids = definition_ids()
    assert set(ids) == set(indicators())
    assert definition_ids() == ids


def test_a_changed_row_of_a_shipped_indicator_is_mended_once_and_said() -> None:
    definition_ids()
    IndicatorDefinition.objects.filter(key="revenue_cny").update(owner="someone", aggregation="none")
    assert sync_definitions(SYSTEM_ACTOR) == 1
    assert IndicatorDefinition.objects.get(key="revenue_cny").aggregation == "sum"
    assert AuditEvent.objects.filter(verb="indicators.sync").last().detail == {"keys": ["revenue_cny"]}
    before = AuditEvent.objects.count()
    assert sync_definitions(SYSTEM_ACTOR) == 0
    assert AuditEvent.objects.count() == before


def test_a_key_that_an_office_took_first_stays_the_offices() -> None:
    IndicatorDefinition.objects.filter(key="ip_valid").delete()
    IndicatorDefinition.objects.create(
        key="ip_valid", title={"zh": "自定", "en": "Own"}, counts={"zh": "自定", "en": "Own"}, unit="count",
        period="moment", level="valley", aggregation="sum", over_time="last", source="filed",
    )  # fmt: skip
    sync_definitions(SYSTEM_ACTOR)
    assert IndicatorDefinition.objects.get(key="ip_valid").owner == ""
    assert catalogue()["ip_valid"].name == "自定"
