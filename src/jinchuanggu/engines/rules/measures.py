"""Numbers: thresholds and ratios, from reports or from parts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.formulas import Sum
from jinchuanggu.engines.rules.model import Input, Ratio, Threshold
from jinchuanggu.engines.rules.outcome import Case, Outcome, compared, holds, unknown
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.selection import choose
from jinchuanggu.engines.rules.units import convert

PERCENT = Fraction(100)


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of a number input, or why there is none."""

    value: Fraction | None
    evidence: tuple[Evidence, ...]
    flags: frozenset[str]
    missing: tuple[str, ...]
    reason: str = "no_report"
    others: tuple[Fraction, ...] = ()


def measure(case: Case, name: str) -> Measured:
    """A number in the unit of its input: its chosen report, else the sum of its parts when all are known."""
    declared = case.rule_set.inputs[name]
    assert declared.unit is not None
    selection = choose(name, declared.unit, case.facts.reports.get(name, ()), case.on)
    if selection.value is not None:
        others = tuple(value for value in selection.values if value != selection.value)
        return Measured(selection.value, selection.evidence(), selection.flags(), (), others=others)
    if declared.formula is None:
        return Measured(None, (), frozenset(), (name,))
    return _from_parts(case, declared)


def _from_parts(case: Case, declared: Input) -> Measured:
    assert isinstance(declared.formula, Sum)
    assert declared.unit is not None
    parts = [(part, 1) for part in declared.formula.plus] + [(part, -1) for part in declared.formula.minus]
    found = [(measure(case, part), part, sign) for part, sign in parts]
    evidence = tuple(piece for part, _, _ in found for piece in part.evidence)
    if not evidence:
        return Measured(None, (), frozenset(), (declared.id,))
    missing = tuple(name for part, _, _ in found for name in part.missing)
    if missing:
        return Measured(None, evidence, frozenset(), missing)
    total = Fraction(0)
    for part, name, sign in found:
        if part.value is None:
            return Measured(None, evidence, frozenset(), (), part.reason)
        unit = case.rule_set.inputs[name].unit
        assert unit is not None
        total += sign * convert(part.value, unit, declared.unit)
    if total < 0:
        return Measured(None, evidence, frozenset(), (), "negative_total")
    flags = frozenset({"from_parts"}).union(*(part.flags for part, _, _ in found))
    return Measured(total, evidence, flags, ())


def threshold(case: Case, test: Threshold) -> Outcome:
    assert isinstance(test.limit, Fraction)
    measured = measure(case, test.input)
    if measured.value is None:
        return unknown(
            measured.reason,
            test.operator,
            test.limit,
            test.unit,
            wording=test.wording,
            evidence=measured.evidence,
            missing=measured.missing,
            input=test.input,
        )
    met = holds(measured.value, test.operator, test.limit)
    flags = measured.flags
    if any(holds(other, test.operator, test.limit) is not met for other in measured.others):
        flags |= {"choice_decides"}
    return compared(
        measured.value,
        test.operator,
        test.limit,
        test.unit,
        wording=test.wording,
        evidence=measured.evidence,
        flags=flags,
        input=test.input,
    )


@dataclass(frozen=True, slots=True)
class Quotient:
    """A ratio in percent, or why there is none."""

    value: Fraction | None
    reason: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    flags: frozenset[str]


def quotient(case: Case, numerator: str, denominator: str) -> Quotient:
    """The exact quotient of two numbers in percent; the loader made sure both have one dimension."""
    over, under = measure(case, numerator), measure(case, denominator)
    evidence, missing = over.evidence + under.evidence, over.missing + under.missing
    flags = over.flags | under.flags
    if over.value is None or under.value is None:
        reason = over.reason if over.value is None else under.reason
        return Quotient(None, reason, evidence, missing, flags)
    if under.value == 0:
        return Quotient(None, "zero_denominator", evidence, (), flags)
    units = case.rule_set.inputs[numerator].unit, case.rule_set.inputs[denominator].unit
    assert units[0] is not None
    assert units[1] is not None
    value = convert(over.value, units[0], units[1]) / under.value * PERCENT
    return Quotient(value, "", evidence, (), flags)


def ratio(case: Case, test: Ratio) -> Outcome:
    found = quotient(case, test.numerator, test.denominator)
    if found.value is None:
        return unknown(
            found.reason,
            test.operator,
            test.limit,
            "percent",
            wording=test.wording,
            evidence=found.evidence,
            missing=found.missing,
            flags=found.flags,
            input=test.numerator,
        )
    return compared(
        found.value,
        test.operator,
        test.limit,
        "percent",
        wording=test.wording,
        evidence=found.evidence,
        flags=found.flags,
        input=test.numerator,
    )
