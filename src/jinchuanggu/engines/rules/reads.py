"""Which inputs and values a rule set uses, directly or through formulas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.formulas import operands
from jinchuanggu.engines.rules.model import (
    Count,
    Criterion,
    DataPeriod,
    Expert,
    Growth,
    Includes,
    Input,
    IsTrue,
    Joined,
    OneOf,
    Pending,
    Ratio,
    Ref,
    Score,
    ScorePart,
    Threshold,
)


def reads(
    criteria: Iterable[Criterion],
    scores: Iterable[ScorePart],
    benefit: Benefit | None,
    period: DataPeriod | None,
    inputs: Mapping[str, Input],
) -> tuple[str, ...]:
    """The names used, in the order of ``inputs``: every value after those it is made of."""
    waiting = [*_of_criteria(criteria), *_of_parts(scores)]
    if benefit is not None:
        waiting.extend(name for name in (benefit.low, benefit.high) if name is not None)
    if period is not None:
        waiting.extend(period.inputs)
    return closure(waiting, inputs)


def closure(names: Iterable[str], inputs: Mapping[str, Input]) -> tuple[str, ...]:
    """The names and all they are made of, in the order of ``inputs``."""
    waiting, found = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in found or name not in inputs:
            continue
        found.add(name)
        formula = inputs[name].formula
        if formula is not None:
            waiting.extend(operands(formula))
    return tuple(name for name in inputs if name in found)


def _of_criteria(criteria: Iterable[Criterion | Ref]) -> Iterator[str]:
    waiting = list(criteria)
    while waiting:
        criterion = waiting.pop()
        if isinstance(criterion, Ref):
            continue
        match criterion.test:
            case Joined(children=children):
                waiting.extend(children)
            case Threshold(input=name, limit=limit):
                yield name
                if isinstance(limit, str):
                    yield limit
            case Ratio(numerator=numerator, denominator=denominator):
                yield numerator
                yield denominator
            case Score(parts=parts):
                yield from _of_parts(parts)
            case Pending():
                pass
            case Growth() | Count() | Includes() | OneOf() | IsTrue() | Expert():
                yield criterion.test.input


def _of_parts(parts: Iterable[ScorePart]) -> Iterator[str]:
    waiting = list(parts)
    while waiting:
        part = waiting.pop()
        waiting.extend(part.parts)
        names = (part.input, *(part.ratio or ()), part.code, part.statement, part.judge)
        yield from (name for name in names if name is not None)
