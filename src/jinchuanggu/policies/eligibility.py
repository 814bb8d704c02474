"""What a firm is, can get and is missing: every measure in force judged on its facts, grouped and added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from jinchuanggu.engines.rules import Change, Facts, Result, RuleSet, Status, Verdict, cheapest, evaluate
from jinchuanggu.engines.rules.benefit import BenefitKind, Delivery
from jinchuanggu.engines.rules.stacking import Choice, Offer, best
from jinchuanggu.engines.rules.units import decimal_of
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.policies import rules
from jinchuanggu.policies.eligibility_ladder import RUNG_SETS
from jinchuanggu.residents.inputs import split_key, typed_inputs

FIRM = "firm"
CITY_OF_FIRM = "city"
NEAR_STEPS = 2
"""So many facts at most may lie between a firm and a measure that is called near."""
TODO_SIZE = 6
MONEY = (BenefitKind.GRANT, BenefitKind.RELIEF)
"""Kinds whose amounts add up; a loan is no income."""


class Group(StrEnum):
    """The five answers to "can I have it", in the order they are read."""

    DIRECT = "direct"
    APPLY = "apply"
    NEAR = "near"
    UNKNOWN = "unknown"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure for one firm. `waits_for_text`: not the firm's facts are missing but the document's words.
    `only_in`: the other city whose firms alone it is for."""

    rule_set: RuleSet
    result: Result
    group: Group
    change: Change | None = None
    waits_for_text: bool = False
    only_in: str = ""

    @property
    def low(self) -> Decimal | None:
        amount = self.result.amount
        return amount.low if amount is not None and amount.known else None

    @property
    def high(self) -> Decimal | None:
        amount = self.result.amount
        return amount.high if amount is not None and amount.known else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that would decide the verdict or the amount."""
        amount = self.result.amount
        return tuple(dict.fromkeys((*self.result.missing, *(amount.missing if amount is not None else ()))))


@dataclass(frozen=True, slots=True)
class Todo:
    """A fact to fill in and how many measures it would help to decide."""

    key: str
    decides: int


@dataclass(slots=True)
class Eligibility:
    """Everything the page of a firm says about measures."""

    on: date
    judged: tuple[Judged, ...]
    choice: Choice
    unpriced: int
    todo: tuple[Todo, ...] = ()
    settles: int = 0
    groups: dict[Group, list[Judged]] = field(default_factory=dict)

    def count(self, group: Group) -> int:
        """How many measures are in a group; those whose text is not known yet are counted apart."""
        return sum(not one.waits_for_text for one in self.groups[group])


def for_firms(found: Iterable[RuleSet]) -> list[RuleSet]:
    """The measures whose facts are those of a firm."""
    return [rule_set for rule_set in found if rule_set.subject == FIRM]


def measures_on(on: date, only: Sequence[BenefitKind] = ()) -> list[RuleSet]:
    """The measures for firms in force on a day, of some kinds; titles that are rungs stand on the ladder instead."""
    return [
        rule_set
        for rule_set in for_firms(rules.measures(on))
        if rule_set.id not in RUNG_SETS
        and rule_set.benefit is not None
        and (not only or rule_set.benefit.kind in only)
    ]


def judge_measures(
    facts: Facts,
    on: date,
    only: Sequence[BenefitKind] = (),
    titles: Sequence[RuleSet] = (),
    firm: Organisation | None = None,
) -> Eligibility:
    """Judge a firm by every measure in force on a day, or by those of some kinds.

    `titles`: rule sets of rungs whose missing facts belong on the to-do list as well. `firm`: where it sits decides
    about measures of one city; without it they are judged by their conditions alone.
    """
    from jinchuanggu.policies.eligibility_places import cities_of, settled

    judged = tuple(judge(rule_set, facts, on) for rule_set in measures_on(on, only))
    if firm is not None:
        judged = tuple(settled(judged, firm, cities_of(one.rule_set for one in judged)))
    groups: dict[Group, list[Judged]] = {group: [] for group in Group}
    for one in judged:
        groups[one.group].append(one)
    for found in groups.values():
        found.sort(key=_by_worth)
    have = [*groups[Group.DIRECT], *groups[Group.APPLY]]
    open_ones = [*judged, *(judge(rule_set, facts, on) for rule_set in titles)]
    todo, settles = _todo([one for one in open_ones if one.group is Group.UNKNOWN and not one.waits_for_text])
    return Eligibility(
        on=on,
        judged=judged,
        choice=best(offers(have)),
        unpriced=sum(one.high is None and _pays(one.rule_set) for one in have),
        todo=todo,
        settles=settles,
        groups=groups,
    )


def _by_worth(one: Judged) -> tuple[bool, bool, Decimal, str]:
    return (one.waits_for_text, one.high is None, -(one.high or Decimal(0)), one.rule_set.id)


def judge(rule_set: RuleSet, facts: Facts, on: date) -> Judged:
    """One measure, with its group and, where the firm is near it, the least change."""
    result = evaluate(rule_set, facts, on)
    if result.verdict is Verdict.MET:
        automatic = rule_set.benefit is not None and rule_set.benefit.delivery is Delivery.AUTOMATIC
        return Judged(rule_set, result, Group.DIRECT if automatic else Group.APPLY)
    if result.verdict is Verdict.NOT_EVIDENCED:
        return Judged(rule_set, result, Group.UNKNOWN, waits_for_text=not _fillable(result))
    change = cheapest(rule_set, facts, on) if _within_reach(result) else None
    near = change is not None and change.verified and len(change.steps) <= NEAR_STEPS
    if near and change is not None and any(step.input == CITY_OF_FIRM for step in change.steps):
        near = False  # nobody moves to another city for a measure
    return Judged(rule_set, result, Group.NEAR if near else Group.NOT, change if near else None)


def _within_reach(result: Result) -> bool:
    """Whether looking for a change is worth the time: not more open conditions than a near measure may have."""
    short = [one for one in result.criteria if one.status is not Status.MET]
    return len(short) <= NEAR_STEPS and not any(
        piece.input == CITY_OF_FIRM for one in short for piece in one.evidence
    )


def _fillable(result: Result) -> bool:
    """Whether some fact that a firm can state would help."""
    return any(split_key(key)[0] in typed_inputs() for key in result.missing)


def _pays(rule_set: RuleSet) -> bool:
    return rule_set.benefit is not None and rule_set.benefit.kind in MONEY


def offers(judged: Iterable[Judged]) -> list[Offer]:
    """What can be added up, as the combination of measures takes it."""
    found = []
    for one in judged:
        benefit = one.rule_set.benefit
        if benefit is None or one.low is None or one.high is None or benefit.kind not in MONEY:
            continue
        found.append(
            Offer(
                id=one.rule_set.id,
                low=one.low,
                high=one.high,
                group=benefit.group,
                excludes=benefit.excludes,
                pool=benefit.pool,
                pool_cap=None if benefit.pool_cap is None else decimal_of(benefit.pool_cap),
            )
        )
    return found


def _todo(open_ones: Sequence[Judged]) -> tuple[tuple[Todo, ...], int]:
    """The few facts that decide most measures: cheapest measures first, as long as the list stays short.

    Returns the facts and how many measures they settle all by themselves.
    """
    known = typed_inputs()
    wanted = {
        one.rule_set.id: {key for key in one.missing if split_key(key)[0] in known} for one in open_ones
    }
    alone = {one.rule_set.id for one in open_ones if all(split_key(key)[0] in known for key in one.missing)}
    chosen: dict[str, None] = {}
    waiting = dict(wanted)
    while waiting:
        name = min(waiting, key=lambda one: (len(waiting[one] - chosen.keys()), one))
        more = sorted(waiting.pop(name) - chosen.keys())
        if chosen and len(chosen) + len(more) > TODO_SIZE:
            break
        chosen |= dict.fromkeys(more)
    settles = sum(name in alone and keys <= chosen.keys() for name, keys in wanted.items())
    todo = tuple(Todo(key, sum(key in keys for keys in wanted.values())) for key in chosen)
    return tuple(sorted(todo, key=lambda one: (-one.decides, one.key))), settles


def fillable_keys(result: Result) -> list[str]:
    """The missing facts of a result that the firm can state, in the order of its criteria."""
    return [key for key in result.missing if split_key(key)[0] in typed_inputs()]
