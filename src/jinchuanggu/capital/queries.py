"""Money that came to firms in a period, unscoped: who reads it filters by `valley_id`."""

from __future__ import annotations

from datetime import date

from django.db.models import OuterRef, QuerySet

from jinchuanggu.capital.models import DealKind, FinancingDeal
from jinchuanggu.residents.models import Resident
from jinchuanggu.residents.record_queries import residency_of, there_on

LENT = (DealKind.LOAN, DealKind.PLEDGE, DealKind.GUARANTEE)
"""What has to be paid back."""


def deals_closed(first: date, last: date) -> QuerySet[FinancingDeal]:
    """Deals whose money came from a day to a day, both included.

    Paths: `valley_id` (None outside the valleys), `amount_cny`, `kind`, `organisation_id`; annotated `resident_id`,
    `field`, `resident_kind` of the firm's residency in that valley (None where it had left).
    """
    residency = Resident.objects.filter(
        there_on(OuterRef("closed_on")),
        valley_id=OuterRef("valley_id"),
        organisation_id=OuterRef("organisation_id"),
    ).order_by("-entered_on", "-pk")
    return FinancingDeal.objects.filter(closed_on__range=(first, last)).annotate(**residency_of(residency))


def equity_closed(first: date, last: date) -> QuerySet[FinancingDeal]:
    """Of `deals_closed` those that took shares."""
    return deals_closed(first, last).filter(kind=DealKind.EQUITY)


def loans_closed(first: date, last: date) -> QuerySet[FinancingDeal]:
    """Of `deals_closed` those that have to be paid back."""
    return deals_closed(first, last).filter(kind__in=LENT)
