"""Rows that a program has at hand, taken in like those of a workbook: the same judgement, the same events, no file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange.fields import fields_of
from jinchuanggu.foundation.exchange.planning import Planner
from jinchuanggu.foundation.exchange.reading import Book, Sheet
from jinchuanggu.foundation.exchange.writing import Spool, write
from jinchuanggu.foundation.resources.declare import Resource


class Given(Sheet):
    """A sheet whose rows are in memory; numbered from 1."""

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, row in enumerate(self.source, start=1):
            yield number, dict(row)


def take_in(
    actor: Actor, *, resource: Resource, rows: Sequence[Mapping[str, Any]], said_by: str
) -> Counter[str]:
    """Judge and write `{field: value}` rows in one transaction; returns how many were created and updated.

    References are named as people would name them (name, code). Raises ValidationError with every problem and writes
    nothing then. `said_by` stands in each event.
    """
    labels = {each.name: each.label for each in fields_of(resource)}
    names = list(dict.fromkeys(name for row in rows for name in row))
    sheet = Given(
        said_by, 0, [(at, name) for at, name in enumerate(names)], {name: labels[name] for name in names},
        len(rows), rows,
    )  # fmt: skip
    with transaction.atomic():
        spool = Spool()
        outcome = Planner(actor, resource, Book([sheet], [])).run(
            each=lambda judged, _sheet: spool.add(judged)
        )
        if outcome.problem_count:
            raise ValidationError(
                [
                    f"{problem.row} {problem.column} {problem.value}: {problem.message}"
                    for problem in outcome.problems
                ]
            )
        return write(actor, resource, spool, source={"said_by": said_by})
