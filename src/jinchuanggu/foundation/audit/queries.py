"""Reads of the audit, scoped to the reader; pages go by number, never by counting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.audit.access import READERS, visible
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.words import changes_of, is_structure

PAGE = 50


@dataclass(frozen=True)
class Page:
    """A page of events, newest first. `older` is the `before` value of the next page, or None."""

    events: list[AuditEvent]
    older: int | None


def shown(found: Iterable[AuditEvent], reader: Actor) -> list[dict[str, Any]]:
    """Events as the timeline component takes them; the record itself opens to those who read the audit."""
    from django.urls import reverse

    listed = list(found)
    reads_all = reader.role in READERS
    differences = changes_of(listed, everything=reads_all)
    return [
        {
            "at": event.at,
            "who": event.actor_label or "—",
            "verb": verbs.title(event.verb),
            "object": event.target_label,
            "url": reverse("audit_event", args=[event.number]) if reads_all else "",
            "reason": event.reason,
            "changes": [
                {"field": change.label, "old": change.before, "new": change.after}
                for change in differences[event.number]  # what has parts stands on the event's own page
                if not is_structure(change.before) and not is_structure(change.after)
            ],
        }
        for event in listed
    ]


def events(actor: Actor) -> QuerySet[AuditEvent]:
    """Every event this hat may read, newest first."""
    return AuditEvent.objects.filter(visible(actor)).order_by("-number")


def page(rows: QuerySet[AuditEvent], before: int | None = None, size: int = PAGE) -> Page:
    """One page by keyset: the events before number `before`."""
    if before:
        rows = rows.filter(number__lt=before)
    found = list(rows[: size + 1])
    return Page(found[:size], found[size - 1].number if len(found) > size else None)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def filtered(
    rows: QuerySet[AuditEvent],
    *,
    verb: str = "",
    target_type: str = "",
    target_id: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[AuditEvent]:
    """Narrow by verb (exact, several with commas, or a prefix ending in "."), object, person (part of the name) and days, both
    included.
    """
    if verb:
        rows = (
            rows.filter(verb__startswith=verb)
            if verb.endswith(".")
            else rows.filter(verb__in=verb.split(","))
        )
    if target_type:
        rows = rows.filter(target_type=target_type)
    if target_id:
        rows = rows.filter(target_id=target_id)
    if person:
        rows = rows.filter(actor_label__icontains=person)
    if since:
        rows = rows.filter(at__gte=_start(since))
    if until:
        rows = rows.filter(at__lt=_start(until + timedelta(days=1)))
    return rows


def history_of(actor: Actor, target: Model, *, before: int | None = None, size: int = PAGE) -> Page:
    """The history of one object as far as the reader may see it. The caller has loaded the object in
    scope.
    """
    rows = events(actor).filter(target_type=target._meta.label_lower, target_id=str(target.pk))
    return page(rows, before, size)


def history_of_valley(actor: Actor, valley_id: int, *, before: int | None = None, size: int = PAGE) -> Page:
    """Everything that happened to a valley and what belongs to it, as far as the reader may see it."""
    return page(events(actor).filter(valley_id=valley_id), before, size)


def recent(actor: Actor, *, since: datetime, limit: int = 8) -> list[AuditEvent]:
    """What changed since a moment, without the reader's own comings and goings."""
    rows = (
        events(actor)
        .filter(at__gte=since)
        .exclude(verb__startswith="account.")
        .exclude(verb__startswith="audit.")
    )
    return list(rows.exclude(verb__startswith="job.")[:limit])


def verb_choices(asked: str = "") -> list[tuple[str, str, bool]]:
    """`(value, label, chosen)` of the filter by verb, by their names on screen; verbs of one name are one choice.

    `asked` may also name one verb of several that are told alike: their choice is the chosen one.
    """
    from jinchuanggu.foundation.workflow.definition import files, load
    from jinchuanggu.foundation.workflow.engine import say

    found = {verb: verbs.title(verb) for verb in verbs.known()}
    for path in files():
        process = load(path.name.split(".v")[0])
        for move in process.moves:
            found[f"{process.id}.{move.event}"] = f"{say(process.title)} · {say(move.title)}"
    alike: dict[str, list[str]] = {}
    for verb, label in sorted(found.items()):
        alike.setdefault(label, []).append(verb)
    return [(",".join(one), label, asked in {*one, ",".join(one)}) for label, one in alike.items()]
