"""The compiled form of a rule set: which numbers are made, in which order, and against what each is compared.

Both fast ways of running a rule set (``columns`` for many subjects, ``quick`` for one) read this form, so they share
every decision about names, units and band edges. Plain Python; compiled once per rule set.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from jinchuanggu.engines.rules.benefit import Benefit
from jinchuanggu.engines.rules.formulas import (
    Constant,
    Formula,
    Lookup,
    Quotient,
    Stepped,
    Sum,
    Tiers,
    operands,
)
from jinchuanggu.engines.rules.model import (
    Criterion,
    Input,
    InputType,
    Joined,
    Ratio,
    RuleSet,
    Score,
    ScorePart,
    Threshold,
)
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import UNITS


@dataclass(frozen=True, slots=True)
class Difference(Sum):
    """A number less its named limit; only its sign is asked for, so that either may be irrational."""


@dataclass(frozen=True, slots=True)
class Program:
    """One rule set, ready to run.

    ``inputs``: the declared ones and those the tests imply (a ratio, the difference of two named values).
    ``numbers``: names of numbers and named values that are read, operands before what is made of them.
    ``limits``: what each number is compared with, sorted; only numbers that are compared have an entry; ``edges``:
    the same with the floats that stand for them.
    ``uses``: how often each number is read, so that it need not be kept longer.
    ``criteria``: every criterion, children before parents. ``schemes``: the score schemes and inline scores by id.
    """

    rule_set: RuleSet
    inputs: dict[str, Input]
    numbers: tuple[str, ...]
    limits: dict[str, tuple[Fraction, ...]]
    edges: dict[str, tuple[tuple[float, Fraction], ...]]
    uses: dict[str, int]
    criteria: tuple[Criterion, ...]
    by_id: dict[str, Criterion]
    schemes: dict[str, ScorePart]
    groups: dict[str, ScorePart]
    reads: tuple[str, ...]


_PROGRAMS: dict[int, tuple[RuleSet, Program]] = {}


def program(rule_set: RuleSet) -> Program:
    """The program of a rule set; kept while it is among the last few hundred used."""
    kept = _PROGRAMS.get(id(rule_set))
    if kept is not None and kept[0] is rule_set:
        return kept[1]
    if len(_PROGRAMS) >= 256:
        _PROGRAMS.clear()
    compiled = _Compiler(rule_set).compile()
    _PROGRAMS[id(rule_set)] = (rule_set, compiled)
    return compiled


def ratio_name(numerator: str, denominator: str) -> str:
    """The name of a quotient in percent that a test or a band asks for without a value of its own."""
    return f"{numerator}/{denominator}"


def difference_name(of: str, versus: str) -> str:
    """The name of what remains of a number after a named limit."""
    return f"{of}-{versus}"


def factor(inputs: dict[str, Input], source: str, target: str) -> Fraction:
    """How many units of ``target`` one unit of ``source`` is; 1 where they cannot be converted (products)."""
    one, other = inputs[source].unit, inputs[target].unit
    if one is None or other is None or UNITS[one].dimension != UNITS[other].dimension:
        return Fraction(1)
    return UNITS[one].factor / UNITS[other].factor


def is_number(declared: Input) -> bool:
    return declared.type in (InputType.NUMBER, InputType.SERIES)


@dataclass(slots=True)
class _Compiler:
    rule_set: RuleSet
    inputs: dict[str, Input] = field(default_factory=dict)
    numbers: dict[str, None] = field(default_factory=dict)
    limits: dict[str, set[Fraction]] = field(default_factory=dict)
    reads: dict[str, None] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    def compile(self) -> Program:
        rules = self.rule_set
        self.inputs = dict(rules.inputs)
        schemes = {part.id: part for part in rules.scores}
        ordered = list(_ordered(rules))
        for criterion in ordered:
            test = criterion.test
            match test:
                case Threshold():
                    self._threshold(test)
                case Ratio():
                    self._against(self._quotient(test.numerator, test.denominator), [test.limit])
                case Score(of=None):
                    schemes[criterion.id] = inline(criterion.id, test)
                case Joined() | Score():
                    pass
                case _:
                    name = getattr(test, "input", None)
                    if name is not None:
                        self.reads[name] = None
        groups = {part.id: part for scheme in schemes.values() for part in parts_of(scheme)}
        for scheme in schemes.values():
            for part in parts_of(scheme):
                self._part(part)
        if (benefit := rules.benefit) is not None:
            for name in _amounts(benefit):
                self._need(name)
        limits = {name: tuple(sorted(found)) for name, found in self.limits.items()}
        return Program(
            rule_set=rules,
            inputs=self.inputs,
            numbers=tuple(self.numbers),
            limits=limits,
            edges={name: tuple((float(limit), limit) for limit in found) for name, found in limits.items()},
            uses=self.uses,
            criteria=tuple(ordered),
            by_id={criterion.id: criterion for criterion in ordered},
            schemes=schemes,
            groups=groups,
            reads=tuple(self.reads),
        )

    def _threshold(self, test: Threshold) -> None:
        if isinstance(test.limit, Fraction):
            self._against(test.input, [test.limit])
            return
        known = self._finite(test.limit)
        if known is not None:
            # a limit that takes few values is met with plain comparisons once both sides are sound at each of them
            scale = factor(self.inputs, test.limit, test.input)
            if scale == 1:
                self._need(test.limit)
                self._against(test.input, known)
                return
        name = difference_name(test.input, test.limit)
        unit = self.inputs[test.input].unit
        self._imply(name, unit, Difference((test.input,), (test.limit,)))
        self._against(name, [Fraction(0)])

    def _finite(self, name: str) -> list[Fraction] | None:
        """The values a named limit can take, if they are few and each is what a float prints."""
        match self.inputs[name].formula:
            case Stepped(bands=bands, otherwise=otherwise):
                found = [*(step.value for step in bands), otherwise]
            case Lookup(options=options, otherwise=other):
                found = [*options.values(), *([] if other is None else [other])]
            case Constant(value):
                found = [value]
            case _:
                return None
        return found if all(Fraction(repr(float(value))) == value for value in found) else None

    def _quotient(self, numerator: str, denominator: str) -> str:
        name = ratio_name(numerator, denominator)
        self._imply(name, "percent", Quotient(numerator, denominator))
        return name

    def _imply(self, name: str, unit: str | None, formula: Formula) -> None:
        if name not in self.inputs:
            self.inputs[name] = Input(name, InputType.NUMBER, same(name), unit, formula, computed=True)

    def _part(self, part: ScorePart) -> None:
        if part.input is not None:
            self._against(part.input, [band.limit for band in part.bands])
        elif part.ratio is not None:
            self._against(self._quotient(*part.ratio), [band.limit for band in part.bands])
        for name in (part.code, part.statement, part.judge):
            if name is not None:
                self.reads[name] = None

    def _against(self, name: str, limits: list[Fraction]) -> None:
        self._need(name)
        self.limits.setdefault(name, set()).update(limits)

    def _need(self, name: str) -> None:
        self.uses[name] = self.uses.get(name, 0) + 1
        if name in self.numbers:
            return
        declared = self.inputs[name]
        if not is_number(declared):
            self.reads[name] = None
            return
        formula = declared.formula
        if formula is not None:
            for operand in operands(formula):
                self._need(operand)
            match formula:
                case Stepped(by=by, bands=bands):
                    self.limits.setdefault(by, set()).update(step.limit for step in bands)
                case Tiers(of=of, tiers=tiers):
                    # continuous at its limits, but a value that was cut there must not slip
                    self.limits.setdefault(of, set()).update(
                        tier.up_to for tier in tiers if tier.up_to is not None
                    )
        self.numbers[name] = None


def inline(name: str, test: Score) -> ScorePart:
    """An inline score as a part, so that there is one way to add points up."""
    most = sum((part.most for part in test.parts), Fraction(0))
    return ScorePart(name, same(name), None, None, (), Fraction(0), most, parts=test.parts, cap=test.cap)


def parts_of(part: ScorePart) -> Iterator[ScorePart]:
    """A part and all parts inside it."""
    yield part
    for child in part.parts:
        yield from parts_of(child)


def _ordered(rules: RuleSet) -> Iterator[Criterion]:
    """Children and what is referred to before what joins them; the loader made sure there are no circles."""
    listed = {criterion.id: criterion for criterion in rules.walk()}
    done: set[str] = set()

    def visit(criterion: Criterion) -> Iterator[Criterion]:
        if criterion.id in done:
            return
        done.add(criterion.id)
        if isinstance(criterion.test, Joined):
            for child in criterion.test.children:
                yield from visit(child if isinstance(child, Criterion) else listed[child.id])
        yield criterion

    for criterion in rules.criteria:
        yield from visit(criterion)


def _amounts(benefit: Benefit) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in (benefit.low, benefit.high) if name is not None))
