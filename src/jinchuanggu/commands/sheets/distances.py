"""How far many firms are from the conditions they do not meet: one pass over columns, shown to four digits.

The exact distance of one firm is that of ``jcg rules explain``; here it is rounded to be read in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns import Columns, Population
from jinchuanggu.engines.rules.columns.chunk import Chunk
from jinchuanggu.engines.rules.columns.numbers import number
from jinchuanggu.engines.rules.model import Criterion, Ratio, RuleSet, Score, Threshold
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.program import program
from jinchuanggu.engines.rules.texts import Lang
from jinchuanggu.engines.rules.units import UNITS, quantity

Array = Any
NO_DAY = 300_000
"""So many days lie only between today and the day that never was: what a firm never had is not so far away."""


def distances(
    rules: RuleSet, part: Population, columns: Columns, on: date
) -> Iterator[tuple[Criterion, Array, str | None]]:
    """``(criterion, distance of every firm, unit)``; NaN where the condition is met or nothing is known."""
    chunk = Chunk(program(rules), part, on, 0, part.n)
    for criterion in rules.walk():
        status = columns.status.get(criterion.id)
        test = criterion.test
        if status is None or criterion.expert or not (status == 0).any():
            continue
        with np.errstate(divide="ignore", invalid="ignore"):
            match test:
                case Threshold():
                    limit = number(chunk, test.limit).x if isinstance(test.limit, str) else float(test.limit)
                    gap = _gap(number(chunk, test.input).x, test.operator, limit, test.unit)
                    unit: str | None = test.unit
                case Ratio():
                    value = number(chunk, test.numerator).x / number(chunk, test.denominator).x * 100
                    gap, unit = _gap(value, test.operator, float(test.limit), "percent"), "percent"
                case Score(of=str(scheme)) if scheme in columns.score_high:
                    gap = _gap(columns.score_high[scheme], test.operator, float(test.limit), "points")
                    unit = "points"
                case _:
                    continue
        if unit == "days":
            gap = np.where(gap > NO_DAY, np.nan, gap)
        yield criterion, np.where(status == 0, gap, np.nan), unit


def _gap(value: Array, operator: Operator, limit: Any, unit: str) -> Array:
    """The least that is missing; a strict comparison asks for one step of the unit more."""
    step = float(UNITS[unit].step) if unit in UNITS else 0.0
    match operator:
        case Operator.AT_LEAST:
            return limit - value
        case Operator.MORE:
            return limit - value + step
        case Operator.AT_MOST:
            return value - limit
        case Operator.LESS:
            return value - limit + step
        case _:
            return np.abs(value - limit)


def amount_words(amount: float, unit: str | None, lang: Lang) -> str:
    """Four digits are enough to see how far it is."""
    rounded = Decimal(f"{amount:.4g}")
    if unit in UNITS and UNITS[unit].whole:
        rounded = Decimal(int(np.ceil(amount - 1e-9)))
    return quantity(Decimal(f"{rounded:f}"), unit).get(lang)
