"""Reads of notices: everybody their own."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.notices.models import Notice


def mine(actor: Actor) -> QuerySet[Notice]:
    if actor.person_id is None:
        return Notice.objects.none()
    return Notice.objects.filter(person_id=actor.person_id).order_by("-pk")


def get_notice(actor: Actor, pk: int) -> Notice:
    """One of the reader's notices. Raises Http404."""
    notice = mine(actor).filter(pk=pk).first()
    if notice is None:
        raise Http404
    return notice
