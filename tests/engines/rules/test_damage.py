"""However a rule file about firms is damaged, it is read or refused with words; nothing else ever comes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import OFFICIAL, Refused, facts_of, load_text
from tests.engines.rules.firm_sample import INPUTS, firm_rules, firm_text
from tests.engines.rules.test_turning import BENEFIT, CRITERIA, SCORES, VALUES

SOUND = firm_text(values=VALUES, scores=SCORES, benefit=BENEFIT, criteria=CRITERIA)
PLAIN = json.dumps(yaml.safe_load(SOUND), default=str)
FILES = [SOUND, (OFFICIAL / "hnte" / "2016-01-01.yaml").read_text()]
JUNK = st.sampled_from(
    [
        "",
        "x",
        "null\n",
        "- \n",
        "[]\n",
        "{}\n",
        "1e99\n",
        "true\n",
        "&a",
        "*a\n",
        "~",
        "\t",
        ": ",
        "'",
        "-1",
        "{a: 1}",
    ]
)


def said_of(text: str, name: str) -> list[str]:
    """What is said of a file that may be sound or not; anything but Refused fails the test."""
    try:
        load_text(text, name)
    except Refused as caught:
        return [problem.render(lang) for problem in caught.problems for lang in ("zh", "en")]
    return []


def test_the_sound_file_is_sound() -> None:
    assert said_of(SOUND, "sound.yaml") == []


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    lines = data.draw(st.sampled_from(FILES)).splitlines(keepends=True)
    number = data.draw(st.integers(0, len(lines) - 1))
    start, length = data.draw(st.integers(0, 160)), data.draw(st.integers(0, 30))
    lines[number] = lines[number][:start] + data.draw(JUNK) + lines[number][start + length :]
    assert all(line.strip() for line in said_of("".join(lines), "damaged.yaml"))


WORDS = [
    "assets",
    "revenue",
    "born",
    "level",
    "good",
    "judged",
    "cny",
    "percent",
    "cap",
    "a",
    ">=",
    "2027-01-01",
]
KEYS = [
    "id", "title", "unit", "zh", "en", "sum", "less", "of", "years", "since", "method", "steps", "numerator",
    "denominator", "by", "bands", "options", "otherwise", "tiers", "up_to", "percent", "first", "value", "then",
    "parts", "best_of", "points", "judge", "cap", "input", "code", "amount", "from", "to", "pool", "step_down",
]  # fmt: skip
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)
FORMULAS = [
    "sum", "year", "total", "mean", "rate", "quotient", "share", "product", "greatest", "least", "age", "remaining",
    "stepped", "lookup", "tiers", "stairs", "constant", "counted",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["values", "scores", "benefit", "part", *FORMULAS]), trees)
def test_any_tree_in_any_place_is_read_or_refused(place: str, tree: object) -> None:
    data = json.loads(PLAIN)
    if place in ("scores", "benefit"):
        data["rule_sets"][0][place] = tree
    elif place == "part":
        data["rule_sets"][0]["scores"][0]["parts"][0] = tree
    elif place == "values":
        data[place] = tree
    else:
        data["values"]["made"] = {"unit": "percent", "title": {"zh": "值", "en": "Value"}, place: tree}
    said_of(json.dumps(data, default=str), "tree.json")


RECORDS = st.dictionaries(
    st.sampled_from([*yaml.safe_load(INPUTS), "nothing"]),
    trees | st.floats() | st.decimals() | st.dates() | st.dictionaries(st.integers(1900, 2200), st.floats()),
    max_size=6,
)
SAMPLE = firm_rules()


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_any_record_is_read_or_refused(record: dict[str, object]) -> None:
    said: list[str] = []
    try:
        facts_of(SAMPLE.inputs, record)
    except Refused as caught:
        said = [problem.render("zh") for problem in caught.problems]
    assert all(said)


@pytest.mark.parametrize(
    "file", sorted(OFFICIAL.rglob("*.yaml")), ids=lambda file: str(file.relative_to(OFFICIAL))
)
def test_every_shipped_file_is_sound_and_its_vectors_hold(file: Path) -> None:
    assert said_of(file.read_text(), file.name) == []
