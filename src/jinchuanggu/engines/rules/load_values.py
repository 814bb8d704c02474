"""Named values of a rule file: one formula each, over inputs and other values, in any order, without cycles."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import replace

from jinchuanggu.engines.rules.formulas import Greatest, Least, Stepped, operands
from jinchuanggu.engines.rules.input_use import EXACT, InputUse, irrational
from jinchuanggu.engines.rules.load_formulas import FORMULAS, FormulaUse
from jinchuanggu.engines.rules.load_inputs import cyclic
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping, Node, Scalar
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import UNITS

KEYS = ("unit", "title", "help", "group", "less", *FORMULAS)


def read_values(
    reader: Reader, node: Node | None, path: str, inputs: AnyMapping[str, Input]
) -> dict[str, Input]:
    """The inputs, and after them the values, each after those it is made of."""
    if node is None:
        return dict(inputs)
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return dict(inputs)
    heads: dict[str, Input] = {}
    bodies: dict[str, tuple[Scalar, Node, dict[str, Node]]] = {}
    for key, value in node.entries:
        at = join(path, key.raw)
        found = reader.mapping(value, at, KEYS, ("unit", "title"))
        if key.raw in inputs:
            reader.problem("duplicate_id", key, at, got=key.raw)
        head = _head(reader, key.raw, found, at)
        if head is not None:
            heads[key.raw] = head
            bodies[key.raw] = (key, value, found)
    names = {**inputs, **heads}
    use = InputUse(reader, names, None)
    for name, (_, value, found) in bodies.items():
        heads[name] = _formula(use, heads[name], value, found, join(path, name))
    edges = {
        name: tuple(part for part in operands(head.formula) if part in heads) if head.formula else ()
        for name, head in heads.items()
    }
    for name in cyclic(edges):
        reader.problem("cycle", bodies[name][0], join(path, name), got=name)
    _check_irrational(reader, heads, bodies, path)
    return {**inputs, **{name: heads[name] for name in _in_order(edges)}}


def _head(reader: Reader, name: str, found: dict[str, Node], path: str) -> Input | None:
    title = reader.both(found["title"], join(path, "title")) if "title" in found else None
    unit = reader.choice(found["unit"], join(path, "unit"), UNITS) if "unit" in found else None
    aid = reader.both(found["help"], join(path, "help")) if "help" in found else None
    group = reader.text(found["group"], join(path, "group")) if "group" in found else ""
    if unit is None or title is None:
        return None
    return Input(name, InputType.NUMBER, title, unit, computed=True, help=aid, group=group or "")


def _formula(use: InputUse, head: Input, node: Node, found: dict[str, Node], path: str) -> Input:
    given = [key for key in FORMULAS if key in found]
    if len(given) != 1 or ("less" in found and given != ["sum"]):
        got = ", ".join([*given, *(["less"] if "less" in found else [])]) or None
        use.reader.problem("one_formula", node, path, expected=same(" | ".join(FORMULAS)), got=got)
        return head
    assert head.unit is not None
    key = given[0]
    return replace(
        head, formula=FORMULAS[key](FormulaUse(use, head.unit, found), found[key], join(path, key))
    )


def _check_irrational(
    reader: Reader,
    heads: AnyMapping[str, Input],
    bodies: AnyMapping[str, tuple[Scalar, Node, dict[str, Node]]],
    path: str,
) -> None:
    """A compound rate has no exact digits: it is compared, never added, multiplied or divided."""
    for name, head in heads.items():
        if head.formula is None or isinstance(head.formula, Greatest | Least | Stepped):
            continue
        for part in operands(head.formula):
            if irrational(part, heads):
                reader.problem("input_type", bodies[name][0], join(path, name), expected=EXACT, got=part)


def _in_order(edges: AnyMapping[str, tuple[str, ...]]) -> list[str]:
    """Every value after those it reads; in the order of the file otherwise. A cycle is followed round once."""
    done: dict[str, None] = {}
    begun: set[str] = set()
    for start in edges:
        waiting = [(start, False)]
        while waiting:
            name, ready = waiting.pop()
            if ready:
                done.setdefault(name)
            elif name not in begun:
                begun.add(name)
                waiting.append((name, True))
                waiting.extend((part, False) for part in reversed(edges[name]) if part not in begun)
    return list(done)
