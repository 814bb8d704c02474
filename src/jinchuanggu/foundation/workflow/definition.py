"""A process as data: read from one YAML file, checked once, then immutable.

The file says: states (with who holds the case there, their deadlines), and moves - (state, event) → state - with named
guards, who may, required documents, whether a reason is asked, letters and named effects. Variants of a subject differ
by `variants:` on a state or move, never by a copy of the file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from jinchuanggu.foundation.organisations.roles import Role

Text = dict[str, str]


class ProcessError(ValueError):
    """A process file that cannot be used; the message names file, place and what is wrong."""


@dataclass(frozen=True)
class DeadlineRule:
    key: str
    days: int
    working: bool
    title: Text
    basis: str = ""
    given: bool = False
    """Whether whoever makes the move may name another day; everywhere else the rule alone counts."""


@dataclass(frozen=True)
class State:
    key: str
    title: Text
    stage: str
    holder: str | None = None
    task: Text | None = None
    deadline: DeadlineRule | None = None
    final: bool = False
    variants: frozenset[str] = frozenset()
    holders: dict[str, str] = field(default_factory=dict)
    """Where variants differ in who must act: variant → role."""

    def held_by(self, variant: str = "") -> str | None:
        """The role that must act on a case of this variant."""
        return self.holders.get(variant, self.holder)


@dataclass(frozen=True)
class Move:
    event: str
    sources: tuple[str, ...]
    target: str
    title: Text
    by: tuple[str, ...]
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    reason: bool = False
    reasons: tuple[Text, ...] = ()
    variants: frozenset[str] = frozenset()
    tone: str = "main"


@dataclass(frozen=True)
class Process:
    """One version of one process. `moves` is the whole table; look-ups go through `move`."""

    id: str
    version: int
    title: Text
    initial: str
    stages: dict[str, Text]
    states: dict[str, State]
    moves: tuple[Move, ...]
    variants: frozenset[str]
    table: dict[tuple[str, str, str], Move] = field(repr=False, default_factory=dict)

    def move(self, state: str, event: str, variant: str = "") -> Move | None:
        """The move for (state, event) of a variant, or None: there is no other way to change a state."""
        return self.table.get((state, event, variant))

    def moves_from(self, state: str, variant: str = "") -> list[Move]:
        return [move for (source, _, kind), move in self.table.items() if source == state and kind == variant]

    def states_of(self, variant: str = "") -> list[State]:
        return [s for s in self.states.values() if not s.variants or variant in s.variants]


def _text(value: Any, where: str) -> Text:
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        raise ProcessError(f"{where}: expected a text with zh and en, got {value!r}")
    return {"zh": str(value["zh"]), "en": str(value["en"])}


def _known(mapping: dict[str, Any], allowed: set[str], where: str) -> None:
    if unknown := set(mapping) - allowed:
        raise ProcessError(f"{where}: unknown key {sorted(unknown)}; allowed are {sorted(allowed)}")


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (() if value is None else (value,))


def _deadline(raw: Any, where: str) -> DeadlineRule | None:
    if raw is None:
        return None
    _known(raw, {"key", "days", "working", "title", "basis", "given"}, where)
    return DeadlineRule(
        raw["key"],
        int(raw["days"]),
        bool(raw.get("working", True)),
        _text(raw["title"], where),
        raw.get("basis", ""),
        bool(raw.get("given")),
    )


def parse(raw: dict[str, Any], origin: str) -> Process:
    """Check a process file as a whole; raises `ProcessError` on the first thing that makes it unusable."""
    _known(raw, {"id", "version", "title", "initial", "variants", "stages", "states", "moves"}, origin)
    variants = frozenset(raw.get("variants") or ())
    states: dict[str, State] = {}
    for key, item in raw["states"].items():
        where = f"{origin}: state {key}"
        _known(item, {"title", "stage", "holder", "task", "deadline", "final", "variants"}, where)
        if item["stage"] not in raw["stages"]:
            raise ProcessError(f"{where}: unknown stage {item['stage']!r}")
        holder = item.get("holder")
        by_variant = holder if isinstance(holder, dict) else {}
        holder = None if by_variant else holder
        for role in (*by_variant.values(), *([holder] if holder is not None else [])):
            if role not in Role.values:
                raise ProcessError(f"{where}: unknown holder {role!r}")
        if unknown := set(by_variant) - variants:
            raise ProcessError(f"{where}: a holder for unknown variants {sorted(unknown)}")
        states[key] = State(
            key=key,
            title=_text(item["title"], where),
            stage=item["stage"],
            holder=holder,
            task=_text(item["task"], where) if item.get("task") else None,
            deadline=_deadline(item.get("deadline"), where),
            final=bool(item.get("final")),
            variants=frozenset(item.get("variants") or ()),
            holders=dict(by_variant),
        )
    moves: list[Move] = []
    table: dict[tuple[str, str, str], Move] = {}
    for item in raw["moves"]:
        where = f"{origin}: move {item.get('event')}"
        _known(
            item,
            {"event", "from", "to", "title", "by", "guards", "effects", "documents", "letters", "reason", "reasons",
             "variants", "tone"},
            where,
        )  # fmt: skip
        move = Move(
            event=item["event"],
            sources=_tuple(item["from"]),
            target=item["to"],
            title=_text(item["title"], where),
            by=_tuple(item["by"]),
            guards=_tuple(item.get("guards")),
            effects=_tuple(item.get("effects")),
            documents=_tuple(item.get("documents")),
            letters=_tuple(item.get("letters")),
            reason=bool(item.get("reason")),
            reasons=tuple(_text(text, where) for text in item.get("reasons") or ()),
            variants=frozenset(item.get("variants") or ()),
            tone=item.get("tone", "main"),
        )
        for state in (*move.sources, move.target):
            if state not in states:
                raise ProcessError(f"{where}: unknown state {state!r}")
        for role in move.by:
            if role not in {*Role.values, "system"}:
                raise ProcessError(f"{where}: unknown role {role!r}")
        moves.append(move)
        for source in move.sources:
            for variant in move.variants or variants or {""}:
                if (source, move.event, variant) in table:
                    raise ProcessError(
                        f"{where}: a second move for ({source}, {move.event}, {variant or '-'})"
                    )
                table[source, move.event, variant] = move
    if raw["initial"] not in states:
        raise ProcessError(f"{origin}: unknown initial state {raw['initial']!r}")
    return Process(
        id=raw["id"],
        version=int(raw["version"]),
        title=_text(raw["title"], origin),
        initial=raw["initial"],
        stages={key: _text(value, origin) for key, value in raw["stages"].items()},
        states=states,
        moves=tuple(moves),
        variants=variants,
        table=table,
    )


_folders: list[Path] = []


def register_folder(folder: Path) -> None:
    """A room tells where its process files lie: `<id>.v<version>.yaml`."""
    if folder not in _folders:
        _folders.append(folder)


def files() -> list[Path]:
    return sorted(path for folder in _folders for path in folder.glob("*.yaml"))


@cache
def load(process: str, version: int | None = None) -> Process:
    """The given version, or the newest one for a case about to start."""
    found = {
        parsed.version: parsed
        for path in files()
        if path.name.startswith(f"{process}.v")
        for parsed in [parse(yaml.safe_load(path.read_text("utf-8")), path.name)]
    }
    if not found:
        raise ProcessError(f"no process {process!r}")
    if version is not None and version not in found:
        raise ProcessError(f"process {process!r} has no version {version}")
    return found[version if version is not None else max(found)]
