"""The cultivation ladder: on which rung a firm stands, and which one is next. The rungs are data (``ladder.yaml``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.kleene import Status, any_of
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.result import Result
from jinchuanggu.engines.rules.texts import Text

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.columns import Population
    from jinchuanggu.engines.rules.columns.population import Array

FILE = Path(__file__).with_name("ladder.yaml")
Find = Callable[[str], RuleSet | None]
"""The rule set of an id that is in force, or None."""


@dataclass(frozen=True, slots=True)
class Rung:
    """``reached``: a date input that must not lie after the day; ``valid_until``: one that must not lie before it;
    ``holds``: a statement; ``rule_sets``: ids with the family they are found in. Any of them is enough; a rung
    without any is everybody's.
    """

    id: str
    title: Text
    reached: str | None = None
    valid_until: str | None = None
    holds: str | None = None
    rule_sets: Mapping[str, str] = field(default_factory=dict)

    @property
    def open_to_all(self) -> bool:
        return not (self.reached or self.valid_until or self.holds or self.rule_sets)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung for one firm. ``held``: by a certificate or another fact, whatever the conditions say."""

    rung: Rung
    status: Status
    held: bool
    results: Mapping[str, Result]


@dataclass(frozen=True, slots=True)
class Climb:
    """``rung`` is the highest held; ``next`` the first above it, None at the top."""

    rung: Rung
    next: Rung | None
    steps: tuple[Step, ...]

    def step(self, rung: str) -> Step:
        return next(step for step in self.steps if step.rung.id == rung)


@dataclass(frozen=True)
class Grades:
    """Of every firm: ``rung``, the position of the highest rung held; ``next``, that of the one above (-1 at the top).

    ``status`` by rung id: int8, 1 met, 0 not met, -1 not evidenced.
    """

    rungs: tuple[Rung, ...]
    rung: Array
    next: Array
    status: Mapping[str, Array]

    def counts(self) -> dict[str, int]:
        """How many firms stand on each rung."""
        return {each.id: int((self.rung == position).sum()) for position, each in enumerate(self.rungs)}


@cache
def rungs() -> tuple[Rung, ...]:
    """The rungs from the bottom."""
    listed = yaml.safe_load(FILE.read_text("utf-8"))["rungs"]
    return tuple(
        Rung(
            id=entry["id"],
            title=Text(**entry["title"]),
            reached=entry.get("reached"),
            valid_until=entry.get("valid_until"),
            holds=entry.get("holds"),
            rule_sets=entry.get("rule_sets", {}),
        )
        for entry in listed
    )


def official_on(on: date) -> Find:
    """The official rule sets of the ladder in force on a day."""
    from jinchuanggu.engines.rules.library import families, official

    homes = {name: family for rung in rungs() for name, family in rung.rule_sets.items()}

    def find(name: str) -> RuleSet | None:
        family = homes.get(name)
        return official(family).in_force(name, on) if family in families() else None

    return find


def climb(facts: Facts, on: date, find: Find | None = None) -> Climb:
    """Judge one firm by every rung; ``find`` gives the rule sets in force (None: the official ones)."""
    from jinchuanggu.engines.rules.evaluate import evaluate

    find = find or official_on(on)
    steps = []
    for rung in rungs():
        held = _facts(rung, facts, on)
        sets = {name: find(name) for name in rung.rule_sets}
        results = {name: evaluate(rules, facts, on) for name, rules in sets.items() if rules is not None}
        judged = [Status(result.verdict.value) for result in results.values()]
        judged += [Status.NOT_EVIDENCED for rules in sets.values() if rules is None]
        status = Status.MET if rung.open_to_all else any_of([*held, *judged])
        steps.append(Step(rung, status, Status.MET in held, results))
    now = max(position for position, step in enumerate(steps) if step.status is Status.MET)
    following = rungs()[now + 1] if now + 1 < len(steps) else None
    return Climb(rungs()[now], following, tuple(steps))


def _facts(rung: Rung, facts: Facts, on: date) -> list[Status]:
    """What the facts say of a rung; without a certificate nothing is said, for the conditions still may be met."""
    found = []
    if rung.reached is not None:
        day = facts.dates.get(rung.reached)
        known = Status.MET if day is not None and day <= on else Status.NOT_MET
        found.append(Status.NOT_EVIDENCED if day is None else known)
    if rung.valid_until is not None:
        day = facts.dates.get(rung.valid_until)
        found.append(Status.MET if day is not None and day >= on else Status.NOT_MET)
    if rung.holds is not None:
        statement = facts.statements.get(rung.holds)
        holds = None if statement is None else statement.holds
        found.append(Status.NOT_EVIDENCED if holds is None else Status.MET if holds else Status.NOT_MET)
    return found


def grade(
    population: Population,
    on: date,
    find: Find | None = None,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Grades:
    """Judge many firms by every rung, as ``climb`` does one. ``progress``: called with rungs done and rungs in all."""
    import numpy as np

    from jinchuanggu.engines.rules.columns import evaluate_columns

    find = find or official_on(on)
    status: dict[str, Any] = {}
    highest = np.zeros(population.n, np.int8)
    for position, rung in enumerate(rungs()):
        if rung.open_to_all:
            found = np.ones(population.n, np.int8)
        else:
            judged = _columns(rung, population, on)
            for name in rung.rule_sets:
                rules = find(name)
                if rules is None:
                    judged.append(np.full(population.n, -1, np.int8))
                    continue
                columns = evaluate_columns(rules, population, on, criteria=(), scores=False, workers=workers)
                judged.append(columns.verdict)
            found = _any(judged)
        status[rung.id] = found
        highest[found == 1] = position
        if progress is not None:
            progress(position + 1, len(rungs()))
    following = np.where(highest + 1 < len(rungs()), highest + 1, -1).astype(np.int8)
    return Grades(rungs(), highest, following, status)


def _columns(rung: Rung, population: Population, on: date) -> list[Any]:
    import numpy as np

    day = np.datetime64(on, "D")
    found = []
    nothing = np.full(population.n, -1, np.int8)
    if rung.reached is not None:
        dates = population.columns.get(rung.reached)
        known = nothing if dates is None else np.where(np.isnat(dates), -1, dates <= day).astype(np.int8)
        found.append(known)
    if rung.valid_until is not None:
        dates = population.columns.get(rung.valid_until)
        found.append(np.zeros(population.n, np.int8) if dates is None else (dates >= day).astype(np.int8))
    if rung.holds is not None:
        statement = population.columns.get(rung.holds)
        found.append(nothing if statement is None else statement.astype(np.int8))
    return found


def _any(judged: list[Any]) -> Any:
    """Strong Kleene: one that is met decides, else one that is open."""
    import numpy as np

    met = np.logical_or.reduce([each == 1 for each in judged])
    open_ = np.logical_or.reduce([each < 0 for each in judged])
    return np.where(met, 1, np.where(open_, -1, 0)).astype(np.int8)
