"""Effects of approval, notice, objection and plaque."""

from __future__ import annotations

from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.programme import plaque_letters
from jinchuanggu.programme.actions import notice, plaque
from jinchuanggu.programme.models import Plaque


@effect
def open_notice(attempt: Attempt) -> None:
    """Publish the notice with its letter; after a dismissed objection the same notice goes on."""
    opened = notice.open_for(attempt.actor, attempt.subject)
    plaque_letters.write_notice(attempt.actor, opened)


@effect
def answer_objections_dismissed(attempt: Attempt) -> None:
    notice.answer_rest(attempt.actor, attempt.subject, upheld=False, reason=attempt.reason)


@effect
def answer_objections_upheld(attempt: Attempt) -> None:
    notice.answer_rest(attempt.actor, attempt.subject, upheld=True, reason=attempt.reason)


@effect
def withdraw_notice(attempt: Attempt) -> None:
    notice.withdraw(attempt.actor, attempt.subject)


@effect
def award_plaque(attempt: Attempt) -> None:
    plaque.give(attempt.actor, attempt.subject, _number(attempt))


def _number(attempt: Attempt) -> str:
    """The issuing number of the decision, from the award's form or from the general form of a move."""
    return str(attempt.payload.get("decision_number") or attempt.payload.get("issuing_number") or "").strip()


@effect
def write_plaque_decision(attempt: Attempt) -> None:
    plaque_letters.write_decision(
        attempt.actor, Plaque.objects.select_related("valley").get(valley=attempt.subject)
    )
