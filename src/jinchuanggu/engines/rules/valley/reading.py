"""The valley file: fixed names, every mistake told at once with its line. Format: docs/rules.md."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from jinchuanggu.engines.rules.facts import Figure, Judgement, Source
from jinchuanggu.engines.rules.nodes import Node, TooDeep, TooMany, from_python, shortened
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import Reader, join
from jinchuanggu.engines.rules.source import parse, read_text
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.engines.rules.valley.facts import OperatorBody, Report, ValleyFacts, Zone
from jinchuanggu.engines.rules.valley.vocabulary import (
    BUILDERS,
    DOCUMENTS,
    EXPERT_VIEWS,
    INDICATORS,
    KINDS,
    SERVICE_BODIES,
    YEARLY,
    ZONE_LEVELS,
)

KEYS = (
    "name", "kind", "builder", "partner_universities", "host_zones", "key_fields", "operator", "documents",
    "service_bodies", "figures", "expert",
)  # fmt: skip
FIGURE_KEYS = ("indicator", "value", "date", "year", "source", "chosen", "note")
SOURCE_KEYS = ("title", "url", "date", "grade")
MAX_NAME = 200


def read_file(path: Path | str) -> ValleyFacts:
    """Read a valley file, YAML or JSON. Raises Refused."""
    path = Path(path)
    return read_string(read_text(path), str(path))


def read_string(text: str, name: str) -> ValleyFacts:
    """Read the text of a valley file. Raises Refused."""
    root, problems = parse(text, name)
    return _valley(Reader(name, problems), root)


def read_mapping(data: Mapping[str, object], name: str) -> ValleyFacts:
    """Read plain data of the same structure. Raises Refused."""
    try:
        root = from_python(data)
    except TooDeep:
        raise Refused([Problem("too_deep", name, 0, 0, "")]) from None
    except TooMany:
        raise Refused([Problem("too_many", name, 0, 0, "")]) from None
    return _valley(Reader(name), root)


def _valley(reader: Reader, root: Node) -> ValleyFacts:
    found = reader.mapping(root, "", KEYS, ("kind",))
    kind = reader.choice(found["kind"], "kind", KINDS) if "kind" in found else None
    facts = ValleyFacts(
        kind=kind or "",
        name=reader.text(found["name"], "name", longest=MAX_NAME) if "name" in found else None,
        builder=_builder(reader, found["builder"]) if "builder" in found else None,
        partner_universities=_names(reader, found, "partner_universities"),
        host_zones=_zones(reader, found),
        key_fields=_names(reader, found, "key_fields"),
        operator=_operator(reader, found["operator"]) if "operator" in found else None,
        documents=_names(reader, found, "documents", DOCUMENTS),
        service_bodies=_names(reader, found, "service_bodies", SERVICE_BODIES),
        reports=_reports(reader, found),
        expert=_expert(reader, found["expert"]) if "expert" in found else {},
    )
    reader.finish()
    return facts


def _builder(reader: Reader, node: Node) -> str | None:
    return reader.choice(node, "builder", BUILDERS, plain=True, labels=BUILDERS)


def _names(
    reader: Reader, found: dict[str, Node], key: str, options: Collection[str] = ()
) -> tuple[str, ...] | None:
    """A list of names, or of codes; None when the list is not there."""
    if key not in found:
        return None
    names: dict[str, None] = {}
    for index, item in enumerate(reader.sequence(found[key], key) or ()):
        path = f"{key}[{index}]"
        name = reader.choice(item, path, options) if options else reader.text(item, path, longest=MAX_NAME)
        if name is not None and name in names:
            reader.problem("repeated", item, path, got=shortened(name))
        elif name is not None:
            names[name] = None
    return tuple(names)


def _zones(reader: Reader, found: dict[str, Node]) -> tuple[Zone, ...] | None:
    if "host_zones" not in found:
        return None
    zones: dict[str, Zone] = {}
    for index, item in enumerate(reader.sequence(found["host_zones"], "host_zones") or ()):
        path = f"host_zones[{index}]"
        parts = reader.mapping(item, path, ("name", "level"), ("name",))
        name = reader.text(parts["name"], join(path, "name"), longest=MAX_NAME) if "name" in parts else None
        level = reader.choice(parts["level"], join(path, "level"), ZONE_LEVELS) if "level" in parts else None
        if name is not None and name in zones:
            reader.problem("repeated", item, path, got=shortened(name))
        elif name is not None:
            zones[name] = Zone(name, level)
    return tuple(zones.values())


def _operator(reader: Reader, node: Node) -> OperatorBody | None:
    parts = reader.mapping(node, "operator", ("name", "legal_person"), ("name",))
    name = reader.text(parts["name"], "operator.name", longest=MAX_NAME) if "name" in parts else None
    legal = (
        reader.boolean(parts["legal_person"], "operator.legal_person") if "legal_person" in parts else None
    )
    return OperatorBody(name, legal) if name else None


def _expert(reader: Reader, node: Node) -> dict[str, Judgement]:
    views = {}
    for key, value in reader.mapping(node, "expert", EXPERT_VIEWS).items():
        path = join("expert", key)
        parts = reader.mapping(value, path, ("score", "passed", "note"))
        views[key] = Judgement(
            score=reader.number(parts["score"], join(path, "score")) if "score" in parts else None,
            passed=reader.boolean(parts["passed"], join(path, "passed")) if "passed" in parts else None,
            note=reader.text(parts["note"], join(path, "note")) if "note" in parts else None,
        )
    return views


def _reports(reader: Reader, found: dict[str, Node]) -> tuple[Report, ...] | None:
    if "figures" not in found:
        return None
    reports: list[Report] = []
    marked: set[tuple[str, int | None]] = set()
    for index, item in enumerate(reader.sequence(found["figures"], "figures") or ()):
        path = f"figures[{index}]"
        report = _report(reader, item, path)
        if report is None:
            continue
        reports.append(report)
        if report.figure.chosen:
            # of a yearly series one report may be chosen for each year
            key = (report.indicator, report.figure.period if report.indicator in YEARLY else None)
            if key in marked:
                reader.problem("several_chosen", item, join(path, "chosen"), got=report.indicator)
            marked.add(key)
    return tuple(reports)


def _report(reader: Reader, node: Node, path: str) -> Report | None:
    parts = reader.mapping(node, path, FIGURE_KEYS, ("indicator", "value"))
    name = (
        reader.choice(parts["indicator"], join(path, "indicator"), INDICATORS)
        if "indicator" in parts
        else None
    )
    path = f"{path}({name})" if name else path
    whole = name is not None and UNITS[INDICATORS[name]].whole
    value = reader.number(parts["value"], join(path, "value"), whole=whole) if "value" in parts else None
    day = reader.date(parts["date"], join(path, "date")) if "date" in parts else None
    stated = reader.date(parts["year"], join(path, "year")) if "year" in parts else None
    if stated is not None and stated.month is not None:
        reader.problem("date", parts["year"], join(path, "year"), expected=same("YYYY"), got=str(stated))
    if parts and "date" not in parts and "year" not in parts:
        reader.problem("missing_key", node, join(path, "date"), expected=same("date"))
    if day is not None and stated is not None and stated.year > day.year:
        reader.problem(
            "year_after_date",
            parts["year"],
            join(path, "year"),
            expected=same(f"≤ {day.year}"),
            got=str(stated.year),
        )
    source = _source(reader, parts["source"], join(path, "source")) if "source" in parts else None
    chosen = reader.boolean(parts["chosen"], join(path, "chosen")) if "chosen" in parts else False
    note = reader.text(parts["note"], join(path, "note")) if "note" in parts else None
    if name is None or value is None:
        return None
    year = stated.year if stated else None
    return Report(name, Figure(value, day or stated, year, source, bool(chosen), note))


def _source(reader: Reader, node: Node, path: str) -> Source | None:
    parts = reader.mapping(node, path, SOURCE_KEYS, ("title",))
    texts = {key: reader.text(parts[key], join(path, key)) for key in ("title", "url") if key in parts}
    day = reader.date(parts["date"], join(path, "date")) if "date" in parts else None
    grade = reader.choice(parts["grade"], join(path, "grade"), ("A", "B", "C")) if "grade" in parts else None
    title = texts.get("title")
    return Source(title, texts.get("url"), str(day) if day else None, grade) if title else None
