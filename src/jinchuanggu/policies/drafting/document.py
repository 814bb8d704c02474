"""A YAML text whose single values can be changed in place, so that comments and layout stay as written.

A path is keys and indexes joined by "/", e.g. ``rule_sets/0/criteria/2/threshold/value``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from jinchuanggu.engines.rules import Refused
from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar, Sequence
from jinchuanggu.engines.rules.nodes import Mapping as Keyed
from jinchuanggu.engines.rules.source import parse
from jinchuanggu.policies.drafting.write import quoted, scalar_text, write

MOST_CHARACTERS = 200_000
"""Longest text the editor takes; the longest official file is a tenth of it."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANCHOR = re.compile(r"&\S+\s+")
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")


class Document:
    """A text that could be read as a tree. Raises Refused (by the engine's own reader) when it can't."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.root, problems = parse(text, file)  # refuses what is hostile: depth, size, aliases without end
        if problems:
            raise Refused(problems)
        self._composed = yaml.compose(text, Loader=_LOADER)
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def node(self, path: str) -> Node | None:
        """The node at a path, or None."""
        node: Node | None = self.root
        for step in path.split("/") if path else ():
            node = child(node, step)
        return node

    def raw(self, path: str) -> str:
        """The characters of a scalar; empty for null, for a list and for what isn't there."""
        node = self.node(path)
        return node.raw if isinstance(node, Scalar) and node.kind is not Kind.NULL else ""

    def changed(self, values: Mapping[str, str], numbers: frozenset[str] = frozenset()) -> str:
        """The text with other scalars at these paths. `numbers` are written without quotes where they can be read.

        A value that isn't there yet is put in its place, for which the text is laid out anew (without comments).
        """
        text, document = self.text, self
        for path, value in values.items():
            if document.raw(path) == value:
                continue
            written = _written(value, numeric=path in numbers)
            span = document._span(path)
            if span is None:
                text = write(put(document.root, path, _scalar(value, numeric=path in numbers)))
            else:
                text = text[: span[0]] + written + text[span[1] :]
            document = Document(text, self.file)
        return text

    def _span(self, path: str) -> tuple[int, int] | None:
        """Where the characters of a scalar stand, with their quotes."""
        node: Any = self._composed
        for step in path.split("/"):
            if isinstance(node, yaml.MappingNode):
                node = next((value for key, value in node.value if key.value == step), None)
            elif isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
                node = node.value[int(step)]
            else:
                return None
        # a key without a value leaves no room for one behind the colon
        if not isinstance(node, yaml.ScalarNode) or (not node.value and not node.style):
            return None
        start, end = self._at(node.start_mark), self._at(node.end_mark)
        if anchor := _ANCHOR.match(self.text, start):
            start = anchor.end()
        return start, end

    def _at(self, mark: Any) -> int:
        return self._lines[mark.line] + int(mark.column)


def child(node: Node | None, step: str) -> Node | None:
    """One step down."""
    if isinstance(node, Keyed):
        return next((value for key, value in node.entries if key.raw == step), None)
    if isinstance(node, Sequence) and step.isdecimal() and int(step) < len(node.items):
        return node.items[int(step)]
    return None


def put(node: Node, path: str, value: Node | None) -> Node:
    """A copy of the tree with this node at the path; None takes away the key or the item."""
    step, _, rest = path.partition("/")
    if isinstance(node, Sequence):
        at = int(step)
        items = list(node.items)
        if rest:
            items[at] = put(items[at], rest, value)
        elif value is None:
            del items[at]
        elif at < len(items):
            items[at] = value
        else:
            items.append(value)
        return Sequence(tuple(items))
    entries = list(node.entries) if isinstance(node, Keyed) else []
    found = next((at for at, (key, _value) in enumerate(entries) if key.raw == step), None)
    if rest:
        inner = entries[found][1] if found is not None else Keyed(())
        value = put(inner, rest, value)
    if value is None:
        return Keyed(tuple(entry for at, entry in enumerate(entries) if at != found))
    if found is None:
        entries.append((Scalar(Kind.TEXT, step), value))
    else:
        entries[found] = (entries[found][0], value)
    return Keyed(tuple(entries))


def _scalar(value: str, *, numeric: bool) -> Scalar:
    if not value:
        return Scalar(Kind.NULL, "")
    if numeric and _NUMERIC.fullmatch(value):
        return Scalar(Kind.NUMBER, value)
    return Scalar(Kind.TEXT, value)


def _written(value: str, *, numeric: bool) -> str:
    if not value:
        return "null"
    if numeric and _NUMERIC.fullmatch(value):
        return value
    return quoted(value) if numeric else scalar_text(_scalar(value, numeric=False))
