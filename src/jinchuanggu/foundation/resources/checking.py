"""What must hold before a row is written, whichever way it comes in: constraints in words, own checks, no mixing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources.declare import Resource


def problems(resource: Resource, actor: Actor, instance: models.Model) -> dict[str, Any]:
    """`{field or "__all__": message}` of everything wrong with an instance that the form fields can't know."""
    found: dict[str, Any] = too_long(instance)
    for constraint in resource.model._meta.constraints:
        try:
            constraint.validate(resource.model, instance)
        except ValidationError as error:
            field, words = said(resource, constraint.name, error)
            found.setdefault(field, words)
    if resource.checks is not None:
        found.update(resource.checks(actor, instance))
    return found


def judged(resource: Resource, actor: Actor, instances: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    """`{field: message}` per instance of what only the database can tell."""
    if resource.judge is None or not instances:
        return [{} for _one in instances]
    return resource.judge(actor, instances)


def held(resource: Resource, instances: Sequence[Any]) -> None:
    """What must hold among rows, once these are written. Raises ValidationError; the caller's transaction goes back."""
    if resource.holds is not None and instances:
        resource.holds(instances)


EXACT_DIGITS = 15
"""SQLite and Excel keep so many digits of a number; more would come back as another number."""


def inexact(value: Any) -> bool:
    """Whether a decimal has more digits than every store of it keeps."""
    return isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > EXACT_DIGITS


def too_long(instance: models.Model) -> dict[str, Any]:
    """`{field: message}` of the decimals of an instance that would not be kept exactly."""
    fields = [f for f in instance._meta.concrete_fields if isinstance(f, models.DecimalField)]
    return {f.name: too_long_words() for f in fields if inexact(getattr(instance, f.attname))}


def too_long_words() -> str:
    return _("数字过长，最多 %(digits)d 位有效数字，请核对单位") % {"digits": EXACT_DIGITS}


def said(resource: Resource, constraint: str, error: ValidationError | None = None) -> tuple[str, str]:
    """The field and the words of a broken constraint."""
    if constraint in resource.messages:
        field, words = resource.messages[constraint]
        return field, str(words)
    messages = error.messages if error is not None else []
    return "__all__", "；".join(messages) or _("不满足约束 %(name)s") % {"name": constraint}


def reachable(resource: Resource, actor: Actor, values: dict[str, Any]) -> None:
    """Every id in `values` lies in the actor's scope. Raises Http404 - what one may not point to doesn't exist."""
    for name, reference in resource.references.items():
        if name not in values or values[name] in (None, [], ()):
            continue
        given = values[name] if isinstance(values[name], list | tuple) else [values[name]]
        ids = {getattr(item, "pk", item) for item in given}
        if reference.options(actor).filter(pk__in=ids).count() != len(ids):
            raise Http404


def unmixed(resource: Resource, instance: Any, changed: set[str]) -> None:
    """A simulated record is never hung on a real body. Raises ValidationError at the field."""
    if getattr(instance, "origin", "") != "simulated":
        return
    for name, reference in resource.references.items():
        if not reference.body or name not in changed or resource.field(name).many_to_many:
            continue
        pk = getattr(instance, resource.field(name).attname)
        if pk is not None and reference.everything().filter(pk=pk, **{reference.origin: "real"}).exists():
            raise ValidationError({name: mixed_words()})


def mixed_words() -> str:
    return _("模拟数据不能挂在真实单位名下，请选择模拟的单位")
