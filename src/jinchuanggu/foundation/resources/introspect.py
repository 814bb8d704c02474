"""What Django's models already say about a path: its field, its words, its format."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import models


@cache
def field_at(model: type[models.Model], path: str) -> Any:
    """The field at the end of `a__b__c`; `valley_id` finds the column of that name. Raises FieldDoesNotExist."""
    if path == "pk":
        return model._meta.pk
    names = path.split("__")
    for name in names[:-1]:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.get_field(names[-1])


def label_of(model: type[models.Model], path: str) -> str:
    """The verbose name of the field at a path."""
    return str(field_at(model, path).verbose_name)


def format_of(model: type[models.Model], path: str) -> str:
    """The format that suits the field at a path; see `formats.FORMATS`."""
    found = field_at(model, path)
    if found.name == "origin":
        return "origin"
    if getattr(found, "choices", None):
        return "choice"
    kinds: tuple[tuple[type[Any], str], ...] = (
        (models.ManyToManyField, "many"),
        (models.BooleanField, "bool"),
        (models.DateTimeField, "datetime"),
        (models.DateField, "date"),
        (models.DecimalField, "decimal"),
        (models.IntegerField, "integer"),
        (models.JSONField, "tags"),
        (models.URLField, "url"),
    )
    return next((name for kind, name in kinds if isinstance(found, kind)), "text")


def nullable(model: type[models.Model], path: str) -> bool:
    """Whether a value at a path may be absent, over any step of it."""
    if path == "pk":
        return False
    steps = path.split("__")
    return any(field_at(model, "__".join(steps[: n + 1])).null for n in range(len(steps)))
