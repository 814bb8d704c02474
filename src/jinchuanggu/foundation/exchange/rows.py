"""Which stored row a line means, what it would become, and what stands against it."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import constraints
from jinchuanggu.foundation.exchange.cells import EMPTY
from jinchuanggu.foundation.exchange.fields import NUMBER, ImportField
from jinchuanggu.foundation.resources import checking
from jinchuanggu.foundation.resources.actions import new_origin
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.forms import errors_of
from jinchuanggu.foundation.resources.revision import revision

if TYPE_CHECKING:
    from jinchuanggu.foundation.exchange.planning import Row

SEVERAL = -1


def match(actor: Actor, resource: Resource, chunk: list[Row]) -> None:
    """Find the stored row of every line: by its number, else by the first natural key it fills.

    A line may name whatever the actor sees; whether it may change that is asked only when it does.
    """
    seen = resource.scope(actor)
    numbers = {row: number for row in chunk if (number := _number(row)) is not None}
    stored = {obj.pk: obj for obj in seen.filter(pk__in=set(numbers.values()))} if numbers else {}
    for row, number in numbers.items():
        if number in stored:
            row.pk, row.instance = number, stored[number]
        else:
            row.wrong(NUMBER, _("没有这个编号的记录，或不在您的办理范围内；新记录请把编号留空"))
    for key in resource.keys:
        _by_key(resource, seen, key, [row for row in chunk if row.pk is None and row not in numbers])
    found = {row.pk for row in chunk if row.pk is not None}
    writable = (
        set(resource.may_write(actor).filter(pk__in=found).values_list("pk", flat=True)) if found else set()
    )
    for row in chunk:
        row.writable = row.pk is None or row.pk in writable
    _links(resource, chunk)


def _by_key(resource: Resource, seen: Any, key: tuple[str, ...], chunk: list[Row]) -> None:
    todo: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in chunk:
        if (values := _key(row, key)) is not None:
            todo[values].append(row)
    if not todo:
        return
    columns, met = [resource.field(name).attname for name in key], Q()
    for at, column in enumerate(columns):
        met &= Q(**{f"{column}__in": {values[at] for values in todo}})
    found: dict[tuple[Any, ...], Any] = {}
    for obj in resource.model._default_manager.filter(met):
        values = tuple(getattr(obj, column) for column in columns)
        if values in todo:
            found[values] = SEVERAL if values in found else obj
    known = [obj.pk for obj in found.values() if obj is not SEVERAL]
    reach = set(seen.filter(pk__in=known).values_list("pk", flat=True))
    for values, obj in found.items():
        for row in todo[values]:
            if obj is SEVERAL:
                row.wrong(key[0], _("库中有多条同样的记录，请用“编号”列指明是哪一条"))
            elif obj.pk not in reach:
                row.wrong(key[0], _("已有此记录，但不在您的办理范围内"))
            else:
                row.pk, row.instance = obj.pk, obj


def _links(resource: Resource, chunk: list[Row]) -> None:
    """Drop what a line says about many-to-many columns where it says what is stored; one query per column."""
    found = [row for row in chunk if row.pk is not None]
    for name in {name for row in chunk for name in row.many}:
        field = resource.field(name)
        source, target = field.m2m_field_name(), field.m2m_reverse_field_name()
        now: dict[int, set[int]] = defaultdict(set)
        rows = field.remote_field.through._default_manager.filter(
            **{f"{source}__in": {row.pk for row in found}}
        )
        for start, to in rows.values_list(f"{source}_id", f"{target}_id"):
            now[start].add(to)
        for row in found:
            if name in row.many and set(row.many[name]) == now[row.pk or 0]:
                del row.many[name]


def _number(row: Row) -> int | None:
    raw = row.raw.get(NUMBER)
    if raw in (None, "") or not str(raw).strip():
        return None
    try:
        number = int(float(raw))
    except (TypeError, ValueError, OverflowError):
        number = 0
    return number if 0 < number < 2**63 else 0


def _key(row: Row, key: tuple[str, ...]) -> tuple[Any, ...] | None:
    values = tuple(row.values.get(name) for name in key)
    return None if any(v is None or v is EMPTY or v == "" for v in values) else values


def build(actor: Actor, resource: Resource, fields: dict[str, ImportField], chunk: list[Row]) -> None:
    """Make the instance each line would store, and judge what one row alone can tell."""
    excluded = {f.name for f in resource.model._meta.concrete_fields if f.is_relation}
    for row in chunk:
        before = row.instance
        row.seen = revision(before) if before is not None else ""
        lost = before is None and row.numbered
        if lost:  # which row is meant is unknown, so what it lacks is too
            row.values = {name: value for name, value in row.values.items() if value is not EMPTY}
        else:
            _fill(row, fields, new=before is None)
        row.instance = copy.copy(before) if before is not None else resource.model()
        if before is not None:
            row.instance._state = copy.copy(before._state)
        elif _has_origin(resource):
            row.instance.origin = new_origin()
        for name, value in row.values.items():
            setattr(row.instance, resource.field(name).attname, value)
        row.action = "create" if before is None else "update"
        if before is not None and not row.problems and not _changed(resource, row, before):
            row.action, row.values = "unchanged", {}
            continue
        if not lost:
            _validate(row, actor, resource, excluded | {name for name, *_rest in row.problems})
        for name in () if row.problems else resource.derived:
            row.values.setdefault(name, None)
        changed = _changed(resource, row, before)
        row.values = {
            name: getattr(row.instance, resource.field(name).attname) for name in changed - set(row.many)
        }
        if not changed and before is not None:
            row.action = "unchanged"


def judge(actor: Actor, resource: Resource, chunk: list[Row]) -> None:
    """What only the database can tell of the good rows of a chunk, asked for all of them together."""
    good = [row for row in chunk if not row.problems and row.action in {"create", "update"}]
    if resource.judge is None or not good:
        return
    told = checking.judged(resource, actor, [row.instance for row in good])
    for row, found in zip(good, told, strict=True):
        for field, words in found.items():
            row.wrong("" if field == "__all__" else field, str(words))


def _changed(resource: Resource, row: Row, before: Any) -> set[str]:
    """The fields a line would set to something else than is stored."""
    names = set(row.values)
    if before is not None:
        columns = {name: resource.field(name).attname for name in names}
        names = {n for n, c in columns.items() if getattr(before, c) != getattr(row.instance, c)}
    return names | set(row.many)


def _fill(row: Row, fields: dict[str, ImportField], *, new: bool) -> None:
    """Say what an empty cell means: nothing, the default of a new row, or a missing duty."""
    for name, field in fields.items():
        if name not in row.values:
            if new and field.required and name not in row.raw and name not in row.open:
                row.wrong(name, _("必填"))
            continue
        if row.values[name] is not EMPTY:
            continue
        del row.values[name]
        if field.field.null:
            row.values[name] = None
        elif new and field.field.has_default():
            pass
        elif field.may_empty:
            row.values[name] = [] if field.kind == "tags" else ""
        else:
            row.wrong(name, _("必填"))


def _validate(row: Row, actor: Actor, resource: Resource, excluded: set[str]) -> None:
    instance = row.instance
    skipped = {f.name for f in instance._meta.concrete_fields if f.name in excluded or f.attname in excluded}
    try:
        instance.clean_fields(exclude=skipped)
    except ValidationError as error:
        _tell(row, error)
    if row.problems:
        return
    try:
        instance.clean()
    except ValidationError as error:
        _tell(row, error)
    for constraint in constraints.broken(instance):
        field, words = checking.said(resource, constraint.name)
        row.wrong("" if field == "__all__" else field, words)
    if resource.checks is not None:
        for field, words in resource.checks(actor, instance).items():
            row.wrong("" if field == "__all__" else field, str(words))


def _tell(row: Row, error: ValidationError) -> None:
    for field, messages in errors_of(error).items():
        for message in messages:
            row.wrong(field or "", message)


def forbid_mixing(resource: Resource, chunk: list[Row]) -> None:
    """A simulated row points to no real body; one query per kind of reference and chunk."""
    for name, reference in resource.references.items():
        field = resource.field(name)
        if not reference.body or field.many_to_many or not _has_origin(resource):
            continue
        ids = {row.values[name] for row in chunk if row.values.get(name) is not None}
        if not ids:
            continue
        real = set(
            reference.everything()
            .filter(pk__in=ids, **{reference.origin: "real"})
            .values_list("pk", flat=True)
        )
        for row in chunk:
            if row.values.get(name) in real and row.instance.origin == "simulated":
                row.wrong(name, checking.mixed_words())


def decide(actor: Actor, resource: Resource, row: Row) -> None:
    """The last word on a row: a permission it lacks, then failed if anything is wrong."""
    if not row.problems and row.action == "create" and actor.role not in resource.access.add:
        row.wrong("", _("库中没有此记录，您没有新建的权限"))
    if not row.problems and row.action == "update":
        if actor.role not in resource.access.change:
            row.wrong("", _("您没有修改此类记录的权限"))
        elif not row.writable:
            row.wrong("", _("这条记录您可以查看，但不在您的办理范围内，不能修改"))
    if row.problems:
        row.action = "failed"


def _has_origin(resource: Resource) -> bool:
    return any(field.name == "origin" for field in resource.model._meta.concrete_fields)
