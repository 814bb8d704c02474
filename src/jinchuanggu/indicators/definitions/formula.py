"""Formulas of derived indicators: those of the rules language that make sense between figures of one unit and period.

`sum` with `less`, `quotient` (percent), `share`, `greatest`, `least` are read by the rules engine's own readers. `per` is
added here: a figure divided by one of another kind, such as revenue per head.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jinchuanggu.engines.rules.formulas import Formula, Greatest, Least, Quotient, Share, Sum, operands
from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.load_formulas import FORMULAS, FormulaUse
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping as MappingNode
from jinchuanggu.engines.rules.nodes import Node, from_python
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.indicators.store.fixed import SCALE, from_scaled


@dataclass(frozen=True, slots=True)
class Per:
    """numerator / denominator, in the unit of the numerator. Zero below: undefined."""

    numerator: str
    denominator: str


Made = Formula | Per
KINDS = ("sum", "quotient", "share", "greatest", "least", "per")


def _per(it: FormulaUse, node: Node, path: str) -> Per | None:
    parts = it.parts(node, path, ("numerator", "denominator"))
    over = it.operand(parts, "numerator", path, InputType.NUMBER, unit=it.unit)
    under = it.operand(parts, "denominator", path, InputType.NUMBER)
    return None if over is None or under is None else Per(over.id, under.id)


def read_formula(
    reader: Reader, node: Node, path: str, unit: tuple[str, Node], inputs: AnyMapping[str, Input]
) -> Made | None:
    """One formula over figures by key, every problem noted; `unit` is that of the result, with its place."""
    found = reader.mapping(node, path, (*KINDS, "less"))
    given = [kind for kind in KINDS if kind in found]
    if len(given) != 1 or ("less" in found and given != ["sum"]):
        if isinstance(node, MappingNode):
            got = ", ".join([*given, *(["less"] if "less" in found else [])]) or None
            reader.problem("one_formula", node, path, expected=same(" | ".join(KINDS)), got=got)
        return None
    kind = given[0]
    it = FormulaUse(InputUse(reader, inputs, None), unit[0], {**found, "unit": unit[1]})
    read: Callable[[FormulaUse, Node, str], Made | None] = _per if kind == "per" else FORMULAS[kind]
    return read(it, found[kind], join(path, kind))


def parsed(formula: Mapping[str, Any], unit: str) -> Made:
    """A formula known to be sound, from its data. Raises KeyError or ValueError for one that is not."""
    kind = next(kind for kind in KINDS if kind in formula)
    body = formula[kind]
    if kind == "sum":
        return Sum(tuple(body), tuple(formula.get("less", ())))
    if kind == "quotient":
        return Quotient(body["numerator"], body["denominator"])
    if kind == "per":
        return Per(body["numerator"], body["denominator"])
    if kind == "share":
        return Share(body["of"], Fraction(str(body["value"])))
    return (Greatest if kind == "greatest" else Least)(tuple(body))


def operands_of(made: Made) -> tuple[str, ...]:
    """The keys a formula reads, each once, in order."""
    return (made.numerator, made.denominator) if isinstance(made, Per) else operands(made)


def value_of(
    made: Made, values: Mapping[str, Fraction | None], units: Mapping[str, str] | None = None
) -> Fraction | None:
    """The exact result; None while an operand is unknown or what is divided by is zero.

    `units`: {key: unit code} where numerator and denominator of a quotient may differ in size (m², hectares).
    """
    read = {key: values.get(key) for key in operands_of(made)}
    known = {key: value for key, value in read.items() if value is not None}
    if len(known) < len(read):
        return None
    match made:
        case Sum(plus, minus):
            return sum((known[k] for k in plus), Fraction(0)) - sum((known[k] for k in minus), Fraction(0))
        case Quotient(over, under) | Per(over, under):
            if not known[under]:
                return None
            result = known[over] / known[under]
            if isinstance(made, Per):
                return result
            sizes = units or {}
            scale = (
                UNITS[sizes[over]].factor / UNITS[sizes[under]].factor
                if over in sizes and under in sizes
                else 1
            )
            return result * 100 * scale
        case Share(of, percent):
            return known[of] * percent / 100
        case Greatest(several):
            return max(known[key] for key in several)
        case Least(several):
            return min(known[key] for key in several)
    raise ValueError(f"no formula between figures: {made!r}")


def rounded(value: Fraction) -> Decimal:
    """To the four places that the store keeps, half to even."""
    return from_scaled(round(value * SCALE))


def node_of(data: object) -> Node:
    """Data of a form as a node, so that it is read as a file is."""
    return from_python(data)
