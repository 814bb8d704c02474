"""Single changes of one fact that would make a test hold, each the least of its kind.

A number is moved along the grid of its unit (one person, one fen) up or down until the test holds; the test itself
is asked, so whatever formula lies between need not be inverted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from jinchuanggu.engines.rules.dates import NEVER
from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Statement
from jinchuanggu.engines.rules.formulas import (
    Age,
    Counted,
    Lookup,
    Mean,
    Quotient,
    Rate,
    Remaining,
    Total,
    Year,
    operands,
)
from jinchuanggu.engines.rules.model import Input, InputType, RuleSet
from jinchuanggu.engines.rules.outcome import Case
from jinchuanggu.engines.rules.selection import choose
from jinchuanggu.engines.rules.units import UNITS, decimal_of
from jinchuanggu.engines.rules.yearly import chosen_years, data_year

FAR = 1000
"""A number more than a thousand times itself away is out of reach."""

Fact = Fraction | bool | str | date | int | None
Place = tuple[str, int | None]
"""An input, and of a series the year."""


@dataclass(frozen=True, slots=True)
class Move:
    """One fact changed; ``cost`` is the relative change, 1 for what is not a number or was not known."""

    place: Place
    before: Fact
    after: Fact
    cost: Fraction
    item: Item | None = None


def numbers(rule_set: RuleSet, name: str) -> Iterator[str]:
    """The facts a number is made of that somebody could change, each once."""
    waiting, seen = [name], set[str]()
    while waiting:
        found = rule_set.inputs.get(waiting.pop())
        if found is None or found.id in seen:
            continue
        seen.add(found.id)
        if found.formula is None:
            if found.type is not InputType.EXPERT:
                yield found.id
            continue
        match found.formula:
            case Age():
                pass  # nobody grows older by an effort
            case Total(of=of) | Mean(of=of) | Rate(of=of):
                waiting.append(of)
            case other:
                waiting.extend(operands(other))
        if not found.computed:
            yield found.id


def below(rule_set: RuleSet, names: Iterable[str]) -> frozenset[str]:
    """The facts that stand under the line of a ratio these numbers are made of.

    They are not made smaller: nobody earns less, or lets people go, to look better in proportion.
    """
    found: set[str] = set()
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in rule_set.inputs:
            continue
        seen.add(name)
        formula = rule_set.inputs[name].formula
        if isinstance(formula, Quotient):
            found.update(numbers(rule_set, formula.denominator))
        if formula is not None:
            waiting.extend(operands(formula))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one fact: ``item`` to add to a list, ``hint`` a number known to do, ``shrink`` if less may."""

    item: Item | None = None
    hint: Fraction | None = None
    shrink: bool = True


PLAINLY = Asked()


def moves(case: Case, name: str, holds: Callable[[Facts], bool], asked: Asked = PLAINLY) -> Iterator[Move]:
    """The least changes of one fact that make the test hold."""
    declared = case.rule_set.inputs[name]
    match declared.type:
        case InputType.NUMBER:
            yield from _numeric(case, declared, None, holds, asked)
        case InputType.SERIES:
            for year in _years(case, name):
                yield from _numeric(case, declared, year, holds, asked)
        case InputType.BOOLEAN:
            statement = case.facts.statements.get(name)
            before = None if statement is None else statement.holds
            yield from _flat(case, declared, before, [True, False], holds)
        case InputType.CODE:
            codes = list(declared.options) or _codes(case.rule_set, name)
            yield from _flat(case, declared, case.facts.codes.get(name), codes, holds)
        case InputType.DATE:
            day = case.facts.dates.get(name)
            if any(
                isinstance(found.formula, Remaining) and found.formula.until == name for found in _all(case)
            ):
                yield from _flat(case, declared, None if day == NEVER else day, [case.on], holds)
        case InputType.LIST:
            yield from _longer(case, declared, holds, asked.item or _asked(case.rule_set, name))
        case InputType.EXPERT:
            return


def _all(case: Case) -> Iterator[Input]:
    return iter(case.rule_set.inputs.values())


def _codes(rule_set: RuleSet, name: str) -> list[str]:
    """Codes of an input without a list of its own: those some formula knows."""
    return [
        code
        for found in rule_set.inputs.values()
        if isinstance(found.formula, Lookup) and found.formula.by == name
        for code in found.formula.options
    ]


def _years(case: Case, name: str) -> Iterator[int]:
    """The years somebody may still report or better: the data year, one that is asked for, one that lacks."""
    last = data_year(case)
    asked = {last}
    for found in _all(case):
        if isinstance(found.formula, Year) and found.formula.of == name:
            asked.add(last - found.formula.back)
        elif isinstance(found.formula, Total | Mean) and found.formula.of == name:
            asked.update(range(last - found.formula.years + 1, last + 1))
        elif isinstance(found.formula, Rate) and found.formula.of == name:
            asked.update(range(last - found.formula.steps, last + 1))
    known = chosen_years(case, name)
    yield last
    for year in sorted(asked - {last}, reverse=True):
        if year not in known:
            yield year


def _numeric(
    case: Case, declared: Input, year: int | None, holds: Callable[[Facts], bool], asked: Asked
) -> Iterator[Move]:
    assert declared.unit is not None
    if year is None:
        reports = case.facts.reports.get(declared.id, ())
        before = choose(declared.id, declared.unit, reports, case.on).value
    else:
        known = chosen_years(case, declared.id).get(year)
        before = None if known is None else known.value
    step = UNITS[declared.unit].step or Fraction(1, 100)
    start = Fraction(0) if before is None else before
    place = (declared.id, year)

    def reaches(steps: int) -> bool:
        return holds(changed(case.facts, declared, place, start + steps * step))

    if before is None and asked.hint is not None and asked.hint >= 0:
        start = asked.hint
    if before is None and reaches(0):
        yield Move(place, None, start, Fraction(1))
        return
    for sign in (1, -1) if asked.shrink else (1,):
        far = int(max(abs(start), 1000 * step) * FAR / step) if sign > 0 else int(start / step)
        found = _nearest(reaches, sign, far)
        if found is None:
            continue
        after = start + sign * found * step
        cost = Fraction(1) if not before else abs(after - before) / abs(before)
        yield Move(place, before, after, cost)


def _nearest(reaches: Callable[[int], bool], sign: int, far: int) -> int | None:
    """The fewest steps, 1 to ``far``, that reach - supposing that once reached it stays so for a while."""
    if far < 1:
        return None
    low, high = 0, 1
    while not reaches(sign * high):
        if high == far:
            return None
        low, high = high, min(high * 16, far)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(sign * middle) else (middle, high)
    return high


def _flat(
    case: Case, declared: Input, before: Fact, options: Sequence[Fact], holds: Callable[[Facts], bool]
) -> Iterator[Move]:
    """A fact of few values: the first that does."""
    for option in options:
        if option != before and holds(changed(case.facts, declared, (declared.id, None), option)):
            yield Move((declared.id, None), before, option, Fraction(1))
            return


def _asked(rule_set: RuleSet, name: str) -> Item:
    """An item of a list such as a formula counts."""
    for found in rule_set.inputs.values():
        if isinstance(found.formula, Counted) and found.formula.of == name:
            return like(found.formula.where)
    return Item("")


def like(where: Mapping[str, tuple[str, ...]]) -> Item:
    """An item with the attributes asked for."""
    return Item("", {key: accepted[0] for key, accepted in where.items()})


def _longer(case: Case, declared: Input, holds: Callable[[Facts], bool], item: Item) -> Iterator[Move]:
    """More items in a list."""
    before = case.facts.lists.get(declared.id)
    held = 0 if before is None else len(before)
    place = (declared.id, None)
    for more in range(1, 51):
        if holds(changed(case.facts, declared, place, held + more, item)):
            cost = Fraction(more, held) if held else Fraction(1)
            yield Move(place, None if before is None else held, held + more, cost, item)
            return


def changed(facts: Facts, declared: Input, place: Place, after: Fact, item: Item | None = None) -> Facts:
    """The facts with one of them changed."""
    name, year = place
    match declared.type, after:
        case InputType.NUMBER, Fraction():
            return replace(facts, reports={**facts.reports, name: (Figure(decimal_of(after)),)})
        case InputType.SERIES, Fraction():
            kept = tuple(figure for figure in facts.reports.get(name, ()) if figure.period != year)
            figures = (*kept, Figure(decimal_of(after), year=year))
            return replace(facts, reports={**facts.reports, name: figures})
        case InputType.BOOLEAN, bool():
            return replace(facts, statements={**facts.statements, name: Statement(after)})
        case InputType.CODE, str():
            return replace(facts, codes={**facts.codes, name: after})
        case InputType.DATE, date():
            return replace(facts, dates={**facts.dates, name: after})
        case InputType.LIST, int():
            items = facts.lists.get(name, ())
            more = (item or Item(""),) * (after - len(items))
            return replace(facts, lists={**facts.lists, name: (*items, *more)})
    return facts
