"""The valley file: fixed names, strict values, all mistakes at once."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Problem, Refused, ValleyFacts, read_string
from tests.engines.rules.valleys import EDGES, figure, valley


def refused(data: dict[str, Any] | str) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        read_string(data, "v.yaml") if isinstance(data, str) else ValleyFacts.from_mapping(data)
    return list(caught.value.problems)


def test_yaml_json_and_plain_data_read_alike() -> None:
    plain = ValleyFacts.from_mapping(EDGES)
    assert read_string(json.dumps(EDGES), "v.json") == plain
    assert read_string(json.dumps(EDGES), "<stdin>") == plain
    assert read_string(yaml.safe_dump(EDGES, allow_unicode=True), "v.yaml") == plain


@pytest.mark.parametrize(
    ("changes", "code", "path", "suggestion"),
    [
        ({"kind": None}, "missing_key", "kind", None),
        ({"kind": "regionl"}, "choice", "kind", "regional"),
        ({"kind": True}, "type", "kind", None),
        ({"bulder": "140600"}, "unknown_key", "bulder", "builder"),
        ({"planned_area_km2": 10}, "unknown_key", "planned_area_km2", None),
        ({"builder": "太原"}, "choice", "builder", "140100"),
        ({"builder": "141200"}, "choice", "builder", None),
        ({"builder": "simulated"}, "choice", "builder", None),
        ({"name": ["x"]}, "type", "name", None),
        ({"name": "   "}, "blank", "name", None),
        ({"name": "a" * 201}, "too_long", "name", None),
        ({"name": "\x1b[31m"}, "control", "name", None),
        ({"name": "\u202egnp.exe"}, "control", "name", None),
        ({"name": "\ud800"}, "control", "name", None),
        ({"partner_universities": "山西大学"}, "type", "partner_universities", None),
        ({"partner_universities": {"山西大学": 1}}, "type", "partner_universities", None),
        ({"partner_universities": ["山西大学", " 山西大学"]}, "repeated", "partner_universities[1]", None),
        ({"partner_universities": [None]}, "type", "partner_universities[0]", None),
        ({"partner_universities": [3]}, "type", "partner_universities[0]", None),
        ({"key_fields": [""]}, "blank", "key_fields[0]", None),
        ({"documents": ["goal"]}, "choice", "documents[0]", "goals"),
        ({"service_bodies": ["finances"]}, "choice", "service_bodies[0]", "finance"),
        ({"host_zones": ["示例区"]}, "type", "host_zones[0]", None),
        ({"host_zones": [{"level": "national"}]}, "missing_key", "host_zones[0].name", None),
        (
            {"host_zones": [{"name": "a", "level": "provicial"}]},
            "choice",
            "host_zones[0].level",
            "provincial",
        ),
        ({"operator": "甲公司"}, "type", "operator", None),
        ({"operator": {"legal_person": True}}, "missing_key", "operator.name", None),
        ({"operator": {"name": "a", "legal_person": "是"}}, "type", "operator.legal_person", None),
        (
            {"operator": {"name": "a", "legalperson": True}},
            "unknown_key",
            "operator.legalperson",
            "legal_person",
        ),
        ({"expert": {"distinctive": 80}}, "type", "expert.distinctive", None),
        ({"figures": {}}, "type", "figures", None),
        ({"figures": [3]}, "type", "figures[0]", None),
    ],
)
def test_wrong_values(changes: dict[str, Any], code: str, path: str, suggestion: str | None) -> None:
    (problem,) = refused(valley(**changes))
    assert (problem.code, problem.path) == (code, path)
    if suggestion:
        assert problem.suggestion == suggestion
    assert problem.render("zh")
    assert problem.render("en")


AREA = "planned_area_km2"


@pytest.mark.parametrize(
    ("entry", "code", "end"),
    [
        ({"value": 1, "date": "2025-01-01"}, "missing_key", "indicator"),
        ({"indicator": AREA, "date": "2025-01-01"}, "missing_key", "value"),
        ({"indicator": AREA, "value": 1}, "missing_key", "date"),
        (figure("planned_area", 1), "choice", "indicator"),
        (figure(AREA, True), "number", "value"),
        (figure(AREA, "11.9"), "number", "value"),
        (figure(AREA, -1), "number", "value"),
        (figure(AREA, float("nan")), "number", "value"),
        (figure(AREA, float("inf")), "number", "value"),
        (figure(AREA, 10**15), "number", "value"),
        (figure(AREA, 10**100_000), "number", "value"),
        (figure(AREA, Decimal("1e-999999999")), "number", "value"),
        (figure(AREA, Decimal("0.1234567890123456")), "number", "value"),
        (figure(AREA, [1]), "number", "value"),
        (figure(AREA, None), "missing_key", "value"),
        (figure("full_time_staff", 399.5), "number", "value"),
        (figure(AREA, 1, "2025-02-30"), "date", "date"),
        (figure(AREA, 1, "2025/06/28"), "date", "date"),
        (figure(AREA, 1, year="2025-01"), "date", "year"),
        (figure(AREA, 1, year=2026), "year_after_date", "year"),
        (figure(AREA, 1, chosen="yes"), "type", "chosen"),
        (figure(AREA, 1, unit="m2"), "unknown_key", "unit"),
        (figure(AREA, 1) | {"source": "网页"}, "type", "source"),
        (figure(AREA, 1) | {"source": {"url": "x"}}, "missing_key", "source.title"),
        (figure(AREA, 1) | {"source": {"title": "a", "grade": "D"}}, "choice", "source.grade"),
        (figure(AREA, 1) | {"source": {"title": "a", "link": "D"}}, "unknown_key", "source.link"),
    ],
)
def test_wrong_figures(entry: dict[str, object], code: str, end: str) -> None:
    (problem,) = refused(valley(figures=[entry]))
    assert problem.code == code
    assert problem.path.endswith(f".{end}")


def test_two_reports_of_one_figure_cannot_both_be_chosen() -> None:
    two = [figure(AREA, 1, chosen=True), figure(AREA, 2, chosen=True)]
    assert refused(valley(figures=two))[0].code == "several_chosen"
    years = [
        figure("innovation_bodies", 1, "2023-01-01", chosen=True),
        figure("innovation_bodies", 2, "2024-01-01", chosen=True),
    ]
    assert ValleyFacts.from_mapping(valley(figures=years))


def test_all_mistakes_come_at_once_with_their_lines() -> None:
    lines = [
        "name: [x]",
        "kind: regionl",
        "bulder: x",
        "documents: [goal]",
        "figures:",
        "  - {indicator: planned_area, value: yes, date: 2025-02-30}",
        "kind: regional",
    ]
    found = refused("\n".join(lines))
    assert [(problem.line, problem.code) for problem in found] == [
        (1, "type"),
        (2, "choice"),
        (3, "unknown_key"),
        (4, "choice"),
        (6, "choice"),
        (6, "number"),
        (6, "date"),
        (7, "duplicate_key"),
    ]
    assert (
        found[1].render("en").startswith("v.yaml:2:7 kind: not one of the accepted values; expected regional")
    )
    assert "did you mean regional?" in found[1].render("en")


def test_both_missing_keys_of_one_mapping_are_named() -> None:
    found = refused("kind: regional\nfigures: [{date: 2025-01-01}]\n")
    assert [problem.path for problem in found] == ["figures[0].indicator", "figures[0].value"]


@pytest.mark.parametrize("text", ["", "- a\n", "x\n", "42\n", "null\n", "[]", "{}", '"kind"'])
def test_no_mapping_no_valley(text: str) -> None:
    assert refused(text)


def test_what_may_be_left_out_or_written_loosely() -> None:
    facts = read_string("kind: regional\nbuilder: 140600\npartner_universities:\n", "v.yaml")
    assert (facts.name, facts.builder, facts.partner_universities) == (None, "140600", None)
    figures = (
        "  - {indicator: planned_area_km2, value: 1_000.50, date: 2025-01}\n"
        "  - {indicator: innovation_bodies, value: 3, year: 2024}\n"
    )
    reports = read_string(f"kind: specialised\nfigures:\n{figures}", "v.yaml").reports
    assert reports is not None
    assert [(str(found.figure.value), str(found.figure.date), found.figure.period) for found in reports] == [
        ("1000.50", "2025-01", 2025),
        ("3", "2024", 2024),
    ]


def test_dates_of_python_are_dates() -> None:
    facts = ValleyFacts.from_mapping(valley(figures=[figure(AREA, 1) | {"date": date(2025, 6, 28)}]))
    assert facts.reports is not None
    assert str(facts.reports[0].figure.date) == "2025-06-28"


def test_plain_data_without_end_is_refused() -> None:
    loop: dict[str, object] = {"kind": "regional"}
    loop["operator"] = loop
    assert refused(loop)[0].code == "too_deep"


def test_a_flood_of_mistakes_stops_early() -> None:
    assert len(refused("kind: regional\n" + "".join(f"k{number}: 1\n" for number in range(50_000)))) <= 201


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*EDGES, "expert", "x"]), junk, max_size=5), st.lists(junk, max_size=3)
)
def test_any_data_is_read_or_refused(data: dict[str, Any], figures: list[Any]) -> None:
    for tree in (data, valley(**data), valley(figures=figures)):
        with suppress(Refused):
            ValleyFacts.from_mapping(tree)
