"""Who reaches an assessment, a seat or a sheet; a miss is a 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.models import Assessment, Assessor, Objection, SiteVisit, Valley
from jinchuanggu.programme.visibility import phase_of, reader_of, shown


def current_assessment(valley: Valley) -> Assessment | None:
    """The newest assessment of a valley, whatever its phase."""
    return (
        Assessment.objects.filter(valley=valley)
        .select_related("valley__region", "application")
        .order_by("-pk")
        .first()
    )


def get_assessment(actor: Actor, pk: int) -> Assessment:
    """An assessment the actor reads as somebody: province, the assessed city, operator, invited unit, seated expert."""
    assessment = (
        Assessment.objects.select_related("valley__region", "valley__operator", "application")
        .filter(pk=pk)
        .first()
    )
    if assessment is None or reader_of(actor, assessment) is None:
        raise Http404
    return assessment


def get_office_assessment(actor: Actor, pk: int) -> Assessment:
    """For the acts of the provincial office. Raises Http404."""
    if actor.role != Role.PROVINCIAL_OFFICE:
        raise Http404
    return get_assessment(actor, pk)


def own_seats(actor: Actor) -> QuerySet[Assessor]:
    """The seats of the acting expert that are not excused: the list and the page take the same scope."""
    if actor.role != Role.EXPERT or actor.person_id is None:
        return Assessor.objects.none()
    return Assessor.objects.filter(expert__person_id=actor.person_id, excused_at__isnull=True)


def get_own_seat(actor: Actor, pk: int) -> Assessor:
    """The actor's own seat; anybody else's does not exist for it. Raises Http404."""
    seat = (
        own_seats(actor)
        .select_related("expert__person", "assessment__valley__region", "assessment__application")
        .filter(pk=pk)
        .first()
    )
    if seat is None:
        raise Http404
    return seat


def reads_evidence(actor: Actor, valley: Valley) -> bool:
    """Whether the papers of a valley are open to a seated expert or an invited unit as evidence, and nothing else is."""
    if actor.role not in (Role.EXPERT, Role.MEMBER_UNIT):
        return False
    found = current_assessment(valley)
    if found is None:
        return False
    reader = reader_of(actor, found)
    if reader not in ("expert", "member_unit"):
        return False
    return "evidence" in shown(phase_of(found), reader)


def get_visit(actor: Actor, pk: int) -> SiteVisit:
    """A site visit item the actor may report on: the office, an invited unit, a seated expert. Raises Http404."""
    visit = SiteVisit.objects.select_related("assessment__valley").filter(pk=pk).first()
    if visit is None or reader_of(actor, visit.assessment) not in {"office", "member_unit", "expert"}:
        raise Http404
    return visit


def get_objection(actor: Actor, pk: int) -> Objection:
    """An objection for the office that answers it. Raises Http404."""
    if actor.role != Role.PROVINCIAL_OFFICE:
        raise Http404
    objection = (
        Objection.objects.select_related("notice", "valley")
        .filter(pk=pk, valley__in=visible_valleys(actor))
        .first()
    )
    if objection is None:
        raise Http404
    return objection
