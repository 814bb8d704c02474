"""Judged rows into the database: in bulk, each with its sealed event, all in the caller's transaction."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.bulk import record_many
from jinchuanggu.foundation.audit.log import differences, snapshot
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.resources import checking, telling
from jinchuanggu.foundation.resources.declare import Resource

BATCH = 200
Plan = tuple[int, str, int | None, dict[str, Any], dict[str, list[int]]]


class Spool:
    """Plans kept on disk between judging and writing, a chunk at a time."""

    def __init__(self) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it

    def add(self, rows: list[Row]) -> None:
        plans: list[Plan] = [
            (row.number, row.action, row.pk, row.values, row.many)
            for row in rows
            if row.action in {"create", "update"}
        ]
        pickle.dump((len(rows), plans), self.file)

    def __iter__(self) -> Iterator[tuple[int, list[Plan]]]:
        self.file.seek(0)
        while True:
            try:
                yield pickle.load(self.file)
            except EOFError:
                return


def write(
    actor: Actor,
    resource: Resource,
    spool: Spool,
    *,
    source: dict[str, Any],
    step: Callable[[int], None] | None = None,
) -> Counter[str]:
    """Write every plan; gives the counts. `source` goes into each event (run, file). Raises IntegrityError,
    ValidationError when a row would leave the actor's reach; the caller's transaction then takes everything back.
    """
    counts: Counter[str] = Counter()
    bodies: telling.Bodies = set()
    for judged, plans in spool:
        if resource.create or resource.update:
            _one_by_one(actor, resource, plans)
        else:
            bodies |= _create(actor, resource, [p for p in plans if p[1] == "create"], source)
            bodies |= _update(actor, resource, [p for p in plans if p[1] == "update"], source)
        counts.update(p[1] for p in plans)
        if step is not None:
            step(judged)
    telling.tell(resource, bodies)
    return counts


def _one_by_one(actor: Actor, resource: Resource, plans: list[Plan]) -> None:
    """A resource with its own actions has them called, row by row."""
    from jinchuanggu.foundation.resources import actions

    for _number, action, pk, values, many in plans:
        given = {**{k: _object(resource, k, v) for k, v in values.items()}, **many}
        if action == "create":
            (resource.create or actions.create)(actor, resource=resource, values=given)
        else:
            (resource.update or actions.update)(actor, resource=resource, pk=pk, values=given)


def _object(resource: Resource, name: str, value: Any) -> Any:
    if resource.field(name).is_relation and value is not None:
        return resource.references[name].everything().get(pk=value)
    return value


def _create(actor: Actor, resource: Resource, plans: list[Plan], source: dict[str, Any]) -> telling.Bodies:
    from jinchuanggu.foundation.resources.actions import new_origin

    if not plans:
        return set()
    made, has_origin = [], any(f.name == "origin" for f in resource.model._meta.concrete_fields)
    for _number, _action, _pk, values, _many in plans:
        instance = resource.model(**{resource.field(k).attname: v for k, v in values.items()})
        if has_origin:
            instance.origin = new_origin()  # type: ignore[attr-defined]
        made.append(instance)
    resource.model._default_manager.bulk_create(made, batch_size=BATCH)
    _set_many(resource, list(zip(made, plans, strict=True)))
    _within(actor, resource, made, plans)
    checking.held(resource, made)
    _name(resource, made)
    verb = f"{resource.name}.import"
    record_many(actor, ((verb, one, differences({}, snapshot(one)), source) for one in made))
    return telling.bodies_of(resource, [one.pk for one in made])


def _update(actor: Actor, resource: Resource, plans: list[Plan], source: dict[str, Any]) -> telling.Bodies:
    if not plans:
        return set()
    pks = [pk for _number, _action, pk, _values, _many in plans if pk is not None]
    bodies = telling.bodies_of(resource, pks)
    manager = resource.model._default_manager
    stored = manager.select_for_update().in_bulk([p[2] for p in plans])
    before, changed, rows = {}, set[str](), []
    stamps = [f.name for f in resource.model._meta.concrete_fields if getattr(f, "auto_now", False)]
    for _number, _action, pk, values, _many in plans:
        instance = stored[pk]
        before[pk] = snapshot(instance)
        for name, value in values.items():
            setattr(instance, resource.field(name).attname, value)
            changed.add(resource.field(name).name)
        for stamp in stamps:
            setattr(instance, stamp, timezone.now())
        rows.append(instance)
    if changed:
        manager.bulk_update(rows, [*changed, *stamps], batch_size=BATCH)
    _set_many(resource, list(zip(rows, plans, strict=True)))
    _within(actor, resource, rows, plans)
    checking.held(resource, rows)
    _name(resource, rows)
    verb = f"{resource.name}.import"
    record_many(actor, ((verb, one, differences(before[one.pk], snapshot(one)), source) for one in rows))
    return bodies | telling.bodies_of(resource, pks)


def _set_many(resource: Resource, pairs: list[tuple[Any, Plan]]) -> None:
    for name in {name for _one, plan in pairs for name in plan[4]}:
        field = resource.field(name)
        through, source, target = (
            field.remote_field.through,
            field.m2m_field_name(),
            field.m2m_reverse_field_name(),
        )
        given = [(one.pk, plan[4][name]) for one, plan in pairs if name in plan[4]]
        manager = through._default_manager
        manager.filter(**{f"{source}__in": [pk for pk, _to in given]}).delete()
        links = [
            through(**{f"{source}_id": pk, f"{target}_id": to})
            for pk, ids in given
            for to in dict.fromkeys(ids)
        ]
        manager.bulk_create(links, batch_size=BATCH)


def _within(actor: Actor, resource: Resource, rows: list[Any], plans: list[Plan]) -> None:
    reach = set(
        resource.may_write(actor).filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True)
    )
    lost = [str(plan[0]) for one, plan in zip(rows, plans, strict=True) if one.pk not in reach]
    if lost:
        raise ValidationError(
            _("第 %(rows)s 行写入后将不在您的办理范围内，全部未写入") % {"rows": "、".join(lost[:20])}
        )


def _name(resource: Resource, rows: list[Any]) -> None:
    """Fetch what the rows refer to, together, so that naming them in the history costs no query each."""
    for name, reference in resource.references.items():
        field = resource.field(name)
        if not isinstance(field, models.ForeignKey):
            continue
        found = reference.everything().in_bulk({getattr(one, field.attname) for one in rows} - {None})
        for one in rows:
            if (target := found.get(getattr(one, field.attname))) is not None:
                setattr(one, field.name, target)
