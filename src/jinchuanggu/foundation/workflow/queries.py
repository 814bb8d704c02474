"""Work queues and case positions, scoped to the reader."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.workflow.models import Task


def queue(actor: Actor) -> QuerySet[Task]:
    """What waits for this hat (or this person under it), the most urgent first, undated last."""
    mine = Q(organisation_id=actor.organisation_id, person__isnull=True) | Q(person_id=actor.person_id)
    if actor.organisation_id is None:
        return Task.objects.none()
    return (
        Task.objects.filter(mine, role=actor.role, closed_at__isnull=True)
        .select_related("case")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
