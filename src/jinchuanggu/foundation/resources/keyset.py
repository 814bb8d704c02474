"""Pages by position, not by number: the next page starts after the last row shown, so the thousandth costs like the first.

A cursor is the sort value and the key of a row. Empty values come last whichever way a column is sorted.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from jinchuanggu.foundation.resources import introspect


@dataclass(frozen=True)
class Order:
    """Sorted by `path`, then by key in the same direction."""

    path: str
    descending: bool = False
    nullable: bool = False

    def sorting(self, *, backwards: bool = False) -> list[Any]:
        down = self.descending != backwards
        key = F("pk").desc() if down else F("pk").asc()
        if self.path == "pk":
            return [key]
        value = F(self.path)
        if not self.nullable:
            return [value.desc() if down else value.asc(), key]
        end = {"nulls_first": True} if backwards else {"nulls_last": True}
        return [value.desc(**end) if down else value.asc(**end), key]

    def beyond(self, value: Any, pk: int, *, backwards: bool = False) -> Q:
        """Rows after the cursor in reading direction (before it when `backwards`)."""
        sign = "lt" if self.descending != backwards else "gt"
        key = Q(**{f"pk__{sign}": pk})
        if self.path == "pk":
            return key
        if value is None:
            empty = Q(**{f"{self.path}__isnull": True}) & key
            return empty | Q(**{f"{self.path}__isnull": False}) if backwards else empty
        further = Q(**{f"{self.path}__{sign}": value})
        if self.nullable:
            met = further | (Q(**{self.path: value}) & key)
            return met if backwards else met | Q(**{f"{self.path}__isnull": True})
        # the first condition is what an index can seek; the second sorts out the ties
        return Q(**{f"{self.path}__{sign}e": value}) & (further | key)


@dataclass(frozen=True)
class Page:
    """One page: rows as dictionaries; cursors of the neighbours, empty where there is none."""

    rows: list[dict[str, Any]]
    after: str
    before: str


def encode(value: Any, pk: int) -> str:
    text = value if value is None or isinstance(value, bool | int) else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, pk]).encode()).decode().rstrip("=")


def decode(cursor: str, field: Any) -> tuple[Any, int] | None:
    """The value and key of a cursor; None for anything that isn't one, which then means the first page."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(pk, int) or isinstance(pk, bool) or not 0 <= pk < 2**63:
            return None
        return (None if value is None else field.to_python(value)), pk
    except (ValueError, TypeError, binascii.Error, ValidationError, RecursionError):
        return None


def page(
    rows: QuerySet[Any], order: Order, paths: list[str], *, size: int, after: str = "", before: str = ""
) -> Page:
    """One page of `rows` in one query, one row more than shown to know whether there is a next."""
    backwards = bool(before)
    field = introspect.field_at(rows.model, order.path)
    cursor = decode(before or after, field) if (before or after) else None
    if cursor is None:
        backwards = False
    elif cursor[0] is None and order.path != "pk" and not order.nullable:
        cursor, backwards = None, False
    if cursor is not None:
        rows = rows.filter(order.beyond(*cursor, backwards=backwards))
    wanted = list(dict.fromkeys(["pk", order.path, *paths]))
    found = list(rows.order_by(*order.sorting(backwards=backwards)).values(*wanted)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    first, last = (encode(row[order.path], row["pk"]) for row in (found[0], found[-1]))
    has_next = more or backwards
    has_previous = more if backwards else cursor is not None
    return Page(found, last if has_next else "", first if has_previous else "")
