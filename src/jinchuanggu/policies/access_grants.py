"""Who reaches which application: the firm its own, its valley's operator the sent ones, the payer what it decides."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.documents import access as documents
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.models import Budget, Grant, GrantApplication, Level
from jinchuanggu.programme.models import Valley

CITY_LEVELS = (Level.CITY, Level.VALLEY)
PROVINCIAL_LEVELS = (Level.PROVINCE, Level.NATIONAL)
PRIVATE = ("opened", "draft", "proposed")
"""States that only the firm sees: nothing was sent yet."""
DECIDERS = (Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
READERS = (Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE, Role.AUDITOR)


def visible_applications(actor: Actor) -> QuerySet[GrantApplication]:
    """The applications a hat may open; empty for every hat that has nothing to do with them."""
    rows = GrantApplication.objects.all()
    if actor.role == SYSTEM:
        return rows
    if actor.role == Role.ENTERPRISE and actor.organisation_id:
        return rows.filter(organisation_id=actor.organisation_id)
    sent = rows.exclude(state__in=PRIVATE).exclude(applied_on__isnull=True)
    if actor.role in (Role.PROVINCIAL_OFFICE, Role.AUDITOR):
        return sent
    if actor.role == Role.CITY_OFFICE and actor.region_id:
        return sent.filter(level__in=CITY_LEVELS, region_id=actor.region_id)
    if actor.role == Role.OPERATOR and actor.organisation_id:
        mine = Valley.objects.filter(operator_id=actor.organisation_id).values("pk")
        return sent.filter(valley_checked__in=mine)
    return rows.none()


def decides(actor: Actor, application: GrantApplication) -> bool:
    """Whether this hat decides and pays: by the level of the payer."""
    if actor.role == Role.PROVINCIAL_OFFICE:
        return application.level in PROVINCIAL_LEVELS
    return (
        actor.role == Role.CITY_OFFICE
        and application.level in CITY_LEVELS
        and actor.region_id == application.region_id
    )


def decided_by(actor: Actor) -> QuerySet[GrantApplication]:
    """The visible applications on which this hat decides."""
    rows = visible_applications(actor)
    if actor.role == Role.PROVINCIAL_OFFICE:
        return rows.filter(level__in=PROVINCIAL_LEVELS)
    return rows if actor.role == Role.CITY_OFFICE else rows.none()


def get_application(actor: Actor, pk: int) -> GrantApplication:
    """The application, through the actor's scope. Raises Http404."""
    rows = visible_applications(actor).select_related("organisation__region__parent", "region", "policy")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_own_firm(actor: Actor, pk: int) -> Organisation:
    """The firm the actor acts for. Raises Http404."""
    if actor.role != Role.ENTERPRISE or actor.organisation_id != pk:
        raise Http404
    found = Organisation.objects.select_related("region__parent").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def visible_grants(actor: Actor) -> QuerySet[Grant]:
    """The decisions to pay on visible applications."""
    return Grant.objects.filter(application__in=visible_applications(actor).order_by().values("pk"))


def payable_grants(actor: Actor) -> QuerySet[Grant]:
    """The decisions this hat may register payments for."""
    return Grant.objects.filter(application__in=decided_by(actor).order_by().values("pk"))


def visible_budgets(actor: Actor) -> QuerySet[Budget]:
    """The province and the auditor see all budgets, a city those of its own policies."""
    rows = Budget.objects.all()
    if actor.role in (Role.PROVINCIAL_OFFICE, Role.AUDITOR):
        return rows
    if actor.role == Role.CITY_OFFICE and actor.region_id:
        mine = Q(policy__region_id=actor.region_id) | Q(policy__rule_texts__region_id=actor.region_id)
        return rows.filter(mine, policy__level__in=CITY_LEVELS).distinct()
    return rows.none()


def get_budget(actor: Actor, pk: int) -> Budget:
    """The budget, through the actor's scope. Raises Http404."""
    found = visible_budgets(actor).select_related("policy", "use").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _reads(actor: Actor, pk: int) -> bool:
    return visible_applications(actor).filter(pk=pk).exists()


def _writes(actor: Actor, pk: int) -> bool:
    writable = ("opened", "draft", "supplementing")
    rows = visible_applications(actor).filter(pk=pk, state__in=writable)
    return actor.role == Role.ENTERPRISE and rows.exists()


documents.register("policies.grantapplication", _reads, _writes)
