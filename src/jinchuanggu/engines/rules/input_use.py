"""What the tests of a rule file have in common: typed inputs, operators with their words, limits."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from fractions import Fraction

from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Node, shortened
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import Reader, join, nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS, convert, decimal_of
from jinchuanggu.engines.rules.wording import justified


@dataclass(frozen=True, slots=True)
class InputUse:
    """Reads the parts tests have in common: inputs of the right type, operators with their words, limits."""

    reader: Reader
    inputs: AnyMapping[str, Input]
    article: str | None

    def input(self, found: dict[str, Node], key: str, path: str, wanted: InputType) -> Input | None:
        """A declared input of the wanted type."""
        if key not in found:
            return None
        node, path = found[key], join(path, key)
        name = self.reader.text(node, path)
        if name is None:
            return None
        declared = self.inputs.get(name)
        if declared is None:
            near = nearest(name, self.inputs)
            expected = None if near else same(", ".join(self.inputs))
            self.reader.problem(
                "unknown_input", node, path, expected=expected, got=shortened(name), suggestion=near
            )
        elif declared.type is not wanted:
            self.reader.problem(
                "input_type", node, path, expected=same(wanted), got=f"{name}: {declared.type}"
            )
        else:
            return declared
        return None

    def operator(self, found: dict[str, Node], path: str) -> tuple[Operator, str] | None:
        """The operator and its wording; the words must be those of the article and mean the operator."""
        said = (
            self.reader.choice(found["operator"], join(path, "operator"), [*Operator])
            if "operator" in found
            else None
        )
        if "wording" not in found or said is None:
            return None
        node, path = found["wording"], join(path, "wording")
        words = self.reader.text(node, path)
        if words is None:
            return None
        if self.article is not None and words not in self.article:
            expected = Text("条文原文中的词", "words of the quoted article")
            self.reader.problem("wording", node, path, expected=expected, got=shortened(words))
        elif (meant := justified(words)) != said:
            got = f"{shortened(words)} → {meant or '?'}"
            self.reader.problem("wording", node, path, expected=same(said), got=got)
        return Operator(said), words

    def number(self, found: dict[str, Node], key: str, path: str) -> Fraction | None:
        value = self.reader.number(found[key], join(path, key), negative=True) if key in found else None
        return None if value is None else Fraction(value)

    def limit(self, found: dict[str, Node], path: str, unit: str | None) -> Fraction | None:
        """A limit in the unit of what it limits; another unit is refused, saying what would be right."""
        value = self.number(found, "value", path)
        said = self.reader.choice(found["unit"], join(path, "unit"), UNITS) if "unit" in found else None
        if value is None or said is None or unit is None:
            return None
        if said != unit:
            right = unit
            if UNITS[said].dimension == UNITS[unit].dimension:
                right = f"{decimal_of(convert(value, said, unit)):f} {unit}"
            got = f"{decimal_of(value):f} {said}"
            self.reader.problem(
                "unit_mismatch", found["unit"], join(path, "unit"), expected=same(right), got=got
            )
            return None
        return value


def quotient(use: InputUse, node: Node, found: dict[str, Node], path: str) -> tuple[str, str] | None:
    """Numerator and denominator of one dimension."""
    over = use.input(found, "numerator", path, InputType.NUMBER)
    under = use.input(found, "denominator", path, InputType.NUMBER)
    if over is None or under is None or over.unit is None or under.unit is None:
        return None
    if UNITS[over.unit].dimension != UNITS[under.unit].dimension:
        use.reader.problem("unit_mismatch", node, path, expected=same(over.unit), got=under.unit)
        return None
    return over.id, under.id
