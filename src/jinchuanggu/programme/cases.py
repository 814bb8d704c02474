"""The case of a valley in its course, and where the process file says things about it."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.workflow.engine import process_of
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.models import Valley

PROCESS = "valley"


def case_of(valley: Valley) -> Case:
    """The running case of a valley. Raises Case.DoesNotExist for one that never went through the course."""
    return Case.objects.get(
        process=PROCESS, subject_type=ContentType.objects.get_for_model(Valley), subject_id=valley.pk
    )


def find_case(valley: Valley) -> Case | None:
    """The case, or None: a real valley carries published facts only and has no case."""
    return Case.objects.filter(
        process=PROCESS, subject_type=ContentType.objects.get_for_model(Valley), subject_id=valley.pk
    ).first()


def due_in(case: Case, state: str, start: date | None = None) -> date:
    """The due date the process file gives a state, counted from a day (today by default)."""
    rule = process_of(case).states[state].deadline
    start = start or timezone.localdate()
    if rule is None:
        return start
    if rule.working:
        return add_working_days(start, rule.days).day
    return start + timedelta(days=rule.days)
