"""Which valleys there are and whose. This room knows valleys by number; the room above tells what it needs of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet

from jinchuanggu.foundation.access.actor import Actor


@dataclass(frozen=True, slots=True)
class Place:
    """One valley. `running`: it is being built or has its plaque, so figures are asked of it."""

    id: int
    name: str
    name_en: str
    region_id: int
    operator_id: int | None
    origin: str
    state: str
    running: bool
    url: str


class Directory(Protocol):
    """What the room of valleys answers."""

    def places(self, ids: Iterable[int] | None = None) -> dict[int, Place]:
        """The valleys by id, all or the named ones. One query."""

    def visible(self, actor: Actor) -> QuerySet[Any]:
        """The valleys that an actor may open, as rows with `pk`."""

    def mine(self, actor: Actor) -> QuerySet[Any]:
        """The valleys whose records the actor keeps or oversees (see residents.scopes)."""


_directory: Directory | None = None


def use(directory: Directory) -> None:
    """Called once by the room of valleys."""
    global _directory
    _directory = directory


def directory() -> Directory:
    """Raises RuntimeError before any room of valleys is there."""
    if _directory is None:
        raise RuntimeError("no room of valleys is installed")
    return _directory
