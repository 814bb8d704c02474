"""What a room says about one of its models. How to write one: docs/resources.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import introspect

Words = str | Promise
Scope = Callable[[Actor], "QuerySet[Any]"]
Judge = Callable[[Actor, Sequence[Any]], Sequence[Mapping[str, Any]]]
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reference:
    """Where the ids of a field may come from, and what they are called.

    `options` are the rows an actor may point to (its scope, explicit); `everything` only names what a row that the
    actor sees already points to. `label` and `lookups` are paths from the referred model; `lookups` are what a person
    may type, tried in order. `body` marks real bodies: a simulated record must not be hung on one.
    """

    options: Scope
    everything: Callable[[], QuerySet[Any]]
    label: str = "name"
    lookups: tuple[str, ...] = ("name",)
    body: bool = False
    origin: str = "origin"


@dataclass(frozen=True)
class Column:
    """One column of list, export and import. `path` is a field or a path over foreign keys.

    `format` is one of `formats.FORMATS`, by default that of the field. `unit` is shown in the head.
    """

    path: str
    label: Words = ""
    format: str = ""
    sortable: bool = False
    shown: bool = True
    unit: Words = ""


@dataclass(frozen=True)
class Filter:
    """One filter; its kind (choice, yes/no, reference, text, range) follows from the field.

    `filled`: ask only whether there is a value at all.
    """

    path: str
    label: Words = ""
    filled: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the detail page and of the form: a title and field names or paths."""

    title: Words
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """Which roles may do what; objects are the scope's business. Whoever is in no set finds no such address."""

    view: frozenset[str]
    add: frozenset[str] = NOBODY
    change: frozenset[str] = NOBODY
    imports: frozenset[str] = NOBODY
    export: frozenset[str] | None = None

    @property
    def exports(self) -> frozenset[str]:
        return self.view if self.export is None else self.export


@dataclass(frozen=True)
class Tells:
    """Which event is published once a write has committed: one for each body that the rows belonged to or belong to.

    `path` leads from the model to the body's id, which listeners get under the name `fact`.
    """

    event: str
    path: str
    fact: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Resource:
    """One model as screens. `keys` are alternatives of natural keys that find the row an import means.

    `tidy` puts a typed text into the form in which it is stored, before rows are looked up by it.
    `checks(actor, instance)` asks the database nothing and returns `{field: message}`; `messages` gives a database constraint its field and words.
    `judge(actor, instances)` may ask the database: rules in words for all rows of an import's chunk together, one
    `{field: message}` per instance, in a number of queries that doesn't grow with them. `holds(instances)` runs after
    they are written, in the same transaction, and raises ValidationError where two people together broke a rule.
    `sums`: columns whose exact sum the list tells together with its total.
    `derived`: fields that the model's `clean` fills from the others. `beside`: a template shown under the fields of
    the form (`form`) and of the record (`record`).
    `tells`: who else must hear of a change, however it came in.
    `create`/`update` replace the generic actions and take the same keyword arguments; they tell for themselves.
    """

    name: str
    model: type[models.Model]
    label: Words
    answers: Words
    scope: Scope
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    access: Access
    icon: str = "table"
    group: str = "record"
    order: int = 50
    writable: Scope | None = None
    search: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    form: tuple[str, ...] = ()
    references: Mapping[str, Reference] = field(default_factory=dict)
    keys: tuple[tuple[str, ...], ...] = ()
    origin: str = "origin"
    sort: str = "-pk"
    version: str = "1"
    help: Mapping[str, Words] = field(default_factory=dict)
    labels: Mapping[str, Words] = field(default_factory=dict)
    messages: Mapping[str, tuple[str, Words]] = field(default_factory=dict)
    tidy: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    checks: Callable[[Actor, Any], dict[str, Any]] | None = None
    judge: Judge | None = None
    holds: Callable[[Sequence[Any]], None] | None = None
    tells: Tells | None = None
    derived: tuple[str, ...] = ()
    sums: tuple[str, ...] = ()
    beside: str = ""
    initial: Callable[[Actor], dict[str, Any]] | None = None
    create: Callable[..., Any] | None = None
    update: Callable[..., Any] | None = None

    def may_write(self, actor: Actor) -> QuerySet[Any]:
        """The rows this actor may change; within `scope`."""
        return (self.writable or self.scope)(actor)

    def label_of(self, path: str) -> Words:
        """The words of a field or path, the same on every screen and in every workbook."""
        for column in self.columns:
            if column.path == path and column.label:
                return column.label
        return self.labels.get(path) or introspect.label_of(self.model, path)

    def unit_of(self, path: str) -> Words:
        return next((column.unit for column in self.columns if column.path == path), "")

    def format_of(self, path: str) -> str:
        for column in self.columns:
            if column.path == path and column.format:
                return column.format
        if path in self.references:
            return "many" if self.field(path).many_to_many else "reference"
        return introspect.format_of(self.model, path)

    def field(self, path: str) -> Any:
        """The Django field at the end of a path. Raises FieldDoesNotExist."""
        return introspect.field_at(self.model, path)

    def value_path(self, path: str) -> str:
        """The path whose value is shown and sorted: a foreign key shows the label of what it refers to."""
        reference = self.references.get(path)
        if reference and self.field(path).is_relation and not self.field(path).many_to_many:
            return f"{path}__{reference.label}"
        return path

    @cached_property
    def by_path(self) -> dict[str, Column]:
        return {column.path: column for column in self.columns}
