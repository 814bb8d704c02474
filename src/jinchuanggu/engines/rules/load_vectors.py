"""Test vectors inside a rule file: facts in short, a day, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement, Statement
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.model import Input, InputType, Vector
from jinchuanggu.engines.rules.nodes import Mapping, Node, Scalar, Sequence, shortened
from jinchuanggu.engines.rules.reading import Reader, is_null, join, nearest
from jinchuanggu.engines.rules.texts import Text

STATUSES = [*Status]
EXPECTATIONS = ("status", "value", "distance", "reason")


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
    given = _given(reader, found["given"], join(path, "given"), inputs) if "given" in found else Facts()
    verdict: str | None = None
    criteria: dict[str, dict[str, object]] = {}
    if "expect" in found:
        expect = reader.mapping(found["expect"], join(path, "expect"), ("verdict", "criteria"))
        if "verdict" in expect:
            verdict = reader.choice(expect["verdict"], join(path, "expect.verdict"), STATUSES)
        if "criteria" in expect:
            criteria = _expected(reader, expect["criteria"], join(path, "expect.criteria"))
        if not expect:
            reader.problem("blank", found["expect"], join(path, "expect"))
    if name is None:
        return None
    status = Status(verdict) if verdict else None
    return Vector(name, note or "", on, given, status, criteria, node.line, node.column)


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


def _given(reader: Reader, node: Node, path: str, inputs: AnyMapping[str, Input]) -> Facts:
    """Facts in short: a number, a series as year: number, a list as names or as mappings with a name."""
    found = _Given({}, {}, {}, {}, {})
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return Facts()
    for key, value in node.entries:
        at, declared = join(path, key.raw), inputs.get(key.raw)
        if declared is None:
            near = nearest(key.raw, inputs)
            reader.problem("unknown_input", key, at, got=shortened(key.raw), suggestion=near)
        elif not is_null(value):
            _fact(reader, declared, value, at, found)
    return Facts(found.reports, found.lists, found.statements, found.codes, found.judgements)


@dataclass(frozen=True, slots=True)
class _Given:
    """Facts while they are being read."""

    reports: dict[str, tuple[Figure, ...]]
    lists: dict[str, tuple[Item, ...]]
    statements: dict[str, Statement]
    codes: dict[str, str]
    judgements: dict[str, Judgement]


def _fact(reader: Reader, declared: Input, node: Node, path: str, found: _Given) -> None:
    match declared.type:
        case InputType.NUMBER:
            if (number := reader.number(node, path, negative=True)) is not None:
                found.reports[declared.id] = (Figure(number),)
        case InputType.SERIES:
            found.reports[declared.id] = _series(reader, node, path)
        case InputType.LIST:
            found.lists[declared.id] = _items(reader, node, path)
        case InputType.BOOLEAN:
            found.statements[declared.id] = Statement(reader.boolean(node, path))
        case InputType.CODE:
            if (code := reader.text(node, path, plain=True)) is not None:
                found.codes[declared.id] = code
        case InputType.EXPERT:
            parts = reader.mapping(node, path, ("score", "passed"))
            score = reader.number(parts["score"], join(path, "score")) if "score" in parts else None
            passed = reader.boolean(parts["passed"], join(path, "passed")) if "passed" in parts else None
            found.judgements[declared.id] = Judgement(score, passed)


def _series(reader: Reader, node: Node, path: str) -> tuple[Figure, ...]:
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return ()
    figures = []
    for key, value in node.entries:
        year = reader.date(key, join(path, key.raw))
        number: Decimal | None = reader.number(value, join(path, key.raw), negative=True)
        if year is not None and number is not None:
            figures.append(Figure(number, year=year.year))
    return tuple(figures)


def _items(reader: Reader, node: Node, path: str) -> tuple[Item, ...]:
    items: list[Item] = []
    for index, item in enumerate(reader.sequence(node, path) or ()):
        at = f"{path}[{index}]"
        if isinstance(item, Mapping):
            texts = {
                key.raw: reader.text(value, join(at, key.raw), plain=True) for key, value in item.entries
            }
            attributes = {key: text for key, text in texts.items() if text is not None and key != "name"}
            items.append(Item(texts.get("name") or "", attributes))
        elif not isinstance(item, Sequence):
            items.append(Item(reader.text(item, at, plain=True) or ""))
        else:
            reader.text(item, at)
    return tuple(items)
