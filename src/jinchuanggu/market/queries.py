"""Registered technology contracts of a period, unscoped: who reads them filters by `valley_id`."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.residents.models import Resident
from jinchuanggu.residents.record_queries import there_on


def standing(on: date | None = None) -> Q:
    """Contracts whose registration stands on a day (today): one cancelled by then counts nowhere any more."""
    return Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=on or timezone.localdate())


def contracts_registered(first: date, last: date, on: date | None = None) -> QuerySet[TechnologyContract]:
    """Contracts registered from a day to a day, both included, as they stand on a day (today).

    Paths: `valley_id` (None outside the valleys), `turnover_cny`, `technology_cny`, `kind`, `field`, `seller_id`;
    annotated `resident_id`, `resident_kind` of the seller's residency in that valley (None where it had left).
    """
    residency = Resident.objects.filter(
        there_on(OuterRef("registered_on")),
        valley_id=OuterRef("valley_id"),
        organisation_id=OuterRef("seller_id"),
    ).order_by("-entered_on", "-pk")
    return TechnologyContract.objects.filter(standing(on), registered_on__range=(first, last)).annotate(
        resident_id=Subquery(residency.values("pk")[:1]), resident_kind=Subquery(residency.values("kind")[:1])
    )
