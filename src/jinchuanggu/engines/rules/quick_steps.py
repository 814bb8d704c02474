"""What the generated code of ``quick`` calls: numbers as pairs of whole numbers, over and under.

A pair without a value has None above; below it says why: 1 not known, 0 undefined, -1 undefined and to be looked at
by people. What only comparisons may read (compound rates) are numbers of ``exact.py`` instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from jinchuanggu.engines.rules.exact import Number, compare, rate_of
from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement
from jinchuanggu.engines.rules.formulas import Lookup, Mean, Rate, Stairs, Tiers, Total
from jinchuanggu.engines.rules.growth import data_period, growth
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Count, Growth, RuleSet
from jinchuanggu.engines.rules.outcome import Case
from jinchuanggu.engines.rules.sets import count, counted

Pair = tuple[Any, int]
Loose = Number | int
"""A number of ``exact.py``, or one of the codes above for none."""
Record = Mapping[str, Any]

UNKNOWN: Pair = (None, 1)
UNDEFINED: Pair = (None, 0)
REVIEW: Pair = (None, -1)
CODES = {Status.MET: 2, Status.NOT_EVIDENCED: 1, Status.NOT_MET: 0}


class Gone:
    """No number, in the place of one that only comparisons read; ``why`` as below a pair without a value."""

    __slots__ = ("why",)

    def __init__(self, why: int) -> None:
        self.why = why


def pair(value: Any) -> Pair:
    """Any number as it is written: a float means the decimal it prints. NaN and None are not known."""
    if value is None or value != value:
        return UNKNOWN
    if isinstance(value, float):
        value = Fraction(repr(value))
    numerator, denominator = value.as_integer_ratio()
    return int(numerator), int(denominator)


def why(*parts: Pair) -> Pair:
    """What several operands leave open together: unknown before undefined."""
    reasons = [under for over, under in parts if over is None]
    return (None, 1 if 1 in reasons else min(reasons))


def summed(terms: tuple[tuple[Pair, int, int], ...]) -> Pair:
    """Pairs, each with the whole numbers its factor is made of."""
    over, under = 0, 1
    for (one, below), times, by in terms:
        if one is None:
            return why(*(part for part, _, _ in terms))
        below *= by
        over, under = over * below + one * times * under, under * below
    return over, under


def completed(own: Pair, made: Callable[[], Pair]) -> Pair:
    """A report, else the sum of the parts; less than nothing is a contradiction and no value."""
    if own[0] is not None:
        return own
    found = made()
    return UNKNOWN if found[0] is not None and found[0] < 0 else found


def share(part: Pair, times: int, by: int) -> Pair:
    return part if part[0] is None else (part[0] * times, part[1] * by)


def product(parts: tuple[Pair, ...]) -> Pair:
    over, under = 1, 1
    for one, below in parts:
        if one is None:
            return why(*parts)
        over, under = over * one, under * below
    return over, under


def chosen(parts: tuple[Pair, ...], sign: int) -> Pair:
    """The greatest (or least): what is undefined is left out while anything else is not."""
    there = [part for part in parts if part[0] is not None or part[1] == 1] or list(parts)
    if any(over is None for over, _ in there):
        return why(*there)
    best = there[0]
    for one in there[1:]:
        if (one[0] * best[1] - best[0] * one[1]) * sign > 0:
            best = one
    return best


def loosely_chosen(parts: tuple[Any, ...], sign: int) -> Any:
    """The same of numbers that may be roots."""
    there = [part for part in parts if not isinstance(part, Gone) or part.why == 1] or list(parts)
    gone = [part.why for part in there if isinstance(part, Gone)]
    if gone:
        return Gone(1 if 1 in gone else min(gone))
    best = there[0]
    for one in there[1:]:
        if compare(one, best) * sign > 0:
            best = one
    return best


def loose(part: Pair) -> Any:
    """A pair as a number of ``exact.py``."""
    return Gone(part[1]) if part[0] is None else Fraction(part[0], part[1])


def _years(series: Any, first: int, last: int) -> list[Fraction] | None:
    found = []
    for year in range(first, last + 1):
        over, under = pair(series.get(year)) if series else UNKNOWN
        if over is None:
            return None
        found.append(Fraction(over, under))
    return found


def total(series: Any, formula: Total | Mean, last: int, since: date | None) -> Pair:
    first = last - formula.years + 1
    if since is not None and since.year > first:
        first = since.year
    if first > last:
        return UNDEFINED
    found = _years(series, first, last)
    if found is None:
        return UNKNOWN
    value = sum(found, Fraction(0))
    if isinstance(formula, Mean):
        value /= len(found)
    return value.numerator, value.denominator


def rate(series: Any, formula: Rate, last: int, since: date | None) -> Any:
    """A pair for the mean, a number of ``exact.py`` (or Gone) for compound growth."""
    compound = formula.method == "compound"
    found = _rate(series, formula, last, since)
    if compound:
        return Gone(found) if isinstance(found, int) else found
    if isinstance(found, int):
        return (None, found)
    assert isinstance(found, Fraction)
    return found.numerator, found.denominator


def _rate(series: Any, formula: Rate, last: int, since: date | None) -> Loose:
    first = last - formula.steps
    if since is not None and since.year > first:
        first = since.year
    if first >= last:
        return -1  # too young for a rate: for a person to look at
    while formula.shorten_zero and first < last - 1 and series and pair(series.get(first))[0] == 0:
        first += 1
    if formula.method == "compound":
        one, other = _years(series, first, first), _years(series, last, last)
        if one is None or other is None:
            return 1
        if one[0] <= 0 or other[0] < 0:
            return 0
        return rate_of(other[0] / one[0], last - first)
    run = _years(series, first, last)
    if run is None:
        return 1
    bases = run[:-1]
    if 0 in bases:
        return 0
    grown = (sum((after / before for before, after in pairwise(run)), Fraction(0)) / len(bases) - 1) * 100
    if min(bases) < 0:
        return -1 if grown > 0 else 0
    return grown


def age(on: date, since: date | None, unit: str, begun: bool = False) -> Pair:
    if since is None:
        return UNKNOWN
    if unit == "days":
        return (on - since).days, 1
    months = (on.year - since.year) * 12 + on.month - since.month
    if begun:
        months += on.day > since.day
        return (months if unit == "months" else -(-months // 12)), 1
    months -= on.day < since.day
    return (months if unit == "months" else months // 12), 1


def stepped(part: Pair, cuts: tuple[tuple[int, int, bool], ...], outcomes: tuple[Pair, ...]) -> Pair:
    """The outcome of the piece the number lies in; cuts from the lowest."""
    over, under = part
    if over is None:
        return part
    at = 0
    for numerator, denominator, closed in cuts:
        left, right = over * denominator, numerator * under
        if left > right or (closed and left == right):
            at += 1
        else:
            break
    return outcomes[at]


def loosely_stepped(value: Any, cuts: tuple[tuple[int, int, bool], ...], outcomes: tuple[Pair, ...]) -> Pair:
    if isinstance(value, Gone):
        return None, value.why
    at = 0
    for numerator, denominator, closed in cuts:
        sign = compare(value, Fraction(numerator, denominator))
        if sign > 0 or (closed and sign == 0):
            at += 1
        else:
            break
    return outcomes[at]


def looked_up(code: str | None, formula: Lookup) -> Pair:
    if code is None:
        return UNKNOWN
    value = formula.options.get(code, formula.otherwise)
    return UNDEFINED if value is None else (value.numerator, value.denominator)


def tiers(part: Pair, formula: Tiers) -> Pair:
    if part[0] is None:
        return part
    value = Fraction(*part)
    found, below = Fraction(0), Fraction(0)
    for tier in formula.tiers:
        top = value if tier.up_to is None else min(value, tier.up_to)
        if top > below:
            found += (top - below) * tier.percent / 100
            below = top
    return found.numerator, found.denominator


def stairs(part: Pair, formula: Stairs) -> Pair:
    if part[0] is None:
        return part
    value = Fraction(*part)
    if value < formula.first:
        return 0, 1
    found = formula.gives + (value - formula.first) // formula.each * formula.adds
    return found.numerator, found.denominator


def items(record: Record, name: str) -> tuple[Item, ...] | None:
    """A list as items, however it is written."""
    found = record.get(name)
    if found is None:
        return None
    return tuple(
        entry
        if isinstance(entry, Item)
        else Item(
            str(entry.get("name", "")),
            {str(key): str(value) for key, value in entry.items() if key != "name" and value is not None},
        )
        if isinstance(entry, Mapping)
        else Item(str(entry))
        for entry in found
    )


def listed(rules: RuleSet, on: date, record: Record, test: Count) -> int:
    """The status of a count; lists are looked at the way the full evaluation does."""
    found = items(record, test.input)
    case = Case(rules, Facts(lists={} if found is None else {test.input: found}), on, None)
    return CODES[count(case, test).status]


def number_of(
    rules: RuleSet, on: date, record: Record, name: str, where: Mapping[str, tuple[str, ...]]
) -> Pair:
    found = items(record, name)
    case = Case(rules, Facts(lists={} if found is None else {name: found}), on, None)
    value = counted(case, name, where).value
    return UNKNOWN if not isinstance(value, Fraction) else (value.numerator, value.denominator)


def includes(record: Record, name: str, item: str) -> int:
    found = items(record, name)
    return 1 if found is None else 2 if any(each.name == item for each in found) else 0


def _reports(record: Record, name: str) -> tuple[Figure, ...]:
    series = record.get(name) or {}
    return tuple(
        Figure(Decimal(over) / Decimal(under), year=year)
        for year, value in series.items()
        for over, under in (pair(value),)
        if over is not None
    )


def period_of(rules: RuleSet, on: date, record: Record) -> int | None:
    """The year the yearly figures belong to."""
    assert rules.data_period is not None
    reports = {name: _reports(record, name) for name in rules.data_period.inputs}
    return data_period(Case(rules, Facts(reports), on, None), rules.data_period.inputs)


def grown(rules: RuleSet, on: date, record: Record, test: Growth, period: int | None) -> int:
    case = Case(rules, Facts({test.input: _reports(record, test.input)}), on, period)
    return CODES[growth(case, test).status]


def judgement(record: Record, name: str) -> Judgement | None:
    found = record.get(name)
    if found is None or isinstance(found, Judgement):
        return found
    if isinstance(found, Mapping):
        return Judgement(found.get("score"), found.get("passed"))
    return Judgement(Decimal(str(found)))


def judged(record: Record, name: str, most: Any) -> Any:
    """The points experts gave, within bounds; None: not yet."""
    found = judgement(record, name)
    if found is None or found.score is None:
        return None
    over, under = pair(found.score)
    points = over if under == 1 else Fraction(over, under)
    return min(max(points, 0), most)


def passed(record: Record, name: str) -> int:
    found = judgement(record, name)
    return 1 if found is None or found.passed is None else 2 if found.passed else 0


def fen(part: Pair, times: int, by: int) -> int | None:
    """A share of an amount in whole fen, half up, never below zero."""
    if part[0] is None:
        return None
    over, under = part[0] * times * 100, part[1] * by
    half_up: int = (2 * over + under) // (2 * under)
    return max(half_up, 0)


__all__ = ["compare"]  # the generated code calls it; everything else here is its own
