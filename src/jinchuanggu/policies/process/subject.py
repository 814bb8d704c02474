"""What the course of a grant needs to know: who stands behind a role, the page, the papers, the mirror."""

from __future__ import annotations

from django.utils import timezone

from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import registry
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.policies.access_grants import CITY_LEVELS, PROVINCIAL_LEVELS
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.programme.models import Valley

PROCESS = "grant"
LABEL = "policies.grantapplication"


def holders_of(application: GrantApplication, role: str) -> list[int]:
    """Ids of the organisations that act as this role for this application."""
    if role == Role.ENTERPRISE:
        return [application.organisation_id]
    if role == Role.OPERATOR:
        valley = Valley.objects.filter(pk=application.valley_checked, operator__isnull=False)
        return list(valley.values_list("operator_id", flat=True))
    bodies = Organisation.objects.none()
    if role == Role.CITY_OFFICE and application.level in CITY_LEVELS:
        bodies = Organisation.objects.filter(
            kind=OrganisationKind.CITY_OFFICE, region_id=application.region_id
        )
    elif role == Role.PROVINCIAL_OFFICE and application.level in PROVINCIAL_LEVELS:
        bodies = Organisation.objects.filter(kind=OrganisationKind.PROVINCIAL_OFFICE)
    return list(bodies.values_list("pk", flat=True))


def papers_of(application: GrantApplication) -> set[str]:
    """Kinds of paper the application has."""
    rows = Document.objects.filter(subject_label=LABEL, subject_id=application.pk)
    return set(rows.values_list("kind", flat=True))


def mirror(application: GrantApplication, state: str, stage: str) -> None:
    """Keep the state on the application itself, for lists and constraints."""
    GrantApplication.objects.filter(pk=application.pk).update(
        state=state, stage=stage, updated_at=timezone.now()
    )


def case_of(application: GrantApplication) -> Case:
    """The running case of an application."""
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(GrantApplication)
    return Case.objects.get(process=PROCESS, subject_type=kind, subject_id=application.pk)


registry.subject(
    PROCESS,
    holders_of=holders_of,
    address_of=lambda application: application.get_absolute_url(),
    documents_of=papers_of,
    on_state=mirror,
)
registry.document_titles.update(
    {
        "event_proof": {
            "zh": "事项证明（合同、登记、凭证等）",
            "en": "Proof of the event (contract, registration, voucher)",
        },
        "grant_paper": {"zh": "其他申请材料", "en": "Other papers"},
        "grant_decision": {"zh": "兑现决定通知", "en": "Notice of the decision"},
    }
)
