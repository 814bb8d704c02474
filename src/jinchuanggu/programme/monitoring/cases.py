"""The case of a report in its process."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType

from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.models import AnnualReport

PROCESS = "monitoring"


def case_of(report: AnnualReport) -> Case:
    """Raises Case.DoesNotExist."""
    return Case.objects.get(
        process=PROCESS, subject_type=ContentType.objects.get_for_model(AnnualReport), subject_id=report.pk
    )
