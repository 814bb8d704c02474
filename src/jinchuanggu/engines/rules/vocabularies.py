"""Shared lists of facts: what a firm may be asked, declared once for forms, tables and rule files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinchuanggu.engines.rules.load_inputs import read_inputs
from jinchuanggu.engines.rules.model import Input
from jinchuanggu.engines.rules.nodes import Mapping as MappingNode
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.source import parse, read_text
from jinchuanggu.engines.rules.texts import Text

FOLDER = Path(__file__).parent / "vocabulary"
KEYS = ("id", "title", "groups", "inputs")
MAY_BE_NEGATIVE = frozenset(
    {
        "net_profit_cny",
        "net_assets_cny",
        "operating_cash_flow_cny",
        "pretax_profit_cny",
        "revenue_cny",
        "main_revenue_cny",
    }
)
"""Balances, and revenue after returns (the rules say what a negative base means); every other amount, count or share
of a firm starts at zero."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Facts by id, in the order of the form; ``groups`` are its sections with their titles."""

    id: str
    title: Text
    groups: Mapping[str, Text]
    inputs: Mapping[str, Input]


def known() -> tuple[str, ...]:
    """The ids of the vocabularies that come with the product."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


@cache
def vocabulary(name: str) -> Vocabulary:
    """A vocabulary that comes with the product, read once. Raises Refused; KeyError for an unknown name."""
    if name not in known():
        raise KeyError(name)
    file = FOLDER / f"{name}.yaml"
    return read_vocabulary(read_text(file), str(file))


def read_vocabulary(text: str, file: str) -> Vocabulary:
    """The text of a vocabulary file. Raises Refused with every problem."""
    root, problems = parse(text, file)
    reader = Reader(file, problems)
    found = reader.mapping(root, "", KEYS, KEYS)
    name = reader.text(found["id"], "id") if "id" in found else None
    title = reader.both(found["title"], "title") if "title" in found else None
    groups: dict[str, Text] = {}
    if isinstance(node := found.get("groups"), MappingNode):
        for key, value in node.entries:
            if (label := reader.both(value, join("groups", key.raw))) is not None:
                groups[key.raw] = label
    elif node is not None:
        reader.mapping(node, "groups", ())
    inputs = read_inputs(reader, found.get("inputs"), "inputs", groups=groups)
    reader.finish()
    assert name is not None
    assert title is not None
    return Vocabulary(name, title, groups, inputs)
