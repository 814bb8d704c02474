"""The records that figures are computed from, of every valley, unscoped: who reads them filters by `valley_id`.

Each function says by which paths its rows are counted. Where a row belongs to a valley only through its firm's
residency, the valley and what describes the firm are annotations, so that a later filter meets the same residency.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from jinchuanggu.residents.models import IntellectualProperty, Lease, Resident, Space, YearlyRevenue

Dated = Any
"""A day, an `F` of a day, or an `OuterRef` to one."""


def there_on(day: Dated, prefix: str = "") -> Q:
    """Residencies that run on a day: entered by then, not left by then. `prefix`: path to the residency."""
    return Q(**{f"{prefix}entered_on__lte": day}) & (
        Q(**{f"{prefix}left_on__isnull": True}) | Q(**{f"{prefix}left_on__gt": day})
    )


def residents_on(day: date) -> QuerySet[Resident]:
    """Units in residence on a day. Paths: `valley_id`, `organisation_id`, `full_time_staff`, `kind`, `field`,
    `start_up`, `sci_tech`. Head counts are what is known today, the past ones are with the filings."""
    return Resident.objects.filter(there_on(day))


def move_ins(first: date, last: date) -> QuerySet[Resident]:
    """Units that entered from a day to a day, both included. Paths as `residents_on`."""
    return Resident.objects.filter(entered_on__range=(first, last))


def move_outs(first: date, last: date) -> QuerySet[Resident]:
    """Units that left from a day to a day, both included. Paths as `residents_on`."""
    return Resident.objects.filter(left_on__range=(first, last))


def spaces_by(day: date) -> QuerySet[Space]:
    """Spaces completed by a day; one without a day of completion isn't. Paths: `valley_id`, `area_m2`, `kind`,
    `startup_zone`."""
    return Space.objects.filter(completed_on__lte=day)


def leases_on(day: date) -> QuerySet[Lease]:
    """Leases that run on a day, the last one included. Paths: `space__valley_id`, `area_m2`, `organisation_id`,
    `space__kind`; annotated `resident_id`, `field`, `resident_kind` of the tenant's residency there (None without)."""
    residency = Resident.objects.filter(
        there_on(day), valley_id=OuterRef("space__valley_id"), organisation_id=OuterRef("organisation_id")
    ).order_by("-entered_on", "-pk")
    return Lease.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day).annotate(
        **residency_of(residency)
    )


def residency_of(residency: QuerySet[Resident]) -> dict[str, Subquery]:
    """The annotations `resident_id`, `field`, `resident_kind` from the first row of a correlated query."""
    return {
        "resident_id": Subquery(residency.values("pk")[:1]),
        "field": Subquery(residency.values("field")[:1]),
        "resident_kind": Subquery(residency.values("kind")[:1]),
    }


def _rights(day: Dated) -> QuerySet[IntellectualProperty]:
    """Rights of firms in residence on a day, once per residency."""
    path = "organisation__residencies__"
    return IntellectualProperty.objects.filter(there_on(day, path)).annotate(
        valley_id=F(f"{path}valley_id"),
        resident_id=F(f"{path}pk"),
        field=F(f"{path}field"),
        resident_kind=F(f"{path}kind"),
    )


def rights_applied(first: date, last: date) -> QuerySet[IntellectualProperty]:
    """Rights applied for in a period by firms in residence on the day of application.

    Paths: `kind`, `organisation_id`; annotated `valley_id`, `resident_id`, `field`, `resident_kind`. A firm resident in
    two valleys counts in each; a total over valleys counts different `pk`.
    """
    return _rights(F("applied_on")).filter(applied_on__range=(first, last))


def rights_granted(first: date, last: date) -> QuerySet[IntellectualProperty]:
    """Rights granted in a period to firms in residence on the day of the grant. Paths as `rights_applied`."""
    return _rights(F("granted_on")).filter(granted_on__range=(first, last))


def rights_valid(day: date) -> QuerySet[IntellectualProperty]:
    """Rights in force on a day of firms in residence on it. Paths as `rights_applied`."""
    return _rights(day).filter(Q(lapsed_on__isnull=True) | Q(lapsed_on__gt=day), granted_on__lte=day)


def revenues_of(year: int, filed_by: date | None = None) -> QuerySet[YearlyRevenue]:
    """Yearly revenues of a year, those filed by a day if one is given. Paths: `resident__valley_id`, `revenue_cny`,
    `resident_id`, `resident__field`, `resident__kind`, `resident__sci_tech`."""
    rows = YearlyRevenue.objects.filter(year=year)
    return rows if filed_by is None else rows.filter(filed_on__lte=filed_by)
