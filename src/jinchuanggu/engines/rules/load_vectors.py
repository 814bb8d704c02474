"""Test vectors inside a rule file: facts in short, a day, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import date
from decimal import Decimal

from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.load_facts import read_facts
from jinchuanggu.engines.rules.model import Input, Vector
from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.texts import Text, same

STATUSES = [*Status]
EXPECTATIONS = ("status", "value", "high", "threshold", "distance", "reason")
OPEN = ("unknown", "undefined")


def read_vectors(
    reader: Reader, node: Node, path: str, inputs: AnyMapping[str, Input], default: date
) -> tuple[Vector, ...]:
    """The vectors of one rule set; at least one, since rules without an example prove nothing."""
    items = reader.sequence(node, path)
    if items is not None and not items:
        reader.problem("blank", node, path, expected=Text("至少一个测试", "at least one vector"))
    vectors = [
        _vector(reader, item, f"{path}[{index}]", inputs, default) for index, item in enumerate(items or ())
    ]
    return tuple(vector for vector in vectors if vector is not None)


def _vector(
    reader: Reader, node: Node, path: str, inputs: AnyMapping[str, Input], default: date
) -> Vector | None:
    found = reader.mapping(node, path, ("id", "note", "on", "given", "expect"), ("id", "given", "expect"))
    name = reader.text(found["id"], join(path, "id")) if "id" in found else None
    path = f"{path}({name})" if name else path
    note = reader.text(found["note"], join(path, "note")) if "note" in found else ""
    on = default
    if "on" in found and (day := reader.date(found["on"], join(path, "on"), exact=True)):
        on = date(day.year, day.month or 1, day.day or 1)
    given = read_facts(reader, found["given"], join(path, "given"), inputs) if "given" in found else Facts()
    verdict: str | None = None
    criteria: dict[str, dict[str, object]] = {}
    scores: dict[str, tuple[Decimal, Decimal]] = {}
    values: dict[str, Decimal | str] = {}
    amount: tuple[Decimal, Decimal] | str | None = None
    if "expect" in found:
        keys = ("verdict", "criteria", "scores", "values", "amount")
        expect = reader.mapping(found["expect"], join(path, "expect"), keys)
        if "scores" in expect:
            scores = _scores(reader, expect["scores"], join(path, "expect.scores"))
        if "values" in expect:
            values = _values(reader, expect["values"], join(path, "expect.values"))
        if "amount" in expect:
            amount = _span(reader, expect["amount"], join(path, "expect.amount"))
        elif isinstance(found["expect"], Mapping) and any(
            key.raw == "amount" for key, _ in found["expect"].entries
        ):
            amount = "unknown"
            expect["amount"] = found["expect"]
        if "verdict" in expect:
            verdict = reader.choice(expect["verdict"], join(path, "expect.verdict"), STATUSES)
        if "criteria" in expect:
            criteria = _expected(reader, expect["criteria"], join(path, "expect.criteria"))
        if not expect:
            reader.problem("blank", found["expect"], join(path, "expect"))
    if name is None:
        return None
    status = Status(verdict) if verdict else None
    return Vector(
        name, note or "", on, given, status, criteria, node.line, node.column, scores, values, amount
    )


def _span(reader: Reader, node: Node, path: str) -> tuple[Decimal, Decimal] | None:
    """A number, or ``[low, high]``."""
    if not isinstance(node, Sequence):
        number = reader.number(node, path, negative=True)
        return None if number is None else (number, number)
    ends = [reader.number(item, f"{path}[{index}]", negative=True) for index, item in enumerate(node.items)]
    known = [end for end in ends if end is not None]
    if len(known) == len(ends) == 2:
        return known[0], known[1]
    if len(known) == len(ends):
        reader.problem("number", node, path, expected=same("n | [low, high]"))
    return None


def _scores(reader: Reader, node: Node, path: str) -> dict[str, tuple[Decimal, Decimal]]:
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return {}
    found = {key.raw: _span(reader, value, join(path, key.raw)) for key, value in node.entries}
    return {name: span for name, span in found.items() if span is not None}


def _values(reader: Reader, node: Node, path: str) -> dict[str, Decimal | str]:
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return {}
    found: dict[str, Decimal | str] = {}
    for key, value in node.entries:
        at = join(path, key.raw)
        if isinstance(value, Scalar) and value.kind is Kind.TEXT:
            word = reader.choice(value, at, OPEN)
            if word is not None:
                found[key.raw] = word
        elif (number := reader.number(value, at, negative=True)) is not None:
            found[key.raw] = number
    return found


def _expected(reader: Reader, node: Node, path: str) -> dict[str, dict[str, object]]:
    """What must come out, by criterion id: a status, or a status with value, distance and reason."""
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return {}
    expected: dict[str, dict[str, object]] = {}
    for key, value in node.entries:
        at = join(path, key.raw)
        if isinstance(value, Scalar):
            expected[key.raw] = {"status": reader.choice(value, at, STATUSES)}
            continue
        wanted: dict[str, object] = {}
        for name, item in reader.mapping(value, at, EXPECTATIONS).items():
            if name == "status":
                wanted[name] = reader.choice(item, join(at, name), STATUSES)
            elif name == "reason":
                wanted[name] = reader.text(item, join(at, name))
            else:
                wanted[name] = reader.number(item, join(at, name), negative=True)
        expected[key.raw] = wanted
    return expected
