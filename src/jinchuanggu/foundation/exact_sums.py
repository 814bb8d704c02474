"""Sums of decimals that every database adds alike.

SQLite keeps a decimal as a binary number and adds it as one; a whole number of hundredths it adds exactly, as PostgreSQL
does. So amounts in yuan and areas in m², of two places and at most 15 digits each, are summed in hundredths.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import BigIntegerField, F, QuerySet, Sum
from django.db.models.functions import Cast, Round


def hundredths(path: str) -> Cast:
    """A decimal column of two places as a whole number of hundredths."""
    return Cast(Round(F(path) * 100), BigIntegerField())


def total(path: str, **options: Any) -> Sum:
    """The sum of a column in hundredths, for `annotate` and `aggregate`; read it back with `whole`."""
    return Sum(hundredths(path), **options)


def whole(summed: int | None) -> Decimal:
    """A sum of hundredths as a decimal with two places; nothing summed is zero."""
    return Decimal(summed or 0).scaleb(-2).quantize(Decimal("0.01"))


def sums(rows: QuerySet[Any], paths: Iterable[str]) -> dict[str, Decimal]:
    """`{path: exact sum}` of the rows of a query, in one query."""
    wanted = {f"sum_{at}": path for at, path in enumerate(paths)}
    if not wanted:
        return {}
    found = rows.order_by().aggregate(**{name: total(path) for name, path in wanted.items()})
    return {path: whole(found[name]) for name, path in wanted.items()}
