"""What the course of a valley needs to know about valleys: who stands behind a role, its page, its papers,
its mirror.
"""

from __future__ import annotations

from django.db.models import Q

from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind, RegionLevel
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.programme.models import ArgumentSession, Valley
from jinchuanggu.programme.plan_data import plan_data

PROCESS = "valley"

_BEHIND = {
    Role.PROVINCIAL_OFFICE: lambda valley: Q(kind=OrganisationKind.PROVINCIAL_OFFICE),
    Role.PROVINCIAL_GOVERNMENT: lambda valley: Q(
        kind=OrganisationKind.GOVERNMENT, region__level=RegionLevel.PROVINCE
    ),
    Role.CITY_OFFICE: lambda valley: Q(kind=OrganisationKind.CITY_OFFICE, region_id=valley.region_id),
    Role.CITY_GOVERNMENT: lambda valley: Q(kind=OrganisationKind.GOVERNMENT, region_id=valley.region_id),
}


def holders_of(valley: Valley, role: str) -> list[int]:
    """Ids of the organisations that act as this role for this valley."""
    if role == Role.OPERATOR:
        return [valley.operator_id] if valley.operator_id else []
    behind = _BEHIND.get(Role(role))
    return list(Organisation.objects.filter(behind(valley)).values_list("pk", flat=True)) if behind else []


def documents_of(valley: Valley) -> set[str]:
    """Kinds of paper the valley has. Minutes of an argument count only for the session that is running."""
    kinds = set(
        Document.objects.filter(subject_label="programme.valley", subject_id=valley.pk).values_list(
            "kind", flat=True
        )
    )
    session = current_session(valley)
    if session and _papers_of_session(session).exists():
        kinds.add("argument_minutes")
    return kinds


def current_session(valley: Valley) -> ArgumentSession | None:
    """The session being planned or under way, not a concluded one."""
    return ArgumentSession.objects.filter(valley=valley, concluded_at__isnull=True).order_by("-pk").first()


def _papers_of_session(session: ArgumentSession):
    return Document.objects.filter(
        subject_label="programme.argumentsession", subject_id=session.pk, kind="argument_minutes"
    )


def mirror(valley: Valley, state: str, stage: str) -> None:
    """Keep the state on the valley itself, for lists and maps."""
    Valley.objects.filter(pk=valley.pk).update(state=state, stage=stage)


registry.subject(
    PROCESS,
    holders_of=holders_of,
    address_of=lambda valley: valley.get_absolute_url(),
    documents_of=documents_of,
    on_state=mirror,
)
registry.document_titles.update({paper.kind: paper.title for paper in plan_data().papers})
