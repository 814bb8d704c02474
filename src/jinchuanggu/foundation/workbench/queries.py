"""The answer of the workbench: what waits, what is late, in words first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.workbench.registry import Hit, Searcher, searchers_for
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.foundation.workflow.queries import queue

SHOWN = 50
MIN_LENGTH = 2
PER_GROUP = 8


@dataclass(frozen=True)
class Waiting:
    """The queue of a hat. Beyond `SHOWN` entries only the most urgent are listed and `more` is true."""

    tasks: list[Task]
    overdue: int
    today: int
    soon: int
    more: bool

    @property
    def count(self) -> int:
        return len(self.tasks)


def waiting(actor: Actor, today: date, *, origin: str = "both") -> Waiting:
    """What waits for this hat by deadline, in one query. `origin` is the reader's choice of data."""
    rows = queue(actor)
    if origin != "both":
        rows = rows.filter(origin=origin)
    found = list(rows[: SHOWN + 1])
    more, tasks = len(found) > SHOWN, found[:SHOWN]
    _name_subjects(tasks)
    days = [(task.due_on - today).days for task in tasks if task.due_on]
    return Waiting(
        tasks,
        overdue=sum(day < 0 for day in days),
        today=sum(day == 0 for day in days),
        soon=sum(0 < day <= 3 for day in days),
        more=more,
    )


def _name_subjects(tasks: list[Task]) -> None:
    """Say on each task what it is about (`task.about`); one query per kind of subject."""
    from django.db.models import prefetch_related_objects

    cases = [task.case for task in tasks if task.case is not None]
    if cases:
        prefetch_related_objects(cases, "subject")
    for task in tasks:
        task.about = str(task.case.subject) if task.case is not None else ""  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Group:
    searcher: Searcher
    hits: list[Hit]
    more: bool


def search(actor: Actor, text: str) -> list[Group]:
    """Every room's hits for a text of at least two characters, grouped; only what the actor may open."""
    if len(text) < MIN_LENGTH:
        return []
    groups = []
    for searcher in searchers_for(actor):
        hits = list(searcher.function(actor, text, PER_GROUP + 1))
        if hits:
            groups.append(Group(searcher, hits[:PER_GROUP], len(hits) > PER_GROUP))
    return groups
