"""What the tests of a rule file have in common: typed inputs, operators with their words, limits."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from fractions import Fraction

from jinchuanggu.engines.rules.formulas import Greatest, Least, Rate
from jinchuanggu.engines.rules.model import Input, InputType, ScorePart
from jinchuanggu.engines.rules.nodes import Mapping, Node, shortened
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import Reader, is_null, join, nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS, convert, decimal_of
from jinchuanggu.engines.rules.wording import justified

EXACT = Text("可精确表示的数（复合增长率只能比较）", "an exact number (a compound rate is only compared)")


@dataclass(frozen=True, slots=True)
class InputUse:
    """Reads the parts tests have in common: inputs of the right type, operators with their words, limits.

    ``article`` None: there is no quoted text, so a wording has only to mean its operator. ``scores``: the parts
    of the score schemes by id; None for one that could not be read.
    """

    reader: Reader
    inputs: AnyMapping[str, Input]
    article: str | None
    scores: AnyMapping[str, ScorePart | None] = field(default_factory=dict)

    def input(self, found: dict[str, Node], key: str, path: str, wanted: InputType) -> Input | None:
        """A declared input of the wanted type."""
        return self.named(found[key], join(path, key), wanted) if key in found else None

    def named(self, node: Node, path: str, wanted: InputType) -> Input | None:
        """A declared input of the wanted type, by its id."""
        name = self.reader.text(node, path)
        if name is None:
            return None
        declared = self.inputs.get(name)
        if declared is None:
            near = nearest(name, self.inputs)
            expected = None if near else same(_some(self.inputs))
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

    def accepted(self, declared: Input | None, table: Mapping, path: str) -> None:
        """Codes as keys must be codes the input may have."""
        for key, _ in table.entries:
            self.code(declared, key.raw, key, join(path, key.raw))

    def code(self, declared: Input | None, code: str, node: Node, path: str) -> None:
        if declared is not None and declared.options and code not in declared.options:
            near = nearest(code, declared.options)
            expected = same(" | ".join(declared.options))
            self.reader.problem("choice", node, path, expected=expected, got=shortened(code), suggestion=near)

    def band(self, found: dict[str, Node], path: str, unit: str | None) -> tuple[Operator, Fraction] | None:
        """The comparison of one band; bands are tables of the document and quote no words."""
        said = None
        if "operator" in found:
            said = self.reader.choice(found["operator"], join(path, "operator"), [*Operator])
        limit = self.limit(found, path, unit)
        return None if said is None or limit is None else (Operator(said), limit)

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
        said = self.unit(found["unit"], join(path, "unit"), unit, value) if "unit" in found else None
        return None if said is None or unit is None else value

    def unit(self, node: Node, path: str, unit: str | None, value: Fraction | None = None) -> str | None:
        """The unit written beside a number; it has to be the one of what the number limits."""
        said = self.reader.choice(node, path, UNITS)
        if said is None or unit is None or said == unit:
            return said
        right, got = unit, said
        if value is not None:
            got = f"{decimal_of(value):f} {said}"
            if UNITS[said].dimension == UNITS[unit].dimension:
                right = f"{decimal_of(convert(value, said, unit)):f} {unit}"
        self.reader.problem("unit_mismatch", node, path, expected=same(right), got=got)
        return None


def quotient(use: InputUse, node: Node, found: dict[str, Node], path: str) -> tuple[str, str] | None:
    """Numerator and denominator of one dimension."""
    over = use.input(found, "numerator", path, InputType.NUMBER)
    under = use.input(found, "denominator", path, InputType.NUMBER)
    if over is None or under is None or over.unit is None or under.unit is None:
        return None
    if UNITS[over.unit].dimension != UNITS[under.unit].dimension:
        use.reader.problem("unit_mismatch", node, path, expected=same(over.unit), got=under.unit)
        return None
    for part in (over.id, under.id):
        if irrational(part, use.inputs):
            use.reader.problem("input_type", node, path, expected=EXACT, got=part)
            return None
    return over.id, under.id


def irrational(name: str, inputs: AnyMapping[str, Input]) -> bool:
    """Whether a number may be a compound rate: it has no exact digits, so it is compared and nothing else."""
    waiting, seen = [name], set[str]()
    while waiting:
        found = inputs.get(waiting.pop())
        if found is None or found.id in seen:
            continue
        seen.add(found.id)
        if isinstance(found.formula, Rate) and found.formula.method == "compound":
            return True
        if isinstance(found.formula, Greatest | Least):
            waiting.extend(found.formula.of)
    return False


def where(use: InputUse, found: dict[str, Node], path: str) -> dict[str, tuple[str, ...]]:
    """The attributes asked of the items of a list, each with the values accepted."""
    if "where" not in found:
        return {}
    node, path = found["where"], join(path, "where")
    if not isinstance(node, Mapping):
        use.reader.mapping(node, path, ())
        return {}
    return {
        key.raw: codes_of(use, value, join(path, key.raw))
        for key, value in node.entries
        if not is_null(value)
    }


def codes_of(use: InputUse, node: Node, path: str) -> tuple[str, ...]:
    """A list of codes, at least one."""
    items = use.reader.sequence(node, path)
    if items is not None and not items:
        use.reader.problem("blank", node, path)
    texts = (use.reader.text(item, f"{path}[{index}]", plain=True) for index, item in enumerate(items or ()))
    return tuple(text for text in texts if text is not None)


def hidden(before: tuple[Operator, Fraction], band: tuple[Operator, Fraction]) -> bool:
    """Whether whatever a band takes was already taken by the band before it."""
    for strict, loose, sign in ((Operator.MORE, Operator.AT_LEAST, 1), (Operator.LESS, Operator.AT_MOST, -1)):
        if {before[0], band[0]} <= {strict, loose}:
            opens_edge = before[0] is strict and band[0] is loose
            apart = sign * (band[1] - before[1])
            return apart > 0 or (apart == 0 and not opens_edge)
    return before == band


def _some(names: AnyMapping[str, Input]) -> str:
    """Names to choose from; a long list is cut, for nobody reads it."""
    listed = list(names)
    return ", ".join(listed[:12]) + (f" … ({len(listed)})" if len(listed) > 12 else "")
