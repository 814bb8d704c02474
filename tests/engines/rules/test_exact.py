"""Compound rates: exact where they end, ordered exactly where they do not."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules.exact import Root, compare, rate_of, shown

QUOTIENTS = st.fractions(min_value=0, max_value=1000, max_denominator=1000)
DEGREES = st.integers(1, 6)


def test_a_rate_that_ends_is_a_number() -> None:
    assert rate_of(Fraction(1728, 1000), 3) == 20
    assert rate_of(Fraction(441, 400), 2) == 5
    assert rate_of(Fraction(0), 3) == -100
    assert rate_of(Fraction(5, 4), 1) == 25
    assert isinstance(rate_of(Fraction(2), 2), Root)


@given(QUOTIENTS, DEGREES)
def test_a_power_is_taken_back_exactly(quotient: Fraction, steps: int) -> None:
    assert rate_of(quotient**steps, steps) == (quotient - 1) * 100


@given(QUOTIENTS, DEGREES, st.fractions(min_value=-300, max_value=1000, max_denominator=100))
def test_a_rate_is_on_the_right_side_of_any_number(quotient: Fraction, steps: int, limit: Fraction) -> None:
    rate, factor = rate_of(quotient, steps), 1 + limit / 100
    wanted = 1 if factor < 0 else (quotient > factor**steps) - (quotient < factor**steps)
    assert compare(rate, limit) == wanted
    assert compare(limit, rate) == -wanted


@given(QUOTIENTS, DEGREES, QUOTIENTS, DEGREES)
def test_rates_are_ordered_among_themselves(one: Fraction, first: int, two: Fraction, second: int) -> None:
    left, right = rate_of(one, first), rate_of(two, second)
    wanted = (one**second > two**first) - (one**second < two**first)
    assert compare(left, right) == wanted


@given(QUOTIENTS, DEGREES)
def test_what_is_shown_is_near(quotient: Fraction, steps: int) -> None:
    rate = shown(rate_of(quotient, steps))
    near = Fraction(1, 10**5)
    assert ((1 + (rate - near) / 100) ** steps if rate > -99 else 0) <= quotient
    assert (1 + (rate + near) / 100) ** steps >= quotient
