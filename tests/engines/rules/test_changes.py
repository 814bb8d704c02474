"""The cheapest change: small, possible, and judged again - never a guess that turns out not to help."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Change, RuleSet, Verdict, cheapest, evaluate, facts_of
from tests.engines.rules.firm_sample import ON, criterion, facts, firm_rules

VALUES = """\
ratio: {unit: percent, title: {zh: 研发占比, en: RD ratio}, quotient: {numerator: rd_last, denominator: revenue_last}}
rd_last: {unit: cny, title: {zh: 研发, en: RD}, year: {of: rd}}
revenue_last: {unit: cny, title: {zh: 收入, en: Revenue}, year: {of: revenue}}
age: {unit: days, title: {zh: 年限, en: Age}, age: {since: born}}
left: {unit: days, title: {zh: 剩余, en: Left}, remaining: {until: until}}
"""
RATIO = 'threshold: {input: ratio, operator: ">=", value: 3, unit: percent, wording: 不低于}'


def change_of(rules: RuleSet, **record: object) -> Change | None:
    return cheapest(rules, facts(rules, **record), ON)


def steps(change: Change | None) -> list[tuple[str, int | None, object, object]]:
    assert change is not None
    return [(step.input, step.year, step.before, step.after) for step in change.steps]


def test_what_is_met_or_out_of_reach_has_no_change() -> None:
    rules = firm_rules(criteria=criterion("is_true: {input: good}"))
    assert change_of(rules, good=True) is None
    old = firm_rules(
        values=VALUES,
        criteria=criterion(
            'threshold: {input: age, operator: ">=", value: 365, unit: days, wording: 不低于}'
        ),
    )
    assert change_of(old, born="2026-06-01") is None  # nobody grows older by an effort
    unknown = firm_rules(criteria=criterion("pending: {}"))
    assert change_of(unknown, good=True) is None
    experts = firm_rules(criteria=criterion("expert_judged: {input: judged}"))
    assert change_of(experts) is None


def test_the_least_number_that_does() -> None:
    rules = firm_rules(values=VALUES, criteria=criterion(RATIO))
    change = change_of(rules, rd={2025: 1_400_000}, revenue={2025: 50_000_000})
    assert steps(change) == [("rd", 2025, 1_400_000, 1_500_000)]
    assert change is not None
    assert (change.verified, change.steps[0].criterion) == (True, "it")
    assert change.effort == Decimal("0.071429")
    assert change.text("zh") == "研发（2025 年） 140 万元 → 150 万元"
    assert json.loads(json.dumps(change.as_dict()))["steps"][0]["after"] == 1_500_000
    third = change_of(rules, rd={2025: 1}, revenue={2025: 100})
    assert steps(third) == [("rd", 2025, 1, 3)]


def test_nobody_shrinks_to_look_better_in_proportion() -> None:
    rules = firm_rules(values=VALUES, criteria=criterion(RATIO))
    # earning 2 % less would be the smaller change
    assert steps(change_of(rules, rd={2025: 294}, revenue={2025: 10_000}))[0][0] == "rd"
    size = firm_rules(
        criteria=criterion(
            'threshold: {input: staff, operator: "<=", value: 500, unit: persons, wording: 不超过}'
        )
    )
    assert steps(change_of(size, staff=503)) == [("staff", None, 503, 500)]


def test_strict_limits_and_whole_people() -> None:
    rules = firm_rules(
        criteria=criterion(
            'ratio: {numerator: tech, denominator: staff, operator: ">=", value: 30, unit: percent, wording: 不低于}'
        )
    )
    assert steps(change_of(rules, tech=2, staff=11)) == [("tech", None, 2, 4)]
    strict = firm_rules(
        criteria=criterion(
            'threshold: {input: staff, operator: ">", value: 500, unit: persons, wording: 高于}'
        )
    )
    assert steps(change_of(strict, staff=500)) == [("staff", None, 500, 501)]


def test_one_way_of_several_is_enough_and_the_cheaper_is_taken() -> None:
    either = criterion(
        """\
        any:
          - id: big
            title: {zh: 规模, en: Size}
            threshold: {input: assets, operator: ">=", value: 1000, unit: cny, wording: 不低于}
          - id: share
            title: {zh: 份额, en: Share}
            threshold: {input: share, operator: ">=", value: 10, unit: percent, wording: 不低于}
        """
    )
    rules = firm_rules(criteria=either)
    assert steps(change_of(rules, assets=500, share=9)) == [("share", None, 9, 10)]
    assert steps(change_of(rules, assets=990, share=5)) == [("assets", None, 990, 1000)]


def test_several_conditions_take_several_steps() -> None:
    rules = firm_rules(
        values=VALUES,
        criteria=criterion(RATIO)
        + criterion("is_true: {input: good}", "good")
        + criterion("one_of: {input: level, options: [high]}", "level"),
    )
    change = change_of(rules, rd={2025: 2}, revenue={2025: 100}, good=False, level="low")
    assert steps(change) == [("rd", 2025, 2, 3), ("good", None, False, True), ("level", None, "low", "high")]
    assert change is not None
    assert change.effort == Decimal("2.5")


def test_a_change_that_spoils_another_condition_is_mended_too() -> None:
    revenue = 'threshold: {input: revenue_last, operator: ">=", value: 200, unit: cny, wording: 达到}'
    rules = firm_rules(values=VALUES, criteria=criterion(RATIO) + criterion(revenue, "revenue"))
    change = change_of(rules, rd={2025: 3}, revenue={2025: 100})
    assert sorted(steps(change)) == [("rd", 2025, 3, 6), ("revenue", 2025, 100, 200)]


def test_certificates_and_lists() -> None:
    held = firm_rules(
        values=VALUES,
        criteria=criterion('threshold: {input: left, operator: ">=", value: 0, unit: days, wording: 不低于}'),
    )
    assert steps(change_of(held, until="2026-06-29")) == [("until", None, ON.replace(day=29), ON)]
    count = firm_rules(
        criteria=criterion(
            'count: {input: patents, operator: ">=", value: 2, wording: 达到, where: {class: ["1"]}}'
        )
    )
    assert steps(change_of(count, patents=[{"name": "a", "class": "2"}])) == [("patents", None, 1, 3)]


SCORES = """\
- id: whole
  title: {zh: 总分, en: Whole}
  parts:
    - id: a
      title: {zh: 甲, en: A}
      input: assets
      bands: [{operator: ">=", value: 1000, unit: cny, points: 30}, {operator: ">=", value: 500, unit: cny, points: 10}]
    - id: b
      title: {zh: 乙, en: B}
      best_of:
        - id: b1
          title: {zh: 乙一, en: B1}
          input: share
          bands: [{operator: ">=", value: 10, unit: percent, points: 20}]
        - {id: b2, title: {zh: 乙二, en: B2}, is_true: good, points: 15}
    - {id: c, title: {zh: 丙, en: C}, expert: judged, most: 50}
"""
PASS = "score: {of: whole, operator: '>', value: 25, unit: points, wording: 高于}"


def test_points_are_bought_where_they_are_cheapest() -> None:
    rules = firm_rules(scores=SCORES, criteria=criterion(PASS))
    assert steps(change_of(rules, assets=500, share=9, good=False)) == [("share", None, 9, 10)]
    assert steps(change_of(rules, assets=990, share=1, good=False)) == [("assets", None, 990, 1000)]
    both = change_of(rules, assets=450, share=9, good=False)
    assert sorted(steps(both)) == [("assets", None, 450, 500), ("share", None, 9, 10)]


RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "assets": st.integers(0, 1200),
        "share": st.integers(0, 15),
        "good": st.booleans(),
        "judged": st.integers(0, 50),
        "rd": st.fixed_dictionaries({2025: st.integers(0, 50)}),
        "revenue": st.fixed_dictionaries({2025: st.integers(0, 1000)}),
    },
)
EVERYTHING = firm_rules(values=VALUES, scores=SCORES, criteria=criterion(PASS) + criterion(RATIO, "ratio"))


@settings(max_examples=60, deadline=None)
@given(RECORDS)
def test_every_change_is_real_and_none_of_its_steps_idle(record: dict[str, object]) -> None:
    rules = EVERYTHING
    given_facts = facts_of(rules.inputs, record)
    change = cheapest(rules, given_facts, ON)
    if change is None:
        return
    assert evaluate(rules, given_facts, ON).verdict is not Verdict.MET

    def applied(left_out: int | None) -> dict[str, object]:
        after = dict(record)
        for index, step in enumerate(change.steps):
            if index == left_out:
                continue
            if step.year is None:
                after[step.input] = step.after
            else:
                series = after.get(step.input)
                after[step.input] = {**(series if isinstance(series, dict) else {}), step.year: step.after}
        return after

    def verdict(left_out: int | None) -> Verdict:
        return evaluate(rules, facts_of(rules.inputs, applied(left_out)), ON).verdict

    assert verdict(None) is Verdict.MET
    assert all(verdict(index) is not Verdict.MET for index in range(len(change.steps)))
    assert {step.criterion for step in change.steps} <= {found.id for found in rules.walk()}
