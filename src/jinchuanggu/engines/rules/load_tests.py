"""Each kind of test as a rule file writes it. A new kind: a class in model, a reader here, its evaluation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from jinchuanggu.engines.rules.input_use import InputUse, quotient
from jinchuanggu.engines.rules.load_scores import score
from jinchuanggu.engines.rules.model import (
    Count,
    Expert,
    Growth,
    Includes,
    InputType,
    IsTrue,
    OneOf,
    Ratio,
    Test,
    Threshold,
)
from jinchuanggu.engines.rules.nodes import Mapping, Node
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import is_null, join
from jinchuanggu.engines.rules.texts import same


def _threshold(use: InputUse, node: Node, path: str) -> Test | None:
    keys = ("input", "operator", "value", "unit", "wording")
    found = use.reader.mapping(node, path, keys, keys)
    declared = use.input(found, "input", path, InputType.NUMBER)
    operator = use.operator(found, path)
    limit = use.limit(found, path, declared.unit if declared else None)
    if declared is None or declared.unit is None or operator is None or limit is None:
        return None
    return Threshold(declared.id, operator[0], limit, declared.unit, operator[1])


def _ratio(use: InputUse, node: Node, path: str) -> Test | None:
    keys = ("numerator", "denominator", "operator", "value", "unit", "wording")
    found = use.reader.mapping(node, path, keys, keys)
    names = quotient(use, node, found, path)
    operator = use.operator(found, path)
    limit = use.limit(found, path, "percent")
    if names is None or operator is None or limit is None:
        return None
    return Ratio(*names, operator[0], limit, operator[1])


def _growth(use: InputUse, node: Node, path: str) -> Test | None:
    required = ("input", "operator", "value", "unit", "wording")
    found = use.reader.mapping(node, path, (*required, "method", "steps"), required)
    declared = use.input(found, "input", path, InputType.SERIES)
    operator = use.operator(found, path)
    rate = use.limit(found, path, "percent")
    method: str | None = "each"
    if "method" in found:
        method = use.reader.choice(found["method"], join(path, "method"), ("each", "mean", "compound"))
    steps: int | None = 1
    if "steps" in found:
        steps = use.reader.integer(found["steps"], join(path, "steps"))
        if steps is not None and not 1 <= steps <= 20:
            use.reader.problem(
                "number", found["steps"], join(path, "steps"), expected=same("1 … 20"), got=str(steps)
            )
    if rate is not None and rate <= -100:
        use.reader.problem("number", found["value"], join(path, "value"), expected=same("> -100"))
    if declared is None or operator is None or rate is None or method is None or steps is None:
        return None
    if method == "each" and operator[0] not in (Operator.MORE, Operator.AT_LEAST):
        # only growth chains over missing years; an upper bound on each year would not
        use.reader.problem(
            "choice", found["operator"], join(path, "operator"), expected=same("> | >="), got=operator[0]
        )
        return None
    return Growth(declared.id, operator[0], rate, operator[1], method, steps)


def _where(use: InputUse, found: dict[str, Node], path: str) -> dict[str, tuple[str, ...]]:
    if "where" not in found:
        return {}
    node, path = found["where"], join(path, "where")
    if not isinstance(node, Mapping):
        use.reader.mapping(node, path, ())
        return {}
    return {
        key.raw: _codes(use, value, join(path, key.raw)) for key, value in node.entries if not is_null(value)
    }


def _codes(use: InputUse, node: Node, path: str) -> tuple[str, ...]:
    items = use.reader.sequence(node, path)
    if items is not None and not items:
        use.reader.problem("blank", node, path)
    texts = (use.reader.text(item, f"{path}[{index}]", plain=True) for index, item in enumerate(items or ()))
    return tuple(text for text in texts if text is not None)


def _count(use: InputUse, node: Node, path: str) -> Test | None:
    required = ("input", "operator", "value", "wording")
    found = use.reader.mapping(node, path, (*required, "where"), required)
    declared = use.input(found, "input", path, InputType.LIST)
    operator = use.operator(found, path)
    limit = use.reader.integer(found["value"], join(path, "value")) if "value" in found else None
    where = _where(use, found, path)
    if declared is None or operator is None or limit is None:
        return None
    return Count(declared.id, operator[0], Fraction(limit), operator[1], where)


def _exists(use: InputUse, node: Node, path: str) -> Test | None:
    """At least one item; what the document takes for granted needs no comparing word."""
    found = use.reader.mapping(node, path, ("input", "where"), ("input",))
    declared = use.input(found, "input", path, InputType.LIST)
    where = _where(use, found, path)
    return None if declared is None else Count(declared.id, Operator.AT_LEAST, Fraction(1), "", where)


def _includes(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input", "item"), ("input", "item"))
    declared = use.input(found, "input", path, InputType.LIST)
    item = use.reader.text(found["item"], join(path, "item"), plain=True) if "item" in found else None
    return None if declared is None or item is None else Includes(declared.id, item)


def _one_of(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input", "options"), ("input", "options"))
    declared = use.input(found, "input", path, InputType.CODE)
    options = _codes(use, found["options"], join(path, "options")) if "options" in found else ()
    return None if declared is None or not options else OneOf(declared.id, options)


def _is_true(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input",), ("input",))
    declared = use.input(found, "input", path, InputType.BOOLEAN)
    return None if declared is None else IsTrue(declared.id)


def _expert(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input",), ("input",))
    declared = use.input(found, "input", path, InputType.EXPERT)
    return None if declared is None else Expert(declared.id)


TESTS: dict[str, Callable[[InputUse, Node, str], Test | None]] = {
    "threshold": _threshold,
    "ratio": _ratio,
    "growth": _growth,
    "count": _count,
    "exists": _exists,
    "includes": _includes,
    "one_of": _one_of,
    "is_true": _is_true,
    "expert_judged": _expert,
    "score": score,
}
