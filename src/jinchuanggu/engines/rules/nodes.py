"""A file as a tree that remembers where everything stood. YAML, JSON and Python data all become this."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

MAX_DEPTH = 32
MAX_NODES = 500_000


class Kind(StrEnum):
    """What a scalar was written as; ``raw`` of the scalar always keeps the very characters."""

    NULL = "null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    NOT_A_NUMBER = "not a finite number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Scalar:
    kind: Kind
    raw: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Mapping:
    entries: tuple[tuple[Scalar, Node], ...]
    line: int = 0
    column: int = 0


Node = Scalar | Sequence | Mapping


def kind_of(node: Node) -> str:
    """The kind of a node in a word, for messages."""
    if isinstance(node, Scalar):
        return node.kind.value
    return "list" if isinstance(node, Sequence) else "mapping"


def shown(node: Node) -> str:
    """A node as a message shows it: its kind, and the characters of a scalar, shortened."""
    if not isinstance(node, Scalar) or node.kind is Kind.NULL:
        return kind_of(node)
    return f"{kind_of(node)} {shortened(node.raw)}"


def shortened(raw: str, length: int = 60) -> str:
    """The characters in quotes, unprintable ones escaped, long ones cut with their number stated."""
    cut = "".join(char if char.isprintable() else repr(char)[1:-1] for char in raw[:length])
    return f"“{cut}…”（{len(raw)}）" if len(raw) > length else f"“{cut}”"


class TooDeep(Exception):
    """Nested past MAX_DEPTH."""


class TooMany(Exception):
    """More than MAX_NODES nodes."""


@dataclass(slots=True)
class _Count:
    nodes: int = field(default=0)

    def one_more(self) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise TooMany


def from_python(value: object, depth: int = 0, count: _Count | None = None) -> Node:
    """Python data as nodes, so that one reader checks files and other callers alike.

    A binary float counts as the decimal it prints as. Raises TooDeep or TooMany.
    """
    count = count or _Count()
    count.one_more()
    if depth > MAX_DEPTH:
        raise TooDeep
    if value is None:
        return Scalar(Kind.NULL, "")
    if isinstance(value, bool):
        return Scalar(Kind.BOOLEAN, "true" if value else "false")
    if isinstance(value, int | float | Decimal):
        finite = (
            isinstance(value, int) or Decimal(repr(value) if isinstance(value, float) else value).is_finite()
        )
        return Scalar(Kind.NUMBER if finite else Kind.NOT_A_NUMBER, _digits(value))
    if isinstance(value, str):
        return Scalar(Kind.TEXT, value)
    if isinstance(value, date):
        return Scalar(Kind.TEXT, value.isoformat())
    if isinstance(value, AnyMapping):
        return Mapping(
            tuple((_python_key(key), from_python(item, depth + 1, count)) for key, item in value.items())
        )
    if isinstance(value, list | tuple | set | frozenset):
        return Sequence(tuple(from_python(item, depth + 1, count) for item in value))
    return Scalar(Kind.TEXT, str(value))


def _python_key(key: object) -> Scalar:
    found = from_python(key) if isinstance(key, str | int) else None
    return found if isinstance(found, Scalar) else Scalar(Kind.TEXT, repr(key))


def _digits(value: int | float | Decimal) -> str:
    if isinstance(value, int):
        # printing an endless integer is slow and refused by Python itself; hexadecimal is neither
        return str(value) if value.bit_length() < 4000 else hex(value)
    return repr(value) if isinstance(value, float) else str(value)
