"""YAML text as nodes, read from the event stream: no object is ever constructed from a tag.

Reading events instead of loading keeps line numbers, finds duplicate keys, and stays flat on the stack
however deep a hostile file nests. Aliases are allowed; what they expand to is counted, so a "billion laughs"
is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from jinchuanggu.engines.rules.nodes import (
    MAX_DEPTH,
    MAX_NODES,
    Kind,
    Mapping,
    Node,
    Scalar,
    Sequence,
    shortened,
)
from jinchuanggu.engines.rules.problems import MOST_REPORTED, Problem

# the C parser is ten times as fast where PyYAML was built with it; both yield the same events
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NUMBER = re.compile(
    r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:_[0-9]{3})+)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_TRUE = {"true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"}
_FALSE = {"false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"}
_NULL = {"", "~", "null", "Null", "NULL"}


def plain_kind(raw: str) -> Kind:
    """The kind of an unquoted scalar. Dates are text; so are 010 and 1:30, never octal or base sixty."""
    if raw in _NULL:
        return Kind.NULL
    if raw in _TRUE or raw in _FALSE:
        return Kind.BOOLEAN
    if len(raw) <= 400 and _NUMBER.fullmatch(raw):
        return Kind.NUMBER
    return Kind.NOT_A_NUMBER if _NOT_FINITE.fullmatch(raw) else Kind.TEXT


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    mapping: bool
    line: int
    column: int
    anchor: str | None
    size: int = 1
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    key: Scalar | None = None
    key_due: bool = True
    lines: dict[str, int] = field(default_factory=dict)

    def close(self) -> Node:
        if self.mapping:
            return Mapping(tuple(self.entries), self.line, self.column)
        return Sequence(tuple(self.items), self.line, self.column)


class _Stop(Exception):
    """Nothing sensible can follow."""


class _Builder:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.root: Node | None = None
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Node, int]] = {}

    def say(self, code: str, mark: Any, got: str | None = None, *, stop: bool = False) -> None:
        self.say_at(code, mark.line + 1, mark.column + 1, got)
        if stop:
            raise _Stop

    def say_at(self, code: str, line: int, column: int, got: str | None = None) -> None:
        self.problems.append(Problem(code, self.file, line, column, "", got=got))
        if len(self.problems) > MOST_REPORTED:
            raise _Stop

    def event(self, event: yaml.Event) -> None:
        mark: Any = event.start_mark
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                self.say("several_documents", mark, stop=True)
            case yaml.AliasEvent():
                if any(opened.anchor == event.anchor for opened in self.stack):
                    self.say("recursive", mark, f"*{event.anchor}", stop=True)
                known = self.anchors.get(event.anchor or "")
                if known is None:
                    self.say("unknown_anchor", mark, f"*{event.anchor}", stop=True)
                else:
                    self.add(*known, mark)
            case yaml.ScalarEvent():
                self.check_tag(event, mark)
                kind, raw = Kind.TEXT, event.value
                # a key is a name whatever it looks like: `on` is not true, 2024 not a number
                if event.implicit[0] and event.tag is None and not self.at_key:
                    kind = plain_kind(raw)
                if kind is Kind.BOOLEAN:
                    raw = "true" if raw in _TRUE else "false"
                elif kind is Kind.NUMBER:
                    raw = raw.replace("_", "")
                node = Scalar(kind, raw, mark.line + 1, mark.column + 1)
                self.remember(event.anchor, node, 1)
                self.add(node, 1, mark)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.check_tag(event, mark)
                if len(self.stack) >= MAX_DEPTH:
                    self.say("too_deep", mark, stop=True)
                mapping = isinstance(event, yaml.MappingStartEvent)
                self.stack.append(_Open(mapping, mark.line + 1, mark.column + 1, event.anchor))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                opened = self.stack.pop()
                closed = opened.close()
                self.remember(opened.anchor, closed, opened.size)
                self.add(closed, opened.size, mark)
            case _:
                pass

    @property
    def at_key(self) -> bool:
        return bool(self.stack) and self.stack[-1].mapping and self.stack[-1].key_due

    def check_tag(self, event: Any, mark: Any) -> None:
        if event.tag not in (None, "!", "tag:yaml.org,2002:str"):
            self.say("tag", mark, shortened(event.tag))

    def remember(self, anchor: str | None, node: Node, size: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, size)

    def add(self, node: Node, size: int, mark: Any) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        top.size += size
        if top.size > MAX_NODES:
            self.say("too_many", mark, stop=True)
        if not top.mapping:
            top.items.append(node)
        elif top.key_due:
            if not isinstance(node, Scalar):
                self.say_at("key_form", node.line, node.column)
                node = Scalar(Kind.NULL, "", node.line, node.column)
            elif node.raw in top.lines:
                self.say("duplicate_key", mark, f"{shortened(node.raw)}（{top.lines[node.raw]}）")
            else:
                top.lines[node.raw] = node.line
            top.key, top.key_due = node, False
        else:
            assert top.key is not None
            top.entries.append((top.key, node))
            top.key_due = True


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """The root node (None when there is none) and every problem of form."""
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.event(event)
    except _Stop:
        return None, builder.problems
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        said = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else _place(text, error)
        return None, [*builder.problems, Problem("syntax", file, line, column, "", got=str(said))]
    return builder.root, builder.problems


def _place(text: str, error: yaml.YAMLError) -> tuple[int, int]:
    """Line and column of a character YAML does not allow; the parser tells its offset only."""
    offset = getattr(error, "position", None)
    before = text[: offset if isinstance(offset, int) else 0]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
