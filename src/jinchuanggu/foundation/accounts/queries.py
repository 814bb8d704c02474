"""Reads for the administrators: people, their accounts and hats. Nobody else calls these."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Membership, Person
from jinchuanggu.foundation.organisations.roles import Role


def people(actor: Actor, text: str = "", role: str = "") -> QuerySet[Person]:
    """People with their account and hats, by name; narrowed by part of name, account, mail or
    organisation.
    """
    if actor.role != Role.ADMIN:
        return Person.objects.none()
    hats = Membership.objects.select_related("organisation").order_by("revoked_at", "pk")
    rows = Person.objects.select_related("user", "employer").prefetch_related(Prefetch("memberships", hats))
    if text:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(user__username__icontains=text)
            | Q(email__icontains=text)
            | Q(employer__name__icontains=text)
        )
    if role in Role.values:
        rows = rows.filter(
            pk__in=Membership.objects.filter(role=role, revoked_at__isnull=True).values("person_id")
        )
    return rows.order_by("pk")


def get_person(actor: Actor, pk: int) -> Person:
    """One person. Raises Http404."""
    person = people(actor).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def get_hat(actor: Actor, pk: int) -> Membership:
    """One hat. Raises Http404."""
    hat = None
    if actor.role == Role.ADMIN:
        hat = Membership.objects.select_related("person", "organisation").filter(pk=pk).first()
    if hat is None:
        raise Http404
    return hat
