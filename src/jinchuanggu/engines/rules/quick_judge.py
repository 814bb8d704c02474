"""Writes the statuses, points and amount of a rule set into a ``Source``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

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
    Ratio,
    Score,
    ScorePart,
    Threshold,
)
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.pieces import by_bands
from jinchuanggu.engines.rules.program import ratio_name
from jinchuanggu.engines.rules.quick_source import Source
from jinchuanggu.engines.rules.schedule import share_paid
from jinchuanggu.engines.rules.scoring import least


class Judge:
    """Variables ``q``: statuses by criterion id; ``l`` and ``h``: points by the identity of a part."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.statuses: dict[str, str] = {}
        self.points: dict[int, int] = {}
        self.sums: dict[str, tuple[str, str]] = {}  # of criteria that compare points
        self.open: set[int] = set()  # parts with a variable u: whether what is measured does not exist

    def criteria(self) -> None:
        for criterion in self.source.program.criteria:
            name = f"q{self.source.fresh()}"
            self._judge(criterion, name)
            self.statuses[criterion.id] = name

    def verdict(self) -> str:
        tops = [self.statuses[each.id] for each in self.source.program.rule_set.criteria if not each.expert]
        return _all(tops)

    def _judge(self, criterion: Criterion, name: str) -> None:
        add, test = self.source.add, criterion.test
        if isinstance(test, Joined):
            children = [self.statuses[child.id] for child in test.children]
            add(f"{name} = {_all(children) if test.least is None else _at_least(test.least, children)}")
            return
        if criterion.confidence is Confidence.UNKNOWN:
            add(f"{name} = 1")
            return
        constant = self.source.constant
        match test:
            case Threshold(limit=str()):
                self._versus(test, name)
            case Threshold(input=read, operator=operator, limit=Fraction() as limit):
                self._limited(read, operator, limit, name)
            case Ratio(over, under, operator, limit):
                self._limited(ratio_name(over, under), operator, limit, name)
            case Growth():
                period = "period" if self.source.last == "last" else "None"
                add(f"{name} = grown(RULES, ON, R, {constant(test)}, {period})")
            case Count():
                add(f"{name} = listed(RULES, ON, R, {constant(test)})")
            case Includes(read, item):
                add(f"{name} = includes(R, {constant(read)}, {constant(item)})")
            case OneOf(read, options):
                add(f"v = G({constant(read)})")
                add(f"{name} = 1 if v is None else 2 if v in {constant(frozenset(options))} else 0")
            case IsTrue(read):
                add(f"v = G({constant(read)})")
                add(f"{name} = 1 if v is None else 2 if v else 0")
            case Expert(read):
                add(f"{name} = passed(R, {constant(read)})")
            case Score():
                self.sums[criterion.id] = self._scored(test, name)
            case _:
                add(f"{name} = 1")

    def _limited(self, read: str, operator: Operator, limit: Fraction, name: str) -> None:
        missing = self.source.missing(read)
        met = self.source.compared(read, operator.value, limit)
        self.source.add(f"{name} = 1 if {missing} else 2 if {met} else 0")

    def _versus(self, test: Threshold, name: str) -> None:
        source, limit = self.source, test.limit
        assert isinstance(limit, str)
        missing = f"{source.missing(test.input)} or {source.missing(limit)}"
        if source.rooted(test.input) or source.rooted(limit):
            one, other = source.number(test.input), source.number(limit)
            met = f"compare({one}, {other}) {test.operator.value} 0"
        else:
            over, below = source.pair(test.input)
            most, under = source.pair(limit)
            met = f"{over} * {under} {test.operator.value} {most} * {below}"
        source.add(f"{name} = 1 if {missing} else 2 if {met} else 0")

    def _scored(self, test: Score, name: str) -> tuple[str, str]:
        low, high = self._added([self.part(part) for part in test.parts], test.cap)
        limit, operator = self.source.constant(test.limit), test.operator.value
        if test.operator is Operator.EQUAL:
            self.source.add(
                f"{name} = (2 if {low} == {limit} else 0) if {low} == {high} "
                f"else 1 if {low} <= {limit} <= {high} else 0"
            )
            return low, high
        first, second = f"{low} {operator} {limit}", f"{high} {operator} {limit}"
        self.source.add(f"{name} = (2 if {second} else 1) if {first} else 1 if {second} else 0")
        return low, high

    def _added(self, parts: list[int], cap: Fraction | None) -> tuple[str, str]:
        index = self.source.fresh()
        for end in "lh":
            self.source.add(f"{end}{index} = {' + '.join(f'{end}{part}' for part in parts)}")
        self._cap(index, cap)
        return f"l{index}", f"h{index}"

    def _cap(self, index: int, cap: Fraction | None) -> None:
        if cap is not None:
            top = self.source.constant(cap)
            self.source.add(f"if h{index} > {top}: h{index} = {top}")
            self.source.add(f"if l{index} > {top}: l{index} = {top}")

    def part(self, part: ScorePart) -> int:
        """The number of the variables of a part."""
        if id(part) not in self.points:
            index = self._part(part)
            if part.judge is not None:
                add, most = self.source.add, self.source.constant(part.most)
                add(f"v = judged(R, {self.source.constant(part.judge)}, {most})")
                add(
                    f"if v is not None: l{index} = h{index} = v"
                    + (f"; u{index} = False" if index in self.open else "")
                )
            self.points[id(part)] = index
        return self.points[id(part)]

    def _part(self, part: ScorePart) -> int:
        add, constant = self.source.add, self.source.constant
        if part.parts:
            return self._group(part)
        index = self.source.fresh()
        few = constant(least(part))
        if part.input is not None or part.ratio is not None:
            self._banded(part, part.input or ratio_name(*(part.ratio or ("", ""))), index)
        elif part.code is not None:
            options = {code: tuple(_plain(each) for each in pair) for code, pair in part.options.items()}
            other = (_plain(part.otherwise), _plain(part.otherwise))
            add(f"v = G({constant(part.code)})")
            add(f"if v is None: l{index} = {few}; h{index} = {constant(part.most)}")
            add(f"else: l{index}, h{index} = {constant(options)}.get(v, {constant(other)})")
        elif part.statement is not None:
            most, other_points = constant(part.most), constant(part.otherwise)
            add(f"v = G({constant(part.statement)})")
            add(f"if v is None: l{index} = {few}; h{index} = {constant(max(part.most, part.otherwise))}")
            add(f"else: l{index} = h{index} = {most} if v else {other_points}")
        else:
            add(f"l{index} = 0; h{index} = {constant(part.most)}")
        return index

    def _banded(self, part: ScorePart, name: str, index: int) -> None:
        source = self.source
        add, constant = source.add, source.constant
        missing, reason = source.missing(name), source.reason(name)
        bands = [
            (band.operator, band.limit, (band.points, band.points if band.most is None else band.most))
            for band in part.bands
        ]
        found = by_bands(bands, (part.otherwise, part.otherwise))
        tests = [source.compared(name, ">=" if cut.closed else ">", cut.limit) for cut in found.cuts]
        few, most = constant(least(part)), constant(part.most)
        if part.undefined is None:
            self.open.add(index)
            add(f"u{index} = False")
        add(f"if {missing}:")
        if part.undefined is None:
            add(f"l{index} = {few}; h{index} = {most}; u{index} = {reason} <= 0", 1)
        else:
            points = constant(part.undefined)
            add(f"if {reason} > 0: l{index} = {few}; h{index} = {most}", 1)
            add(f"else: l{index} = {points}; h{index} = {points} if {reason} == 0 else {most}", 1)
        for test, (low, high) in reversed(list(zip(tests, found.outcomes[1:], strict=True))):
            add(f"elif {test}: l{index} = {constant(low)}; h{index} = {constant(high)}")
        low, high = found.outcomes[0]
        add(f"else: l{index} = {constant(low)}; h{index} = {constant(high)}")

    def _group(self, part: ScorePart) -> int:
        children = [self.part(child) for child in part.parts]
        index = self.source.fresh()
        if not part.best:
            for end in "lh":
                self.source.add(f"{end}{index} = {' + '.join(f'{end}{child}' for child in children)}")
        elif self.open.isdisjoint(children):
            for end in "lh":
                self.source.add(f"{end}{index} = {_greatest([f'{end}{child}' for child in children])}")
        else:
            self.open.add(index)
            every = [
                f"(l{child}, h{child}, {f'u{child}' if child in self.open else False})" for child in children
            ]
            self.source.constants["best"] = _best
            self.source.add(f"l{index}, h{index}, u{index} = best({', '.join(every)})")
        self._cap(index, part.cap)
        return index

    def amount(self) -> str:
        """Least and most in fen; None where not known."""
        benefit = self.source.program.rule_set.benefit
        if benefit is None or benefit.low is None or benefit.high is None:
            return "None, None"
        share = share_paid(benefit, self.source.on)
        ends = []
        for name in (benefit.low, benefit.high):
            over, under = self.source.pair(name)
            ends.append(f"fen(({over}, {under}), {share.numerator}, {share.denominator})")
        self.source.add(f"f = {ends[0]}")
        self.source.add("g = f" if benefit.low == benefit.high else f"g = {ends[1]}")
        return "None if g is None else f, None if f is None else g"


def _plain(points: Fraction) -> Any:
    return points.numerator if points.denominator == 1 else points


def _best(*parts: tuple[Any, Any, bool]) -> tuple[Any, Any, bool]:
    """The greatest; what does not exist is left out where anything else does."""
    there = [part for part in parts if not part[2]] or list(parts)
    undefined = all(part[2] for part in parts)
    return max(part[0] for part in there), max(part[1] for part in there), undefined


def _greatest(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return f"{names[0]} if {names[0]} >= {names[1]} else {names[1]}"
    return f"max({', '.join(names)})"


def _all(names: list[str]) -> str:
    if not names:
        return "2"
    if len(names) == 1:
        return names[0]
    return f"((2 if {' + '.join(names)} == {2 * len(names)} else 1) if {' and '.join(names)} else 0)"


def _at_least(number: int, names: list[str]) -> str:
    if not names:
        return "2" if number <= 0 else "0"
    if number == 1:
        met = " or ".join(f"{name} == 2" for name in names)
        return f"2 if {met} else 1 if {' or '.join(names)} else 0"
    met = " + ".join(f"({name} == 2)" for name in names)
    possible = " + ".join(f"({name} > 0)" for name in names)
    return f"2 if {met} >= {number} else 1 if {possible} >= {number} else 0"
