"""The same formulas in whole numbers, for the few rows where floats cannot decide.

What a row lacks, and what is undefined of it, was found in floats already (it never depends on rounding); the masks
are taken from there, and rows without a value carry a placeholder that nobody reads.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns import numbers
from jinchuanggu.engines.rules.columns.chunk import Chunk, Num
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.columns.rationals import Rationals, constant, decimals, whole
from jinchuanggu.engines.rules.formulas import (
    Constant,
    Formula,
    Greatest,
    Least,
    Mean,
    Product,
    Quotient,
    Rate,
    Share,
    Stairs,
    Sum,
    Tiers,
    Total,
)
from jinchuanggu.engines.rules.program import Difference, factor


class Exactly:
    """Exact numbers of some rows of a chunk."""

    def __init__(self, chunk: Chunk, rows: Array) -> None:
        self.chunk = chunk
        self.rows = rows
        self.made: dict[str, Rationals] = {}

    def number(self, name: str) -> Rationals:
        if name not in self.made:
            self.made[name] = self._number(name)
        return self.made[name]

    def constant(self, value: Fraction) -> Rationals:
        return constant(value, len(self.rows))

    def _number(self, name: str) -> Rationals:
        declared = self.chunk.program.inputs[name]
        formula = declared.formula
        if declared.computed:
            assert formula is not None
            return self._computed(name, formula)
        own = self.chunk.figures(name)[self.rows]
        if formula is None or not np.isnan(own).any():
            return decimals(own)
        assert isinstance(formula, Sum)
        return decimals(own).where(~np.isnan(own), self.sum(name, formula))

    def _float(self, name: str) -> Num:
        found = self.chunk.numbers.get(name)
        return found if found is not None else numbers.number(self.chunk, name)

    def _computed(self, name: str, formula: Formula) -> Rationals:
        match formula:
            case Difference():
                # only compared with zero: the sign stands for it
                one, other = formula.plus[0], formula.minus[0]
                scale = factor(self.chunk.program.inputs, other, one)
                return whole(self.number(one).against(self.number(other).scaled(scale)))
            case Sum():
                return self.sum(name, formula)
            case Total() | Mean():
                return self._total(name, formula)
            case Rate():
                return self.rate(formula, self._float_first(name))
            case Quotient(numerator, denominator):
                scale = factor(self.chunk.program.inputs, numerator, denominator) * 100
                return self.number(numerator).scaled(scale).divided(self.number(denominator))
            case Share(of=of, percent=percent):
                return self.number(of).scaled(percent / 100)
            case Product(several):
                product = self.number(several[0])
                for each in several[1:]:
                    product = product.times(self.number(each))
                return product
            case Greatest(several):
                return self._chosen(several, 1)
            case Least(several):
                return self._chosen(several, -1)
            case Tiers():
                return self._tiers(formula)
            case Stairs():
                return self._stairs(formula)
            case Constant(value=value):
                return self.constant(value)
            case _:
                # days, steps, codes and counts: the float is what it prints
                return decimals(self._float(name).x[self.rows])

    def sum(self, name: str, formula: Sum) -> Rationals:
        total: Rationals | None = None
        for each, sign in [*((each, 1) for each in formula.plus), *((each, -1) for each in formula.minus)]:
            term = self.number(each).scaled(sign * factor(self.chunk.program.inputs, each, name))
            total = term if total is None else total.plus(term)
        assert total is not None
        return total

    def _year(self, series: str, back: int) -> Rationals:
        return decimals(self.chunk.year(series, back)[self.rows])

    def _reached(self, first: Any) -> Array:
        rows: Array = np.full(len(self.rows), first) if isinstance(first, int) else first[self.rows]
        return rows

    def _float_first(self, name: str) -> Any:
        return self._float(name).first

    def _total(self, name: str, formula: Total | Mean) -> Rationals:
        reached = self._reached(self._float_first(name))
        total = self._year(formula.of, 0)
        nothing = self.constant(Fraction(0))
        for back in range(1, formula.years):
            total = total.plus(self._year(formula.of, back).where(reached > back, nothing))
        return total if isinstance(formula, Total) else total.divided(whole(np.maximum(reached, 1)))

    def rate(self, formula: Rate, first: Any) -> Rationals:
        """``first``: how many years back the rate reaches, as the floats found."""
        reached = np.maximum(self._reached(first), 1)
        if formula.method == "compound":
            base = self._year(formula.of, formula.steps)
            for back in range(1, formula.steps):
                base = self._year(formula.of, back).where(reached == back, base)
            return _roots(self._year(formula.of, 0).divided(base), reached)
        total = self.constant(Fraction(0))
        nothing = total
        for back in range(1, formula.steps + 1):
            step = self._year(formula.of, back - 1).divided(self._year(formula.of, back))
            total = total.plus(step.where(reached >= back, nothing))
        return total.divided(whole(reached)).plus(self.constant(Fraction(-1))).scaled(Fraction(100))

    def _chosen(self, several: tuple[str, ...], sign: int) -> Rationals:
        best: Rationals | None = None
        taken: Array | None = None
        for each in several:
            one = self.number(each)
            there = ~np.isnan(self._float(each).x[self.rows])
            if best is None or taken is None:
                best, taken = one, there
                continue
            better = there & (~taken | (one.against(best) * sign > 0))
            best = one.where(better, best)
            taken = taken | there
        assert best is not None
        return best

    def _tiers(self, formula: Tiers) -> Rationals:
        value = self.number(formula.of)
        total = self.constant(Fraction(0))
        below = Fraction(0)
        for tier in formula.tiers:
            if tier.up_to is not None and tier.up_to <= below:
                continue
            top = value
            if tier.up_to is not None:
                top = self.constant(tier.up_to).where(value.signs(tier.up_to) > 0, value)
            part = top.plus(self.constant(below), -1).scaled(tier.percent / 100)
            total = total.plus(part.where(value.signs(below) > 0, self.constant(Fraction(0))))
            below = below if tier.up_to is None else tier.up_to
        return total

    def _stairs(self, formula: Stairs) -> Rationals:
        value = self.number(formula.of)
        steps = value.plus(self.constant(formula.first), -1).scaled(1 / formula.each).floors()
        climbed = Rationals(steps, np.ones_like(steps), value.top * 10**9 + 1, 1)
        if steps.dtype != object:
            climbed = whole(steps)
        found = climbed.scaled(formula.adds).plus(self.constant(formula.gives))
        return self.constant(Fraction(0)).where(steps < 0, found)


def _roots(quotients: Rationals, degrees: Array) -> Rationals:
    """Compound rates of several degrees as roots of one: a quotient to the power it lacks to the common degree."""
    present = sorted({int(degree) for degree in degrees})
    if len(present) == 1:
        degree = present[0]
        if degree > 1:
            return Rationals(quotients.over, quotients.under, quotients.top, quotients.base, degree)
        return quotients.plus(constant(Fraction(-1), len(degrees))).scaled(Fraction(100))
    common = int(np.lcm.reduce(present))
    found = quotients
    for degree in present:
        found = quotients.power(common // degree).where(degrees == degree, found)
    return Rationals(found.over, found.under, found.top, found.base, common)
