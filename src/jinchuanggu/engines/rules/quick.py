"""One subject in microseconds: a rule set as generated code, exact, with a tree to explain on demand.

    explain = explainer(rule_set, date(2026, 3, 1))
    found = explain({"staff_total": 40, "tech_staff": 12, "revenue_cny": {2025: 10_000_000}, …})
    found.verdict; found.step("size_staff").distance; [step.text("zh") for step in found.walk()]

A record maps the id of an input to a whole number, Decimal, Fraction, float (the decimal it prints), text, date,
boolean, list or ``Judgement``; a series to a mapping of years. What is not there is not known.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jinchuanggu.engines.rules.exact import Number, shown
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Criterion, Joined, Ratio, RuleSet, Score, Threshold
from jinchuanggu.engines.rules.outcome import distance_of
from jinchuanggu.engines.rules.program import Program, inline, program, ratio_name
from jinchuanggu.engines.rules.quick_judge import Judge
from jinchuanggu.engines.rules.quick_source import Source
from jinchuanggu.engines.rules.quick_steps import Gone
from jinchuanggu.engines.rules.quick_words import words
from jinchuanggu.engines.rules.texts import Lang
from jinchuanggu.engines.rules.units import UNITS

STATUSES = Status.NOT_MET, Status.NOT_EVIDENCED, Status.MET
_KEPT = 256
_made: OrderedDict[tuple[int, date], tuple[RuleSet, Explainer]] = OrderedDict()


class Explainer:
    """A compiled rule set for a day; call it with a record."""

    def __init__(self, rule_set: RuleSet, on: date) -> None:
        self.rule_set = rule_set
        self.on = on
        self.program: Program = program(rule_set)
        source = Source(self.program, on)
        judge = Judge(source)
        judge.criteria()
        schemes = {name: judge.part(part) for name, part in self.program.schemes.items()}
        amount = judge.amount()
        self.places = {name: position for position, name in enumerate(judge.statuses)}
        self.parts = {name: position for position, name in enumerate([*schemes, *judge.sums])}
        self.pairs = {name: position for position, name in enumerate(source.pairs)}
        self.loose = {name: position for position, name in enumerate(source.loose)}
        numbers = "".join(f"n{index}, d{index}, " for index in source.pairs.values())
        others = "".join(f"x{index}, " for index in source.loose.values())
        ends = [*((f"l{index}", f"h{index}") for index in schemes.values()), *judge.sums.values()]
        points = "".join(f"{low}, {high}, " for low, high in ends)
        statuses = "".join(f"{name}, " for name in judge.statuses.values())
        result = f"{judge.verdict()}, ({statuses}), ({points}), ({numbers}), ({others}), {amount}"
        self.judge: Callable[[Mapping[str, Any]], Any] = source.build(result)

    def __call__(self, record: Mapping[str, Any]) -> Explanation:
        return Explanation(self, self.judge(record), record)


def explainer(rule_set: RuleSet, on: date) -> Explainer:
    """The compiled form; the last few hundred are kept."""
    key = id(rule_set), on
    kept = _made.get(key)
    if kept is not None and kept[0] is rule_set:
        return kept[1]
    made = Explainer(rule_set, on)
    _made[key] = rule_set, made
    while len(_made) > _KEPT:
        _made.popitem(last=False)
    return made


class Explanation:
    """What one record came to. Everything asked for later is read out of it; nothing is judged twice."""

    __slots__ = ("explainer", "found", "record")

    def __init__(self, explainer: Explainer, found: Any, record: Mapping[str, Any]) -> None:
        self.explainer = explainer
        self.found = found
        self.record = record

    @property
    def verdict(self) -> Status:
        return STATUSES[self.found[0]]

    def status(self, criterion: str) -> Status:
        return STATUSES[self.found[1][self.explainer.places[criterion]]]

    @property
    def tree(self) -> tuple[Step, ...]:
        """The criteria at the top, each with those inside it."""
        return tuple(self._step(each) for each in self.explainer.rule_set.criteria)

    def walk(self) -> Iterator[Step]:
        """Every step, parents first."""
        waiting = list(reversed(self.tree))
        while waiting:
            step = waiting.pop()
            yield step
            waiting.extend(reversed(step.children))

    def step(self, criterion: str) -> Step:
        return self._step(self.explainer.program.by_id[criterion])

    def _step(self, criterion: Criterion) -> Step:
        test = criterion.test
        children: tuple[Step, ...] = ()
        if isinstance(test, Joined):
            by_id = self.explainer.program.by_id
            children = tuple(self._step(by_id[child.id]) for child in test.children)
        return Step(self, criterion, self.found[1][self.explainer.places[criterion.id]], children)

    def value(self, name: str) -> Number | None:
        """A number or named value the rule set reads, exactly; None where there is none."""
        position = self.explainer.pairs.get(name)
        if position is not None:
            over, under = self.found[3][2 * position : 2 * position + 2]
            return None if over is None else Fraction(over, under)
        place = self.explainer.loose.get(name)
        loose = None if place is None else self.found[4][place]
        return None if isinstance(loose, Gone) else loose

    def points(self, scheme: str) -> tuple[Fraction, Fraction]:
        """Least and most points of a scheme, or of an inline score by the id of its criterion."""
        position = self.explainer.parts[scheme]
        low, high = self.found[2][2 * position : 2 * position + 2]
        return Fraction(low), Fraction(high)

    @property
    def amount(self) -> tuple[Decimal, Decimal] | None:
        """Least and most in yuan on the day; None where not known."""
        low, high = self.found[5], self.found[6]
        return None if low is None else (Decimal(low).scaleb(-2), Decimal(high).scaleb(-2))


class Step:
    """One criterion of an explanation: status, value, threshold and distance are there when asked for."""

    __slots__ = ("_explanation", "_status", "children", "criterion")

    def __init__(
        self, explanation: Explanation, criterion: Criterion, status: int, children: tuple[Step, ...]
    ) -> None:
        self._explanation = explanation
        self.criterion = criterion
        self._status = status
        self.children = children

    @property
    def status(self) -> Status:
        return STATUSES[self._status]

    @property
    def value(self) -> Number | str | bool | None:
        """What was compared: a number, of an open score the least points, a code or a statement."""
        test = self.criterion.test
        match test:
            case Threshold(input=name):
                return self._explanation.value(name)
            case Ratio(over, under):
                return self._explanation.value(ratio_name(over, under))
            case Score():
                low, high = self.points
                rising = test.operator.value in (">=", ">")
                return high if self._status == 0 and rising else low
            case Joined():
                return Fraction(sum(child._status == 2 for child in self.children))
        read = getattr(test, "input", None)
        found = None if read is None else self._explanation.record.get(read)
        return found if isinstance(found, str | bool) else None

    @property
    def points(self) -> tuple[Fraction, Fraction]:
        """Of a score the least and the most points."""
        test = self.criterion.test
        assert isinstance(test, Score)
        if self.criterion.id not in self._explanation.explainer.parts:  # the document's figure is not known
            return Fraction(0), inline(self.criterion.id, test).most
        return self._explanation.points(self.criterion.id)

    @property
    def threshold(self) -> Number | None:
        test = self.criterion.test
        match test:
            case Threshold(limit=str() as name):
                return self._explanation.value(name)
            case Threshold(limit=limit) | Ratio(limit=limit) | Score(limit=limit):
                assert isinstance(limit, Fraction)
                return limit
            case Joined(least=least):
                return Fraction(len(self.children) if least is None else least)
        return None

    @property
    def distance(self) -> Fraction | None:
        """The least change that would satisfy what is not met; None else."""
        test = self.criterion.test
        value, limit = self.value, self.threshold
        if self._status or limit is None or value is None or isinstance(value, str | bool):
            return None
        if isinstance(test, Joined):
            return shown(limit) - shown(value)
        assert isinstance(test, Threshold | Ratio | Score)
        if self.never:
            return None
        return distance_of(shown(value), test.operator, shown(limit), UNITS[self.unit or "ratio"].step)

    @property
    def never(self) -> bool:
        """Whether the days are those since the day that never was."""
        return self.unit == "days" and isinstance(self.value, Fraction) and self.value < -300_000

    @property
    def unit(self) -> str | None:
        test = self.criterion.test
        match test:
            case Threshold(unit=unit):
                return unit
            case Ratio():
                return "percent"
            case Score():
                return "points"
            case Joined():
                return "count"
        return None

    def text(self, lang: Lang = "zh") -> str:
        """One sentence: the title and how it stands."""
        return words(self, lang)


__all__ = ["Explainer", "Explanation", "Step", "explainer"]
