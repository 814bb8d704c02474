"""Columns of exact rationals for the few rows a float cannot decide: whole numbers over whole numbers.

Numerators and denominators are int64 while the bounds carried along prove that nothing overflows, and Python
integers (object arrays) from there on. Nothing is reduced: the columns are short and live for a few operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
_SAFE = 2**62
_EXACT_FLOAT = 2**53
_DECIMALS = (0, 2, 4, 6)


@dataclass(frozen=True, slots=True)
class Rationals:
    """``over / under`` row by row, ``under`` above zero; ``top`` and ``base`` bound their magnitudes.

    ``degree``: the number meant is the ``degree``-th root of this, less one, in percent (a compound rate).
    """

    over: Array
    under: Array
    top: int
    base: int
    degree: int = 1

    def __len__(self) -> int:
        return len(self.over)

    def scaled(self, by: Fraction) -> Rationals:
        if by == 1:
            return self
        return Rationals(
            _times(self.over, self.top, by.numerator),
            _times(self.under, self.base, by.denominator),
            self.top * abs(by.numerator),
            self.base * by.denominator,
        )

    def plus(self, other: Rationals, sign: int = 1) -> Rationals:
        if self.base == other.base == 1:
            top = self.top + other.top
            over, more = _fit(self.over, top), _fit(other.over, top)
            return Rationals(over + more if sign > 0 else over - more, self.under, top, 1)
        one, two = self.top * other.base, other.top * self.base
        left, right = _product(self.over, other.under, one), _product(other.over, self.under, two)
        left, right = _fit(left, one + two), _fit(right, one + two)
        under = _product(self.under, other.under, self.base * other.base)
        return Rationals(left + right if sign > 0 else left - right, under, one + two, self.base * other.base)

    def times(self, other: Rationals) -> Rationals:
        top, base = self.top * other.top, self.base * other.base
        return Rationals(
            _product(self.over, other.over, top), _product(self.under, other.under, base), top, base
        )

    def divided(self, other: Rationals) -> Rationals:
        """Where the divisor is zero the result means nothing; such rows are masked out by their state."""
        divisor = np.where(other.over == 0, 1, other.over)
        negative = divisor < 0
        if self.base == other.base and np.array_equal(self.under, other.under):
            over = np.where(negative, -self.over, self.over)
            return Rationals(over, np.abs(divisor), self.top, max(other.top, 1))
        top, base = self.top * other.base, self.base * max(other.top, 1)
        over = _product(self.over, np.where(negative, -other.under, other.under), top)
        return Rationals(over, _product(self.under, np.abs(divisor), base), top, base)

    def power(self, exponent: int) -> Rationals:
        result = self
        for _ in range(exponent - 1):
            result = result.times(self)
        return result

    def signs(self, limit: Fraction) -> Array:
        """-1, 0 or 1 row by row: below, at or above a limit."""
        if self.degree > 1:
            factor = 1 + limit / 100
            if factor < 0:
                return np.ones(len(self), np.int8)
            limit = factor**self.degree
        left = _times(self.over, self.top, limit.denominator)
        right = _times(self.under, self.base, limit.numerator)
        return (left > right).astype(np.int8) - (left < right).astype(np.int8)

    def against(self, other: Rationals) -> Array:
        """-1, 0 or 1 row by row against another column."""
        one, two = self, other
        if (self.degree, other.degree) != (1, 1):
            one, two = _powers(self, other)
        left = _product(one.over, two.under, one.top * two.base)
        right = _product(two.over, one.under, two.top * one.base)
        signs: Array = (left > right).astype(np.int8) - (left < right).astype(np.int8)
        if other.degree > 1 and self.degree == 1:
            # a number below -100 % is below every root
            signs = np.where(self.over < -100 * self.under.astype(object), np.int8(-1), signs)
        if self.degree > 1 and other.degree == 1:
            signs = np.where(other.over < -100 * other.under.astype(object), np.int8(1), signs)
        return signs

    def constant_like(self, value: Fraction) -> Rationals:
        return constant(value, len(self))

    def floats(self, greatest: int) -> Array | None:
        """The nearest floats, if they are sure to lie on the right side of every limit; else None.

        ``greatest``: no limit has a greater numerator. A quotient of whole numbers a float holds is rounded once, and
        differs from a limit p / q by 1 / (under * q) or not at all.
        """
        if self.degree > 1 or self.top >= _EXACT_FLOAT or self.base * max(greatest, 1) >= _EXACT_FLOAT // 4:
            return None
        found: Array = self.over.astype(np.float64) / self.under.astype(np.float64)
        return found

    def floors(self) -> Array:
        """The greatest whole number not above each."""
        return self.over // self.under

    def where(self, mask: Array, other: Rationals) -> Rationals:
        """This where the mask holds, the other elsewhere."""
        top, base = max(self.top, other.top), max(self.base, other.base)
        return Rationals(
            np.where(mask, self.over, other.over), np.where(mask, self.under, other.under), top, base
        )


def _powers(one: Rationals, other: Rationals) -> tuple[Rationals, Rationals]:
    """Both sides as powers of the factor they stand for, of one common degree."""

    def factor(side: Rationals) -> Rationals:
        return side if side.degree > 1 else side.scaled(Fraction(1, 100)).plus(whole(np.ones(len(side))))

    left, right = factor(one), factor(other)
    return (
        Rationals(left.over, left.under, left.top, left.base).power(other.degree),
        Rationals(right.over, right.under, right.top, right.base).power(one.degree),
    )


def constant(value: Fraction, rows: int) -> Rationals:
    kind = np.int64 if abs(value.numerator) < _SAFE and value.denominator < _SAFE else object
    return Rationals(
        np.full(rows, value.numerator, kind),
        np.full(rows, value.denominator, kind),
        abs(value.numerator),
        value.denominator,
    )


def whole(values: Array) -> Rationals:
    """Whole numbers (int64, or floats that are whole and below 2**53)."""
    over = values.astype(np.int64)
    top = max(int(over.max()), -int(over.min())) if len(over) else 0
    return Rationals(over, np.ones(len(over), np.int64), top, 1)


def decimals(values: Array) -> Rationals:
    """What finite floats print: the shortest decimals. Gaps (NaN) come out as 0 and are masked by the caller.

    A decimal of at most 15 digits that lies nearest to a float is the one it prints, so whole numbers and
    numbers of fen are read in bulk; the rest one by one.
    """
    if values.dtype.kind in "iu":
        return whole(values)
    known = np.where(np.isfinite(values), values, 0.0)
    for places in _DECIMALS:
        scale = 10.0**places
        scaled = np.rint(known * scale)
        if np.all(np.abs(scaled) < 1e15) and np.all(scaled / scale == known):
            read = whole(scaled)
            under = np.full(len(read), 10**places, np.int64)
            return Rationals(read.over, under, read.top, 10**places)
    exact = [Fraction(repr(float(value))) for value in known]
    over = np.array([value.numerator for value in exact], object)
    under = np.array([value.denominator for value in exact], object)
    return Rationals(over, under, int(max(abs(over))), int(max(under)))


def _fit(array: Array, bound: int) -> Array:
    return array if bound < _SAFE or array.dtype == object else array.astype(object)


def _product(one: Array, other: Array, bound: int) -> Array:
    product: Array = _fit(one, bound) * _fit(other, bound)
    return product


def _times(array: Array, top: int, by: int) -> Array:
    """By a whole number of any size."""
    bound = top * abs(by)
    if bound < _SAFE and abs(by) < _SAFE:
        return array * by
    return array.astype(object) * by
