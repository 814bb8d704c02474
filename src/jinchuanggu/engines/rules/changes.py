"""The cheapest change: which facts, changed as little as possible, would turn the verdict to met.

A search from the facts as they are, the least effort first: what is not met offers the single changes that would
mend it (``moves.py``, ``score_moves.py``), and every result is judged again as a whole, since one change may spoil
another condition. Nobody can change his age or what experts find, and nobody shrinks to look better in proportion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from heapq import heappop, heappush

from jinchuanggu.engines.rules.evaluate import evaluate, outcome_of, period_of
from jinchuanggu.engines.rules.facts import Facts, Item
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import (
    Confidence,
    Count,
    Criterion,
    Expert,
    Growth,
    Includes,
    Joined,
    Pending,
    Ratio,
    RuleSet,
    Score,
    Threshold,
)
from jinchuanggu.engines.rules.moves import Asked, Fact, Move, Place, below, changed, like, moves, numbers
from jinchuanggu.engines.rules.outcome import Case
from jinchuanggu.engines.rules.result import Finding, Result, Value, Verdict, plain
from jinchuanggu.engines.rules.score_moves import bargains
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import decimal_of, quantity

MOST_TRIED = 60
"""States judged before the search gives up."""


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """One fact from what it is (None: not known) to what it would have to be; of a list the number of items."""

    input: str
    year: int | None
    before: Value | date | int
    after: Value | date | int
    criterion: str
    title: Text
    unit: str | None = None

    @property
    def text(self) -> Text:
        name = self.title
        if self.year is not None:
            name = Text(f"{name.zh}（{self.year} 年）", f"{name.en} ({self.year})")
        before, after = _shown(self.before, self.unit), _shown(self.after, self.unit)
        return Text(f"{name.zh} {before.zh} → {after.zh}", f"{name.en} {before.en} → {after.en}")


@dataclass(frozen=True, slots=True)
class Change:
    """Steps that together turn the verdict to met, judged again (``verified``).

    ``effort``: the sum of relative changes; a fact that is no number, or was not known, counts 1.
    """

    steps: tuple[ChangeStep, ...]
    effort: Decimal
    verified: bool

    def text(self, lang: Lang) -> str:
        return ("；" if lang == "zh" else "; ").join(step.text.get(lang) for step in self.steps)

    def as_dict(self) -> dict[str, object]:
        return {
            "steps": [
                {
                    "input": step.input,
                    "title": step.title.as_dict(),
                    "year": step.year,
                    "before": _plain(step.before),
                    "after": _plain(step.after),
                    "unit": step.unit,
                    "criterion": step.criterion,
                }
                for step in self.steps
            ],
            "effort": plain(self.effort),
            "verified": self.verified,
            "text": {"zh": self.text("zh"), "en": self.text("en")},
        }


_Changes = dict[Place, tuple[Fact, Fact, str, Item | None]]
"""By place: before, after, the criterion it was changed for, and what was added to a list."""


def cheapest(rule_set: RuleSet, facts: Facts, on: date) -> Change | None:
    """The least change of facts that turns the verdict to met; None when it is, or when nothing found would."""
    waiting: list[tuple[Fraction, int, Facts, _Changes]] = [(Fraction(0), 0, facts, {})]
    seen: set[frozenset[tuple[Place, Fact]]] = set()
    count = 0
    for _ in range(MOST_TRIED):
        if not waiting:
            return None
        _, _, now, changes = heappop(waiting)
        key = frozenset((place, done[1]) for place, done in changes.items())
        if key in seen:
            continue
        seen.add(key)
        result = evaluate(rule_set, now, on)
        if result.verdict is Verdict.MET:
            return _change(rule_set, _needed(rule_set, facts, on, changes)) if changes else None
        for bundle, criterion in _offers(Case(rule_set, now, on, result.data_period), result):
            after, done = now, dict(changes)
            for move in bundle:
                declared = rule_set.inputs[move.place[0]]
                after = changed(after, declared, move.place, move.after, move.item)
                first = done[move.place][0] if move.place in done else move.before
                done[move.place] = (first, move.after, criterion, move.item)
            count += 1
            heappush(waiting, (_effort(done), count, after, done))
    return None


def _offers(case: Case, result: Result) -> Iterator[tuple[tuple[Move, ...], str]]:
    """The changes that would mend the first condition that is not met; all have to be, so one is enough."""
    by_id = {criterion.id: criterion for criterion in case.rule_set.walk()}
    for finding in result.tree:
        if not finding.expert and finding.status is not Status.MET:
            yield from _mend(case, finding, by_id)
            return


def _mend(
    case: Case, finding: Finding, by_id: dict[str, Criterion]
) -> Iterator[tuple[tuple[Move, ...], str]]:
    criterion = by_id[finding.id]
    if isinstance(criterion.test, Joined):
        broken = [child for child in finding.children if child.status is not Status.MET]
        for child in broken if criterion.test.least is not None else broken[:1]:
            yield from _mend(case, child, by_id)
        return
    if criterion.confidence is Confidence.UNKNOWN:
        return
    if isinstance(criterion.test, Score):
        for bargain in bargains(case, criterion.test):
            yield bargain.moves, criterion.id
        return
    for move in _single(case, criterion):
        yield (move,), criterion.id


def _single(case: Case, criterion: Criterion) -> Iterator[Move]:
    test, item, hint, over = criterion.test, None, None, ""
    match test:
        case Threshold(input=name, limit=str() as limit):
            names = [name, limit]
        case Threshold(input=name, limit=Fraction() as figure):
            names, hint = [name], figure
        case Ratio(numerator=numerator, denominator=over):
            names = [numerator, over]
        case Count(input=name, where=where):
            names, item = [name], like(where)
        case Includes(input=name, item=wanted):
            names, item = [name], Item(wanted)
        case Growth(input=name):
            names = [name]
        case Joined() | Score() | Expert() | Pending():
            return
        case _:
            names = [test.input]

    def holds(facts: Facts) -> bool:
        again = Case(case.rule_set, facts, case.on, period_of(case.rule_set, facts, case.on))
        return outcome_of(again, test).status is Status.MET

    kept = below(case.rule_set, names) | frozenset(numbers(case.rule_set, over))
    for leaf in dict.fromkeys(leaf for name in names for leaf in numbers(case.rule_set, name)):
        asked = Asked(item, hint if leaf in names else None, leaf not in kept)
        yield from moves(case, leaf, holds, asked)


def _effort(changes: _Changes) -> Fraction:
    return sum((_cost(before, after) for before, after, _, _ in changes.values()), Fraction(0))


def _cost(before: Fact, after: Fact) -> Fraction:
    numeric = (Fraction, int)
    if (
        isinstance(before, bool)
        or not isinstance(before, numeric)
        or not isinstance(after, numeric)
        or not before
    ):
        return Fraction(1)
    return abs(Fraction(after) - before) / abs(Fraction(before))


def _needed(rule_set: RuleSet, facts: Facts, on: date, changes: _Changes) -> _Changes:
    """Without the steps that later ones made idle."""
    kept = dict(changes)
    for place in changes:
        rest = {other: done for other, done in kept.items() if other != place}
        after = facts
        for other, (_, value, _, item) in rest.items():
            after = changed(after, rule_set.inputs[other[0]], other, value, item)
        if rest and evaluate(rule_set, after, on).verdict is Verdict.MET:
            kept = rest
    return kept


def _change(rule_set: RuleSet, changes: _Changes) -> Change:
    steps = tuple(
        ChangeStep(
            input=name,
            year=year,
            before=_value(before),
            after=_value(after),
            criterion=criterion,
            title=rule_set.inputs[name].title,
            unit=rule_set.inputs[name].unit,
        )
        for (name, year), (before, after, criterion, _) in changes.items()
    )
    return Change(steps, decimal_of(_effort(changes)), True)


def _value(fact: Fact) -> Value | date | int:
    return decimal_of(fact) if isinstance(fact, Fraction) else fact


def _plain(value: Value | date | int) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else plain(value)


def _shown(value: Value | date | int, unit: str | None) -> Text:
    if value is None:
        return Text("未知", "not known")
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, Decimal):
        return quantity(value, unit)
    return Text(str(value), str(value))
