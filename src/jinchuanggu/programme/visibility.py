"""Phase × reader × field of an assessment, read from `schemes/visibility.v1.yaml`; everything else is unseen."""

from __future__ import annotations

from functools import cache

from jinchuanggu.foundation.access.actor import PUBLIC, Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import Assessment, Assessor
from jinchuanggu.programme.schemes.loading import SchemeError, read

READER_OF_ROLE = {
    Role.PROVINCIAL_OFFICE: "office",
    Role.PROVINCIAL_GOVERNMENT: "government",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "admin",
}


@cache
def matrix() -> dict[str, dict[str, frozenset[str]]]:
    """`{phase: {reader: fields}}`, checked to name every phase and reader and no unknown field."""
    raw = read("visibility.v1")
    fields, phases, readers = set(raw["fields"]), set(raw["phases"]), set(raw["readers"])
    if set(raw["matrix"]) != phases:
        raise SchemeError("visibility.v1: phases and matrix differ")
    table = {}
    for phase, row in raw["matrix"].items():
        if set(row) != readers:
            raise SchemeError(f"visibility.v1: {phase} does not name every reader")
        for reader, shown in row.items():
            if unknown := set(shown) - fields:
                raise SchemeError(f"visibility.v1: {phase}/{reader}: unknown fields {sorted(unknown)}")
        table[phase] = {reader: frozenset(shown) for reader, shown in row.items()}
    return table


def phase_of(assessment: Assessment) -> str:
    """Where the assessment stands. Costs one query while sheets are coming in."""
    if assessment.conclusion:
        return "concluded"
    if assessment.drawn_at is None:
        return "committed" if assessment.commitment else "opened"
    missing = Assessor.objects.filter(
        assessment=assessment, excused_at__isnull=True, sheet__submitted_at__isnull=True
    ).exists()
    return "scoring" if missing else "scored"


def reader_of(actor: Actor, assessment: Assessment) -> str | None:
    """As what the actor reads this assessment; None: no relation to it beyond the public's."""
    if reader := READER_OF_ROLE.get(actor.role):  # type: ignore[call-overload]
        return str(reader)
    valley = assessment.valley
    if actor.city_wide:
        return "city" if actor.region_id == valley.region_id else None
    if actor.role == Role.OPERATOR:
        return "operator" if actor.organisation_id and actor.organisation_id == valley.operator_id else None
    if actor.role == Role.MEMBER_UNIT:
        invited = assessment.invited_units.filter(pk=actor.organisation_id).exists()
        return "member_unit" if invited else None
    if actor.role == Role.EXPERT:
        return "expert" if seat_of(actor, assessment) else None
    return None


def seat_of(actor: Actor, assessment: Assessment) -> Assessor | None:
    """The actor's own seat, unless excused."""
    if actor.role != Role.EXPERT or actor.person_id is None:
        return None
    return Assessor.objects.filter(
        assessment=assessment, expert__person_id=actor.person_id, excused_at__isnull=True
    ).first()


def shown(phase: str, reader: str | None) -> frozenset[str]:
    """The fields a reader sees in a phase; nobody in particular sees what the public sees."""
    return matrix()[phase][reader or PUBLIC]
