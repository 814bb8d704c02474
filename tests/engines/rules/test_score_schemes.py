"""Score schemes: parts that nest, alternatives, caps, judges; what is open is an interval, never a guess."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Points, Result, RuleSet, facts_of
from jinchuanggu.engines.rules.evaluate import evaluate
from tests.engines.rules.firm_sample import ON, criterion, firm_rules, judged

VALUES = """\
growth:
  unit: percent
  title: {zh: 增长, en: Growth}
  rate: {of: revenue, method: mean, steps: 2, shorten_zero: true, since: born}
ratio: {unit: percent, title: {zh: 比例, en: Ratio}, quotient: {numerator: assets, denominator: debts}}
"""
SCORES = """\
- id: whole
  title: {zh: 总分, en: Whole}
  cap: 60
  parts:
    - id: people
      title: {zh: 人员, en: People}
      ratio: {numerator: tech, denominator: staff}
      bands:
        - {operator: ">=", value: 30, unit: percent, points: 20}
        - {operator: ">=", value: 10, unit: percent, points: 4}
    - id: either
      title: {zh: 择优, en: Either}
      best_of:
        - id: by_ratio
          title: {zh: 甲, en: By ratio}
          input: ratio
          bands: [{operator: ">=", value: 6, unit: percent, points: 50}, {operator: ">=", value: 2, unit: percent, points: 10}]
        - id: by_share
          title: {zh: 乙, en: By share}
          input: share
          bands: [{operator: ">=", value: 30, unit: percent, points: 40}]
    - id: growing
      title: {zh: 成长, en: Growing}
      input: growth
      bands:
        - {operator: ">=", value: 25, unit: percent, points: [7, 8]}
        - {operator: ">", value: 0, unit: percent, points: [1, 2]}
      undefined: 0
    - {id: rank, title: {zh: 级别, en: Rank}, code: level, options: {high: [4, 6], low: 1}}
    - {id: field, title: {zh: 领域, en: Field}, is_true: good, points: 10, otherwise: 5}
    - {id: view, title: {zh: 评审, en: View}, expert: judged, most: 8}
- id: apart
  title: {zh: 另计, en: Apart}
  judge: judged_b
  parts:
    - id: debt
      title: {zh: 负债, en: Debt}
      input: share
      bands:
        - {operator: "<=", value: 55, unit: percent, points: 10, shared_edge: true}
        - {operator: "<=", value: 75, unit: percent, points: 5, shared_edge: true}
"""
PASS = "score: {of: whole, operator: '>', value: 40, unit: points, wording: 高于}"
PART = "score: {of: people, operator: '>', value: 0, unit: points, wording: 高于}"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return firm_rules(values=VALUES, scores=SCORES, criteria=criterion(PASS) + criterion(PART, "staffed"))


def points(result: Result, part: str) -> tuple[Decimal, Decimal]:
    found = result.points(part)
    return found.low, found.high


def test_bands_of_a_ratio_are_exact(rules: RuleSet) -> None:
    assert points(judged(rules, tech=3, staff=10), "people") == (20, 20)
    assert points(judged(rules, tech=2999, staff=10000), "people") == (4, 4)
    assert points(judged(rules, tech=999, staff=10000), "people") == (0, 0)
    assert points(judged(rules, tech=3), "people") == (0, 20)
    assert points(judged(rules, tech=0, staff=0), "people") == (0, 20)


def test_the_better_alternative_counts_and_is_named(rules: RuleSet) -> None:
    ratio = judged(rules, assets=6, debts=100, share=30).points("either")
    assert (ratio.low, ratio.high, ratio.used) == (50, 50, "by_ratio")
    second = judged(rules, assets=Decimal("5.99"), debts=100, share=30).points("either")
    assert (second.low, second.used) == (40, "by_share")
    undefined = judged(rules, assets=6, debts=0, share=30).points("either")
    assert (undefined.low, undefined.high, undefined.used) == (40, 40, "by_share")
    both_undefined = judged(rules, assets=0, debts=0).points("either")
    assert (both_undefined.low, both_undefined.high) == (0, 40)  # the share may still be given
    unknown = judged(rules, share=30).points("either")
    assert (unknown.low, unknown.high, unknown.used) == (40, 50, None)
    sure = judged(rules, assets=6, debts=100).points("either")
    assert (sure.low, sure.high) == (50, 50)  # whatever the share is


@pytest.mark.parametrize(
    ("revenue", "low", "high", "review"),
    [
        ({2023: 4000, 2024: 5000, 2025: 6250}, 7, 8, False),
        ({2023: 0, 2024: 800, 2025: 1000}, 7, 8, False),
        ({2023: 9, 2024: 0, 2025: 5}, 0, 0, False),
        ({2023: -100, 2024: 50, 2025: 100}, 0, 0, False),
        ({2023: -100, 2024: -200, 2025: -300}, 0, 8, True),
        ({2024: 1, 2025: 2}, 0, 8, False),
        ({2023: 3, 2024: 2, 2025: 1}, 0, 0, False),
    ],
)
def test_growth_points(rules: RuleSet, revenue: dict[int, int], low: int, high: int, review: bool) -> None:
    found = judged(rules, revenue=revenue, born="2001-01-01").points("growing")
    assert (found.low, found.high) == (low, high)
    assert ("needs_review" in found.flags) is review


def test_a_negative_base_names_itself(rules: RuleSet) -> None:
    found = judged(rules, revenue={2023: -100, 2024: -200, 2025: -300}, born="2001-01-01")
    assert found.points("growing").reason == "negative_base"
    assert "needs_review" in found.finding("it").flags


def test_codes_statements_and_experts(rules: RuleSet) -> None:
    assert points(judged(rules, level="high"), "rank") == (4, 6)
    assert points(judged(rules, level="low"), "rank") == (1, 1)
    assert points(judged(rules), "rank") == (1, 6)
    assert [points(judged(rules, good=good), "field") for good in (True, False, None)] == [
        (10, 10),
        (5, 5),
        (5, 10),
    ]
    assert points(judged(rules), "view") == (0, 8)
    assert points(judged(rules, judged=5), "view") == (5, 5)
    assert points(judged(rules, judged=99), "view") == (8, 8)


def test_a_cap_and_the_sum(rules: RuleSet) -> None:
    known = {"tech": 3, "staff": 10, "assets": 6, "debts": 100, "level": "low", "good": False, "judged": 0}
    result = judged(rules, **known, revenue={2023: 1, 2024: 1, 2025: 1})
    assert points(result, "whole") == (60, 60)
    assert result.finding("it").status.value == "met"


def test_an_open_score_says_from_and_to(rules: RuleSet) -> None:
    finding = judged(rules, tech=3, staff=10, assets=2, debts=100, share=0).finding("it")
    assert (finding.status.value, finding.value, finding.high) == ("not_evidenced", 36, 60)
    assert finding.explanation.zh == "得分 36–60 分，要求大于 40 分，结果取决于未定项"
    assert finding.as_dict()["high"] == 60
    assert set(finding.missing) == {
        "revenue@2025",
        "revenue@2024",
        "revenue@2023",
        "born",
        "level",
        "good",
        "judged",
    }
    assert judged(rules, tech=3, staff=10).points("people").text.zh == "20 分"


def test_a_group_of_a_scheme_can_be_asked_about(rules: RuleSet) -> None:
    assert judged(rules, tech=0, staff=9).finding("staffed").distance == 1
    assert judged(rules, tech=1, staff=9).finding("staffed").status.value == "met"


def test_a_shared_edge_gives_the_better_band_and_says_so(rules: RuleSet) -> None:
    on_edge = judged(rules, share=55)
    assert points(on_edge, "debt") == (10, 10)
    assert "edge_ambiguous" in on_edge.points("debt").flags
    assert "edge_ambiguous" not in judged(rules, share=Decimal("54.99")).points("debt").flags
    assert points(judged(rules, share=Decimal("55.01")), "debt") == (5, 5)


def test_a_judge_decides_within_the_group_and_is_noted_outside_the_bands(rules: RuleSet) -> None:
    result = judged(rules, judged_b=3, share=60)
    assert points(result, "apart") == (3, 3)
    assert "judge_outside" in result.points("apart").flags
    assert "judge_outside" not in judged(rules, judged_b=3).points("apart").flags
    assert judged(rules).points("apart").missing == ("share", "judged_b")


FACTS: dict[str, st.SearchStrategy[object]] = {
    "tech": st.integers(0, 10),
    "staff": st.integers(0, 10),
    "assets": st.integers(0, 20),
    "debts": st.integers(0, 100),
    "share": st.integers(0, 100),
    "good": st.booleans(),
    "level": st.sampled_from(["high", "low"]),
    "judged": st.integers(0, 8),
    "born": st.just("2001-01-01"),
    "revenue": st.fixed_dictionaries({year: st.integers(-3, 9) for year in (2023, 2024, 2025)}),
}


@settings(max_examples=150, deadline=None)
@given(st.fixed_dictionaries(FACTS), st.sets(st.sampled_from(sorted(FACTS))))
def test_more_facts_only_narrow_what_was_said(record: dict[str, object], hidden: set[str]) -> None:
    """Strong Kleene logic over intervals: what is decided stays, and every interval holds what comes out."""
    rules = RULES
    partial = {name: value for name, value in record.items() if name not in hidden}
    before, after = (evaluate(rules, facts_of(rules.inputs, given), ON) for given in (partial, record))
    assert_within(before.scores, after.scores)
    for found in before.tree:
        if found.status.value != "not_evidenced":
            assert after.finding(found.id).status is found.status
    if before.verdict.value != "not_evidenced":
        assert after.verdict is before.verdict


def assert_within(wide: tuple[Points, ...], narrow: tuple[Points, ...]) -> None:
    for one, other in zip(wide, narrow, strict=True):
        assert one.low <= other.low <= other.high <= one.high, one.id
        assert_within(one.children, other.children)


RULES = firm_rules(values=VALUES, scores=SCORES, criteria=criterion(PASS) + criterion(PART, "staffed"))


def test_the_sum_of_known_parts_is_the_sum(rules: RuleSet) -> None:
    names = ["good", "level", "judged"]
    record: dict[str, object] = {"good": True, "level": "low", "judged": 8}
    for size in range(len(names) + 1):
        for kept in combinations(names, size):
            result = judged(rules, **{name: record[name] for name in kept})
            whole = result.points("whole")
            assert whole.low == min(60, sum(child.low for child in whole.children))
            assert whole.high == min(60, sum(child.high for child in whole.children))
