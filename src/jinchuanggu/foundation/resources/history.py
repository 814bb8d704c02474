"""The history of one record as a reader sees it: who, when, what, and each field's value before and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.formats import EMPTY, show

SHOWN = 50


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One event; `hidden` changes (fields this resource doesn't show) are left out."""

    number: int
    at: datetime
    who: str
    what: str
    reason: str
    changes: list[Change]


def entries(resource: Resource, pk: int, before: int | None = None) -> tuple[list[Entry], int | None]:
    """The newest events of one record, and the number to go on from. Two queries, and one per kind of reference."""
    events = AuditEvent.objects.filter(target_type=resource.model._meta.label_lower, target_id=str(pk))
    if before is not None:
        events = events.filter(number__lt=before)
    found = list(events.order_by("-number")[: SHOWN + 1])
    more, found = len(found) > SHOWN, found[:SHOWN]
    shown = _fields(resource)
    named = _names(resource, shown, found)
    return [_entry(resource, event, shown, named) for event in found], found[-1].number if more else None


def _fields(resource: Resource) -> dict[str, str]:
    """`{column: field name}` of what the resource shows; anything else stays out of its history."""
    names = {*resource.form, *(name for s in resource.sections for name in s.fields), *resource.by_path}
    return {
        field.attname: field.name
        for field in resource.model._meta.concrete_fields
        if field.name in names or field.attname in names
    }


def _names(resource: Resource, shown: dict[str, str], events: list[AuditEvent]) -> dict[str, dict[int, str]]:
    ids: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for column, pair in event.changes.items():
            if shown.get(column) in resource.references:
                ids[column] |= {value for value in pair if isinstance(value, int)}
    return {
        column: references.labels(resource.references[shown[column]], found) for column, found in ids.items()
    }


def _entry(
    resource: Resource, event: AuditEvent, shown: dict[str, str], named: dict[str, dict[int, str]]
) -> Entry:
    changes = []
    for column, (old, new) in event.changes.items():
        if column in shown:
            name = shown[column]
            texts = [named.get(column, {}).get(v, None) or text(resource, name, v) for v in (old, new)]
            if texts[0] != texts[1]:
                changes.append(Change(str(resource.label_of(name)), *texts))
    return Entry(event.number, event.at, event.actor_label, verb(event.verb), event.reason, changes)


def text(resource: Resource, name: str, value: Any) -> str:
    """A stored JSON value in words; money in full, because a difference may hide in what is rounded."""
    field = resource.field(name)
    if value is None or value == "":
        return EMPTY
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, str) and not isinstance(field, models.CharField | models.TextField):
        value = field.to_python(value)
    kind = resource.format_of(name)
    return show("decimal" if kind == "money" else kind, value).text


def verb(name: str) -> str:
    """What was done, in words, from the verb of the event."""
    words = {"create": _("新建"), "update": _("修改"), "import": _("导入"), "delete": _("删除")}
    return words.get(name.rsplit(".", 1)[-1], name)
