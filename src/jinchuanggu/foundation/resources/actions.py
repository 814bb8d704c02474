"""Create and change any declared record: scope, checks, one transaction, one sealed event."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import Deed, act
from jinchuanggu.foundation.resources import checking, telling
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.models import Submission
from jinchuanggu.foundation.resources.revision import revision


class Conflict(Exception):
    """Somebody else changed the row since the page was shown. `theirs` is what is stored now."""

    def __init__(self, theirs: models.Model) -> None:
        super().__init__("changed in the meantime")
        self.theirs = theirs


class Repeated(Exception):
    """The same form was sent before; `pk` is what it made then."""

    def __init__(self, pk: str) -> None:
        super().__init__("sent twice")
        self.pk = pk


def new_origin() -> str:
    """What is typed into a demo is simulated, into a real installation real."""
    return "simulated" if settings.DEMO else "real"


def create(actor: Actor, *, resource: Resource, values: dict[str, Any], token: str = "") -> models.Model:
    """Make a row. `token` marks one sending of a form; a second sending raises Repeated.

    Raises Http404 for ids out of scope, ValidationError, IntegrityError when another was quicker.
    """
    with act(actor, f"{resource.name}.create") as deed:
        if token:
            sent, fresh = Submission.objects.get_or_create(token=token, resource=resource.name)
            if not fresh:
                raise Repeated(sent.target)
        checking.reachable(resource, actor, values)
        many = _many(resource, values)
        instance = resource.model(**{k: v for k, v in values.items() if k not in many})
        if _has_origin(resource) and "origin" not in values:
            instance.origin = new_origin()  # type: ignore[attr-defined]
        _check(resource, actor, instance, set(values))
        instance.save()
        _set_many(instance, many, deed)
        _stays(resource, actor, instance)
        checking.held(resource, [instance])
        deed.target = instance
        telling.tell(resource, telling.bodies_of(resource, [instance.pk]))
        if token:
            Submission.objects.filter(token=token).update(target=str(instance.pk))
    return instance


def update(
    actor: Actor,
    *,
    resource: Resource,
    pk: int,
    values: dict[str, Any],
    seen: str | None = None,
    reason: str = "",
) -> models.Model:
    """Change a row. `seen` is the revision the page showed; when the row has moved on, Conflict and no change.

    Raises Http404 (row or ids out of scope), ValidationError, IntegrityError.
    """
    with transaction.atomic():
        if not resource.may_write(actor).filter(pk=pk).exists():
            raise Http404
        instance = resource.model._default_manager.select_for_update().get(pk=pk)
        if seen is not None and revision(instance) != seen:
            raise Conflict(instance)
        many = _many(resource, values)
        changed = {
            k: v
            for k, v in values.items()
            if k not in many and getattr(instance, resource.field(k).attname) != _id(v)
        }
        many = {
            name: items for name, items in many.items() if _ids(getattr(instance, name).all()) != _ids(items)
        }
        if not changed and not many:
            return instance
        with act(actor, f"{resource.name}.update", instance, reason=reason) as deed:
            bodies = telling.bodies_of(resource, [pk])
            checking.reachable(resource, actor, {**changed, **many})
            for name, value in changed.items():
                setattr(instance, name, value)
            _check(resource, actor, instance, set(changed))
            instance.save()
            _set_many(instance, many, deed)
            _stays(resource, actor, instance)
            checking.held(resource, [instance])
            telling.tell(resource, bodies | telling.bodies_of(resource, [pk]))
    return instance


def _check(resource: Resource, actor: Actor, instance: models.Model, changed: set[str]) -> None:
    instance.clean_fields(exclude=_unchecked(resource))
    instance.clean()
    checking.unmixed(resource, instance, changed)
    if found := checking.problems(resource, actor, instance):
        raise ValidationError(found)
    instance.validate_unique(exclude={f.name for f in instance._meta.concrete_fields} - changed)
    if found := checking.judged(resource, actor, [instance])[0]:
        raise ValidationError(dict(found))


def _unchecked(resource: Resource) -> set[str]:
    """Foreign keys: `reachable` has looked them up already."""
    return {field.name for field in resource.model._meta.concrete_fields if field.is_relation}


def _stays(resource: Resource, actor: Actor, instance: models.Model) -> None:
    """Nobody writes a row out of their own reach, where they could neither see nor mend it."""
    if not resource.may_write(actor).filter(pk=instance.pk).exists():
        raise ValidationError(_("这样保存后，该记录将不在您的办理范围内"))


def _many(resource: Resource, values: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: list(value or []) for name, value in values.items() if resource.field(name).many_to_many}


def _set_many(instance: Any, many: dict[str, list[Any]], deed: Deed) -> None:
    for name, items in many.items():
        manager = getattr(instance, name)
        before, after = _ids(manager.all()), _ids(items)
        if before != after:
            manager.set(after)
            deed.detail[name] = [sorted(before), sorted(after)]


def _ids(items: Any) -> set[int]:
    return {getattr(item, "pk", item) for item in items}


def _has_origin(resource: Resource) -> bool:
    return any(field.name == "origin" for field in resource.model._meta.concrete_fields)


def _id(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
