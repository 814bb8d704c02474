"""The records behind a computed value, page by page, and their exact sum; what the reader may not open is one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import introspect
from jinchuanggu.foundation.resources.formats import Cell, show
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.indicators.computed.measuring import total_of
from jinchuanggu.indicators.computed.sources import Records, records_of
from jinchuanggu.indicators.evidence.behind import Slice, hidden_of
from jinchuanggu.indicators.models import UnitLevel
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store.units import below

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its number, what is shown of it, what it adds to the value, and its own page."""

    pk: int
    cells: tuple[Cell, ...]
    amount: Decimal | None
    url: str = ""


@dataclass(slots=True)
class Listing:
    """`total` is the whole value, `shown` the part of it that the reader may open, `hidden` how much is not."""

    heads: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    total: Decimal | None = None
    shown: Decimal | None = None
    after: int | None = None

    @property
    def hidden(self) -> Decimal | None:
        """What the records that the reader may not open add up to; None when there are none."""
        return hidden_of(self.total, self.shown)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records of one slice for one reader."""

    actor: Actor
    records: Records
    rows: QuerySet[Any]
    visible: QuerySet[Any]
    with_valley: bool

    def listing(self, after: int = 0, size: int = PAGE) -> Listing:
        """A page after a record's number, with the sums of the whole."""
        lines = list(self.lines(after, size + 1))
        shown = total_of(self.records, self.visible)
        more = lines[size - 1].pk if len(lines) > size else None
        return Listing(self.heads(), lines[:size], total_of(self.records, self.rows), shown, more)

    @property
    def columns(self) -> tuple[tuple[str, Any], ...]:
        """What is shown of a record; what it adds to the value stands in a column of its own."""
        return tuple(column for column in self.records.columns if column[0] != self.records.amount)

    def heads(self) -> tuple[str, ...]:
        words = [str(label) for _path, label in self.columns]
        return (*words, _("所在谷")) if self.with_valley else tuple(words)

    def lines(self, after: int = 0, size: int | None = None) -> Iterator[Line]:
        """The records in the order of their numbers, each once."""
        records = self.records
        rows = self.visible
        if records.distinct and records.distinct != "pk":
            first = rows.order_by().values(records.distinct).annotate(_first=Min("pk")).values("_first")
            rows = rows.filter(pk__in=first)
        page = rows.order_by("pk").filter(pk__gt=after)
        if size is not None:
            # a record may come once for each residency of its firm: the page is cut by its number
            numbers = list(
                rows.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True).distinct()[:size]
            )
            page = rows.filter(pk__in=numbers).order_by("pk")
        paths = [path for path, _label in self.columns]
        asked = {records.valley, records.key, *paths, *([records.amount] if records.amount else [])}
        names = {pk: place.name for pk, place in directory().places().items()} if self.with_valley else {}
        styles = [_style(rows.model, path) for path in paths]
        last = None
        for row in page.values("pk", *sorted(asked - {"pk"})).iterator(chunk_size=2_000):
            if row["pk"] == last:
                continue
            last = row["pk"]
            cells = [
                show(kind, row[path], choices) for path, (kind, choices) in zip(paths, styles, strict=True)
            ]
            if self.with_valley:
                cells.append(Cell(names.get(row[records.valley], "—")))
            amount = row[records.amount] if records.amount else Decimal(1)
            yield Line(
                row["pk"],
                tuple(cells),
                None if amount is None else Decimal(amount),
                self._url(row[records.key]),
            )

    def _url(self, pk: Any) -> str:
        resource = resources.get(self.records.resource)
        if resource is not None and self.actor.role in resource.access.view:
            return reverse(f"{resource.name}_detail", args=[pk])
        return reverse(self.records.page, args=[pk]) if self.records.page else ""


def _style(model: Any, path: str) -> tuple[str, dict[Any, Any]]:
    """The format of a path and the words of its codes."""
    try:
        found = introspect.field_at(model, path)
    except LookupError:
        return "text", {}
    return introspect.format_of(model, path), dict(found.flatchoices or ())


def evidence_of(actor: Actor, at: Slice) -> Evidence:
    """The records behind a slice; those the actor may open are told by the declaration of the resource."""
    records = records_of(at.indicator.key, at.period)
    rows = _inside(records, at)
    return Evidence(actor, records, rows, _visible(actor, records, rows), at.unit.level > UnitLevel.VALLEY)


def _inside(records: Records, at: Slice) -> QuerySet[Any]:
    rows = records.rows.filter(**{f"{records.valley}__isnull": False})
    if at.unit.level == UnitLevel.FIRM:
        rows = rows.filter(**{records.firm: at.unit.ref_id}) if records.firm else rows.none()
    else:
        valleys: Sequence[int] = list(below(at.unit, UnitLevel.VALLEY).values_list("ref_id", flat=True))
        rows = rows.filter(**{f"{records.valley}__in": valleys})
    if at.group is None:
        return rows
    dimension, code = at.group
    path = records.dimensions.get(dimension)
    if path is None:
        return rows.none()
    asked = Q(**{path: code})
    return rows.filter(asked if code else asked | Q(**{f"{path}__isnull": True}))


def _visible(actor: Actor, records: Records, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Deny by default: without a declaration that lets this role see such records, none."""
    resource = resources.get(records.resource)
    if resource is not None and actor.role in resource.access.view:
        mine = resource.scope(actor)
    elif resource is None and records.scope is not None:
        mine = records.scope(actor)
    else:
        return rows.none()
    return rows.filter(pk__in=mine.order_by().values("pk"))
