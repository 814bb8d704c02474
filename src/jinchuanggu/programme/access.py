"""Who reaches which valley. Lists and pages take the same scope; a miss is a 404."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import Valley

PUBLIC_STATES = ("noticing", "objecting", "plaqued")
"""States in which a valley is public; one known from public pages only (`published_only`) always is."""


def published(rows: QuerySet[Valley]) -> QuerySet[Valley]:
    """What anybody may see: published facts, and valleys under notice or with a plaque."""
    return rows.filter(Q(published_only=True) | Q(state__in=PUBLIC_STATES)).exclude(state="revoked")


def visible_valleys(actor: Actor) -> QuerySet[Valley]:
    """The valleys this hat may open: the province all, a city its own, an operator its valley, an expert
    the assigned.

    Published valleys are open to everybody besides.
    """
    rows = Valley.objects.all()
    if actor.province_wide:
        return rows
    mine = (Q(published_only=True) & ~Q(state="revoked")) | Q(state__in=PUBLIC_STATES)
    if actor.city_wide and actor.region_id:
        mine |= Q(region_id=actor.region_id)
    elif actor.role == Role.MEMBER_UNIT:
        mine |= Q(pk__in=_consulted(actor))
    elif actor.role == Role.OPERATOR:
        mine |= Q(operator_id=actor.organisation_id)
    elif actor.role == Role.UNIVERSITY:
        mine |= Q(pk__in=Valley.universities.through.objects.filter(
            organisation_id=actor.organisation_id).values("valley_id"))  # fmt: skip
    elif actor.role == Role.ENTERPRISE:
        from jinchuanggu.residents.queries import valleys_of_organisation

        mine |= Q(pk__in=valleys_of_organisation(actor.organisation_id))
    elif actor.role == Role.EXPERT:
        mine |= Q(pk__in=_assigned(actor))
    return rows.filter(mine)


def may_see_file(actor: Actor, valley: Valley) -> bool:
    """Whether the inner part of a dossier (plan, opinions, papers, history) is open, not just the published
    facts.
    """
    if actor.province_wide:
        return True
    if actor.city_wide:
        return valley.region_id == actor.region_id
    if actor.role == Role.OPERATOR:
        return valley.operator_id is not None and valley.operator_id == actor.organisation_id
    if actor.role == Role.MEMBER_UNIT:
        return valley.pk in set(_consulted(actor))
    return False


def get_valley(actor: Actor, pk: int) -> Valley:
    """The valley, through the actor's scope. Raises Http404 when it doesn't exist or isn't theirs."""
    valley = visible_valleys(actor).select_related("region", "operator").filter(pk=pk).first()
    if valley is None:
        raise Http404
    return valley


def get_own_valley(actor: Actor, pk: int) -> Valley:
    """The valley of the actor's own city or zone, for writing. Raises Http404."""
    valley = get_valley(actor, pk)
    if not (actor.city_wide and valley.region_id == actor.region_id):
        raise Http404
    return valley


def get_file(actor: Actor, pk: int) -> Valley:
    """The valley with its inner part open to the actor. Raises Http404."""
    valley = get_valley(actor, pk)
    if not may_see_file(actor, valley):
        raise Http404
    return valley


def _consulted(actor: Actor) -> QuerySet[Valley]:
    from jinchuanggu.programme.models import Opinion

    return Opinion.objects.filter(organisation_id=actor.organisation_id).values_list(
        "consultation__valley_id", flat=True
    )


def _assigned(actor: Actor) -> list[int]:
    from jinchuanggu.programme.models import Assessor, ExpertOpinion

    # a session still being planned has no version yet, and its experts no invitation
    argued = ExpertOpinion.objects.filter(
        expert__person_id=actor.person_id, session__version__isnull=False
    ).values_list("session__valley_id", flat=True)
    assessed = Assessor.objects.filter(
        expert__person_id=actor.person_id, excused_at__isnull=True
    ).values_list("assessment__valley_id", flat=True)
    return [*argued, *assessed]
