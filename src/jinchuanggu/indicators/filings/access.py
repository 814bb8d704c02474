"""Who reaches which filing, and who may write in it. Ids always come through these; a miss is a 404."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.indicators.models import Filing, UnitLevel
from jinchuanggu.indicators.places import directory
from jinchuanggu.residents.models import Resident

PROCESS = "filing"
OPEN = ("draft", "returned", "reopened")
"""States in which the figures may be written."""
SPEAKERS = (Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
LEVELS = {"firm": UnitLevel.FIRM, "valley": UnitLevel.VALLEY, "city": UnitLevel.CITY}


def filings_for(actor: Actor) -> QuerySet[Filing]:
    """The province all; a city those of its own region; an operator those of its valleys and their firms; a firm its own."""
    rows = Filing.objects.all()
    if actor.province_wide:
        return rows
    if actor.city_wide and actor.region_id:
        return rows.filter(region_id=actor.region_id)
    if actor.role == Role.OPERATOR and actor.organisation_id:
        return rows.filter(valley_id__in=directory().mine(actor).order_by().values("pk"))
    if actor.role == Role.ENTERPRISE and actor.organisation_id:
        own = Resident.objects.filter(organisation_id=actor.organisation_id).order_by().values("pk")
        return rows.filter(unit__level=UnitLevel.FIRM, unit__ref_id__in=own)
    return rows.none()


def get_filing(actor: Actor, pk: int) -> Filing:
    """The filing, through the actor's scope. Raises Http404."""
    found = filings_for(actor).select_related("unit", "region").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def variant_of(filing: Filing) -> str:
    """firm, valley or city, as the process file names them."""
    return {UnitLevel.FIRM: "firm", UnitLevel.VALLEY: "valley"}.get(UnitLevel(filing.unit.level), "city")


def holders_many(filings: list[Filing], role: str) -> dict[int, set[int]]:
    """{filing id: ids of the organisations that act as this role for it}. One query."""
    if role == Role.ENTERPRISE:
        firms = [filing.unit.ref_id for filing in filings if filing.unit.level == UnitLevel.FIRM]
        of_firm = dict(Resident.objects.filter(pk__in=firms).values_list("pk", "organisation_id"))
        return {
            filing.pk: {of_firm[filing.unit.ref_id]}
            for filing in filings
            if filing.unit.level == UnitLevel.FIRM and filing.unit.ref_id in of_firm
        }
    if role == Role.OPERATOR:
        places = directory().places({filing.valley_id for filing in filings if filing.valley_id})
        return {
            filing.pk: {operator}
            for filing in filings
            if filing.valley_id in places and (operator := places[filing.valley_id].operator_id)
        }
    if role == Role.CITY_OFFICE:
        offices: dict[int, set[int]] = {}
        rows = Organisation.objects.filter(
            kind=OrganisationKind.CITY_OFFICE, region_id__in={filing.region_id for filing in filings}
        )
        for region, pk in rows.values_list("region_id", "pk"):
            offices.setdefault(region, set()).add(pk)
        return {filing.pk: offices.get(filing.region_id, set()) for filing in filings}
    if role == Role.PROVINCIAL_OFFICE:
        rows = Organisation.objects.filter(kind=OrganisationKind.PROVINCIAL_OFFICE)
        everyone = set(rows.values_list("pk", flat=True))
        return {filing.pk: everyone for filing in filings}
    return {}


def holders_of(filing: Filing, role: str) -> list[int]:
    """Ids of the organisations that act as this role for a filing."""
    return sorted(holders_many([filing], role).get(filing.pk, set()))


def writers(variant: str) -> tuple[str, ...]:
    """The roles that may fill in: those that may submit."""
    move = load(PROCESS).move("draft", "submit", variant)
    return move.by if move else ()


def may_write(actor: Actor, filing: Filing) -> bool:
    """Whether this hat may change the figures now."""
    if filing.state not in OPEN or actor.role not in writers(variant_of(filing)):
        return False
    return actor.organisation_id in holders_of(filing, actor.role)


def may_comment(actor: Actor, filing: Filing) -> bool:
    """Whoever fills in, checks or reviews; the filing was loaded through their scope."""
    return actor.role in SPEAKERS or actor.role == SYSTEM
