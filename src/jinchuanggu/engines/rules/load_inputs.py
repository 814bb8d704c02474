"""Declared inputs: their type, their unit, and the parts a number may be made of."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as AnyMapping

from jinchuanggu.engines.rules.formulas import Sum
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping, Node, shortened
from jinchuanggu.engines.rules.reading import Reader, is_null, join, nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS

MEASURED = (InputType.NUMBER, InputType.SERIES)
KEYS = ("type", "title", "unit", "sum", "less", "options", "group", "help")


def read_inputs(
    reader: Reader,
    node: Node | None,
    path: str,
    shared: AnyMapping[str, Input] | None = None,
    groups: Collection[str] | None = None,
) -> dict[str, Input]:
    """Inputs by id, after those of a ``shared`` vocabulary; what both declare must be declared alike.

    References between them are checked for existence, dimension and cycles.
    """
    inputs: dict[str, Input] = dict(shared or {})
    if node is None:
        return inputs
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return inputs
    parts: dict[str, Node] = {}
    for key, value in node.entries:
        at = join(path, key.raw)
        found = _input(reader, key.raw, value, at, groups)
        if found is None:
            continue
        known = inputs.get(key.raw)
        if known is not None and key.raw not in parts and not alike(known, found):
            expected = same(" ".join(filter(None, (known.type, known.unit))))
            reader.problem("duplicate_id", key, at, expected=expected, got=key.raw)
        inputs[key.raw] = found
        parts[key.raw] = value
    for name, value in parts.items():
        if inputs[name].formula is not None:
            _check_parts(reader, inputs[name], inputs, value, join(path, name))
    for name in _cyclic(inputs):
        reader.problem("cycle", parts.get(name, node), join(path, name), got=name)
    return inputs


def alike(one: Input, other: Input) -> bool:
    """Whether two declarations of an id ask for the same fact in the same form."""
    same_options = not one.options or not other.options or set(one.options) == set(other.options)
    return one.type is other.type and one.unit == other.unit and same_options


def _input(reader: Reader, name: str, node: Node, path: str, groups: Collection[str] | None) -> Input | None:
    found = reader.mapping(node, path, KEYS, ("type", "title"))
    said = reader.choice(found["type"], join(path, "type"), [*InputType]) if "type" in found else None
    title = reader.both(found["title"], join(path, "title")) if "title" in found else None
    unit = reader.choice(found["unit"], join(path, "unit"), UNITS) if "unit" in found else None
    aid = reader.both(found["help"], join(path, "help")) if "help" in found else None
    group = _group(reader, found["group"], join(path, "group"), groups) if "group" in found else ""
    if said is None or title is None:
        return None
    measured = InputType(said) in MEASURED
    if measured and "unit" not in found:
        reader.problem("missing_key", node, join(path, "unit"), expected=same("unit"))
        return None
    if not measured and "unit" in found:
        reader.problem("unknown_key", found["unit"], join(path, "unit"), got="unit")
    options: dict[str, Text] = {}
    if "options" in found and said == InputType.CODE:
        options = _options(reader, found["options"], join(path, "options"))
    elif "options" in found:
        reader.problem(
            "input_type", found["options"], join(path, "options"), expected=same(InputType.CODE), got=said
        )
    derived: Sum | None = None
    if "sum" in found or "less" in found:
        if said != InputType.NUMBER or "sum" not in found:
            expected = Text("type: number 与 sum", "type: number with a sum")
            reader.problem("input_type", node, path, expected=expected, got=said)
        else:
            less = names(reader, found["less"], join(path, "less")) if "less" in found else ()
            derived = Sum(names(reader, found["sum"], join(path, "sum")), less)
    if measured and unit is None:
        return None
    return Input(name, InputType(said), title, unit, derived, options=options, group=group or "", help=aid)


def _group(reader: Reader, node: Node, path: str, groups: Collection[str] | None) -> str | None:
    return reader.text(node, path) if groups is None else reader.choice(node, path, groups)


def _options(reader: Reader, node: Node, path: str) -> dict[str, Text]:
    """The codes an input may have, each with its label; a bare text serves both languages."""
    if not isinstance(node, Mapping) or not node.entries:
        reader.problem("type", node, path, expected=Text("代码: {zh, en}", "code: {zh, en}"))
        return {}
    found: dict[str, Text] = {}
    for key, value in node.entries:
        at = join(path, key.raw)
        if is_null(value):
            reader.problem("blank", value, at)
        elif isinstance(value, Mapping):
            if (label := reader.both(value, at)) is not None:
                found[key.raw] = label
        elif (words := reader.text(value, at, plain=True)) is not None:
            found[key.raw] = same(words)
    return found


def names(reader: Reader, node: Node, path: str) -> tuple[str, ...]:
    """A list of ids."""
    items = reader.sequence(node, path) or ()
    texts = (reader.text(item, f"{path}[{index}]") for index, item in enumerate(items))
    return tuple(text for text in texts if text is not None)


def _check_parts(
    reader: Reader, declared: Input, inputs: AnyMapping[str, Input], node: Node, path: str
) -> None:
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


def _cyclic(inputs: AnyMapping[str, Input]) -> list[str]:
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
