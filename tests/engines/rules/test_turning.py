"""Numbers of a rule set as knobs: all are there, turning one changes that and nothing else, nonsense is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from jinchuanggu.engines.rules import OFFICIAL, Refused, RuleSet, knobs, load_text, turned
from tests.engines.rules.firm_sample import criterion, firm_rules, judged

VALUES = """\
cap: {unit: cny, title: {zh: 顶, en: Cap}, constant: 50000}
tenth: {unit: cny, title: {zh: 一成, en: Tenth}, share: {of: assets, value: 10, unit: percent}}
prize: {unit: cny, title: {zh: 奖, en: Prize}, lookup: {by: level, options: {high: 800, low: 500}, otherwise: 1}}
floor: {unit: percent, title: {zh: 底, en: Floor}, stepped: {by: assets, otherwise: 3, bands: [{operator: "<=", value: 5000, unit: cny, then: 5}, {operator: "<=", value: 20000, unit: cny, then: 4}]}}
slices: {unit: cny, title: {zh: 分段, en: Slices}, tiers: {of: assets, tiers: [{up_to: 100, percent: 1}, {percent: 0.5}]}}
steps: {unit: cny, title: {zh: 台阶, en: Steps}, stairs: {of: assets, first: 100, gives: 30, each: 50, adds: 10}}
"""
SCORES = """\
- id: whole
  title: {zh: 总分, en: Whole}
  cap: 40
  parts:
    - {id: a, title: {zh: 甲, en: A}, input: share, otherwise: 1, undefined: 0, bands: [{operator: ">=", value: 30, unit: percent, points: [19, 20]}, {operator: ">=", value: 10, unit: percent, points: 4}]}
    - {id: b, title: {zh: 乙, en: B}, code: level, options: {high: [4, 6], low: 1}}
    - {id: c, title: {zh: 丙, en: C}, is_true: good, points: 10, otherwise: 5}
    - {id: d, title: {zh: 丁, en: D}, expert: judged, most: 8}
"""
BENEFIT = """\
kind: grant
beneficiary: {zh: 企业, en: Firms}
amount: tenth
delivery: application
basis: event
frequency: once
pool: {id: p, cap: 900}
step_down: [{from: 2027-01-01, percent: 70}]
"""
CRITERIA = (
    criterion("score: {of: whole, operator: '>', value: 20, unit: points, wording: 高于}", "passes")
    + criterion('threshold: {input: share, operator: ">=", versus: floor, wording: 不低于}', "versus")
    + criterion(
        """\
        at_least:
          n: 2
          of:
            - id: one
              title: {zh: 一, en: One}
              threshold: {input: share, operator: ">=", value: 5, unit: percent, wording: 不低于}
            - id: two
              title: {zh: 二, en: Two}
              ratio: {numerator: tech, denominator: staff, operator: ">=", value: 10, unit: percent, wording: 不低于}
            - id: three
              title: {zh: 三, en: Three}
              count: {input: patents, operator: ">=", value: 1, wording: 不低于}
        """,
        "several",
    )
)
RULES = firm_rules(values=VALUES, scores=SCORES, benefit=BENEFIT, criteria=CRITERIA)
KEYS = {
    "criterion:passes.limit": 20, "criterion:several.least": 2, "criterion:one.limit": 5, "criterion:two.limit": 10,
    "criterion:three.limit": 1, "score:whole.cap": 40, "score:a.bands[0].limit": 30, "score:a.bands[0].points": 19,
    "score:a.bands[0].most": 20, "score:a.bands[1].limit": 10, "score:a.bands[1].points": 4, "score:a.otherwise": 1,
    "score:a.undefined": 0, "score:b.options[high].points": 4, "score:b.options[high].most": 6,
    "score:b.options[low].points": 1, "score:b.otherwise": 0, "score:c.points": 10, "score:c.otherwise": 5,
    "score:d.most": 8, "value:cap.constant": 50000, "value:tenth.percent": 10, "value:prize.options[high]": 800,
    "value:prize.options[low]": 500, "value:prize.otherwise": 1, "value:floor.bands[0].limit": 5000,
    "value:floor.bands[0].value": 5, "value:floor.bands[1].limit": 20000, "value:floor.bands[1].value": 4,
    "value:floor.otherwise": 3, "value:slices.tiers[0].up_to": 100, "value:slices.tiers[0].percent": 1,
    "value:slices.tiers[1].percent": Decimal("0.5"), "value:steps.first": 100, "value:steps.gives": 30,
    "value:steps.each": 50, "value:steps.adds": 10, "benefit:step_down[0].percent": 70, "benefit:pool.cap": 900,
}  # fmt: skip


def test_every_number_is_there_with_its_unit() -> None:
    found = {knob.key: knob for knob in knobs(RULES)}
    assert {key: knob.value for key, knob in found.items()} == KEYS
    assert found["value:floor.bands[0].limit"].unit == "cny"
    assert found["score:a.bands[0].limit"].unit == "percent"
    assert found["criterion:one.limit"].title.zh == "一 · 限值"
    assert found["score:b.options[high].points"].title.zh == "乙 · 高 得分"


@pytest.mark.parametrize("key", KEYS)
def test_turning_one_changes_that_and_nothing_else(key: str) -> None:
    more = Decimal(1) if "most" not in key and "least" not in key else Decimal(2)
    wanted = Decimal(KEYS[key]) + (more if key != "criterion:several.least" else Decimal(1))
    after = turned(RULES, {key: wanted})
    changed = {knob.key: knob.value for knob in knobs(after) if knob.value != KEYS[knob.key]}
    assert changed == {key: wanted}
    assert after.digest == ""
    back = turned(after, {key: Decimal(KEYS[key])})
    assert back == replace(RULES, digest="")


def test_what_is_turned_is_evaluated_so() -> None:
    record = {"share": 12, "good": True, "level": "low", "judged": 3, "assets": 1000}
    assert judged(RULES, **record).points("whole").low == 18
    after = turned(
        RULES,
        {
            "score:a.bands[1].points": Decimal(9),
            "criterion:passes.limit": Decimal(22),
            "value:tenth.percent": Decimal(20),
        },
    )
    result = judged(after, **record)
    assert (result.points("whole").low, result.finding("passes").value) == (23, 23)
    assert result.finding("passes").status.value == "met"
    assert result.amount is not None
    assert result.amount.low == 200
    assert judged(RULES, **record).finding("passes").status.value == "not_met"


@pytest.mark.parametrize(
    ("key", "number", "code"),
    [
        ("criterion:passes.limt", "1", "unknown_key"),
        ("benefit:step_down[0].percent", "101", "number"),
        ("benefit:step_down[0].percent", "-1", "number"),
        ("criterion:several.least", "4", "number"),
        ("criterion:several.least", "1.5", "number"),
        ("criterion:three.limit", "0.5", "number"),
        ("score:a.bands[1].limit", "30", "band_order"),
        ("score:a.bands[0].limit", "10", "band_order"),
        ("score:a.bands[0].most", "18", "number"),
        ("value:floor.bands[0].limit", "20000", "band_order"),
        ("value:slices.tiers[0].up_to", "0", "band_order"),
        ("value:steps.each", "0", "number"),
        ("value:cap.constant", "NaN", "number"),
        ("value:cap.constant", "1e15", "number"),
    ],
)
def test_an_impossible_number_is_refused_by_its_key(key: str, number: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        turned(RULES, {key: Decimal(number)})
    problem = caught.value.problems[0]
    assert problem.code == code
    assert problem.path.rpartition(".")[0].split("[")[0] == key.rpartition(".")[0].split("[")[0]


def test_all_impossible_numbers_are_told_at_once() -> None:
    with pytest.raises(Refused) as caught:
        turned(RULES, {"nothing": Decimal(1), "value:steps.each": Decimal(0), "score:d.most": Decimal(-1)})
    assert len(caught.value.problems) == 3


def official() -> list[RuleSet]:
    return [
        rules
        for file in sorted(OFFICIAL.rglob("*.yaml"))
        for rules in load_text(file.read_text(), file.name, check_vectors=False)
    ]


def test_turning_every_number_of_an_official_file_to_itself_changes_nothing() -> None:
    for rules in official():
        found = knobs(rules)
        assert len({knob.key for knob in found}) == len(found)
        assert turned(rules, {knob.key: knob.value for knob in found}) == replace(rules, digest="")
