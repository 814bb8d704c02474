"""Effects of application and assessment."""

from __future__ import annotations

from decimal import Decimal

from django.utils import timezone

from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.programme import assessment_letters
from jinchuanggu.programme.actions import application, assessment
from jinchuanggu.programme.assessment_access import current_assessment
from jinchuanggu.programme.assessment_state import aggregate_of, sheets_of, tally_of
from jinchuanggu.programme.models import Assessment


@effect
def record_application(attempt: Attempt) -> None:
    application.write(attempt.actor, attempt.subject, str(attempt.payload.get("shortfall_reason", "")))


@effect
def mark_application_withdrawn(attempt: Attempt) -> None:
    """The application ends; a running assessment of it is closed without conclusion."""
    application.withdraw(attempt.actor, attempt.subject)
    if running := current_assessment(attempt.subject):
        assessment.close_tasks(running, "withdrawn")


@effect
def start_assessment(attempt: Attempt) -> None:
    assessment.open_for(attempt.actor, attempt.subject)


@effect
def conclude_pass(attempt: Attempt) -> None:
    _conclude(attempt, "pass")


@effect
def conclude_fail(attempt: Attempt) -> None:
    _conclude(attempt, "fail")


def _conclude(attempt: Attempt, conclusion: str) -> None:
    """Keep the aggregate as it stood; from here on it is read, never recomputed."""
    current = _current(attempt)
    sheets = sheets_of(current)
    found = tally_of(current, sheets)
    if found is not None:
        current.aggregate = aggregate_of(found, sheets)
        current.score = Decimal(found.score)
    current.conclusion = conclusion
    current.opinion = str(attempt.payload.get("opinion", "")) or attempt.reason
    current.concluded_at = timezone.now()
    current.save()
    assessment.close_tasks(current, "concluded")
    record(
        attempt.actor, "assessment.conclude", current, reason=attempt.reason,
        detail={"conclusion": conclusion, "score": current.aggregate.get("score"), "scheme": current.scheme},
    )  # fmt: skip


@effect
def write_assessment_report(attempt: Attempt) -> None:
    assessment_letters.write_report(attempt.actor, _current(attempt))


@effect
def write_approval_request(attempt: Attempt) -> None:
    assessment_letters.write_request(attempt.actor, _current(attempt))


def _current(attempt: Attempt) -> Assessment:
    found = current_assessment(attempt.subject)
    if found is None:
        raise LookupError(f"no assessment of {attempt.subject}")
    return found
