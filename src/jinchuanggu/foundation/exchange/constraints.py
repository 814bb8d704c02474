"""Database checks judged in Python, so that 200 000 rows need no 200 000 queries."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression

_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
    "in": lambda value, options: value in options,
}  # fmt: skip


class Beyond(Exception):
    """A condition this reader doesn't know; the database must be asked."""


def holds(condition: Q, instance: models.Model) -> bool | None:
    """What SQL would say of a condition on one row: True, False, or None for unknown. Raises Beyond."""
    verdicts = [
        holds(child, instance) if isinstance(child, Q) else _one(child, instance)
        for child in condition.children
    ]
    if condition.connector == Q.OR:
        found = True if True in verdicts else None if None in verdicts else False
    elif condition.connector == Q.AND:
        found = False if False in verdicts else None if None in verdicts else True
    else:
        raise Beyond
    if condition.negated:
        return None if found is None else not found
    return found


def _one(child: Any, instance: models.Model) -> bool | None:
    if not isinstance(child, tuple):
        raise Beyond
    path, wanted = child
    name, _sep, lookup = path.partition("__")
    value, lookup = _value(instance, name), lookup or "exact"
    if lookup == "isnull":
        return (value is None) is bool(wanted)
    if lookup not in _TESTS:
        raise Beyond
    if isinstance(wanted, F):
        wanted = _value(instance, wanted.name)
    elif isinstance(wanted, CombinedExpression) or hasattr(wanted, "resolve_expression"):
        raise Beyond
    if value is None or wanted is None:
        return None
    return _TESTS[lookup](value, wanted)


def _value(instance: models.Model, name: str) -> Any:
    try:
        return getattr(instance, instance._meta.get_field(name).attname)
    except FieldDoesNotExist:
        raise Beyond from None


def broken(instance: models.Model) -> list[models.CheckConstraint]:
    """The check constraints a row would break."""
    found = []
    for constraint in instance._meta.constraints:
        if not isinstance(constraint, models.CheckConstraint):
            continue
        try:
            if holds(constraint.condition, instance) is False:  # type: ignore[arg-type]
                found.append(constraint)
        except (Beyond, TypeError):
            try:
                constraint.validate(type(instance), instance)
            except Exception:
                found.append(constraint)
    return found
