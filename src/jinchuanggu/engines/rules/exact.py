"""Numbers that stay exact: rationals, and compound rates, whose root is compared as a power and never taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

SHOWN_PLACES = 6


@dataclass(frozen=True, slots=True)
class Root:
    """A compound rate in percent: the ``degree``-th root of ``base`` (above 0), less one. Irrational."""

    base: Fraction
    degree: int


Number = Fraction | Root


def rate_of(quotient: Fraction, steps: int) -> Number:
    """The compound rate in percent of a quotient (0 or more) over yearly steps; a Fraction where it ends."""
    over, under = _whole_root(quotient.numerator, steps), _whole_root(quotient.denominator, steps)
    if over is not None and under is not None:
        return (Fraction(over, under) - 1) * 100
    return Root(quotient, steps)


def compare(one: Number, other: Number) -> int:
    """-1, 0 or 1, without rounding."""
    if isinstance(one, Root):
        if isinstance(other, Root):
            return _sign(one.base**other.degree, other.base**one.degree)
        factor = 1 + other / 100
        return 1 if factor < 0 else _sign(one.base, factor**one.degree)
    return -compare(other, one) if isinstance(other, Root) else _sign(one, other)


def shown(value: Number) -> Fraction:
    """A number to be shown or measured with: a root is rounded, a rational stays what it is."""
    if isinstance(value, Fraction):
        return value
    with localcontext() as context:
        context.prec = 50
        quotient = Decimal(value.base.numerator) / Decimal(value.base.denominator)
        root = quotient ** (Decimal(1) / value.degree)
        scale = 10**SHOWN_PLACES
        return Fraction(round(Fraction((root - 1) * 100) * scale), scale)


def _sign(one: Fraction, other: Fraction) -> int:
    return (one > other) - (one < other)


def _whole_root(number: int, degree: int) -> int | None:
    """The whole root of a whole number of 0 or more, or None; by halving, so that no float is asked."""
    low, high = 0, 1 << (number.bit_length() // degree + 1)
    while low < high:
        middle = (low + high) // 2
        if middle**degree < number:
            low = middle + 1
        else:
            high = middle
    return low if low**degree == number else None
