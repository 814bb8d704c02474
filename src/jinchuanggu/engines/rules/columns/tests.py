"""The status of every criterion over a chunk, as two masks: surely met, and possibly met.

Not evidenced is what is possible and not sure. Strong Kleene logic is plain logic on each mask. Where nothing is
open both masks are one and the same array.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import numpy as np

from jinchuanggu.engines.rules.columns import growth, lists, scores
from jinchuanggu.engines.rules.columns.chunk import Chunk, Num
from jinchuanggu.engines.rules.columns.numbers import number
from jinchuanggu.engines.rules.columns.population import Array
from jinchuanggu.engines.rules.model import (
    Confidence,
    Count,
    Criterion,
    Expert,
    Growth,
    Includes,
    IsTrue,
    Joined,
    OneOf,
    Pending,
    Ratio,
    Score,
    Threshold,
)
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.program import Difference, difference_name, ratio_name

Masks = tuple[Array, Array]
_COMPARE: Mapping[Operator, np.ufunc] = {
    Operator.AT_LEAST: np.greater_equal,
    Operator.MORE: np.greater,
    Operator.AT_MOST: np.less_equal,
    Operator.LESS: np.less,
    Operator.EQUAL: np.equal,
}


def statuses(chunk: Chunk) -> dict[str, Masks]:
    """Both masks of every criterion by id."""
    found: dict[str, Masks] = {}
    for criterion in chunk.program.criteria:
        found[criterion.id] = _judge(chunk, criterion, found)
    return found


def verdict(chunk: Chunk, found: Mapping[str, Masks]) -> Masks:
    """The computed criteria at the top joined; nothing at all is met."""
    tops = [found[each.id] for each in chunk.program.rule_set.criteria if not each.expert]
    return _all(tops) if tops else _constant(chunk, True, True)


def packed(masks: Masks) -> Array:
    """1 met, 0 not met, -1 not evidenced."""
    sure, possible = masks
    if sure is possible:
        return sure.view(np.int8)
    found: Array = sure.view(np.int8) * np.int8(2)
    found -= possible.view(np.int8)
    return found


def _judge(chunk: Chunk, criterion: Criterion, found: Mapping[str, Masks]) -> Masks:
    test = criterion.test
    if isinstance(test, Joined):
        children = [found[child.id] for child in test.children]
        return _all(children) if test.least is None else _at_least(chunk, test.least, children)
    if criterion.confidence is Confidence.UNKNOWN:
        return _constant(chunk, False, True)
    match test:
        case Threshold():
            return _threshold(chunk, test)
        case Ratio():
            name = ratio_name(test.numerator, test.denominator)
            return _compared(chunk, name, test.operator, float(test.limit))
        case Growth():
            return growth.growth(chunk, test)
        case Count():
            return lists.count(chunk, test)
        case Includes():
            return lists.includes(chunk, test)
        case OneOf():
            return _one_of(chunk, test)
        case IsTrue(input=name):
            return _stated(chunk, name)
        case Expert(input=name):
            return _stated(chunk, f"{name}@passed")
        case Score():
            return scores.judged(chunk, test)
        case Pending():
            return _constant(chunk, False, True)


def _threshold(chunk: Chunk, test: Threshold) -> Masks:
    if not isinstance(test.limit, str):
        return _compared(chunk, test.input, test.operator, float(test.limit))
    name = difference_name(test.input, test.limit)
    if isinstance(getattr(chunk.program.inputs.get(name), "formula", None), Difference):
        return _compared(chunk, name, test.operator, 0.0)
    one, other = number(chunk, test.input), number(chunk, test.limit)
    found = _open(_COMPARE[test.operator](one.x, other.x), [one, other])
    chunk.release(test.input)
    chunk.release(test.limit)
    return found


def _compared(chunk: Chunk, name: str, operator: Operator, limit: float) -> Masks:
    num = number(chunk, name)
    found = _open(_COMPARE[operator](num.x, limit), [num])
    chunk.release(name)
    return found


def _open(sure: Array, nums: list[Num]) -> Masks:
    gone = [num.gone for num in nums if num.gone is not None]
    return (sure, sure) if not gone else (sure, reduce(np.logical_or, gone) | sure)


def _one_of(chunk: Chunk, test: OneOf) -> Masks:
    column = chunk.column(test.input)
    if column is None:
        return _constant(chunk, False, True)
    table = np.array([*(code in test.options for code in chunk.population.codes[test.input]), False])
    sure = table[column]
    gone = column < 0
    return (sure, sure | gone) if gone.any() else (sure, sure)


def _stated(chunk: Chunk, name: str) -> Masks:
    column = chunk.column(name)
    if column is None:
        return _constant(chunk, False, True)
    if column.dtype == bool:
        return column, column
    return column > 0, column != 0


def _constant(chunk: Chunk, sure: bool, possible: bool) -> Masks:
    one = np.full(chunk.rows, sure)
    return (one, one) if sure == possible else (one, np.full(chunk.rows, possible))


def _all(children: list[Masks]) -> Masks:
    sure = reduce(np.logical_and, [one for one, _ in children])
    if all(one is two for one, two in children):
        return sure, sure
    return sure, reduce(np.logical_and, [two for _, two in children])


def _at_least(chunk: Chunk, least: int, children: list[Masks]) -> Masks:
    if not children:
        return _constant(chunk, least <= 0, least <= 0)
    closed = all(one is two for one, two in children)
    if least == 1:
        sure = reduce(np.logical_or, [one for one, _ in children])
        return (sure, sure) if closed else (sure, reduce(np.logical_or, [two for _, two in children]))
    sure = _counted([one for one, _ in children]) >= least
    return (sure, sure) if closed else (sure, _counted([two for _, two in children]) >= least)


def _counted(masks: list[Array]) -> Array:
    total = np.zeros(len(masks[0]), np.int16)
    for mask in masks:
        total += mask.view(np.int8)
    return total
