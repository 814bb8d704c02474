"""Facts in short, as vectors and other plain data write them: a number, a series as year: number, and so on."""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from jinchuanggu.engines.rules.dates import NEVER, is_never
from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement, Statement
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Kind, Mapping, Node, Scalar, Sequence, shortened, shown
from jinchuanggu.engines.rules.reading import DAY, MAX_DIGITS, Reader, is_null, join, nearest
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.units import UNITS

_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")


def read_facts(reader: Reader, node: Node, path: str, inputs: AnyMapping[str, Input]) -> Facts:
    """Facts in short: a number, a series as year: number, a list as names or as mappings with a name."""
    found = _Given({}, {}, {}, {}, {}, {})
    if not isinstance(node, Mapping):
        reader.mapping(node, path, ())
        return Facts()
    for key, value in node.entries:
        at, declared = join(path, key.raw), inputs.get(key.raw)
        if declared is None:
            near = nearest(key.raw, inputs)
            reader.problem("unknown_input", key, at, got=shortened(key.raw), suggestion=near)
        elif declared.computed:
            reader.problem("computed", key, at, got=key.raw)
        elif not is_null(value):
            _fact(reader, declared, value, at, found)
    return Facts(found.reports, found.lists, found.statements, found.codes, found.judgements, found.dates)


@dataclass(frozen=True, slots=True)
class _Given:
    """Facts while they are being read."""

    reports: dict[str, tuple[Figure, ...]]
    lists: dict[str, tuple[Item, ...]]
    statements: dict[str, Statement]
    codes: dict[str, str]
    judgements: dict[str, Judgement]
    dates: dict[str, date]


def _fact(reader: Reader, declared: Input, node: Node, path: str, found: _Given) -> None:
    match declared.type:
        case InputType.NUMBER:
            if (number := _number(reader, node, path, declared)) is not None:
                found.reports[declared.id] = (Figure(number),)
        case InputType.SERIES:
            if figures := _series(reader, node, path, declared):
                found.reports[declared.id] = figures
        case InputType.LIST:
            found.lists[declared.id] = _items(reader, node, path)
        case InputType.BOOLEAN:
            found.statements[declared.id] = Statement(reader.boolean(node, path))
        case InputType.CODE:
            code = (
                reader.choice(node, path, declared.options, plain=True, labels=declared.options)
                if declared.options
                else reader.text(node, path, plain=True)
            )
            if code is not None:
                found.codes[declared.id] = code
        case InputType.DATE:
            if (day := _day(reader, node, path)) is not None:
                found.dates[declared.id] = day
        case InputType.EXPERT:
            if isinstance(node, Scalar) and node.kind is Kind.NUMBER:  # the score alone
                found.judgements[declared.id] = Judgement(reader.number(node, path))
                return
            parts = reader.mapping(node, path, ("score", "passed"))
            score = reader.number(parts["score"], join(path, "score")) if "score" in parts else None
            passed = reader.boolean(parts["passed"], join(path, "passed")) if "passed" in parts else None
            found.judgements[declared.id] = Judgement(score, passed)


def _day(reader: Reader, node: Node, path: str) -> date | None:
    """A day from 1900 on, or ``none`` (无): a certificate the firm never had is not one that is not known."""
    if isinstance(node, Scalar) and node.kind is Kind.TEXT and is_never(node.raw):
        return NEVER
    if isinstance(node, Scalar) and _DAY.fullmatch(node.raw):
        try:
            return date.fromisoformat(node.raw)
        except ValueError:
            pass
    reader.problem("date", node, path, expected=DAY, got=shown(node))
    return None


def _number(reader: Reader, node: Node, path: str, declared: Input) -> Decimal | None:
    """A number as the unit allows it: people are whole; only money and shares fall below zero."""
    unit = UNITS[declared.unit or "ratio"]
    negative = unit.dimension in ("money", "money_usd", "ratio")
    whole = unit.whole and unit.dimension != "money"
    return reader.number(node, path, whole=whole, negative=negative, asked=_asked(unit.code, negative))


@cache
def _asked(code: str, negative: bool) -> Text:
    """What a number has to look like, with its unit."""
    label = UNITS[code].label
    zh, en = ("数", "a number") if negative else ("不小于 0 的数", "a number of 0 or more")
    zh += f"（单位为{label.zh}，但不写单位）" if label.zh else ""
    en += f" ({label.en}, without writing the unit)" if label.en else ""
    digits = f"at most {MAX_DIGITS} significant digits, no separators"
    return Text(f"{zh}，有效数字不超过 {MAX_DIGITS} 位，不带千分位", f"{en}, {digits}")


def _series(reader: Reader, node: Node, path: str, declared: Input) -> tuple[Figure, ...]:
    if not isinstance(node, Mapping):
        label = UNITS[declared.unit or "ratio"].label
        expected = Text(
            f"按年度填写，如 {{2025: 数}}{f'，单位为{label.zh}，但不写单位' if label.zh else ''}",
            f"figures by year such as {{2025: number}}{f', in {label.en}' if label.en else ''}",
        )
        reader.problem("type", node, path, expected=expected, got=shown(node))
        return ()
    figures = []
    for key, value in node.entries:
        year = reader.date(key, join(path, key.raw))
        if is_null(value):
            continue
        number = _number(reader, value, join(path, key.raw), declared)
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
