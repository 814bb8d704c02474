"""Reads files of definitions; whatever is wrong in any of them is told at once, with file, line and what would be right.

The format: docs/indicators.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.resources import files
from typing import Any

from jinchuanggu.engines.rules.load_inputs import cyclic, names
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.nodes import Mapping as MappingNode
from jinchuanggu.engines.rules.nodes import Node, Scalar, shortened
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.source import parse
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.indicators.definitions.formula import operands_of, read_formula
from jinchuanggu.indicators.definitions.library import DIMENSIONS, LEVELS, Indicator

SHIPPED = ("definitions.yaml", "further.yaml")
PERIODS = ("moment", "month", "quarter", "year")
AGGREGATIONS = ("sum", "average", "ratio", "distinct", "none")
OVER_TIME = ("sum", "last", "average")
SOURCES = ("computed", "filed", "derived", "published")
CONFIDENCES = ("searched", "recalled", "own", "unknown")
GROUPS: dict[str, Text] = {
    "recognition": Text("认定条件", "Recognition conditions"),
    "growth": Text("主要指标增长", "Growth of main figures"),
    "residents": Text("入驻", "Residents"),
    "space": Text("空间", "Space"),
    "ip": Text("知识产权", "Intellectual property"),
    "market": Text("技术市场", "Technology market"),
    "capital": Text("融资", "Financing"),
    "policies": Text("政策兑现", "Policies paid"),
    "operation": Text("企业月报", "Monthly figures of firms"),
    "yearly": Text("企业年报", "Yearly figures of firms"),
    "services": Text("服务与项目", "Services and projects"),
    "further": Text("公开报道", "As published"),
}
REQUIRED = ("key", "unit", "title", "counts")
KEYS = (
    *REQUIRED, "clause", "yearly", "computed", "period", "level", "aggregation", "over_time", "breakdowns", "source",
    "formula", "owner", "group", "basis", "confidence", "valid_from", "valid_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One definition as read, with what is needed to check it against the others."""

    reader: Reader
    node: Node
    path: str
    found: dict[str, Node]
    indicator: Indicator


def shipped() -> dict[str, Indicator]:
    """All shipped definitions by key. Raises Refused with every problem of every file."""
    here = files(__package__)
    more = sorted(
        (file.name for file in here.joinpath("shipped").iterdir() if file.name.endswith(".yaml")), key=str
    )
    texts = [(name, here.joinpath(name).read_text("utf-8")) for name in SHIPPED]
    texts += [(f"shipped/{name}", here.joinpath("shipped", name).read_text("utf-8")) for name in more]
    return load_texts(texts)


def load_texts(texts: Iterable[tuple[str, str]]) -> dict[str, Indicator]:
    """`(file name, text)` pairs as definitions by key; those of definitions.yaml are the judged ones. Raises Refused."""
    rows: list[Row] = []
    problems: list[Problem] = []
    readers: list[Reader] = []
    for file, text in texts:
        try:
            root, said = parse(text, file)
        except Refused as refused:
            problems += refused.problems
            continue
        reader = Reader(file, said)
        readers.append(reader)
        for index, node in enumerate(reader.sequence(root, "") or ()):
            row = read_row(reader, node, f"[{index}]", judged=file == SHIPPED[0])
            if row is not None:
                rows.append(row)
    found = together(rows)
    problems += [problem for reader in readers for problem in reader.problems]
    if problems:
        raise Refused(sorted(problems, key=lambda one: (one.file, one.line, one.column)))
    return found


def together(rows: Iterable[Row], known: Mapping[str, Indicator] | None = None) -> dict[str, Indicator]:
    """The definitions by key, checked against each other and those `known`; problems go to the rows' readers."""
    found: dict[str, Indicator] = {}
    derived: list[Row] = []
    for row in rows:
        key = row.indicator.key
        if key in found or key in (known or {}):
            row.reader.problem("duplicate_id", row.found["key"], join(row.path, "key"), got=key)
            continue
        found[key] = row.indicator
        if row.indicator.source == "derived":
            derived.append(row)
    everything = {**(known or {}), **found}
    inputs = {key: as_input(indicator) for key, indicator in everything.items()}
    edges = {key: _reads(indicator) for key, indicator in everything.items() if indicator.formula}
    for row in derived:
        _check_formula(row, everything, inputs)
        found[row.indicator.key] = _at_level(row.indicator, edges.get(row.indicator.key, ()), everything)
    circles = set(cyclic(edges))
    for row in derived:
        if row.indicator.key in circles:
            at = join(row.path, "formula")
            row.reader.problem("cycle", row.found.get("formula", row.node), at, got=row.indicator.key)
    return found


def as_input(indicator: Indicator) -> Input:
    """An indicator as the formula readers know a number."""
    return Input(
        indicator.key, InputType.NUMBER, Text(indicator.title["zh"], indicator.title["en"]), indicator.unit
    )


def _at_level(indicator: Indicator, reads: Iterable[str], known: Mapping[str, Indicator]) -> Indicator:
    """A derived figure exists from the level on at which all its parts do."""
    levels = [LEVELS.index(known[key].level) for key in reads if key in known]
    return replace(indicator, level=LEVELS[max(levels)]) if levels else indicator


def _reads(indicator: Indicator) -> tuple[str, ...]:
    read: list[str] = []
    for body in indicator.formula.values():
        parts = body.values() if isinstance(body, Mapping) else body
        read += [str(part) for part in parts]
    return tuple(dict.fromkeys(read))


def _check_formula(row: Row, known: Mapping[str, Indicator], inputs: Mapping[str, Input]) -> None:
    reader, own = row.reader, row.indicator
    node = row.found.get("formula")
    if node is None:
        reader.problem("missing_key", row.node, join(row.path, "formula"), expected=same("formula"))
        return
    at = join(row.path, "formula")
    made = read_formula(reader, node, at, (own.unit, row.found["unit"]), inputs)
    for key in operands_of(made) if made is not None else ():
        part = known[key]
        if part.kind is not own.kind:
            got = f"{key}: {part.period}"
            reader.problem("period_mismatch", node, at, expected=same(own.period), got=got)


def read_row(reader: Reader, node: Node, path: str, *, judged: bool = False) -> Row | None:
    """One definition; None where so little is there that nothing can be said of it."""
    found = reader.mapping(node, path, KEYS, REQUIRED)

    def at(key: str) -> str:
        return join(path, key)

    def choice(key: str, options: Iterable[str], default: str) -> str:
        return (reader.choice(found[key], at(key), [*options]) or default) if key in found else default

    def text(key: str, longest: int) -> str:
        return (reader.text(found[key], at(key), longest=longest) or "") if key in found else ""

    key = text("key", 60)
    if key and not (key.replace("_", "").isalnum() and key.isascii() and key == key.lower()):
        expected = Text("小写字母、数字和下划线", "lower-case letters, digits, underscores")
        reader.problem("choice", found["key"], at("key"), expected=expected, got=shortened(key))
    unit = choice("unit", UNITS, "")
    title = reader.both(found["title"], at("title")) if "title" in found else None
    counts = reader.both(found["counts"], at("counts")) if "counts" in found else None
    source = choice("source", SOURCES, "published")
    period = choice("period", PERIODS, "moment")
    over_time = choice("over_time", OVER_TIME, "last" if period == "moment" else "sum")
    breakdowns = names(reader, found["breakdowns"], at("breakdowns")) if "breakdowns" in found else ()
    for name in breakdowns:
        if name not in DIMENSIONS:
            expected = same(" | ".join(DIMENSIONS))
            reader.problem("choice", found["breakdowns"], at("breakdowns"), expected=expected, got=name)
    if period == "moment" and over_time == "sum":
        expected = Text("时点指标跨期取 last 或 average", "last or average for a moment")
        reader.problem("choice", found["over_time"], at("over_time"), expected=expected, got="sum")
    if "formula" in found and source != "derived":
        reader.problem("choice", found["formula"], at("source"), expected=same("derived"), got=source)
    first, last = (_day(reader, found, name, at(name)) for name in ("valid_from", "valid_to"))
    if first and last and last < first:
        reader.problem("dates_order", found["valid_to"], at("valid_to"), got=last.isoformat())
    yearly, computed = (
        bool(reader.boolean(found[name], at(name))) if name in found else False
        for name in ("yearly", "computed")
    )
    level = choice("level", LEVELS, "valley")
    aggregation = choice("aggregation", AGGREGATIONS, "ratio" if source == "derived" else "sum")
    group = choice("group", GROUPS, "further")
    clause, owner, basis = text("clause", 40), text("owner", 120), text("basis", 300)
    confidence = choice("confidence", CONFIDENCES, "")
    if not key or not unit or title is None or counts is None:
        return None
    return Row(
        reader, node, path, found,
        Indicator(
            key, unit, {"zh": title.zh, "en": title.en}, {"zh": counts.zh, "en": counts.en},
            clause=clause, yearly=yearly, computed=computed or source == "computed", judged=judged,
            period=period, level=level, aggregation=aggregation, over_time=over_time,
            breakdowns=tuple(breakdowns), source=source,
            formula=_data(found["formula"]) if "formula" in found else {},
            owner=owner, group=group, basis=basis, confidence=confidence, valid_from=first, valid_to=last,
        ),
    )  # fmt: skip


def _day(reader: Reader, found: Mapping[str, Node], key: str, path: str) -> date | None:
    said = reader.date(found[key], path, exact=True) if key in found else None
    return date(said.year, said.month or 1, said.day or 1) if said is not None else None


def _data(node: Node) -> Any:
    """A formula as plain data, as it is kept with a definition."""
    if isinstance(node, MappingNode):
        return {key.raw: _data(value) for key, value in node.entries}
    if isinstance(node, Scalar):
        return node.raw
    return [_data(item) for item in node.items]
