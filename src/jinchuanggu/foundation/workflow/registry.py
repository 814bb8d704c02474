"""Named guards and effects: the few places where a process file reaches into code.

A guard answers with None (go on) or a `Refusal`; an effect runs inside the transaction of the move.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jinchuanggu.foundation.access.actor import Actor


@dataclass(frozen=True)
class Refusal:
    """Why a move cannot be made now: words for the user, the clause behind them, where to mend it."""

    message: str
    clause: str = ""
    url: str = ""


@dataclass(frozen=True)
class Attempt:
    """What a guard or effect may look at."""

    actor: Actor
    case: Any
    subject: Any
    event: str
    reason: str = ""
    payload: dict[str, Any] = field(default_factory=dict)


Guard = Callable[[Attempt], "Refusal | list[Refusal] | None"]
Effect = Callable[[Attempt], None]
Holders = Callable[[Any, str], list[int]]

guards: dict[str, Guard] = {}
effects: dict[str, Effect] = {}
holders: dict[str, Holders] = {}
addresses: dict[str, Callable[[Any], str]] = {}
mirrors: dict[str, Callable[[Any, str, str], None]] = {}
documents_present: dict[str, Callable[[Any], set[str]]] = {}
document_titles: dict[str, dict[str, str]] = {}


@dataclass(frozen=True)
class Many:
    """How a process answers for many subjects at once; `batch` falls back to one at a time without it.

    `holders_of(subjects, role)`: {subject id: ids of the organisations that act as this role}.
    `on_state(subjects, state, stage)`: the mirror of `subject(on_state=…)`.
    """

    holders_of: Callable[[list[Any], str], dict[int, set[int]]]
    on_state: Callable[[list[Any], str, str], None]


many: dict[str, Many] = {}
guards_many: dict[str, Callable[[list[Attempt]], dict[int, list[Refusal]]]] = {}
effects_many: dict[str, Callable[[list[Attempt]], None]] = {}
quiet: set[str] = set()
"""Processes with so many cases that no notice follows each single move; their rooms tell what is worth telling."""


def guard_many(name: str) -> Callable[[Any], Any]:
    """Register the form of a guard that answers for many attempts: {subject id: what stands in the way}."""

    def register(function: Any) -> Any:
        guards_many[name] = function
        return function

    return register


def effect_many(name: str) -> Callable[[Any], Any]:
    """Register the form of an effect that is run once for many attempts."""

    def register(function: Any) -> Any:
        effects_many[name] = function
        return function

    return register


def guard(function: Guard) -> Guard:
    """Register a guard under its function name."""
    guards[function.__name__] = function
    return function


def effect(function: Effect) -> Effect:
    """Register an effect under its function name."""
    effects[function.__name__] = function
    return function


def subject(
    process: str,
    *,
    holders_of: Holders,
    address_of: Callable[[Any], str],
    documents_of: Callable[[Any], set[str]] = lambda subject: set(),
    on_state: Callable[[Any, str, str], None] = lambda subject, state, stage: None,
) -> None:
    """A room tells how a process finds the organisations behind a role, the subject's page and its documents.

    `on_state(subject, state, stage)` runs in the transaction of every start and move, for a subject that mirrors
    where its case stands (lists and maps filter by it).
    """
    holders[process] = holders_of
    addresses[process] = address_of
    documents_present[process] = documents_of
    mirrors[process] = on_state
