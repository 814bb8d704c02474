"""Reads the data files of this folder: `<id>.v<version>.yaml`. A bad file is refused with its name and reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from jinchuanggu.programme.models.valley import ExpertCategory

Text = dict[str, str]
RECOGNITION = "recognition.v1"


class SchemeError(ValueError):
    """A scheme file that cannot be used."""


@dataclass(frozen=True)
class Criterion:
    """One thing experts score from 0 to `max` points, with the clause behind it."""

    id: str
    title: Text
    clause: str
    max: Decimal
    guidance: Text


@dataclass(frozen=True)
class Scheme:
    """How an assessment is staffed, scored and passed. `settled` is False while the weights await confirmation."""

    key: str
    title: Text
    basis: Text
    settled: bool
    pass_mark: Decimal
    drop_extremes_from: int
    sheets_due_days: int
    sheets_due_working: bool
    panel: dict[str, int]
    by_field: frozenset[str]
    criteria: tuple[Criterion, ...]
    visits: tuple[Text, ...]

    @property
    def seats(self) -> int:
        return sum(self.panel.values())

    @property
    def full_score(self) -> Decimal:
        return sum((criterion.max for criterion in self.criteria), Decimal(0))

    def criterion(self, key: str) -> Criterion | None:
        return next((criterion for criterion in self.criteria if criterion.id == key), None)


@cache
def read(name: str) -> dict[str, Any]:
    """The raw content of a data file, e.g. `read("plaque.v1")`; read once, not to be changed."""
    path = files(__package__) / f"{name}.yaml"
    if not path.is_file():
        raise SchemeError(f"no scheme file {name}.yaml")
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise SchemeError(f"{name}.yaml: expected a mapping")
    return raw


@cache
def scheme(name: str = RECOGNITION) -> Scheme:
    """The scoring scheme of a file. Raises SchemeError."""
    return parse(read(name), name)


def parse(raw: dict[str, Any], name: str) -> Scheme:
    """Check a scheme as a whole; every number exact, every category and text known."""
    try:
        panel = {str(category): int(seats) for category, seats in raw["panel"].items()}
        found = Scheme(
            key=name,
            title=_text(raw["title"], name),
            basis=_text(raw["basis"], name),
            settled=bool(raw["settled"]),
            pass_mark=Decimal(str(raw["pass_mark"])),
            drop_extremes_from=int(raw["drop_extremes_from"]),
            sheets_due_days=int(raw["sheets_due"]["days"]),
            sheets_due_working=bool(raw["sheets_due"]["working"]),
            panel=panel,
            by_field=frozenset(raw["by_field"]),
            criteria=tuple(_criterion(item, name) for item in raw["criteria"]),
            visits=tuple(_text(item, name) for item in raw["visits"]),
        )
    except KeyError as missing:
        raise SchemeError(f"{name}: key {missing} is missing") from missing
    ids = [criterion.id for criterion in found.criteria]
    if len(set(ids)) != len(ids):
        raise SchemeError(f"{name}: a criterion occurs twice")
    if unknown := (set(panel) | found.by_field) - set(ExpertCategory.values):
        raise SchemeError(f"{name}: unknown categories {sorted(unknown)}")
    if not 0 < found.pass_mark <= found.full_score:
        raise SchemeError(
            f"{name}: pass mark {found.pass_mark} is not within the full score {found.full_score}"
        )
    if found.drop_extremes_from < 3:
        raise SchemeError(f"{name}: dropping two of fewer than three sheets leaves nothing")
    if min(panel.values(), default=0) < 1:
        raise SchemeError(f"{name}: a panel needs at least one expert per category named")
    return found


def _criterion(raw: dict[str, Any], name: str) -> Criterion:
    if unknown := set(raw) - {"id", "title", "clause", "max", "guidance"}:
        raise SchemeError(f"{name}: unknown keys in a criterion: {sorted(unknown)}")
    return Criterion(
        id=str(raw["id"]),
        title=_text(raw["title"], name),
        clause=str(raw["clause"]),
        max=Decimal(str(raw["max"])),
        guidance=_text(raw["guidance"], name),
    )


def _text(value: Any, name: str) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise SchemeError(f"{name}: expected a text with zh and en, got {value!r}")
    return {"zh": str(value["zh"]), "en": str(value["en"])}
