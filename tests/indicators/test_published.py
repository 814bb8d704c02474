"""Reports of figures become values: the one that counts, at its date, and no other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.indicators.actions import choose_figure, file_figure
from jinchuanggu.indicators.models import Figure, SourceKind, ValueSource
from jinchuanggu.indicators.published import sync_figures
from jinchuanggu.indicators.store.units import valley_unit
from tests import factories
from tests.indicators.store import amount, current

pytestmark = pytest.mark.django_db
KEY = "planned_area_km2"


@pytest.fixture
def valley():
    return factories.valley(factories.city_office())


def report(valley, value: str, day: str, *, key: str = KEY, unit: str = "km2", **more) -> Figure:
    return Figure.objects.create(
        valley_id=valley.pk, indicator=key, value=Decimal(value), unit=unit, dated=date.fromisoformat(day),
        source_kind=more.pop("source_kind", SourceKind.PUBLISHED), source_title="示例", source_grade="A", origin="simulated",
        **more,
    )  # fmt: skip


def test_the_report_that_counts_stands_in_the_month_of_its_date(valley) -> None:
    report(valley, "11", "2025-03-10")
    report(valley, "12.5", "2025-06-28")
    assert sync_figures([valley.pk]) == 1
    unit = valley_unit(valley.pk)
    assert amount(KEY, unit, "2025-06") == Decimal("12.5")
    assert amount(KEY, unit, "2025-03") is None
    assert amount(KEY, unit.parent, "2025-06") == Decimal("12.5")
    assert current(KEY, unit, "2025-06").source == ValueSource.PUBLISHED
    assert sync_figures([valley.pk]) == 0


def test_choosing_another_report_moves_the_value(valley) -> None:
    first = report(valley, "11", "2025-03-10")
    report(valley, "12.5", "2025-06-28")
    sync_figures()
    choose_figure(factories.provincial_office(), valley, figure=first, reason="口径一致")
    unit = valley_unit(valley.pk)
    assert amount(KEY, unit, "2025-03") == 11
    assert amount(KEY, unit, "2025-06") is None
    assert amount(KEY, unit.parent, "2025-06") is None


def test_a_yearly_figure_stands_for_its_year_and_without_one_for_none(valley) -> None:
    report(valley, "5", "2026-02-01", key="innovation_bodies", unit="count", year=2025)
    report(valley, "9", "2026-02-01", key="innovation_platforms", unit="count")
    sync_figures()
    unit = valley_unit(valley.pk)
    assert amount("innovation_bodies", unit, "2025") == 5
    assert sync_figures() == 0
    assert (
        amount("innovation_platforms", unit, "2025") is amount("innovation_platforms", unit, "2026") is None
    )


def test_a_report_in_another_unit_is_converted_exactly(valley) -> None:
    report(valley, "30", "2025-06-28", unit="mu", key="new_park_land_m2")
    sync_figures()
    assert amount("new_park_land_m2", valley_unit(valley.pk), "2025-06") == 20000


def test_a_filed_figure_is_in_the_store_at_once(valley) -> None:
    file_figure(
        factories.city_office(), valley, indicator=KEY, value=Decimal(8), dated=date(2026, 1, 5),
        source_title="批复",
    )  # fmt: skip
    row = current(KEY, valley_unit(valley.pk), "2026-01")
    assert (row.value, row.source) == (8, ValueSource.FILED)
