"""A tree as YAML text in the layout of the house: short pairs on one line, texts quoted only where they must be."""

from __future__ import annotations

import json
import re

from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence
from jinchuanggu.engines.rules.yaml_nodes import plain_kind

WIDTH = 110
# begins with a letter, a digit or a Chinese character and holds nothing that means something to YAML
_PLAIN = re.compile(r"[0-9A-Za-z\u3400-\u9fff《“（〔][^\n\t:#,\[\]{}\"'&*!|>%@`\\]*")
# in these the order is the meaning, or each item is a paragraph: always one line per entry at least
_BLOCKS = {
    "",
    "inputs",
    "values",
    "rule_sets",
    "criteria",
    "vectors",
    "scores",
    "parts",
    "benefit",
    "document",
}


def write(root: Node) -> str:
    """The whole document."""
    return "\n".join(_block(root, 0, "")) + "\n"


def scalar_text(node: Scalar) -> str:
    """A scalar as it stands in a text; what would be read as another kind is quoted."""
    if node.kind is Kind.NULL:
        return "null"
    if node.kind is not Kind.TEXT:
        return node.raw
    raw = node.raw
    if raw and raw == raw.strip() and _PLAIN.fullmatch(raw) and plain_kind(raw) is Kind.TEXT:
        return raw
    return quoted(raw)


def quoted(raw: str) -> str:
    """In double quotes; what can't be seen is written as its number."""
    said = json.dumps(raw, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in said)


def _flow(node: Node) -> str:
    if isinstance(node, Scalar):
        return scalar_text(node)
    if isinstance(node, Sequence):
        return "[" + ", ".join(_flow(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{scalar_text(key)}: {_flow(value)}" for key, value in node.entries) + "}"


def _block(node: Node, indent: int, name: str) -> list[str]:
    """Lines of a collection; the first is not indented when the caller puts something before it."""
    space = " " * indent
    if isinstance(node, Mapping) and node.entries:
        return [line for key, value in node.entries for line in _entry(key, value, space, indent)]
    if isinstance(node, Sequence) and node.items:
        lines: list[str] = []
        for item in node.items:
            short = space + "- " + _flow(item)
            if isinstance(item, Scalar) or (len(short) <= WIDTH and _shallow(item)):
                lines.append(short)
                continue
            inner = _block(item, indent + 2, "")
            inner[0] = space + "- " + inner[0][indent + 2 :]
            lines += inner
        return lines
    return [space + _flow(node)]


def _entry(key: Scalar, value: Node, space: str, indent: int) -> list[str]:
    head = f"{space}{scalar_text(key)}:"
    flow = f"{head} {_flow(value)}"
    empty = isinstance(value, Mapping | Sequence) and not _inside(value)
    if isinstance(value, Scalar) or empty:
        return [flow]
    if len(flow) <= WIDTH and key.raw not in _BLOCKS and _shallow(value):
        return [flow]
    return [head, *_block(value, indent + 2, key.raw)]


def _inside(node: Node) -> tuple[object, ...]:
    return node.entries if isinstance(node, Mapping) else node.items if isinstance(node, Sequence) else ()


def _shallow(node: Node, depth: int = 3) -> bool:
    """Whether a collection is flat enough to be read on one line."""
    if isinstance(node, Scalar):
        return True
    if depth == 0:
        return False
    values = [value for _key, value in node.entries] if isinstance(node, Mapping) else list(node.items)
    return all(_shallow(value, depth - 1) for value in values)
