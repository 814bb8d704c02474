"""Conflicts of interest between experts and a valley: recomputed from the records each time, never stored.

Judged on the person: employer (and the body above it) and every hat in force, declared interests, past cooperation.
A conflict blocks; there is no way to override it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from jinchuanggu.foundation.organisations.models import Membership, Organisation, OrganisationKind
from jinchuanggu.programme.models import Conflict, ConflictKind, Expert, Valley
from jinchuanggu.residents.queries import in_residence

BUILDER_KINDS = (OrganisationKind.CITY_OFFICE, OrganisationKind.GOVERNMENT)


@dataclass(frozen=True, slots=True)
class Interests:
    """Whose valley it is. `core`: builder, operator, universities, zones, residents; `regional`: all of the region."""

    core: frozenset[int]
    regional: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """One conflict of one expert: its kind, and the organisation (or note) it comes from."""

    kind: str
    with_whom: str

    @property
    def label(self) -> str:
        return str(ConflictKind(self.kind).label)


def interests_of(valley: Valley) -> Interests:
    """The organisations whose people must not judge this valley."""
    region = Organisation.objects.filter(
        Q(region_id=valley.region_id) | Q(region__parent_id=valley.region_id)
    )
    core: set[int] = set(region.filter(kind__in=BUILDER_KINDS).values_list("pk", flat=True))
    core |= set(valley.universities.values_list("pk", flat=True))
    core |= set(valley.zones.values_list("pk", flat=True))
    core |= set(in_residence(valley.pk, timezone.localdate()).values_list("organisation_id", flat=True))
    if valley.operator_id:
        core.add(valley.operator_id)
    return Interests(frozenset(core), frozenset(region.values_list("pk", flat=True)))


def conflicts_of(valley: Valley, experts: Iterable[Expert] | None = None) -> dict[int, list[Found]]:
    """`{expert id: conflicts}` for the given experts (all active ones by default) who have any."""
    interests = interests_of(valley)
    if experts is None:
        experts = Expert.objects.filter(active=True).select_related("person__employer__parent")
    people = {expert.person_id: expert for expert in experts}
    found: defaultdict[int, list[Found]] = defaultdict(list)
    for expert in people.values():
        for organisation in _above(expert.person.employer):
            _same(found[expert.pk], organisation, interests)
    hats = (
        Membership.objects.in_force(timezone.localdate())
        .filter(person_id__in=people)
        .select_related("organisation")
    )
    for hat in hats:
        _same(found[people[hat.person_id].pk], hat.organisation, interests)
    ids = [expert.pk for expert in people.values()]
    declared = Conflict.objects.filter(expert_id__in=ids).filter(
        Q(valley_id=valley.pk) | Q(organisation_id__in=interests.core | interests.regional)
    )
    for conflict in declared.select_related("organisation"):
        found[conflict.expert_id].append(
            Found(ConflictKind.DECLARED, str(conflict.organisation or conflict.note))
        )
    links = Expert.cooperated_with.through.objects.filter(
        expert_id__in=ids, organisation_id__in=interests.core
    ).select_related("organisation")
    for link in links:
        found[link.expert_id].append(Found(ConflictKind.COOPERATION, str(link.organisation)))
    return {key: list(dict.fromkeys(kinds)) for key, kinds in found.items() if kinds}


def _above(organisation: Organisation | None) -> list[Organisation]:
    return [body for body in (organisation, organisation.parent if organisation else None) if body]


def _same(found: list[Found], organisation: Organisation, interests: Interests) -> None:
    if organisation.pk in interests.core:
        found.append(Found(ConflictKind.SAME_ORGANISATION, str(organisation)))
    elif organisation.pk in interests.regional:
        found.append(Found(ConflictKind.SAME_REGION, str(organisation)))
