"""How actions write the audit: `with act(actor, "plan.file", target=plan): …` - one transaction, one sealed
event.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent, ChainHead
from jinchuanggu.foundation.audit.seal import digest_of

UNSEEN = frozenset({"password", "last_login", "updated_at"})


def _plain(value: Any) -> Any:
    """A JSON-safe form that keeps decimals exact."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, str):
        return value.replace("\x00", "")  # PostgreSQL stores no NUL
    if isinstance(value, float):
        return repr(value)  # databases write numbers in their own ways; the seal needs one
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, models.Model):
        return str(value.pk)
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def snapshot(target: models.Model | None) -> dict[str, Any]:
    """The concrete field values of an object, JSON-safe; an unsaved or missing object is empty."""
    if target is None or target.pk is None or target._state.adding:
        return {}
    return {
        field.attname: _plain(getattr(target, field.attname))
        for field in target._meta.concrete_fields
        if field.attname not in UNSEEN
    }


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of what changed."""
    return {
        name: [before.get(name), after.get(name)]
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


class Deed:
    """What the body of `act` may fill in: the object created, further facts."""

    def __init__(self, target: models.Model | None) -> None:
        self.target = target
        self.detail: dict[str, Any] = {}


def record(
    actor: Actor,
    verb: str,
    target: models.Model | None = None,
    *,
    changes: dict[str, list[Any]] | None = None,
    detail: dict[str, Any] | None = None,
    reason: str = "",
    private: bool = False,
) -> AuditEvent:
    """Append one sealed event. Must run inside the transaction of the change that it describes.

    A `private` one stays out of the history of its valley, which the assessed city reads; the province still
    has it.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit event is written in the transaction of its change")
    head = ChainHead.objects.select_for_update().order_by("pk").first()
    if head is None:
        head = ChainHead.objects.create()
    row: dict[str, Any] = {
        "number": head.number + 1,
        "at": timezone.now(),
        "actor_label": _plain(actor.label[:240]),
        "user_id": actor.user_id,
        "membership_id": actor.membership_id,
        "organisation_id": actor.organisation_id,
        "role": actor.role,
        "address": actor.address[:64],
        "agent": _plain(actor.agent[:200]),
        "verb": verb,
        "target_type": target._meta.label_lower if target is not None else "",
        "target_id": str(target.pk) if target is not None else "",
        "target_label": _plain(str(target)[:240]) if target is not None else "",
        "valley_id": None if private else _valley_of(target),
        "changes": _plain(changes or {}),
        "detail": _plain(detail or {}),
        "reason": _plain(reason),
        "previous": head.digest,
    }
    event = AuditEvent.objects.create(**row, digest=digest_of(row))
    ChainHead.objects.filter(pk=head.pk).update(number=event.number, digest=event.digest)
    return event


def _valley_of(target: models.Model | None) -> int | None:
    """The valley an object belongs to, so that a dossier can show one history."""
    if target is None:
        return None
    if target._meta.label_lower == "programme.valley":
        return int(target.pk)
    return getattr(target, "valley_id", None)


@contextmanager
def act(
    actor: Actor,
    verb: str,
    target: models.Model | None = None,
    *,
    reason: str = "",
    detail: dict[str, Any] | None = None,
) -> Iterator[Deed]:
    """One transaction around a change of `target`: on success the event with before and after is sealed with
    it.
    """
    with transaction.atomic():
        before = snapshot(target)
        deed = Deed(target)
        deed.detail.update(detail or {})
        yield deed
        # the body may have worked on another copy of the same row
        same = target is not None and deed.target == target
        changes = differences(before if same else {}, snapshot(deed.target))
        record(actor, verb, deed.target, changes=changes, detail=deed.detail, reason=reason)
