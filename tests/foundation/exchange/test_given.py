"""Rows at hand go through the same judgement as those of a workbook."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.exchange.given import take_in
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.residents.models import Resident
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return factories.city_office()


def row(city, valley, name: str, **more):
    factories.organisation("enterprise", name, where=factories.Region.objects.get(pk=city.region_id))
    return {
        "organisation": name, "valley_id": valley.name, "kind": "enterprise", "entered_on": date(2026, 1, 5),
        "field": "新材料", "start_up": "是", "sci_tech": "是", "full_time_staff": 12, **more,
    }  # fmt: skip


def test_rows_are_written_with_an_event_each_and_found_again_by_their_key(city) -> None:
    valley = factories.valley(city)
    rows = [row(city, valley, "甲材料有限公司"), row(city, valley, "乙材料有限公司")]
    assert take_in(city, resource=resources["residents"], rows=rows, said_by="测试")["create"] == 2
    assert AuditEvent.objects.filter(verb="residents.import").count() == 2
    left = [{"organisation": "甲材料有限公司", "valley_id": valley.name, "left_on": date(2026, 3, 1)}]
    assert take_in(city, resource=resources["residents"], rows=left, said_by="测试")["update"] == 1
    gone = Resident.objects.get(organisation__name="甲材料有限公司")
    assert (gone.left_on, gone.full_time_staff) == (date(2026, 3, 1), 12)


def test_one_wrong_row_writes_nothing_and_every_problem_is_said(city) -> None:
    valley = factories.valley(city)
    rows = [
        row(city, valley, "甲材料有限公司"), row(city, valley, "乙材料有限公司", full_time_staff="许多"),
        row(city, valley, "丙材料有限公司", kind="商店"),
    ]  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        take_in(city, resource=resources["residents"], rows=rows, said_by="测试")
    assert len(caught.value.messages) == 2
    assert caught.value.messages[0].startswith("2 ")
    assert not Resident.objects.exists()


def test_nobody_takes_in_beyond_their_own_valleys(city) -> None:
    valley = factories.valley(city)
    other = factories.city_office(factories.region("140400", "长治市"))
    with pytest.raises(ValidationError):
        take_in(
            other, resource=resources["residents"], rows=[row(city, valley, "甲材料有限公司")], said_by="测试"
        )
