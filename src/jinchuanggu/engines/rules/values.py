"""Named values: every formula of ``formulas.py``, evaluated exactly, with the evidence it rests on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from jinchuanggu.engines.rules import yearly
from jinchuanggu.engines.rules.dates import NEVER, day_text
from jinchuanggu.engines.rules.exact import Number, compare
from jinchuanggu.engines.rules.formulas import (
    Age,
    Constant,
    Counted,
    Formula,
    Greatest,
    Least,
    Lookup,
    Mean,
    Product,
    Quotient,
    Rate,
    Remaining,
    Share,
    Stairs,
    Stepped,
    Sum,
    Tiers,
    Total,
    Year,
)
from jinchuanggu.engines.rules.measured import Measured, evidence_of, failing, flags_of
from jinchuanggu.engines.rules.model import Input
from jinchuanggu.engines.rules.outcome import Case, holds
from jinchuanggu.engines.rules.result import Evidence
from jinchuanggu.engines.rules.selection import choose
from jinchuanggu.engines.rules.sets import counted
from jinchuanggu.engines.rules.units import convert

PERCENT = Fraction(100)


def measure(case: Case, name: str) -> Measured:
    """A number in the unit of its input: its chosen report, else what its formula gives."""
    if name not in case.measured:
        case.measured[name] = _measure(case, case.rule_set.inputs[name])
    return case.measured[name]


def _measure(case: Case, declared: Input) -> Measured:
    assert declared.unit is not None
    if declared.computed:
        assert declared.formula is not None
        return _computed(case, declared.formula, declared.unit)
    selection = choose(declared.id, declared.unit, case.facts.reports.get(declared.id, ()), case.on)
    if selection.value is not None:
        others = tuple(value for value in selection.values if value != selection.value)
        return Measured(selection.value, selection.evidence(), selection.flags(), others=others)
    if declared.formula is None:
        return Measured(None, missing=(declared.id,))
    assert isinstance(declared.formula, Sum)
    found = _sum(case, declared.formula, declared.unit)
    if not found.evidence:
        return Measured(None, missing=(declared.id,))
    if found.value is not None and found.rational < 0:
        return Measured(None, found.evidence, reason="negative_total")
    return Measured(found.value, found.evidence, found.flags | {"from_parts"}, found.missing, found.reason)


def _computed(case: Case, formula: Formula, unit: str) -> Measured:
    match formula:
        case Sum():
            return _sum(case, formula, unit)
        case Year():
            return yearly.year(case, formula)
        case Total():
            return yearly.total(case, formula)
        case Mean():
            return yearly.mean(case, formula)
        case Rate():
            return yearly.rate(case, formula)
        case Quotient(numerator, denominator):
            return quotient(case, numerator, denominator)
        case Share(of, percent):
            return _with(case, of, lambda value: value * percent / PERCENT)
        case Product(of=several):
            return _product(case, several)
        case Greatest(several):
            return _chosen(case, several, 1)
        case Least(several):
            return _chosen(case, several, -1)
        case Age(since, begun):
            return _dated(case, since, lambda day: None if day == NEVER else _aged(unit, day, case.on, begun))
        case Remaining(until):
            return _dated(case, until, lambda day: (day - case.on).days)
        case Stepped():
            return _stepped(case, formula)
        case Lookup():
            return _lookup(case, formula)
        case Tiers():
            return _with(case, formula.of, lambda value: _tiers(formula, value))
        case Stairs():
            return _with(case, formula.of, lambda value: _stairs(formula, value))
        case Constant(number):
            return Measured(number)
        case Counted(list_name, where):
            return counted(case, list_name, where)


def _sum(case: Case, formula: Sum, unit: str) -> Measured:
    parts = [(name, 1) for name in formula.plus] + [(name, -1) for name in formula.minus]
    found = [measure(case, name) for name, _ in parts]
    if (gone := failing(found)) is not None:
        return gone
    total = Fraction(0)
    for (name, sign), part in zip(parts, found, strict=True):
        own = case.rule_set.inputs[name].unit
        assert own is not None
        total += sign * convert(part.rational, own, unit)
    return Measured(total, evidence_of(found), flags_of(found))


def quotient(case: Case, numerator: str, denominator: str) -> Measured:
    """The exact quotient of two numbers in percent; the loader made sure both have one dimension."""
    over, under = measure(case, numerator), measure(case, denominator)
    if (gone := failing((over, under))) is not None:
        return gone
    evidence, flags = evidence_of((over, under)), over.flags | under.flags
    if under.value == 0:
        return Measured(None, evidence, flags, reason="zero_denominator")
    units = case.rule_set.inputs[numerator].unit, case.rule_set.inputs[denominator].unit
    assert units[0] is not None
    assert units[1] is not None
    value = convert(over.rational, units[0], units[1]) / under.rational * PERCENT
    return Measured(value, evidence, flags)


def _with(case: Case, name: str, make: Callable[[Fraction], Fraction]) -> Measured:
    part = measure(case, name)
    if part.value is None:
        return part
    return Measured(make(part.rational), part.evidence, part.flags)


def _product(case: Case, names: tuple[str, ...]) -> Measured:
    found = [measure(case, name) for name in names]
    if (gone := failing(found)) is not None:
        return gone
    value = Fraction(1)
    for part in found:
        value *= part.rational
    return Measured(value, evidence_of(found), flags_of(found))


def _chosen(case: Case, names: tuple[str, ...], sign: int) -> Measured:
    """The greatest (or least) of several. What is undefined is left out while anything else is defined."""
    found = [measure(case, name) for name in names]
    there = [part for part in found if not part.undefined]
    if (gone := failing(there or found)) is not None:
        return gone
    best: Number | None = None
    for part in there:
        assert part.value is not None
        if best is None or sign * compare(part.value, best) > 0:
            best = part.value
    return Measured(best, evidence_of(there), flags_of(there))


def _dated(case: Case, name: str, make: Callable[[date], int | None]) -> Measured:
    day = case.facts.dates.get(name)
    found = None if day is None else make(day)
    if day is None or found is None:
        return Measured(None, missing=(name,), reason="not_given")
    flags = frozenset({"never"}) if day == NEVER else frozenset[str]()
    return Measured(Fraction(found), (Evidence(name, day_text(day)),), flags)


def _aged(unit: str, since: date, on: date, begun: bool) -> int:
    """Full days, months or years, or begun ones; of a time yet to come the next whole number below (above)."""
    if unit == "days":
        return (on - since).days
    months = (on.year - since.year) * 12 + on.month - since.month
    months += (on.day > since.day) if begun else -(on.day < since.day)
    if unit == "months":
        return months
    return -(-months // 12) if begun else months // 12


def _stepped(case: Case, formula: Stepped) -> Measured:
    part = measure(case, formula.by)
    if part.value is None:
        return part
    value = next(
        (band.value for band in formula.bands if holds(part.value, band.operator, band.limit)),
        formula.otherwise,
    )
    return Measured(value, part.evidence, part.flags)


def _lookup(case: Case, formula: Lookup) -> Measured:
    code = case.facts.codes.get(formula.by)
    if code is None:
        return Measured(None, missing=(formula.by,), reason="not_given")
    value = formula.options.get(code, formula.otherwise)
    return Measured(value, (Evidence(formula.by, code),), reason="no_entry")


def _tiers(formula: Tiers, value: Fraction) -> Fraction:
    """Each slice at its own rate; what lies past the last limit adds nothing."""
    total, below = Fraction(0), Fraction(0)
    for tier in formula.tiers:
        top = value if tier.up_to is None else min(value, tier.up_to)
        if top > below:
            total += (top - below) * tier.percent / PERCENT
            below = top
    return total


def _stairs(formula: Stairs, value: Fraction) -> Fraction:
    if value < formula.first:
        return Fraction(0)
    return formula.gives + (value - formula.first) // formula.each * formula.adds
