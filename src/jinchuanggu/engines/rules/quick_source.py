"""Writes the source of a function that judges one record by one rule set: straight code, no dispatch, no objects.

Statuses inside are 2 met, 1 open, 0 not met, so that joining is adding up. The source holds only names and whole
numbers that this module makes itself; whatever a rule file says enters it as a constant by a made-up name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from jinchuanggu.engines.rules import quick_steps as steps
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
from jinchuanggu.engines.rules.pieces import by_bands
from jinchuanggu.engines.rules.program import Program, factor


class Source:
    """Lines of one function, and the constants they name. ``pairs``: numbers held as two variables; ``loose``: as one."""

    def __init__(self, program: Program, on: date) -> None:
        self.program = program
        self.on = on
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {
            name: getattr(steps, name) for name in dir(steps) if not name.startswith("__")
        }
        self.constants |= {"RULES": program.rule_set, "ON": on}
        self.pairs: dict[str, int] = {}
        self.loose: dict[str, int] = {}
        self.dates: dict[str, str] = {}
        self.series: dict[str, str] = {}
        self.count = 0
        if program.rule_set.data_period is None:
            self.last = str(on.year - 1)
        else:
            self.add("period = period_of(RULES, ON, R)")
            self.add(f"last = {on.year - 1} if period is None else period")
            self.last = "last"

    def add(self, line: str, depth: int = 0) -> None:
        self.lines.append("    " * (depth + 1) + line)

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def constant(self, value: Any) -> str:
        """A whole number as it is written, anything else by a name."""
        if isinstance(value, Fraction) and value.denominator == 1:
            value = value.numerator
        if value.__class__ is int:
            return f"({value})" if value < 0 else str(value)
        name = f"c{self.fresh()}"
        self.constants[name] = value
        return name

    def build(self, result: str) -> Callable[..., Any]:
        self.add(f"return {result}")
        text = "def judge(R):\n    G = R.get\n" + "\n".join(self.lines)
        exec(compile(text, "<rules>", "exec"), self.constants)
        made: Callable[..., Any] = self.constants["judge"]
        return made

    # numbers

    def pair(self, name: str) -> tuple[str, str]:
        """The two variables of a number."""
        if name not in self.pairs:
            index = self.fresh()
            self._write(name, index)
            self.pairs[name] = index
        return f"n{self.pairs[name]}", f"d{self.pairs[name]}"

    def rooted(self, name: str) -> bool:
        """Whether a number may be irrational."""
        formula = self.program.inputs[name].formula
        match formula:
            case Rate(method="compound"):
                return True
            case Greatest(several) | Least(several):
                return any(self.rooted(each) for each in several)
        return False

    def number(self, name: str) -> str:
        """The variable of a number as ``exact.py`` has them."""
        if name not in self.loose:
            index = self.fresh()
            if self.rooted(name):
                self._write_loose(name, index)
            else:
                over, under = self.pair(name)
                self.add(f"x{index} = loose(({over}, {under}))")
            self.loose[name] = index
        return f"x{self.loose[name]}"

    def compared(self, name: str, operator: str, limit: Fraction) -> str:
        """An expression for a known number against a limit."""
        if self.rooted(name):
            return f"compare({self.number(name)}, {self.fraction(limit)}) {operator} 0"
        over, under = self.pair(name)
        left = over if limit.denominator == 1 else f"{over} * {limit.denominator}"
        right = "0" if limit == 0 else under if limit == 1 else f"{self.constant(limit.numerator)} * {under}"
        return f"{left} {operator} {right}"

    def fraction(self, value: Fraction) -> str:
        name = f"c{self.fresh()}"
        self.constants[name] = value
        return name

    def missing(self, name: str) -> str:
        """An expression for a number without a value."""
        return (
            f"{self.number(name)}.__class__ is Gone" if self.rooted(name) else f"{self.pair(name)[0]} is None"
        )

    def reason(self, name: str) -> str:
        """Why there is none: 1, 0 or -1."""
        return f"{self.number(name)}.why" if self.rooted(name) else self.pair(name)[1]

    def _read(self, index: int, value: str) -> None:
        self.add(f"v = {value}")
        self.add("if v.__class__ is int:")
        self.add(f"n{index} = v; d{index} = 1", 1)
        self.add("else:")
        self.add(f"n{index}, d{index} = pair(v)", 1)

    def _series(self, name: str) -> str:
        if name not in self.series:
            variable = f"s{self.fresh()}"
            self.add(f"{variable} = G({self.constant(name)})")
            self.series[name] = variable
        return self.series[name]

    def _date(self, name: str | None) -> str:
        if name is None:
            return "None"
        if name not in self.dates:
            variable = f"t{self.fresh()}"
            self.add(f"{variable} = G({self.constant(name)})")
            self.dates[name] = variable
        return self.dates[name]

    def _both(self, name: str) -> str:
        over, under = self.pair(name)
        return f"({over}, {under})"

    def _write(self, name: str, index: int) -> None:
        declared = self.program.inputs[name]
        formula = declared.formula
        if not declared.computed:
            self._read(index, f"G({self.constant(name)})")
            if isinstance(formula, Sum):
                terms = self._terms(name, formula)
                self.add(f"if n{index} is None:")
                self.add(f"n{index}, d{index} = completed(UNKNOWN, lambda: summed({terms}))", 1)
            return
        assert formula is not None
        if isinstance(formula, Year):
            series = self._series(formula.of)
            year = str(self.on.year - 1 - formula.back) if self.last != "last" else f"last - {formula.back}"
            self._read(index, f"{series}.get({year}) if {series} else None")
        elif isinstance(formula, Quotient):
            self._quotient(formula, index)
        elif isinstance(formula, Remaining):
            day = self._date(formula.until)
            self.add(f"n{index} = None if {day} is None else ({day} - ON).days; d{index} = 1")
        else:
            self.add(f"n{index}, d{index} = {self._called(name, formula)}")

    def _quotient(self, formula: Quotient, index: int) -> None:
        over, below = self.pair(formula.numerator)
        under, above = self.pair(formula.denominator)
        scale = factor(self.program.inputs, formula.numerator, formula.denominator) * 100
        times = f" * {scale.numerator}" if scale.numerator != 1 else ""
        by = f" * {scale.denominator}" if scale.denominator != 1 else ""
        self.add(f"if {over} is None or {under} is None:")
        self.add(f"n{index}, d{index} = why(({over}, {below}), ({under}, {above}))", 1)
        self.add(f"elif {under} > 0:")
        self.add(f"n{index} = {over} * {above}{times}; d{index} = {below} * {under}{by}", 1)
        self.add(f"elif {under} == 0:")
        self.add(f"n{index} = None; d{index} = 0", 1)
        self.add("else:")
        self.add(f"n{index} = -{over} * {above}{times}; d{index} = -{below} * {under}{by}", 1)

    def _terms(self, name: str, formula: Sum) -> str:
        terms = []
        for each, sign in [*((each, 1) for each in formula.plus), *((each, -1) for each in formula.minus)]:
            scale = factor(self.program.inputs, each, name) * sign
            terms.append(f"({self._both(each)}, {scale.numerator}, {scale.denominator})")
        return f"({', '.join(terms)},)"

    def _called(self, name: str, formula: Formula) -> str:
        match formula:
            case Sum():
                return f"summed({self._terms(name, formula)})"
            case Total(of=of, since=since) | Mean(of=of, since=since):
                return (
                    f"total({self._series(of)}, {self.constant(formula)}, {self.last}, {self._date(since)})"
                )
            case Rate(of=of, since=since):
                return f"rate({self._series(of)}, {self.constant(formula)}, {self.last}, {self._date(since)})"
            case Share(of, percent):
                share = percent / 100
                return f"share({self._both(of)}, {share.numerator}, {share.denominator})"
            case Product(several):
                return f"product(({', '.join(self._both(each) for each in several)},))"
            case Greatest(several) | Least(several):
                sign = 1 if isinstance(formula, Greatest) else -1
                return f"chosen(({', '.join(self._both(each) for each in several)},), {sign})"
            case Age(since, begun):
                unit = self.program.inputs[name].unit or "days"
                return f"age(ON, {self._date(since)}, {self.constant(unit)}, {begun})"
            case Stepped():
                return self._stepped(formula)
            case Lookup(by=by):
                return f"looked_up(G({self.constant(by)}), {self.constant(formula)})"
            case Tiers(of=of):
                return f"tiers({self._both(of)}, {self.constant(formula)})"
            case Stairs(of=of):
                return f"stairs({self._both(of)}, {self.constant(formula)})"
            case Constant(value):
                return f"{value.numerator}, {value.denominator}"
            case Counted(of, where):
                return f"number_of(RULES, ON, R, {self.constant(of)}, {self.constant(where)})"
        raise TypeError(formula)

    def _stepped(self, formula: Stepped) -> str:
        found = by_bands(
            [(step.operator, step.limit, step.value) for step in formula.bands], formula.otherwise
        )
        cuts = tuple((cut.limit.numerator, cut.limit.denominator, cut.closed) for cut in found.cuts)
        outcomes = tuple((value.numerator, value.denominator) for value in found.outcomes)
        tail = f"{self.constant(cuts)}, {self.constant(outcomes)})"
        if self.rooted(formula.by):
            return f"loosely_stepped({self.number(formula.by)}, {tail}"
        return f"stepped({self._both(formula.by)}, {tail}"

    def _write_loose(self, name: str, index: int) -> None:
        formula = self.program.inputs[name].formula
        if isinstance(formula, Rate):
            self.add(f"x{index} = {self._called(name, formula)}")
            return
        assert isinstance(formula, Greatest | Least)
        sign = 1 if isinstance(formula, Greatest) else -1
        parts = ", ".join(self.number(each) for each in formula.of)
        self.add(f"x{index} = loosely_chosen(({parts},), {sign})")
