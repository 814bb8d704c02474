"""Each kind of test, at its exact edges. A binary float would get several of these wrong."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules import Facts, Figure, Status, evaluate
from tests.engines.rules.sample import judged, rules_for

MET, NOT_MET, OPEN = Status.MET, Status.NOT_MET, Status.NOT_EVIDENCED
AREA = 'threshold: {input: area, operator: "%s", value: 100, unit: m2, wording: %s}\n'


@pytest.mark.parametrize(
    ("operator", "wording", "value", "status", "distance", "margin"),
    [
        (">=", "不小于", "100", MET, None, "0"),
        (">=", "不小于", "99.99", NOT_MET, "0.01", "-0.01"),
        (">=", "不小于", "120.5", MET, None, "20.5"),
        (">", "超过", "100", NOT_MET, "0.01", "0"),
        ("<=", "不超过", "100", MET, None, "0"),
        ("<=", "不超过", "104", NOT_MET, "4", "-4"),
        ("<", "低于", "99.9", MET, None, "0.1"),
    ],
)
def test_thresholds(
    operator: str, wording: str, value: str, status: Status, distance: str | None, margin: str
) -> None:
    finding = judged(AREA % (operator, wording), f"{{area: {value}}}")
    assert finding.status is status
    assert finding.distance == (None if distance is None else Decimal(distance))
    assert finding.margin == Decimal(margin)
    assert (finding.value, finding.threshold, finding.unit) == (Decimal(value), 100, "m2")


def test_a_strict_limit_on_whole_things_asks_for_one_more() -> None:
    test = 'threshold: {input: people, operator: ">", value: 20, unit: persons, wording: 超过}\n'
    assert judged(test, "{people: 20}").distance == 1


def test_nothing_known_is_not_evidenced_and_names_what_is_missing() -> None:
    finding = judged(AREA % (">=", "不小于"), "{}")
    assert finding.status is OPEN
    assert (finding.value, finding.distance, finding.margin) == (None, None, None)
    assert finding.missing == ("area",)
    assert finding.threshold == 100


RATIO = (
    'ratio: {numerator: money, denominator: cost, operator: ">=", value: %s, unit: percent, wording: 以上}\n'
)


def test_ratios_convert_units_and_keep_their_edge() -> None:
    # 15% exactly: 1 500 yuan of 1 万元; doubles make 0.15 of it 1499.9999…
    assert judged(RATIO % 15, "{money: 1500, cost: 1}").status is MET
    assert judged(RATIO % 15, "{money: 1499.99, cost: 1}").status is NOT_MET
    third = judged(RATIO % 33.333333, "{money: 10000, cost: 3}")
    assert third.status is MET
    assert third.value == Decimal("33.333333")


def test_a_zero_denominator_is_undefined_not_a_failure() -> None:
    finding = judged(RATIO % 15, "{money: 1500, cost: 0}")
    assert (finding.status, finding.reason) == (OPEN, "zero_denominator")
    assert judged(RATIO % 15, "{money: 1500}").missing == ("cost",)


GROWTH = 'growth: {input: turnover, operator: "%s", value: %s, unit: percent, wording: %s%s}\n'
KEEPS = GROWTH % (">", 0, "持续增长", "")


@pytest.mark.parametrize(
    ("series", "status", "reason", "distance"),
    [
        ("{}", OPEN, "no_report", None),
        ("{2024: 5}", OPEN, "too_few_periods", None),
        ("{2023: 5, 2024: 5.01}", MET, "grew", None),
        ("{2023: 5, 2024: 5}", NOT_MET, "did_not_grow", "0.01"),
        ("{2023: 0, 2024: 1}", MET, "grew", None),
        ("{2023: 0, 2024: 0}", NOT_MET, "did_not_grow", "0.01"),
        ("{2021: 9, 2022: 8, 2023: 10, 2024: 11}", NOT_MET, "did_not_grow", "1.01"),
        ("{2021: 9, 2023: 10}", OPEN, "missing_period", None),
        ("{2021: 9, 2023: 8}", NOT_MET, "did_not_grow", "1.01"),
        ("{2020: 1, 2023: 10, 2024: 11}", MET, "grew", None),
    ],
)
def test_growth_of_every_year(series: str, status: Status, reason: str, distance: str | None) -> None:
    finding = judged(KEEPS, f"{{turnover: {series}}}")
    assert (finding.status, finding.reason) == (status, reason)
    assert finding.distance == (None if distance is None else Decimal(distance))


def test_growth_by_a_rate_is_exact_at_its_edge() -> None:
    by_15 = GROWTH % (">=", 15, "以上", "")
    assert judged(by_15, "{turnover: {2023: 1150, 2024: 1322.5}}").status is MET
    assert judged(by_15, "{turnover: {2023: 1150, 2024: 1322.49}}").status is NOT_MET
    assert judged(by_15, "{turnover: {2023: 0, 2024: 5}}").reason == "zero_base"


def test_mean_growth_of_exactly_fifteen_percent_does_not_slip() -> None:
    mean = GROWTH % (">=", 15, "以上", ", method: mean, steps: 2")
    finding = judged(mean, "{turnover: {2022: 1000, 2023: 1150, 2024: 1322.5}}")
    assert (finding.status, finding.value, finding.margin) == (MET, 15, 0)
    assert judged(mean, "{turnover: {2022: 1000, 2023: 1150, 2024: 1322.4}}").status is NOT_MET
    assert judged(mean, "{turnover: {2022: 1000, 2024: 1322.5}}").missing == ("turnover@2023",)


def test_compound_growth_of_exactly_twenty_percent_does_not_slip() -> None:
    compound = GROWTH % (">=", 20, "以上", ", method: compound, steps: 3")
    assert judged(compound, "{turnover: {2021: 1000, 2022: 1, 2023: 2, 2024: 1728}}").status is MET
    short = judged(compound, "{turnover: {2021: 1000, 2022: 1, 2023: 2, 2024: 1727.99}}")
    assert short.status is NOT_MET
    assert judged(compound, "{turnover: {2021: 0, 2022: 1, 2023: 2, 2024: 3}}").reason == "zero_base"


COUNT = 'count: {input: things, operator: ">=", value: 2, wording: 至少, where: {level: [high]}}\n'


@pytest.mark.parametrize(
    ("things", "status", "value", "distance"),
    [
        ("[]", NOT_MET, 0, 2),
        ("[{name: a, level: high}, {name: b, level: high}]", MET, 2, None),
        ("[{name: a, level: high}, {name: b, level: low}]", NOT_MET, 1, 1),
        ("[{name: a, level: high}, {name: b}]", OPEN, 1, None),
        ("[{name: a, level: low}, {name: b}]", NOT_MET, 1, 1),
        ("[{name: a, level: high}, {name: b, level: high}, {name: c}]", MET, 2, None),
    ],
)
def test_counts_treat_an_unknown_attribute_as_an_interval(
    things: str, status: Status, value: int, distance: int | None
) -> None:
    finding = judged(COUNT, f"{{things: {things}}}")
    assert (finding.status, finding.value, finding.distance) == (status, value, distance)


def test_a_list_not_given_is_open_and_an_empty_one_is_not_met_even_for_at_most() -> None:
    most = 'count: {input: things, operator: "<=", value: 3, wording: 不超过}\n'
    assert judged(most, "{}").status is OPEN
    assert judged(most, "{things: [a, b, c]}").status is MET
    assert judged(most, "{things: [a, b, c, d]}").distance == 1
    empty = judged(most, "{things: []}")
    assert (empty.status, empty.reason, empty.distance) == (NOT_MET, "empty", 1)


def test_codes_statements_and_entries() -> None:
    code = "one_of: {input: code, options: [a, b]}\n"
    assert [judged(code, given).status for given in ("{}", "{code: a}", "{code: c}")] == [OPEN, MET, NOT_MET]
    flag = "is_true: {input: flag}\n"
    assert [judged(flag, given).status for given in ("{}", "{flag: true}", "{flag: false}")] == [
        OPEN,
        MET,
        NOT_MET,
    ]
    entry = "includes: {input: things, item: a}\n"
    findings = [judged(entry, given) for given in ("{}", "{things: [b, a]}", "{things: [b]}", "{things: []}")]
    assert [finding.status for finding in findings] == [OPEN, MET, NOT_MET, NOT_MET]
    assert [finding.reason for finding in findings] == ["not_given", "present", "absent", "empty"]


def test_experts_decide_and_a_score_alone_does_not() -> None:
    view = "expert_judged: {input: view}\n"
    assert judged(view, "{}").reason == "awaiting_experts"
    assert judged(view, "{view: {score: 99}}").status is OPEN
    assert judged(view, "{view: {score: 40, passed: true}}").status is MET
    assert judged(view, "{view: {passed: false}}").status is NOT_MET


PARTS = """\
%s:
  - id: one
    title: {zh: 甲, en: One}
    is_true: {input: flag}
  - id: two
    title: {zh: 乙, en: Two}
    one_of: {input: code, options: [a]}
  - id: three
    title: {zh: 丙, en: Three}
    includes: {input: things, item: a}
"""


@pytest.mark.parametrize(
    ("join", "given", "status"),
    [
        ("any", "{flag: false}", OPEN),
        ("any", "{flag: false, code: a}", MET),
        ("any", "{flag: false, code: b, things: []}", NOT_MET),
        ("all", "{flag: true, code: a}", OPEN),
        ("all", "{code: b}", NOT_MET),
    ],
)
def test_joined_criteria(join: str, given: str, status: Status) -> None:
    assert judged(PARTS % join, given).status is status


def test_at_least_n() -> None:
    joined = "at_least:\n  n: 2\n  " + (PARTS % "of").replace("\n", "\n  ")
    assert judged(joined, "{flag: true}").status is OPEN
    assert judged(joined, "{flag: true, things: [a]}").status is MET
    failed = judged(joined, "{flag: true, code: b, things: []}")
    assert (failed.status, failed.distance) == (NOT_MET, 1)


def test_a_criterion_may_refer_to_another() -> None:
    head = "- id: base\n  title: {zh: 甲, en: Base}\n  clause: X1\n  article: 不小于\n  "
    more = head + AREA % (">=", "不小于")
    assert judged("any: [base]\n", "{area: 100}", more=more).status is MET


SCORE = """\
score:
  operator: ">="
  value: 60
  unit: points
  wording: 以上
  parts:
    - id: size
      title: {zh: 规模, en: Size}
      input: area
      bands:
        - {operator: ">=", value: 100, unit: m2, points: 50}
        - {operator: ">=", value: 50, unit: m2, points: 30}
    - id: return
      title: {zh: 回报, en: Return}
      ratio: {numerator: money, denominator: cost}
      bands:
        - {operator: ">=", value: 30, unit: percent, points: 20}
      otherwise: 5
    - id: view
      title: {zh: 专家, en: View}
      expert: view
      most: 30
"""


@pytest.mark.parametrize(
    ("given", "status", "value"),
    [
        ("{area: 100, money: 3000, cost: 1}", MET, 70),
        ("{area: 50, money: 3000, cost: 1}", OPEN, 50),
        ("{area: 49.99, money: 2999.99, cost: 1}", NOT_MET, 35),
        ("{area: 50, money: 3000, cost: 1, view: {score: 10}}", MET, 60),
        ("{area: 100, money: 1, cost: 0, view: {score: 5}}", MET, 60),
        ("{}", OPEN, 5),
    ],
)
def test_score_bands_and_their_intervals(given: str, status: Status, value: int) -> None:
    finding = judged(SCORE, given)
    assert (finding.status, finding.value) == (status, value)


def test_a_failed_score_is_measured_from_the_best_still_possible() -> None:
    assert judged(SCORE, "{area: 1, money: 1, cost: 1}").distance == 25


def test_a_rule_whose_figure_is_unknown_decides_nothing() -> None:
    finding = judged("confidence: unknown\n" + AREA % (">=", "不小于"), "{area: 1}")
    assert (finding.status, finding.reason, finding.distance) == (OPEN, "rule_unknown", None)


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.decimals(min_value=0, max_value=10**6, places=2),
)
def test_more_of_a_wanted_thing_never_hurts(value: Decimal, extra: Decimal) -> None:
    rules = rules_for(AREA % (">=", "不小于"))
    before, after = (
        evaluate(rules, Facts({"area": (Figure(amount),)}), date(2025, 1, 1)).finding("it")
        for amount in (value, value + extra)
    )
    assert before.status is NOT_MET or after.status is MET
    assert before.status is MET or before.distance == 100 - value
