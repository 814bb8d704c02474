"""Declared inputs: their type, their unit, and the parts a number may be made of."""

from __future__ import annotations

from jinchuanggu.engines.rules.formulas import Sum
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping, Node, shortened
from jinchuanggu.engines.rules.reading import Reader, join, nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS

MEASURED = (InputType.NUMBER, InputType.SERIES)


def read_inputs(reader: Reader, node: Node | None, path: str) -> dict[str, Input]:
    """Inputs by id. References between them are checked for existence, dimension and cycles."""
    if node is None:
        return {}
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return {}
    inputs: dict[str, Input] = {}
    parts: dict[str, Node] = {}
    for key, value in node.entries:
        found = _input(reader, key.raw, value, join(path, key.raw))
        if found is not None:
            inputs[key.raw] = found
            parts[key.raw] = value
    for name, declared in inputs.items():
        if declared.formula is not None:
            _check_parts(reader, declared, inputs, parts[name], join(path, name))
    for name in _cyclic(inputs):
        reader.problem("cycle", parts[name], join(path, name), got=name)
    return inputs


def _input(reader: Reader, name: str, node: Node, path: str) -> Input | None:
    found = reader.mapping(node, path, ("type", "title", "unit", "sum", "less"), ("type", "title"))
    said = reader.choice(found["type"], join(path, "type"), [*InputType]) if "type" in found else None
    title = reader.both(found["title"], join(path, "title")) if "title" in found else None
    unit = reader.choice(found["unit"], join(path, "unit"), UNITS) if "unit" in found else None
    if said is None or title is None:
        return None
    measured = InputType(said) in MEASURED
    if measured and "unit" not in found:
        reader.problem("missing_key", node, join(path, "unit"), expected=same("unit"))
        return None
    if not measured and "unit" in found:
        reader.problem("unknown_key", found["unit"], join(path, "unit"), got="unit")
    derived: Sum | None = None
    if "sum" in found or "less" in found:
        if said != InputType.NUMBER or "sum" not in found:
            expected = Text("type: number 与 sum", "type: number with a sum")
            reader.problem("input_type", node, path, expected=expected, got=said)
        else:
            less = _names(reader, found["less"], join(path, "less")) if "less" in found else ()
            derived = Sum(_names(reader, found["sum"], join(path, "sum")), less)
    if measured and unit is None:
        return None
    return Input(name, InputType(said), title, unit, derived)


def _names(reader: Reader, node: Node, path: str) -> tuple[str, ...]:
    items = reader.sequence(node, path) or ()
    texts = (reader.text(item, f"{path}[{index}]") for index, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def _check_parts(reader: Reader, declared: Input, inputs: dict[str, Input], node: Node, path: str) -> None:
    assert isinstance(declared.formula, Sum)
    assert declared.unit is not None
    for name in (*declared.formula.plus, *declared.formula.minus):
        part = inputs.get(name)
        if part is None:
            reader.problem("unknown_input", node, path, got=shortened(name), suggestion=nearest(name, inputs))
        elif part.type is not InputType.NUMBER or part.unit is None:
            reader.problem(
                "input_type", node, path, expected=same(InputType.NUMBER), got=f"{name}: {part.type}"
            )
        elif UNITS[part.unit].dimension != UNITS[declared.unit].dimension:
            reader.problem(
                "unit_mismatch", node, path, expected=same(declared.unit), got=f"{name}: {part.unit}"
            )


def _cyclic(inputs: dict[str, Input]) -> list[str]:
    """Inputs that are, through whatever parts, a part of themselves."""
    edges = {
        name: tuple(part for part in (*found.formula.plus, *found.formula.minus) if part in inputs)
        for name, found in inputs.items()
        if isinstance(found.formula, Sum)
    }
    return cyclic(edges)


def cyclic(edges: dict[str, tuple[str, ...]]) -> list[str]:
    """The nodes of a directed graph that reach themselves."""
    found = []
    for start in edges:
        seen: set[str] = set()
        waiting = list(edges[start])
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(edges.get(node, ()))
        if start in seen:
            found.append(start)
    return found
