"""The names a rule text may refer to: the facts it declares, those of its vocabulary, and its values."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.nodes import Mapping, Node, Scalar
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.engines.rules.vocabularies import vocabulary
from jinchuanggu.policies.drafting.document import child
from jinchuanggu.policies.rule_view import lang


@dataclass(frozen=True, slots=True)
class Name:
    """A fact or a value as a choice of the form."""

    id: str
    title: str
    type: str
    unit: str

    @property
    def number(self) -> bool:
        return self.type == "number"

    @property
    def flag(self) -> bool:
        return self.type == "boolean"

    @property
    def label(self) -> str:
        unit = UNITS[self.unit].label.get(lang()) if self.unit in UNITS else self.unit
        return f"{self.title}{_('（')}{unit}{_('）')}" if unit else self.title


def names_of(root: Node) -> dict[str, Name]:
    """By id: values first, since a measure mostly reads those, then what the file adds, then the vocabulary."""
    found: dict[str, Name] = {}
    for part in ("values", "inputs"):
        declared = child(root, part)
        for key, node in declared.entries if isinstance(declared, Mapping) else ():
            kind = "number" if part == "values" else _raw(child(node, "type"))
            found[key.raw] = Name(
                key.raw, _raw(child(child(node, "title"), lang())) or key.raw, kind, _raw(child(node, "unit"))
            )
    words = child(root, "vocabulary")
    if isinstance(words, Scalar) and words.raw == "firm":
        for name, declared_input in vocabulary("firm").inputs.items():
            found.setdefault(
                name,
                Name(name, declared_input.title.get(lang()), declared_input.type, declared_input.unit or ""),
            )
    return found


def _raw(node: Node | None) -> str:
    return node.raw if isinstance(node, Scalar) else ""
