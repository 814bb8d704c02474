"""The state of a list, all of it in the address bar: search, filters, sorting, columns, position."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import filters, introspect, keyset, references
from jinchuanggu.foundation.resources.declare import Column, Resource
from jinchuanggu.foundation.resources.formats import NUMERIC, Cell, show
from jinchuanggu.foundation.ui.origin import of_origin

PAGE_SIZE = 50
POSITION = ("after", "before", "total")


@dataclass(frozen=True)
class Head:
    """The head of a column: its words and where sorting by it leads."""

    column: Column
    label: str
    unit: str
    numeric: bool
    sort: str = ""
    state: str = "none"


class Listing:
    """One list as one reader asked for it. `rows` is what an export takes, `page` what the screen shows."""

    def __init__(self, resource: Resource, actor: Actor, params: QueryDict, origin: str = "both") -> None:
        self.resource, self.actor, self.params, self.origin = resource, actor, params, origin

    @cached_property
    def search(self) -> str:
        return self.params.get("q", "").replace("\x00", "").strip()[:100]

    @cached_property
    def filters(self) -> Any:
        rows = self.resource.scope(self.actor)
        if self.resource.origin:
            rows = of_origin(rows, self.origin, self.resource.origin)
        return filters.filterset(self.resource, self.actor, self.params, rows)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        rows = self.filters.qs
        if self.search and self.resource.search:
            met = Q()
            for path in self.resource.search:
                met |= Q(**{f"{path}__icontains": self.search})
            rows = rows.filter(met)
        return rows

    @cached_property
    def columns(self) -> list[Column]:
        chosen = [self.resource.by_path[p] for p in self.params.getlist("col") if p in self.resource.by_path]
        return list(dict.fromkeys(chosen)) or [c for c in self.resource.columns if c.shown]

    @cached_property
    def order(self) -> keyset.Order:
        asked = self.params.get("sort", "")
        column = self.resource.by_path.get(asked.lstrip("-"))
        sort = asked if column is not None and column.sortable else self.resource.sort
        path = self.resource.value_path(sort.lstrip("-")) if sort.lstrip("-") != "pk" else "pk"
        return keyset.Order(path, sort.startswith("-"), introspect.nullable(self.resource.model, path))

    @cached_property
    def sort(self) -> str:
        asked = self.params.get("sort", "")
        column = self.resource.by_path.get(asked.lstrip("-"))
        return asked if column is not None and column.sortable else self.resource.sort

    @cached_property
    def paths(self) -> list[str]:
        paths = [self.resource.value_path(c.path) for c in self.columns if not self._many(c)]
        return [*paths, self.resource.origin] if self.resource.origin else paths

    @cached_property
    def page(self) -> keyset.Page:
        return keyset.page(
            self.rows, self.order, self.paths, size=PAGE_SIZE,
            after=self.params.get("after", ""), before=self.params.get("before", ""),
        )  # fmt: skip

    @cached_property
    def table(self) -> list[dict[str, Any]]:
        """`{pk, origin, cells}` per row; ids without a foreign key get their names in one query per column."""
        rows = self.page.rows
        named = names(self.resource, [c.path for c in self.columns], rows)
        return [
            {"pk": row["pk"], "origin": row.get(self.resource.origin, ""), "cells": self._cells(row, named)}
            for row in rows
        ]

    def _cells(self, row: dict[str, Any], named: dict[str, dict[Any, str]]) -> list[Cell]:
        cells = []
        for column in self.columns:
            kind = self.resource.format_of(column.path)
            if self._many(column):
                cells.append(show(kind, named[column.path].get(row["pk"])))
                continue
            value = row[self.resource.value_path(column.path)]
            if column.path in named:
                value = named[column.path].get(value, value)
            choices = (
                dict(self.resource.field(column.path).flatchoices) if kind in {"choice", "origin"} else None
            )
            cells.append(show(kind, value, choices))
        return cells

    def _many(self, column: Column) -> bool:
        return bool(self.resource.field(column.path).many_to_many)

    @cached_property
    def heads(self) -> list[Head]:
        heads = []
        for column in self.columns:
            state, link = "none", ""
            if column.sortable:
                on = self.sort.lstrip("-") == column.path
                if on:
                    state = "descending" if self.sort.startswith("-") else "ascending"
                link = self.link(sort=[f"-{column.path}" if state == "ascending" else column.path])
            label = str(self.resource.label_of(column.path))
            heads.append(
                Head(
                    column,
                    label,
                    str(column.unit),
                    self.resource.format_of(column.path) in NUMERIC,
                    link,
                    state,
                )
            )
        return heads

    @cached_property
    def chips(self) -> list[filters.Chip]:
        return filters.chips(self.filters, self.link)

    def link(self, **changes: list[Any]) -> str:
        """The address of this list with some parameters changed; the position is dropped with every change."""
        params = self.params.copy()
        for name in POSITION:
            params.pop(name, None)
        for name, values in changes.items():
            params.setlist(name, [str(v) for v in values])
            if not values:
                params.pop(name, None)
        return "?" + params.urlencode()

    @property
    def on(self) -> set[str]:
        """Names of the filters that are on."""
        self.filters.form.is_valid()
        return {name for name, value in self.filters.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def column_choices(self) -> list[dict[str, Any]]:
        """Every column, with whether it is shown."""
        return [
            {"path": c.path, "label": self.resource.label_of(c.path), "on": c in self.columns}
            for c in self.resource.columns
        ]

    @property
    def state(self) -> str:
        """The list as a query, without the position."""
        return self.link()

    @property
    def without_search(self) -> str:
        return self.link(q=[])

    @property
    def cleared(self) -> str:
        """The list without search and filters, with its columns and sorting."""
        kept = {name: self.params.getlist(name) for name in ("col", "sort") if name in self.params}
        params = QueryDict(mutable=True)
        for name, values in kept.items():
            params.setlist(name, values)
        return "?" + params.urlencode()

    @property
    def counting(self) -> str:
        return self.link(total=[1])

    @property
    def next(self) -> str:
        return self.link(after=[self.page.after])

    @property
    def previous(self) -> str:
        return self.link(before=[self.page.before])

    @property
    def narrowed(self) -> bool:
        return bool(self.search or self.chips)


def names(resource: Resource, paths: list[str], rows: list[dict[str, Any]]) -> dict[str, dict[Any, str]]:
    """Words for what `rows` hold as ids, by path: of plain ids by id, of many-to-many columns by row."""
    named = {}
    for path in paths:
        reference, field = resource.references.get(path), resource.field(path)
        if reference is not None and field.many_to_many:
            named[path] = references.many_texts(reference, field, [row["pk"] for row in rows])
        elif reference is not None and not field.is_relation:
            named[path] = references.labels(reference, (row[path] for row in rows))
    return named
