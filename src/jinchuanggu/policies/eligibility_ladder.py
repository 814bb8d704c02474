"""The cultivation ladder as the page of a firm shows it: where it stands, what comes next, what each rung asks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from jinchuanggu.engines.rules import Facts, Result, RuleSet, Status
from jinchuanggu.engines.rules.ladder import Climb, Find, Step, climb, rungs
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.policies import rules

RUNG_SETS = frozenset(name for rung in rungs() for name in rung.rule_sets)
"""Rule sets of titles; they stand on the ladder and not among the measures."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung for one firm. `state`: now, next, met, not_met or open; `until`: the last day of a valid certificate."""

    key: str
    title: Text
    state: str
    rule_set: RuleSet | None = None
    result: Result | None = None
    until: date | None = None

    @property
    def short(self) -> int:
        """Conditions that are certainly not met."""
        return self.result.count(Status.NOT_MET) if self.result is not None else 0

    @property
    def unknown(self) -> int:
        """Conditions that wait for data or for experts."""
        return self.result.count(Status.NOT_EVIDENCED) if self.result is not None else 0


@dataclass(frozen=True, slots=True)
class Standing:
    """All rungs from the bottom, the one the firm stands on, and the next one."""

    rungs: tuple[Rung, ...]
    now: Rung
    next: Rung | None


def find_on(on: date) -> Find:
    """The rule sets in force on a day, those of the room's library; one short query."""
    library = rules.library()
    return lambda name: library.in_force(name, on)


def standing(facts: Facts, on: date, find: Find | None = None, *, registered: bool = False) -> Standing:
    """Judge a firm by every rung. `registered`: it is entered as an enterprise, so it is more than a team even
    before it states its day of registration."""
    climbed = climb(facts, on, find or find_on(on))
    if registered and climbed.rung.id == rungs()[0].id:
        climbed = replace(climbed, rung=rungs()[1], next=rungs()[2])
    found = tuple(_rung(step, climbed, facts, on) for step in climbed.steps)
    by_key = {rung.key: rung for rung in found}
    return Standing(found, by_key[climbed.rung.id], by_key[climbed.next.id] if climbed.next else None)


def _rung(step: Step, climbed: Climb, facts: Facts, on: date) -> Rung:
    rung = step.rung
    state = {Status.MET: "met", Status.NOT_MET: "not_met"}.get(step.status, "open")
    if rung.id == climbed.rung.id:
        state = "now"
    elif climbed.next is not None and rung.id == climbed.next.id:
        state = "next"
    result = next(iter(step.results.values()), None)
    until = facts.dates.get(rung.valid_until) if rung.valid_until else None
    return Rung(
        key=rung.id,
        title=rung.title,
        state=state,
        rule_set=result.rule_set if result is not None else None,
        result=result,
        until=until if until is not None and until >= on else None,
    )
