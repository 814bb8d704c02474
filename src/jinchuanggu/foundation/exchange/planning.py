"""What each row of a workbook would do: judged a chunk at a time, in a fixed number of queries per chunk."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import shown
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import cells, rows, uniqueness
from jinchuanggu.foundation.exchange.fields import NUMBER, ImportField, fields_of, suggestion
from jinchuanggu.foundation.exchange.problems import KEPT, Problem
from jinchuanggu.foundation.exchange.reading import Book, Sheet
from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.fields import split

CHUNK = 500
CACHE = 20_000


@dataclass(eq=False)
class Row:
    """One row: `values` by field, `action` create, update, unchanged or failed, `pk` of the row it means."""

    sheet: str
    number: int
    raw: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[int]] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    action: str = ""
    pk: int | None = None
    seen: str = ""
    instance: Any = None
    place: int = 0
    writable: bool = True
    open: dict[str, str] = field(default_factory=dict)

    @property
    def numbered(self) -> bool:
        """Whether the line names its row by number."""
        return self.raw.get(NUMBER) not in (None, "")

    def wrong(self, name: str, message: str) -> None:
        raw = self.raw.get(name, "")
        self.problems.append((name, shown(raw) if raw is not None else "", message))


@dataclass
class Outcome:
    """What a whole workbook came to. `counts` sums to `total`; `digest` identifies exactly this outcome."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    digest: str = ""
    sheet_problems: int = 0

    def add(self, problem: Problem) -> None:
        self.problem_count += 1
        if len(self.problems) < KEPT:
            self.problems.append(problem)


class Planner:
    """Judges the rows of one book for one actor. Nothing is written; memory holds one chunk and the keys seen."""

    def __init__(self, actor: Actor, resource: Resource, book: Book) -> None:
        self.actor, self.resource, self.book = actor, resource, book
        self.fields = {each.name: each for each in fields_of(resource)}
        self.outcome = Outcome()
        self.known: dict[str, dict[str, Any]] = {}
        self.twice = uniqueness.Twice(resource)
        self._offered: dict[str, Any] = {}
        self._likes: dict[str, str] = {}

    def run(
        self,
        each: Callable[[list[Row], Sheet], None] | None = None,
        step: Callable[[int], None] | None = None,
    ) -> Outcome:
        """Judge everything; `each` is handed every judged chunk, `step` the number of rows done."""
        digest = hashlib.sha256()
        for at, sheet in enumerate(self.book.sheets):
            for problem in sheet.problems:
                self.outcome.add(problem)
                self.outcome.sheet_problems += 1
            for chunk in _chunks(sheet, at * 10_000_000):
                self.judge(chunk, sheet)
                for row in chunk:
                    self._count(row, sheet)
                    line = f"{row.sheet}|{row.number}|{row.action}|{row.pk}|{row.seen}|{len(row.problems)}\n"
                    digest.update(line.encode())
                if each is not None:
                    each(chunk, sheet)
                if step is not None:
                    step(len(chunk))
        digest.update(str(self.outcome.problem_count).encode())
        self.outcome.digest = digest.hexdigest()
        return self.outcome

    def _count(self, row: Row, sheet: Sheet) -> None:
        self.outcome.counts["total"] += 1
        self.outcome.counts[row.action] += 1
        for name, value, message in row.problems:
            head = sheet.heads.get(name) or (self.fields[name].label if name in self.fields else "")
            self.outcome.add(Problem(row.sheet, row.number, head, value, message))

    def judge(self, chunk: list[Row], sheet: Sheet) -> None:
        """Fill in values, action and problems of every row of a chunk."""
        self._resolve(chunk)
        for row in chunk:
            for name, raw in row.raw.items():
                if name != NUMBER:
                    self._take(row, self.fields[name], raw)
        rows.match(self.actor, self.resource, chunk)
        self._keep(chunk)
        rows.build(self.actor, self.resource, self.fields, chunk)
        rows.forbid_mixing(self.resource, chunk)
        self.twice.judge(chunk)
        uniqueness.judge(self.resource, chunk)
        rows.judge(self.actor, self.resource, chunk)
        for row in chunk:
            rows.decide(self.actor, self.resource, row)

    def _take(self, row: Row, field_: ImportField, raw: Any) -> None:
        name, reference = field_.name, field_.reference
        try:
            if reference is None:
                value = cells.convert(field_, raw)
                tidy = self.resource.tidy.get(name)
                row.values[name] = tidy(value) if tidy and isinstance(value, str) else value
                return
            typed = cells.text(raw) if raw is not None else ""
        except cells.Unfit as unfit:
            row.wrong(name, str(unfit))
            return
        if field_.field.many_to_many:
            found = [self._one(row, name, item) for item in split(typed)]
            row.many[name] = [pk for pk in found if pk is not None]
        elif not typed:
            row.values[name] = cells.EMPTY
        else:
            found = self.known[name].get(typed)
            if isinstance(found, int):
                row.values[name] = found
            else:
                row.open[name] = typed

    def _keep(self, chunk: list[Row]) -> None:
        """What a known row points to already may stay, even where the actor couldn't point to it anew."""
        for name, reference in self.resource.references.items():
            rows_ = [row for row in chunk if name in row.open]
            column = self.resource.field(name).attname if rows_ else ""
            stored = {row: getattr(row.instance, column) for row in rows_ if row.instance is not None}
            texts = references.texts(reference, stored.values()) if stored else {}
            for row in rows_:
                typed = row.open[name]
                if row not in stored or typed not in {
                    texts.get(stored[row]),
                    texts.get(stored[row], "").split(" #")[0],
                }:
                    self._one(row, name, typed)

    def _one(self, row: Row, name: str, typed: str) -> int | None:
        found = self.known[name].get(typed)
        if isinstance(found, references.Ambiguous):
            row.wrong(name, found.explain(typed))
        elif found is None:
            row.wrong(name, self._not_found(name, typed))
        else:
            return int(found)
        return None

    def _not_found(self, name: str, typed: str) -> str:
        reference = self.resource.references[name]
        few = references.few(reference, self.actor) if name not in self._offered else self._offered[name]
        self._offered[name] = few
        if few is not None:
            options = [str(label) for _pk, label in few]
            like = suggestion(typed, options)
            hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
            listed = _("、").join(options[:12]) + ("…" if len(options) > 12 else "")
            return _("没有找到，或不在您的范围内。%(hint)s可填：%(options)s") % {
                "hint": hint,
                "options": listed or "—",
            }
        key = f"{name}|{typed}"
        if key not in self._likes and len(self._likes) < 200:  # suggestions cost a query each
            self._likes[key] = next(iter(references.suggest(reference, self.actor, typed[:4], 1)), "")
        like = self._likes.get(key, "")
        hint = _("是否为“%(like)s”？") % {"like": like} if like else _("请填登记的全称或代码")
        return _("没有找到，或不在您的范围内。%(hint)s") % {"hint": hint}

    def _resolve(self, chunk: list[Row]) -> None:
        """Look up all names of a chunk together, per reference; known ones are remembered."""
        for name, field_ in self.fields.items():
            if field_.reference is None:
                continue
            known = self.known.setdefault(name, {})
            if len(known) > CACHE:
                known.clear()
            wanted: set[str] = set()
            for row in chunk:
                try:
                    typed = cells.text(row.raw.get(name) or "")
                except cells.Unfit:
                    continue
                wanted.update(split(typed) if field_.field.many_to_many else [typed])
            fresh = {text for text in wanted if text and text not in known}
            if fresh:
                found = references.resolve(field_.reference, self.actor, fresh)
                known.update({text: found.get(text) for text in fresh})


def _chunks(sheet: Sheet, base: int) -> Iterator[list[Row]]:
    source = (Row(sheet.name, number, raw, place=base + number) for number, raw in sheet.rows())
    while chunk := list(islice(source, CHUNK)):
        yield chunk
