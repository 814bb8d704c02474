"""Reads the checks of a form file: comparisons in the words and operators of the rules, and looks at a unit's own past."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from decimal import Decimal
from typing import Any

from jinchuanggu.engines.rules.input_use import InputUse
from jinchuanggu.engines.rules.model import InputType
from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.indicators.forms.model import Cell, Check, Severity

COMMON = ("id", "kind", "severity", "title", "advice", "basis")
KEYS: dict[str, tuple[str, ...]] = {
    "compare": ("left", "operator", "right"),
    "near": ("left", "right", "percent", "within"),
    "outlier": ("cells", "factor", "least", "least_change", "seen"),
    "change": ("cells", "back", "percent", "within"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "compare": ("left", "operator", "right"),
    "near": ("left", "right", "percent"),
    "outlier": ("cells", "factor", "least", "least_change", "seen"),
    "change": ("cells", "back", "percent"),
}


def read_checks(
    reader: Reader, node: Node | None, use: InputUse, cells: AnyMapping[str, Cell]
) -> tuple[Check, ...]:
    """All checks of a form in their order, each problem noted."""
    made: dict[str, Check] = {}
    for number, item in enumerate(() if node is None else reader.sequence(node, "checks") or ()):
        check = _check(reader, item, f"checks[{number}]", use, cells)
        if check is None:
            continue
        if check.id in made:
            reader.problem("duplicate_id", item, f"checks[{number}].id", got=check.id)
        made[check.id] = check
    return tuple(made.values())


def _check(
    reader: Reader, node: Node, path: str, use: InputUse, cells: AnyMapping[str, Cell]
) -> Check | None:
    every = (*COMMON, *dict.fromkeys(key for keys in KEYS.values() for key in keys))
    head = {key.raw: value for key, value in getattr(node, "entries", ())}
    kind = reader.choice(head["kind"], join(path, "kind"), tuple(KEYS)) if "kind" in head else None
    allowed = (*COMMON, *KEYS[kind]) if kind else every
    found = reader.mapping(
        node, path, allowed, ("id", "kind", "severity", "title", *(NEEDED[kind] if kind else ()))
    )
    check_id = reader.text(found["id"], join(path, "id")) if "id" in found else None
    severity = (
        reader.choice(found["severity"], join(path, "severity"), tuple(Severity))
        if "severity" in found
        else None
    )
    texts = {key: reader.both(found[key], join(path, key)) for key in ("title", "advice") if key in found}
    more: dict[str, Any] = {}
    if kind in ("compare", "near"):
        more = _sides(reader, found, path, use, cells)
        if kind == "compare" and "operator" in found:
            word = reader.choice(found["operator"], join(path, "operator"), tuple(Operator))
            more["operator"] = Operator(word) if word else Operator.AT_MOST
    elif kind:
        items = reader.sequence(found["cells"], join(path, "cells")) or () if "cells" in found else ()
        named = [reader.choice(one, f"{path}.cells[{n}]", cells) for n, one in enumerate(items)]
        more = {"cells": tuple(name for name in named if name)}
    for key in ("percent", "within", "factor", "least_change"):
        if key in found:
            more[key] = reader.number(found[key], join(path, key)) or Decimal(0)
    for key in ("least", "back", "seen"):
        if key in found:
            more[key] = reader.integer(found[key], join(path, key)) or 0
    if kind == "outlier" and "least" in found and more["least"] < 4:
        reader.problem(
            "number", found["least"], join(path, "least"), expected=same(">= 4"), got=str(more["least"])
        )
    if kind == "change" and "back" in found and not 1 <= more["back"] <= 24:
        reader.problem(
            "number", found["back"], join(path, "back"), expected=same("1 … 24"), got=str(more["back"])
        )
    basis = (reader.text(found["basis"], join(path, "basis")) or "") if "basis" in found else ""
    title = texts.get("title")
    if not (check_id and kind and severity and title):
        return None
    return Check(check_id, kind, Severity(severity), title, texts.get("advice"), basis=basis, **more)


def _sides(
    reader: Reader, found: dict[str, Node], path: str, use: InputUse, cells: AnyMapping[str, Cell]
) -> dict[str, Any]:
    """Both sides name figures of one unit; the right one may be a number. `cells`: those at which it is told."""
    left = use.input(found, "left", path, InputType.NUMBER)
    node = found.get("right")
    more: dict[str, Any] = {"left": left.id if left else ""}
    names = [more["left"]]
    if isinstance(node, Scalar) and node.kind is Kind.NUMBER:
        more["right_number"] = reader.number(node, join(path, "right"), negative=True)
    elif node is not None:
        right = use.input(found, "right", path, InputType.NUMBER)
        if right is not None:
            more["right"] = right.id
            names.append(right.id)
            if left is not None and right.unit != left.unit:
                reader.problem(
                    "unit_mismatch", node, join(path, "right"), expected=same(str(left.unit)),
                    got=f"{right.id}: {right.unit}",
                )  # fmt: skip
    more["cells"] = tuple(dict.fromkeys(cell for name in names for cell in cells_behind(name, use, cells)))
    return more


def cells_behind(name: str, use: InputUse, cells: AnyMapping[str, Cell]) -> list[str]:
    """The cells of which a figure is made, in order."""
    from jinchuanggu.engines.rules.formulas import operands

    if name in cells:
        return [name]
    declared = use.inputs.get(name)
    if declared is None or declared.formula is None:
        return []
    return [cell for part in operands(declared.formula) for cell in cells_behind(part, use, cells)]
