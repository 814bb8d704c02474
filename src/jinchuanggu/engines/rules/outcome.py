"""What one test finds, before the criterion's title, article and advice are put around it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jinchuanggu.engines.rules.exact import Number, compare, shown
from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.measured import Measured
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.result import Evidence, Finding, Value
from jinchuanggu.engines.rules.selection import Selection
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.units import UNITS, decimal_of


@dataclass(frozen=True, slots=True)
class Case:
    """One evaluation: these rules, these facts, this day, and the year the yearly facts belong to.

    ``measured``, ``years`` and ``points`` keep what was worked out once: numbers by id, series by id and year, parts
    of scores (``Scored``) by their identity.
    """

    rule_set: RuleSet
    facts: Facts
    on: date
    period: int | None
    measured: dict[str, Measured] = field(default_factory=dict)
    years: dict[str, dict[int, Selection]] = field(default_factory=dict)
    points: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a test; numbers are in ``unit``. ``label``: a code as people call it."""

    status: Status
    reason: str
    value: Value = None
    threshold: Value = None
    operator: str | None = None
    wording: str | None = None
    unit: str | None = None
    distance: Decimal | None = None
    margin: Decimal | None = None
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    flags: frozenset[str] = field(default_factory=frozenset)
    input: str | None = None
    children: tuple[Finding, ...] = ()
    high: Decimal | None = None
    label: Text | None = None


def holds(value: Number, operator: Operator, limit: Number) -> bool:
    """An exact comparison."""
    sign = compare(value, limit)
    match operator:
        case Operator.AT_LEAST:
            return sign >= 0
        case Operator.MORE:
            return sign > 0
        case Operator.AT_MOST:
            return sign <= 0
        case Operator.LESS:
            return sign < 0
        case Operator.EQUAL:
            return sign == 0


def margin_of(value: Fraction, operator: Operator, limit: Fraction) -> Fraction:
    """How far on the right side of the limit, negative on the wrong one."""
    if operator in (Operator.AT_LEAST, Operator.MORE):
        return value - limit
    if operator in (Operator.AT_MOST, Operator.LESS):
        return limit - value
    return -abs(value - limit)


def distance_of(value: Fraction, operator: Operator, limit: Fraction, step: Fraction) -> Fraction:
    """The least change that would satisfy the test; a strict operator asks for one ``step`` more."""
    distance = -margin_of(value, operator, limit)
    return distance + step if operator in (Operator.MORE, Operator.LESS) else distance


def compared(
    value: Number,
    operator: Operator,
    limit: Number,
    unit: str,
    *,
    wording: str,
    reasons: tuple[str, str] | None = None,
    evidence: Iterable[Evidence] = (),
    flags: frozenset[str] = frozenset(),
    input: str | None = None,
) -> Outcome:
    """The outcome of a known value against a limit. ``reasons``: of success and failure, else by operator."""
    met = holds(value, operator, limit)
    over = operator in (Operator.AT_MOST, Operator.LESS) or compare(value, limit) > 0
    good, bad = reasons or ("meets", "over" if over else "short")
    # only a distance is ever rounded, never the decision
    value, limit = shown(value), shown(limit)
    distance = None if met else distance_of(value, operator, limit, UNITS[unit].step)
    return Outcome(
        status=Status.MET if met else Status.NOT_MET,
        reason=good if met else bad,
        value=decimal_of(value),
        threshold=decimal_of(limit),
        operator=operator.value,
        wording=wording,
        unit=unit,
        distance=None if distance is None else decimal_of(distance),
        margin=decimal_of(margin_of(value, operator, limit)),
        evidence=tuple(evidence),
        flags=flags,
        input=input,
    )


def unknown(
    reason: str,
    operator: Operator | None = None,
    limit: Number | None = None,
    unit: str | None = None,
    *,
    wording: str | None = None,
    value: Number | None = None,
    evidence: Iterable[Evidence] = (),
    missing: tuple[str, ...] = (),
    flags: frozenset[str] = frozenset(),
    input: str | None = None,
) -> Outcome:
    """Not evidenced: neither a distance nor a margin, only what is missing."""
    return Outcome(
        status=Status.NOT_EVIDENCED,
        reason=reason,
        value=None if value is None else decimal_of(shown(value)),
        threshold=None if limit is None else decimal_of(shown(limit)),
        operator=operator.value if operator else None,
        wording=wording,
        unit=unit,
        evidence=tuple(evidence),
        missing=missing,
        flags=flags,
        input=input,
    )
