"""Who reads which policy and which rule text, and who may write them. Lists and pages take the same scope."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.models import Policy, RuleStatus, RuleText

WRITERS = (Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE)
"""Policy officers."""

READERS = (*WRITERS, Role.PROVINCIAL_GOVERNMENT, Role.CITY_GOVERNMENT, Role.AUDITOR, Role.ADMIN)
"""Hats that see drafts: of the province all, of a city its own."""

Row = TypeVar("Row", Policy, RuleText)

PUBLIC_STATES = (RuleStatus.IN_FORCE, RuleStatus.REPLACED)


def visible_policies(actor: Actor) -> QuerySet[Policy]:
    """What is published, and besides it the province's officers all, a city's its own."""
    rows = Policy.objects.all()
    if actor.province_wide:
        return rows
    mine = Q(published=True)
    if actor.city_wide and actor.region_id:
        mine |= Q(region_id=actor.region_id)
    return rows.filter(mine)


def get_policy(actor: Actor, pk: int) -> Policy:
    """Raises Http404 when it doesn't exist or isn't theirs to see."""
    found = visible_policies(actor).select_related("region", "unit").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _own(rows: QuerySet[Row], actor: Actor) -> QuerySet[Row]:
    """The province's office all of them, a city's those of its own region, others none."""
    if actor.role == Role.PROVINCIAL_OFFICE:
        return rows
    own = actor.role == Role.CITY_OFFICE and actor.region_id
    return rows.filter(region_id=actor.region_id) if own else rows.none()


def writable_policies(actor: Actor) -> QuerySet[Policy]:
    """What an officer may change: the province all, a city what is of its own region."""
    return _own(Policy.objects.all(), actor)


def get_own_policy(actor: Actor, pk: int) -> Policy:
    found = writable_policies(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def visible_texts(actor: Actor) -> QuerySet[RuleText]:
    """Texts that are or were in force are public; drafts are seen by the officers they concern."""
    rows = RuleText.objects.all()
    if actor.province_wide:
        return rows
    mine = Q(status__in=PUBLIC_STATES)
    if actor.city_wide and actor.region_id:
        mine |= Q(region_id=actor.region_id)
    return rows.filter(mine)


def drafts(actor: Actor) -> QuerySet[RuleText]:
    """What is being written, of those this hat may see."""
    return (
        visible_texts(actor).exclude(status__in=PUBLIC_STATES)
        if actor.role in READERS
        else RuleText.objects.none()
    )


def get_text(actor: Actor, pk: int) -> RuleText:
    found = (
        visible_texts(actor).select_related("policy", "region", "author", "reviewer").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found


def writable_texts(actor: Actor) -> QuerySet[RuleText]:
    """Texts an officer may write or decide on: the province all, a city those of its own region."""
    return _own(RuleText.objects.all(), actor)


def may_write(actor: Actor, text: RuleText) -> bool:
    if actor.role == Role.CITY_OFFICE:
        return actor.region_id is not None and text.region_id == actor.region_id
    return actor.role == Role.PROVINCIAL_OFFICE


def get_own_text(actor: Actor, pk: int) -> RuleText:
    """A text for writing or deciding. Raises Http404."""
    found = writable_texts(actor).select_related("policy", "region", "author").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def city_prefix(region: Region) -> str:
    """What the ids of a city's own rule sets begin with: measure.taiyuan."""
    name = region.name_en.split(" ")[0].lower() if region.name_en else region.code
    return f"measure.{''.join(c for c in name.replace('ü', 'u') if c.isalnum())}."
