"""A bad rule file is refused with its place, its key, what was expected and what was found - all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import OFFICIAL, Problem, Refused, load, load_text
from tests.engines.rules.sample import AREA, INPUTS, VECTOR, rule_text


def refused(text: str) -> list[Problem]:
    with pytest.raises(Refused) as caught:
        load_text(text, "rules.yaml")
    return list(caught.value.problems)


def said_of(text: str, name: str) -> list[str]:
    """What is said of a file that may be sound or not; anything but Refused fails the test."""
    try:
        load_text(text, name)
    except Refused as caught:
        return [problem.render(lang) for problem in caught.problems for lang in ("zh", "en")]
    return []


def only(text: str) -> Problem:
    found = refused(text)
    assert len(found) == 1, "\n".join(problem.render("en") for problem in found)
    return found[0]


def test_the_sample_is_sound() -> None:
    (rules,) = load_text(rule_text(), "rules.yaml")
    assert rules.criteria[0].clause == "X1"


def criterion(line: str, *, head: str = "") -> str:
    kept = [found for found in AREA.splitlines() if not found.strip().startswith("threshold")]
    return rule_text("\n".join([*kept, f"  {line}"]) + "\n" + head)


RATIO = "ratio: {numerator: area, denominator: money, operator: <, value: 9, unit: percent, wording: 低于}"
THRESHOLD = 'threshold: {input: area, operator: ">=", value: 100, unit: m2, wording: 不小于}'


@pytest.mark.parametrize(
    ("line", "code", "path_end", "shown"),
    [
        (THRESHOLD.replace("area", "aera"), "unknown_input", "threshold.input", "area"),
        (THRESHOLD.replace("area", "things"), "input_type", "threshold.input", "number"),
        (THRESHOLD.replace("m2", "km2"), "unit_mismatch", "threshold.unit", "100000000 m2"),
        (THRESHOLD.replace("unit: m2, ", ""), "missing_key", "threshold.unit", "unit"),
        (THRESHOLD.replace("value", "valeu"), "unknown_key", "threshold.valeu", "value"),
        (THRESHOLD.replace("100", "'100'"), "number", "threshold.value", "100"),
        (THRESHOLD.replace("100", ".nan"), "number", "threshold.value", ".nan"),
        (THRESHOLD.replace(">=", ">"), "wording", "threshold.wording", ">="),
        (THRESHOLD.replace("不小于", "不少于"), "wording", "threshold.wording", "不少于"),
        (THRESHOLD.replace(">=", "≥"), "choice", "threshold.operator", ">="),
        ("trheshold: 3", "unknown_key", "trheshold", "threshold"),
        ("confidence: sure", "choice", "confidence", "searched"),
        ("any: []", "blank", "any", "criterion"),
        ("any: [nowhere]", "unknown_criterion", "sample.area", "nowhere"),
        ("any: [area]", "cycle", "sample.area", "area"),
        ("at_least: {n: 2, of: [area]}", "number", "n", "1 … 1"),
        (
            RATIO,
            "unit_mismatch",
            "ratio",
            "m2",
        ),
        (
            "growth: {input: turnover, operator: '<', value: 90, unit: percent, wording: 低于}",
            "choice",
            "growth.operator",
            ">",
        ),
        (
            f"{THRESHOLD}\n  advice: {{not_met: {{zh: '{{__class__}}', en: a}}}}",
            "placeholder",
            "not_met",
            "{distance}",
        ),
    ],
)
def test_a_bad_criterion(line: str, code: str, path_end: str, shown: str) -> None:
    text = criterion(line)
    found = [problem for problem in refused(text) if problem.code == code]
    assert found, [problem.render("en") for problem in refused(text)]
    problem = found[0]
    assert problem.file == "rules.yaml"
    assert text.splitlines()[problem.line - 1].strip()
    assert problem.path.endswith(path_end)
    assert shown in problem.message("en")
    assert problem.message("zh") != problem.message("en")


def test_two_tests_in_one_criterion() -> None:
    assert only(rule_text(AREA + "  is_true: {input: flag}\n")).code == "one_test"


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    text = (
        rule_text()
        .replace("confidence: searched", "confidence: sure")
        .replace("issued: 2024-01-01", "issued: 2024-02-30")
    )
    text = text.replace("unit: m2, wording: 不小于", "unit: cny, wording: 不小于") + "extra: 1\n"
    found = refused(text)
    assert [problem.code for problem in found] == ["date", "choice", "unit_mismatch", "unknown_key"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


def test_a_line_and_a_column_point_at_the_fault() -> None:
    text = rule_text().replace("unit: m2, wording", "unit: cny, wording")
    problem = only(text)
    line = text.splitlines()[problem.line - 1]
    assert line[problem.column - 1 :].startswith("cny")
    assert problem.render("en") == (
        f"rules.yaml:{problem.line}:{problem.column} rule_sets[0](sample).criteria[0](area).threshold.unit: "
        "units do not agree; expected m2; got 100 cny"
    )


PLAIN = "{type: number, unit: m2, title: {zh: 甲, en: A}"


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        (f"a: {PLAIN}, sum: [b]}}\nb: {PLAIN}, sum: [a]}}\n", "cycle"),
        ("a: {type: number, unit: m2, title: {zh: 甲, en: A}, sum: [money]}\n", "unit_mismatch"),
        ("a: {type: number, unit: m2, title: {zh: 甲, en: A}, sum: [turnover]}\n", "input_type"),
        ("a: {type: number, unit: m2, title: {zh: 甲, en: A}, sum: [nothing]}\n", "unknown_input"),
        ("a: {type: number, unit: m3, title: {zh: 甲, en: A}}\n", "choice"),
        ("a: {type: number, title: {zh: 甲, en: A}}\n", "missing_key"),
        ("a: {type: list, unit: m2, title: {zh: 甲, en: A}}\n", "unknown_key"),
        ("a: {type: numbr, unit: m2, title: {zh: 甲, en: A}}\n", "choice"),
        ("a: {type: number, unit: m2, title: {zh: 甲}}\n", "missing_key"),
    ],
)
def test_a_bad_input(inputs: str, code: str) -> None:
    assert code in [problem.code for problem in refused(rule_text(inputs=INPUTS + inputs))]


@pytest.mark.parametrize(
    ("vectors", "code", "shown"),
    [
        (VECTOR.replace("area: met", "area: not_met"), "vector", "area.status: expected not_met, got met"),
        (VECTOR.replace("area: met", "aera: met"), "vector", "no such criterion"),
        (VECTOR.replace("given: {area", "given: {aera"), "unknown_input", "area"),
        (VECTOR.replace("expect: {criteria: {area: met}}", "expect: {}"), "blank", ""),
        (VECTOR.replace("given", "on: 2023-01-01, given"), "date", "2024-01-01"),
        (VECTOR + VECTOR, "duplicate_id", "v1"),
        (
            VECTOR.replace("area: met", "area: {status: met, value: 101}"),
            "vector",
            "area.value: expected 101, got 100",
        ),
        ("[]", "blank", "at least one vector"),
    ],
)
def test_a_bad_vector(vectors: str, code: str, shown: str) -> None:
    problem = only(rule_text(vectors=vectors))
    assert problem.code == code
    assert shown in problem.message("en")


def test_repeated_criteria_and_hidden_bands() -> None:
    assert only(rule_text(AREA + AREA)).code == "duplicate_id"
    bands = """\
    score:
      operator: ">="
      value: 1
      unit: points
      wording: 以上
      parts:
        - id: size
          title: {zh: 规模, en: Size}
          input: area
          bands:
            - {operator: ">=", value: 50, unit: m2, points: 30}
            - {operator: ">", value: 50, unit: m2, points: 50}
    """
    kept = AREA.splitlines()[:4]
    lines = [line[2:] for line in bands.splitlines()]
    assert only(rule_text("\n".join([*kept, *lines]) + "\n")).code == "band_order"


def test_a_review_names_a_person_and_a_day() -> None:
    found = refused(rule_text().replace("{status: draft}", "{status: reviewed}"))
    assert [problem.path for problem in found] == ["review.reviewer", "review.date"]


def test_versions_of_one_rule_set_must_not_overlap(tmp_path: Path) -> None:
    old = rule_text(end="2024-12-31")
    new = rule_text().replace('version: "1"', 'version: "2"').replace("from: 2024-01-01", "from: 2025-01-01")
    (tmp_path / "old.yaml").write_text(old)
    (tmp_path / "new.yaml").write_text(new)
    library = load([tmp_path])
    assert [rules.version for rules in library.versions("sample")] == ["1", "2"]
    from datetime import date

    assert library.in_force("sample", date(2023, 12, 31)) is None
    for day, version in ((date(2024, 12, 31), "1"), (date(2025, 1, 1), "2"), (date(2099, 1, 1), "2")):
        found = library.in_force("sample", day)
        assert found is not None
        assert found.version == version
    (tmp_path / "old.yaml").write_text(rule_text(end="2025-01-01"))
    with pytest.raises(Refused) as caught:
        load([tmp_path])
    assert [problem.code for problem in caught.value.problems] == ["overlap"]


def test_all_files_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("version: [")
    (tmp_path / "b.yaml").write_text(rule_text(vectors="[]"))
    with pytest.raises(Refused) as caught:
        load([tmp_path, tmp_path / "none.yaml"])
    assert [problem.code for problem in caught.value.problems] == ["syntax", "blank", "no_file"]


OFFICIAL_TEXT = next(OFFICIAL.rglob("*.yaml")).read_text()
LINES = OFFICIAL_TEXT.splitlines(keepends=True)
JUNK = st.sampled_from(
    ["", "x", "null\n", "- \n", "[]\n", "{}\n", "1e99\n", "true\n", "&a", "*a\n", "~", "\t", ": ", "'"]
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 80), st.integers(0, 12), JUNK)
def test_a_damaged_official_file_is_read_or_refused(number: int, start: int, length: int, junk: str) -> None:
    line = LINES[number]
    damaged = [*LINES]
    damaged[number] = line[:start] + junk + line[start + length :]
    assert all(line.strip() for line in said_of("".join(damaged), "damaged.yaml"))


KEYS = ["id", "title", "zh", "input", "all", "threshold", "given", "type", "unit", "sum", "value", "of", "n"]
WORDS = ["area", "met", ">=", "m2", "不小于"]
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(["criteria", "vectors", "inputs", "document", "review", "authority"]), trees)
def test_any_tree_in_any_place_is_read_or_refused(place: str, tree: object) -> None:
    import json

    import yaml

    data = yaml.safe_load(rule_text())
    if place in ("criteria", "vectors"):
        data["rule_sets"][0][place] = tree
    else:
        data[place] = tree
    said_of(json.dumps(data, default=str), "tree.json")
