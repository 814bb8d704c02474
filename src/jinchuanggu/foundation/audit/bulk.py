"""Many events sealed at once: the chain is locked once and each event still holds the digest of the one
before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import _plain, _valley_of
from jinchuanggu.foundation.audit.models import AuditEvent, ChainHead
from jinchuanggu.foundation.audit.seal import digest_of

Told = tuple[str, models.Model, dict[str, list[Any]], dict[str, Any]]


def record_many(actor: Actor, told: Iterable[Told], *, reason: str = "") -> int:
    """Append one sealed event per `(verb, target, changes, detail)`; returns how many.

    Must run inside the transaction of the changes. Three queries for any number of events.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit event is written in the transaction of its change")
    head = ChainHead.objects.select_for_update().order_by("pk").first() or ChainHead.objects.create()
    number, previous, events = head.number, head.digest, []
    for verb, target, changes, detail in told:
        number += 1
        row: dict[str, Any] = {
            "number": number,
            "at": timezone.now(),
            "actor_label": _plain(actor.label[:240]),
            "user_id": actor.user_id,
            "membership_id": actor.membership_id,
            "organisation_id": actor.organisation_id,
            "role": actor.role,
            "address": actor.address[:64],
            "agent": _plain(actor.agent[:200]),
            "verb": verb,
            "target_type": target._meta.label_lower,
            "target_id": str(target.pk),
            "target_label": _plain(str(target)[:240]),
            "valley_id": _valley_of(target),
            "changes": _plain(changes),
            "detail": _plain(detail),
            "reason": _plain(reason),
            "previous": previous,
        }
        previous = digest_of(row)
        events.append(AuditEvent(**row, digest=previous))
    AuditEvent.objects.bulk_create(events, batch_size=500)
    ChainHead.objects.filter(pk=head.pk).update(number=number, digest=previous)
    return len(events)
