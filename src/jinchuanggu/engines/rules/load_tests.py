"""Each kind of test as a rule file writes it. A new kind: a class in model, a reader here, its evaluation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from jinchuanggu.engines.rules.input_use import InputUse, codes_of, quotient, where
from jinchuanggu.engines.rules.load_scores import score
from jinchuanggu.engines.rules.model import (
    Count,
    Expert,
    Growth,
    Includes,
    InputType,
    IsTrue,
    OneOf,
    Pending,
    Ratio,
    Test,
    Threshold,
)
from jinchuanggu.engines.rules.nodes import Node
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.engines.rules.reading import join
from jinchuanggu.engines.rules.texts import same


def _threshold(use: InputUse, node: Node, path: str) -> Test | None:
    """A number against a figure, or ``versus`` a named value."""
    required = ("input", "operator", "wording")
    found = use.reader.mapping(node, path, (*required, "value", "unit", "versus"), required)
    declared = use.input(found, "input", path, InputType.NUMBER)
    operator = use.operator(found, path)
    if "versus" in found and "value" not in found:
        versus = use.input(found, "versus", path, InputType.NUMBER)
        for key in ("unit",) if declared else ():
            if key in found:
                use.unit(found[key], join(path, key), declared.unit if declared else None)
        if declared is None or declared.unit is None or operator is None or versus is None:
            return None
        if versus.unit != declared.unit:
            got = f"{versus.id}: {versus.unit}"
            use.reader.problem(
                "unit_mismatch", found["versus"], join(path, "versus"), expected=same(declared.unit), got=got
            )
            return None
        return Threshold(declared.id, operator[0], versus.id, declared.unit, operator[1])
    if "versus" in found:
        use.reader.problem("one_test", node, path, expected=same("value | versus"), got="value, versus")
    for key in ("value", "unit"):
        if found and key not in found:
            use.reader.problem("missing_key", node, join(path, key), expected=same(key))
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


def _count(use: InputUse, node: Node, path: str) -> Test | None:
    required = ("input", "operator", "value", "wording")
    found = use.reader.mapping(node, path, (*required, "where"), required)
    declared = use.input(found, "input", path, InputType.LIST)
    operator = use.operator(found, path)
    limit = use.reader.integer(found["value"], join(path, "value")) if "value" in found else None
    chosen = where(use, found, path)
    if declared is None or operator is None or limit is None:
        return None
    return Count(declared.id, operator[0], Fraction(limit), operator[1], chosen)


def _exists(use: InputUse, node: Node, path: str) -> Test | None:
    """At least one item; what the document takes for granted needs no comparing word."""
    found = use.reader.mapping(node, path, ("input", "where"), ("input",))
    declared = use.input(found, "input", path, InputType.LIST)
    chosen = where(use, found, path)
    return None if declared is None else Count(declared.id, Operator.AT_LEAST, Fraction(1), "", chosen)


def _includes(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input", "item"), ("input", "item"))
    declared = use.input(found, "input", path, InputType.LIST)
    item = use.reader.text(found["item"], join(path, "item"), plain=True) if "item" in found else None
    return None if declared is None or item is None else Includes(declared.id, item)


def _one_of(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input", "options"), ("input", "options"))
    declared = use.input(found, "input", path, InputType.CODE)
    options = codes_of(use, found["options"], join(path, "options")) if "options" in found else ()
    for option in options:
        use.code(declared, option, found["options"], join(path, "options"))
    return None if declared is None or not options else OneOf(declared.id, options)


def _is_true(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input",), ("input",))
    declared = use.input(found, "input", path, InputType.BOOLEAN)
    return None if declared is None else IsTrue(declared.id)


def _expert(use: InputUse, node: Node, path: str) -> Test | None:
    found = use.reader.mapping(node, path, ("input",), ("input",))
    declared = use.input(found, "input", path, InputType.EXPERT)
    return None if declared is None else Expert(declared.id)


def _pending(use: InputUse, node: Node, path: str) -> Test | None:
    use.reader.mapping(node, path, ())
    return Pending()


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
    "pending": _pending,
}
