"""The same thing twice, in the workbook or in the database, found with a query per rule and chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange import constraints
from jinchuanggu.foundation.resources.declare import Resource

if TYPE_CHECKING:
    from jinchuanggu.foundation.exchange.planning import Row


def rules(resource: Resource) -> list[tuple[tuple[str, ...], Q | None]]:
    """`(columns, condition)` of everything that may be there once only."""
    meta = resource.model._meta
    found: list[tuple[tuple[str, ...], Q | None]] = [
        ((f.attname,), None) for f in meta.concrete_fields if f.unique and not f.primary_key
    ]
    for constraint in meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
            columns = tuple(meta.get_field(name).attname for name in constraint.fields)
            found.append((columns, constraint.condition))
    return found


def _applies(condition: Q | None, instance: Any) -> bool:
    if condition is None:
        return True
    try:
        return constraints.holds(condition, instance) is True
    except constraints.Beyond:
        return False


def _values(row: Row, columns: tuple[str, ...]) -> tuple[Any, ...] | None:
    values = tuple(getattr(row.instance, column) for column in columns)
    return None if any(value is None for value in values) else values


class Twice:
    """Keys seen so far in the workbook, as hashes, so that a long file needs little memory."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.rules = rules(resource)
        # a natural key finds a row; lines that name their row by number need it to be no key at all
        self.keys = [tuple(resource.field(name).attname for name in key) for key in resource.keys]
        self.seen: dict[tuple[str, int], int] = {}

    def judge(self, chunk: list[Row]) -> None:
        for row in chunk:
            if row.pk is not None and (first := self._met(row, "pk", (row.pk,))):
                row.wrong("", _("与第 %(row)d 行是同一条记录") % {"row": first})
                continue
            for columns, condition in self._rules(row):
                values = _values(row, columns)
                if values is None or "" in values or not _applies(condition, row.instance):
                    continue
                if first := self._met(row, f"{columns}{condition}", values):
                    row.wrong(_field(self.resource, columns), _("与第 %(row)d 行重复") % {"row": first})
                    break

    def _rules(self, row: Row) -> list[tuple[tuple[str, ...], Q | None]]:
        own = [] if row.numbered else [(key, None) for key in self.keys]
        return [*self.rules, *(rule for rule in own if rule not in self.rules)]

    def _met(self, row: Row, rule: str, values: tuple[Any, ...]) -> int:
        """The number of the line that had these values first, 0 when this one is the first."""
        first = self.seen.setdefault((rule, hash(values)), row.place)
        return 0 if first == row.place else first % 10_000_000


def judge(resource: Resource, chunk: list[Row]) -> None:
    """Rows whose unique values another stored row already has."""
    for columns, condition in rules(resource):
        wanted: dict[tuple[Any, ...], list[Row]] = {}
        for row in chunk:
            values = _values(row, columns)
            touched = row.pk is None or any(
                _field(resource, (c,)) in row.values or c in row.values for c in columns
            )
            if values is not None and touched and _applies(condition, row.instance):
                wanted.setdefault(values, []).append(row)
        if not wanted:
            continue
        met = Q(**{f"{column}__in": {values[at] for values in wanted} for at, column in enumerate(columns)})
        rows = resource.model._default_manager.filter(met)
        if condition is not None:
            rows = rows.filter(condition)
        for pk, *values in rows.values_list("pk", *columns):
            for row in wanted.get(tuple(values), []):
                if row.pk != pk:
                    label = resource.label_of(_field(resource, columns))
                    row.wrong(
                        _field(resource, columns),
                        _("库中已有相同的%(label)s（编号 %(pk)d）") % {"label": label, "pk": pk},
                    )


def _field(resource: Resource, columns: tuple[str, ...]) -> str:
    """The form field a problem with these columns is best said at: the last that people may change."""
    names = [resource.model._meta.get_field(column).name for column in columns]
    named = [n if n in resource.form else c for n, c in zip(names, columns, strict=True)]
    return next((n for n in reversed(named) if n in resource.form), named[-1])
