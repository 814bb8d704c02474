"""Exact numbers: what goes in comes out, sums are exact on each database."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.indicators.models import IndicatorDefinition, Unit, Value
from jinchuanggu.indicators.store.fixed import ExactField, from_scaled, to_scaled

EXACT = st.decimals(min_value=-(10**14), max_value=10**14, places=4, allow_nan=False)


@given(EXACT)
def test_scaled_and_back(value: Decimal) -> None:
    assert from_scaled(to_scaled(value)) == value


@pytest.mark.parametrize("wrong", [Decimal("0.00001"), Decimal("NaN"), Decimal("Infinity"), "zwölf"])
def test_what_cannot_be_kept_exactly_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        ExactField().get_prep_value(wrong)


@pytest.mark.django_db
def test_a_sum_is_exact_where_binary_numbers_fail() -> None:
    definition = IndicatorDefinition.objects.create(
        key="probe_cny", title={"zh": "试"}, counts={"zh": "试"}, unit="cny", period="month", level="firm",
        aggregation="sum", over_time="sum", source="filed",
    )  # fmt: skip
    unit = Unit.objects.create(level=1, ref_id=1)
    amounts = [Decimal("0.1"), Decimal("0.2"), Decimal("90071992547409.9301"), Decimal("-0.0001")]
    Value.objects.bulk_create(
        Value(
            indicator=definition, unit=unit, level=1, period=1_202_601 + month, value=amount,
            source=2, posted_at=timezone.now(),
        )
        for month, amount in enumerate(amounts)
    )  # fmt: skip
    assert Value.objects.aggregate(total=Sum("value"))["total"] == sum(amounts)
    assert set(Value.objects.values_list("value", flat=True)) == set(amounts)
    assert Value.objects.get(value=Decimal("0.2")).period == 1_202_602
