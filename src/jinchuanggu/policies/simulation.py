"""A rule set with turned numbers over the firms of a scope: who gains, who loses, what it costs. Reads only.

The firms of a scope are kept as columns between two requests: reading them takes longer than judging them, and a
slider asks many times a minute. What is kept is renewed when any firm's facts changed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q, Sum

from jinchuanggu.engines.rules import Refused, RuleSet, knobs, turned
from jinchuanggu.engines.rules.benefit import StepDown
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Origin, Region
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.policies.eligibility_places import cities_of
from jinchuanggu.policies.rules import library
from jinchuanggu.policies.simulation_address import Asked
from jinchuanggu.policies.simulation_outcome import YEARS
from jinchuanggu.residents import scopes
from jinchuanggu.residents.models import FirmStanding, FirmYear, Resident, YearlyRevenue

if TYPE_CHECKING:
    from jinchuanggu.residents.population import FirmColumns

KEPT_SCOPES = 8
_kept: OrderedDict[tuple[Any, ...], FirmColumns] = OrderedDict()
_lock = Lock()


def place_of(rule_set: RuleSet) -> Region | None:
    """The city whose firms alone a rule set is for."""
    return cities_of([rule_set]).get(rule_set.id)


def firms_for(actor: Actor, on: date, origin: str = "both", place: Region | None = None) -> FirmColumns:
    """The firms whose facts the actor reads, those of a place alone where it is given, as columns for a day, with
    ids, names, city and field. Seven queries when they were not kept, five else.
    """
    from jinchuanggu.residents.population import population

    rows = of_origin(scopes.firms(actor), origin)
    if place is not None:
        rows = rows.filter(Q(region=place) | Q(region__parent=place))
    key = (
        actor.province_wide or (actor.role, actor.region_id, actor.organisation_id),
        place and place.pk,
        origin,
        on,
        _mark(rows),
    )
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    found = population(rows, on)
    with _lock:
        _kept[key] = found
        while len(_kept) > KEPT_SCOPES:
            _kept.popitem(last=False)
    return found


def simulated(actor: Actor, origin: str = "both") -> bool:
    """Whether any of these firms is made up, which every screen and export has to say."""
    return of_origin(scopes.firms(actor), origin).filter(origin=Origin.SIMULATED).exists()


def _mark(rows: Any) -> tuple[Any, ...]:
    """What changes when a fact of any firm does. Every saving of a profile counts up its revision."""
    scope = rows.order_by().values("pk")
    standing = FirmStanding.objects.filter(organisation_id__in=scope).aggregate(
        rows=Count("pk"), revisions=Sum("revision"), last=Max("updated_at")
    )
    years = FirmYear.objects.filter(organisation_id__in=scope).aggregate(rows=Count("pk"), last=Max("pk"))
    residents = Resident.objects.filter(organisation_id__in=scope).aggregate(
        rows=Count("pk"), last=Max("pk"), left=Count("left_on"), gone=Max("left_on"), came=Max("entered_on")
    )
    filed = YearlyRevenue.objects.filter(resident__organisation_id__in=scope).aggregate(
        rows=Count("pk"), sum=Sum("revenue_cny")
    )
    firms = rows.aggregate(rows=Count("pk"), last=Max("pk"), regions=Sum("region_id"))
    return tuple(tuple(values.values()) for values in (firms, standing, years, residents, filed))


def rule_set_of(asked: Asked) -> RuleSet | None:
    """The version asked for, else the one in force on the day, else the latest; None for an unknown id."""
    versions = library().versions(asked.rule_set)
    found = next((one for one in versions if one.effective_from == asked.version), None)
    found = found or next((one for one in versions if one.in_force(asked.on)), None)
    return found or (versions[-1] if versions else None)


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule set as it is and as it would be; `problems` by the key of the number that cannot be."""

    before: RuleSet
    after: RuleSet
    turns: Mapping[str, Decimal]
    pay: Mapping[int, Decimal]
    knobs: tuple[Any, ...]
    schedule: Mapping[int, Decimal] | None
    problems: Mapping[str, str]


def turn(rule_set: RuleSet, asked: Asked, lang: Any) -> Turn:
    """Apply what was asked; a number that is impossible leaves the rules as they are and says why."""
    every = knobs(rule_set)
    known = {knob.key: knob.value for knob in every}
    turns = {key: value for key, value in asked.turns.items() if key in known and value != known[key]}
    schedule = default_schedule(rule_set, asked.on.year)
    pay = {
        year: value for year, value in asked.pay.items()
        if schedule and year in schedule and value != schedule[year] and 0 <= value <= 100
    }  # fmt: skip
    problems: dict[str, str] = {}
    after = rule_set
    if turns:
        try:
            after = turned(rule_set, turns)
        except Refused as refused:
            for problem in refused.problems:
                key = problem.path if problem.path in turns else next(iter(turns))
                problems[key] = problem.message(lang)
            after = rule_set
    if pay and schedule:
        after = paid(after, {**schedule, **pay})
    return Turn(rule_set, after, turns, pay, every, schedule, problems)


def default_schedule(rule_set: RuleSet, year: int) -> Mapping[int, Decimal] | None:
    """The years that can be given a share of their own: only where money is paid and no schedule is written."""
    benefit = rule_set.benefit
    if benefit is None or benefit.low is None or benefit.steps:
        return None
    return {year + later: Decimal(100) for later in range(YEARS)}


def paid(rule_set: RuleSet, shares: Mapping[int, Decimal]) -> RuleSet:
    """The same rules, paying these shares from the first of January of each year."""
    assert rule_set.benefit is not None
    steps = tuple(StepDown(date(year, 1, 1), Fraction(share)) for year, share in sorted(shares.items()))
    return replace(rule_set, benefit=replace(rule_set.benefit, steps=steps))
