"""Who reads a yearly report, and who may write in it. A miss is a 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents import access as document_access
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import AnnualReport, RectificationItem

WRITABLE = "drafting"
MENDING = "rectifying"


def visible_reports(actor: Actor) -> QuerySet[AnnualReport]:
    """The province all, a city its own, an operator its valley's; nobody else."""
    rows = AnnualReport.objects.all()
    if actor.province_wide:
        return rows
    if actor.city_wide and actor.region_id:
        return rows.filter(valley__region_id=actor.region_id)
    if actor.role == Role.OPERATOR:
        return rows.filter(valley__operator_id=actor.organisation_id, valley__operator__isnull=False)
    return rows.none()


def get_report(actor: Actor, pk: int) -> AnnualReport:
    """Through the actor's scope. Raises Http404."""
    found = (
        visible_reports(actor)
        .select_related("cycle", "valley__region", "valley__operator")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def may_write(actor: Actor, report: AnnualReport) -> bool:
    """The city's science office, while the report is being drafted."""
    return (
        actor.role == Role.CITY_OFFICE
        and actor.region_id == report.valley.region_id
        and report.state == WRITABLE
    )


def may_score(actor: Actor, report: AnnualReport) -> bool:
    return actor.role == Role.PROVINCIAL_OFFICE and report.state == "scoring"


def get_item(actor: Actor, pk: int) -> RectificationItem:
    """Through the report's scope. Raises Http404."""
    found = (
        RectificationItem.objects.filter(report__in=visible_reports(actor))
        .select_related("report__cycle", "report__valley__region")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def may_answer(actor: Actor, item: RectificationItem) -> bool:
    """The city's science office, while the report's items are being mended."""
    report = item.report
    return (
        actor.role == Role.CITY_OFFICE
        and actor.region_id == report.valley.region_id
        and report.state == MENDING
    )


def may_check(actor: Actor, item: RectificationItem) -> bool:
    return actor.role == Role.PROVINCIAL_OFFICE and item.report.state == "rechecking"


def _reads(actor: Actor, pk: int) -> bool:
    return visible_reports(actor).filter(pk=pk).exists()


def _writes(actor: Actor, pk: int) -> bool:
    """Papers of a report: the bodies that write letters about it, and its own city."""
    found = visible_reports(actor).select_related("valley").filter(pk=pk).first()
    if found is None:
        return False
    return actor.role in (Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT) or (
        actor.city_wide and actor.region_id == found.valley.region_id
    )


def _report_of_item(pk: int) -> int:
    return RectificationItem.objects.filter(pk=pk).values_list("report_id", flat=True).first() or 0


document_access.register("programme.annualreport", _reads, _writes)
document_access.register(
    "programme.rectificationitem",
    lambda actor, pk: _reads(actor, _report_of_item(pk)),
    lambda actor, pk: _writes(actor, _report_of_item(pk)),
)
