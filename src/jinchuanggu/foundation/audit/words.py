"""Field differences of the audit in readers' words: names of fields, choices, dates, and of what an id stands
for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, ForeignKey, Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jinchuanggu.foundation.audit.models import AuditEvent

UNTOLD = frozenset({"id", "created_at", "updated_at", "revision"})
OPEN_TO_ALL = frozenset({"organisations.organisation", "organisations.region"})
"""Kinds of things whose names anybody may read; what else an id stands for is told to readers of the audit
only.
"""

Names = dict[type[Model], dict[Any, str]]


@dataclass(frozen=True)
class Change:
    """One field before and after, under the name the screens give it."""

    field: str
    label: str
    before: Any
    after: Any


def model_of(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label) if label else None
    except (LookupError, ValueError):
        return None


def type_title(label: str) -> str:
    """The name of an object type, e.g. "programme.valley" → 晋创谷."""
    model = model_of(label)
    return str(model._meta.verbose_name) if model else label


def _pairs(event: AuditEvent) -> dict[str, list[Any]]:
    if not isinstance(event.changes, dict):  # tampered with; the seal says so
        return {}
    return {name: pair for name, pair in event.changes.items() if isinstance(pair, list) and len(pair) == 2}


def _fields(event: AuditEvent) -> dict[str, Any]:
    model = model_of(event.target_type)
    return {field.attname: field for field in model._meta.concrete_fields} if model else {}


def _names(events: Iterable[AuditEvent]) -> Names:
    """What the ids in the differences stand for; one query for each kind of thing."""
    wanted: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for event in events:
        fields = _fields(event)
        for name, pair in _pairs(event).items():
            if isinstance(fields.get(name), ForeignKey):
                wanted[fields[name].related_model] |= {
                    value for value in pair if isinstance(value, int | str)
                }
    return {
        model: {row.pk: str(row) for row in model._base_manager.filter(pk__in=pks)}
        for model, pks in wanted.items()
    }


def _label(field: Field | None, name: str) -> str:
    if field is None:
        return name
    related = getattr(field, "related_model", None)
    if related is not None and str(field.verbose_name) == field.name.replace("_", " "):
        return str(related._meta.verbose_name)
    return str(field.verbose_name)


def _value(field: Field | None, value: Any, names: Names) -> Any:
    if value is None or field is None:
        return value
    if isinstance(field, ForeignKey):
        return names.get(field.related_model, {}).get(value, f"#{value}")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))  # type: ignore[attr-defined]
    if isinstance(field, DateTimeField) and isinstance(value, str) and (moment := parse_datetime(value)):
        return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value


def _told(field: Field | None, name: str, everything: bool) -> bool:
    if name in UNTOLD:
        return False
    if everything or not isinstance(field, ForeignKey):
        return True
    return field.related_model._meta.label_lower in OPEN_TO_ALL  # type: ignore[union-attr]


def is_structure(value: Any) -> bool:
    """Parts within parts, such as the content of a letter: nothing a timeline could say in a line."""
    if isinstance(value, dict):
        return not {"zh", "en"} & value.keys()
    return isinstance(value, list) and any(isinstance(item, dict | list) for item in value)


def changes_of(events: Iterable[AuditEvent], *, everything: bool) -> dict[int, list[Change]]:
    """Differences by event number. `everything`: for readers of the whole audit, who see every
    reference too.
    """
    listed = list(events)
    names, found = _names(listed), {}
    for event in listed:
        fields = _fields(event)
        found[event.number] = [
            Change(name, _label(fields.get(name), name), *(_value(fields.get(name), v, names) for v in pair))
            for name, pair in _pairs(event).items()
            if _told(fields.get(name), name, everything) and (everything or not any(map(is_structure, pair)))
        ]
    return found
