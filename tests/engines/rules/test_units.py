from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.units import UNITS, UnitMismatch, convert, decimal_of, quantity


def test_conversion_is_exact() -> None:
    assert convert(Decimal("3"), "yi_cny", "cny") == 300_000_000
    assert convert(Decimal("0.392"), "km2", "m2") == 392_000
    assert convert(Decimal("0.1"), "wan_cny", "fen") == 100_000


def test_conversion_across_dimensions_is_refused() -> None:
    with pytest.raises(UnitMismatch):
        convert(Decimal(1), "cny", "m2")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4), st.sampled_from(sorted(UNITS)))
def test_conversion_there_and_back_changes_nothing(value: Decimal, unit: str) -> None:
    for other in UNITS.values():
        if other.dimension == UNITS[unit].dimension:
            assert convert(convert(value, unit, other.code), other.code, unit) == Fraction(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6))
def test_a_finite_fraction_stays_exact(value: Decimal) -> None:
    assert decimal_of(Fraction(value)) == value


def test_an_endless_fraction_is_rounded_to_be_shown() -> None:
    assert decimal_of(Fraction(1, 3)) == Decimal("0.333333")


@pytest.mark.parametrize(
    ("value", "unit", "zh"),
    [
        ("300000000", "cny", "3 亿元"),
        ("12345678.9", "cny", "1,234.56789 万元"),
        ("9999", "cny", "9,999 元"),
        ("30000.0", "m2", "30,000 平方米"),
        ("11.90", "km2", "11.9 平方公里"),
        ("15", "percent", "15%"),
    ],
)
def test_quantities_read_well(value: str, unit: str, zh: str) -> None:
    assert quantity(Decimal(value), unit).zh == zh
