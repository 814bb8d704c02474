"""Reads of the residents' records, and the recognition figures computed from them. The records of a period, which indicators
are computed from: record_queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from jinchuanggu.residents.models import Resident, ResidentKind, Space, SpaceKind, YearlyRevenue

Computed = tuple[str, Decimal, str, int | None]


def in_residence(valley_id: int, on: date) -> QuerySet[Resident]:
    """Residents of a valley on a day."""
    return Resident.objects.filter(valley_id=valley_id, entered_on__lte=on).filter(
        Q(left_on__isnull=True) | Q(left_on__gt=on)
    )


def valleys_of_organisation(organisation_id: int | None) -> QuerySet[Resident]:
    """Ids of the valleys in which an organisation is resident."""
    return Resident.objects.filter(organisation_id=organisation_id, left_on__isnull=True).values_list(
        "valley_id", flat=True
    )


def computed_figures(valley_id: int, on: date) -> list[Computed]:
    """`(indicator, value, unit, year)` of the recognition figures that the records of a valley give on a day.

    A figure is absent, not zero, where the valley keeps no records of its kind. Revenue is that of the last year for
    which any sci-tech resident filed.
    """
    figures: list[Computed] = []
    residents = in_residence(valley_id, on)
    counts = residents.aggregate(
        units=Count("pk", filter=Q(kind=ResidentKind.TEAM) | Q(start_up=True)),
        staff=Sum("full_time_staff"),
    )
    if counts["units"]:
        figures.append(("resident_teams_and_startups", Decimal(counts["units"]), "count", None))
    if counts["staff"] is not None:
        figures.append(("full_time_staff", Decimal(counts["staff"]), "persons", None))
    areas = {
        row["kind"]: row["area"]
        for row in Space.objects.filter(valley_id=valley_id, startup_zone=True, completed_on__lte=on)
        .values("kind")
        .annotate(area=Sum("area_m2"))
    }
    if SpaceKind.OFFICE in areas:
        figures.append(("startup_office_m2", areas[SpaceKind.OFFICE], "m2", None))
    if SpaceKind.PLANT in areas:
        figures.append(("standard_plant_m2", areas[SpaceKind.PLANT], "m2", None))
    filed = YearlyRevenue.objects.filter(
        resident__valley_id=valley_id, resident__sci_tech=True, filed_on__lte=on
    )
    year = filed.aggregate(last=Max("year"))["last"]
    if year is not None:
        total = filed.filter(year=year).aggregate(total=Sum("revenue_cny"))["total"]
        figures.append(("tech_enterprise_revenue_cny", total, "cny", year))
    return figures


def resident_by(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], date]:
    """`{(valley, organisation): first day of residency}` of the pairs that are or were resident. One query."""
    wanted = set(pairs)
    if not wanted:
        return {}
    rows = Resident.objects.filter(
        valley_id__in={valley for valley, _firm in wanted},
        organisation_id__in={firm for _valley, firm in wanted},
    )
    found = rows.values_list("valley_id", "organisation_id").annotate(first=Min("entered_on")).order_by()
    return {(valley, firm): first for valley, firm, first in found if (valley, firm) in wanted}
