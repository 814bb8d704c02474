"""Titles of firms: every numbered example is there, versions follow one another, labels are those of the material."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jinchuanggu.engines.rules import OFFICIAL, Facts, RuleSet, evaluate, facts_of, load, official
from jinchuanggu.engines.rules.columns.population import Population
from jinchuanggu.engines.rules.columns.run import evaluate_columns
from jinchuanggu.engines.rules.model import Joined
from jinchuanggu.engines.rules.records import firm_inputs
from jinchuanggu.engines.rules.result import Points, Result

FAMILIES = (
    "tech_sme", "hnte", "innovative_sme", "specialised_sme", "little_giant", "gazelle", "unicorn", "star_market",
)  # fmt: skip

EXAMPLES = {
    "tech_sme": {"A-T1", "A-T2", "A-T4", "A-T5", "A-T7", "A-T8", "A-T10", "A-T11", "A-T13"},
    "hnte": {
        "B-T1", "B-T2", "B-T4", "B-T5", "B-T7", "B-T8", "B-T10", "B-T11", "B-T13", "B-T14", "B-T14_above",
        "B-T16", "B-T17", "B-T19", "B-T20", "B-T20_of_71", "B-T22", "B-T22_next_day",
    },
    "innovative_sme": {"C-T1", "C-T2", "C-T4", "C-T4_short", "C-T5"},
    "specialised_sme": {"C-T8"},
    "specialised_sme 2022-08-01": {
        "C-T7", "C-T13", "C-T13_of_10", "C-T13_of_14", "C-T14", "C-T14_of_1", "C-T14_of_2", "C-T14_of_3",
    },
    "little_giant 2026-04-01": {"C-T10", "C-T11", "C-T11_of_16667"},
    "gazelle": {"E-T1", "E-T2"},
    "star_market.attribute": {"E-T4"},
    "star_market.financial": {"E-T5"},
}  # fmt: skip


def sets() -> list[RuleSet]:
    return [rules for family in FAMILIES for rules in official(family).rule_sets]


def in_force(family: str, name: str, on: date) -> RuleSet:
    found = official(family).in_force(name, on)
    assert found is not None
    return found


def judged(rules: RuleSet, vector: str) -> Result:
    found = next(one for one in rules.vectors if one.id == vector)
    return evaluate(rules, found.given, found.on)


def points(result: Result, wanted: str) -> Points:
    waiting = list(result.scores)
    while waiting:
        part = waiting.pop()
        if part.id == wanted:
            return part
        waiting.extend(part.children)
    raise LookupError(wanted)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_file_loads_and_passes_its_vectors(family: str) -> None:
    library = load([OFFICIAL / family])  # refuses a file whose vectors fail
    assert all(rules.subject == "firm" and rules.vectors for rules in library.rule_sets)


@pytest.mark.parametrize("key", EXAMPLES)
def test_the_numbered_examples_are_there(key: str) -> None:
    name, _, version = key.partition(" ")
    versions = [rules for rules in sets() if rules.id == name and version in ("", rules.version)]
    assert versions
    for rules in versions:
        assert EXAMPLES[key] <= {vector.id for vector in rules.vectors}


@pytest.mark.parametrize(
    ("family", "name", "last_day"),
    [
        ("innovative_sme", "innovative_sme", date(2026, 3, 31)),
        ("specialised_sme", "specialised_sme", date(2026, 3, 31)),
        ("little_giant", "little_giant", date(2026, 3, 31)),
        ("star_market", "star_market.attribute", date(2024, 4, 29)),
    ],
)
def test_one_version_ends_the_day_before_the_next(family: str, name: str, last_day: date) -> None:
    first, second = official(family).versions(name)
    assert first.effective_to == last_day
    assert second.effective_from == last_day + timedelta(days=1)
    assert second.effective_to is None
    assert in_force(family, name, last_day) is first
    assert in_force(family, name, second.effective_from) is second


def test_the_gradient_of_2026_judges_the_same_firm_by_other_conditions() -> None:
    """2.5 years, 12 million of revenue, 1.2 million of R&D: enough on 31 March 2026, not a day later (C-T8)."""
    last, first = date(2026, 3, 31), date(2026, 4, 1)
    before = in_force("specialised_sme", "specialised_sme", last)
    after = in_force("specialised_sme", "specialised_sme", first)
    given = next(vector for vector in before.vectors if vector.id == "C-T8").given
    old, new = evaluate(before, given, last), evaluate(after, given, first)
    assert [old.finding(name).status for name in ("niche", "rd", "revenue")] == ["met"] * 3
    assert new.finding("niche").status == "not_met"
    assert new.finding("revenue_floor").status == "not_met"
    assert new.verdict == "not_met"


def test_the_innovation_attribute_of_one_firm_before_and_after_the_amendment() -> None:
    """79 million of R&D on 2 billion of revenue (E-T4)."""
    old = in_force("star_market", "star_market.attribute", date(2024, 4, 29))
    new = in_force("star_market", "star_market.attribute", date(2024, 4, 30))
    given = next(vector for vector in old.vectors if vector.id == "E-T4").given
    assert evaluate(old, given, date(2024, 4, 29)).finding("item_1").status == "met"
    assert evaluate(new, given, date(2024, 4, 30)).finding("item_1").status == "not_met"


LABELS = {
    ("tech_sme", "2017-05-03"): {"*": "searched"},
    ("hnte", "2016-01-01"): {"*": "searched", "main_products": "searched-single"},
    ("innovative_sme", "2022-08-01"): {
        "*": "searched", "base_size": "recalled", "base_honesty": "searched-single",
        "base_products": "searched-single", "base_incident": "searched-single",
    },
    ("innovative_sme", "2026-04-01"): {
        "*": "recalled", "base_honesty": "searched-single", "base_products": "searched-single",
        "base_incident": "searched-single", "base_data_security": "searched-single",
        "base_truthful": "searched-single",
    },
    ("specialised_sme", "2022-08-01"): {
        "*": "searched", "base_size": "recalled", "base_honesty": "searched-single",
        "base_products": "searched-single", "base_incident": "searched-single",
        "score_total": "recalled",  # the bands of three of its indicators are
    },
    ("specialised_sme", "2026-04-01"): {
        "*": "searched", "base_size": "recalled", "base_honesty": "searched-single",
        "base_products": "searched-single", "base_incident": "searched-single",
        "base_data_security": "searched-single", "base_truthful": "searched-single",
        "base_title": "searched-single", "base_title_innovative": "searched-single",
        "base_title_technology": "searched-single", "focus": "searched-single",
        "main_business": "searched-single", "debt": "searched-single",
    },
    ("little_giant", "2022-08-01"): {
        "*": "searched", "base_size": "recalled", "base_honesty": "searched-single",
        "base_products": "searched-single", "base_incident": "searched-single", "chain": "searched-single",
        "key_link": "searched-single", "product_field": "searched-single",
    },
    ("little_giant", "2026-04-01"): {
        "*": "searched", "base_size": "recalled", "base_honesty": "searched-single",
        "base_products": "searched-single", "base_incident": "searched-single",
        "base_data_security": "searched-single", "base_truthful": "searched-single",
    },
    ("gazelle", "2022-08-01"): {
        "*": "searched", "national_report": "searched-single", "age_15": "searched-single",
        "report_cagr": "searched-single", "report_intensity": "searched-single",
    },
    ("gazelle_cultivated", "2022-08-01"): {"*": "searched"},
    ("unicorn", "2022-08-01"): {"*": "searched"},
    ("unicorn_potential", "2022-08-01"): {"*": "searched"},
    ("unicorn_super", "2022-08-01"): {"*": "searched"},
    ("star_market.financial", "2024-04-30"): {"*": "searched"},
    ("star_market.general", "2024-04-30"): {"*": "searched"},
    **{
        ("star_market.attribute", version): {
            "*": "searched", "industry_other": "recalled", "industry_software": "recalled",
            "software_rd": "recalled", "item_4_exempt": "recalled", "exception_1": "recalled",
            "exception_2": "recalled", "exception_3": "recalled", "exception_4": "recalled",
        }
        for version in ("2021-04-16", "2024-04-30")
    },
}  # fmt: skip


def test_every_condition_has_the_label_of_the_material() -> None:
    assert {(rules.id, rules.version) for rules in sets()} == set(LABELS)
    for rules in sets():
        wanted = LABELS[rules.id, rules.version]
        found = {one.id: one.confidence.value for one in rules.walk()}
        assert set(wanted) - {"*"} <= set(found)
        assert found == {name: wanted.get(name, wanted["*"]) for name in found}, rules.id


def test_nothing_poses_as_the_printed_text_or_as_reviewed() -> None:
    for rules in sets():
        assert rules.document.url is None
        assert rules.review.status == "draft"
        assert rules.review.reviewer is None


def test_what_is_short_or_missing_always_comes_with_advice() -> None:
    for rules in sets():
        for criterion in rules.walk():
            if not isinstance(criterion.test, Joined):
                assert set(criterion.advice) == {"not_met", "not_evidenced"}, (rules.id, criterion.id)
                assert all(text.zh and text.en.isascii() for text in criterion.advice.values())


def test_a_title_of_unknown_worth_computes_nothing() -> None:
    for rules in sets():
        if rules.benefit is not None:
            assert rules.benefit.kind == "title"
            assert rules.benefit.low is None


def test_places_without_an_official_rule_say_so() -> None:
    for name in ("gazelle", "unicorn"):
        for rules in official(name).rule_sets:
            assert "参考" in rules.title.zh
            assert "仅供参考" in rules.authority.zh
    assert "待核" in in_force("innovative_sme", "innovative_sme", date(2026, 4, 1)).title.zh


def test_files_agree_on_the_facts_they_share() -> None:
    inputs = firm_inputs()  # refuses two definitions of one id
    assert {"hnte_valid_until", "market_value_cny", "judged_regional"} <= set(inputs)
    assert all(declared.title.en.isascii() for declared in inputs.values() if declared.group)


def test_nothing_known_decides_nothing() -> None:
    for rules in sets():
        assert evaluate(rules, Facts(), rules.effective_from).verdict == "not_evidenced", rules.id


def test_the_better_option_of_research_is_named() -> None:
    result = judged(in_force("tech_sme", "tech_sme", date(2026, 3, 1)), "A-T2")
    assert points(result, "rd_points").used == "rd_costs_points"


def test_edges_two_bands_claim_are_flagged_part_by_part() -> None:
    result = judged(in_force("innovative_sme", "innovative_sme", date(2026, 3, 31)), "C-T1")
    for part in ("rd_points", "main_growth_points", "debt_points"):
        assert "edge_ambiguous" in points(result, part).flags
    assert "edge_ambiguous" not in points(result, "ip_points").flags
    assert "edge_ambiguous" in result.finding("score_total").flags


def test_growth_that_only_a_negative_base_makes_is_for_people() -> None:
    hnte = in_force("hnte", "hnte", date(2026, 6, 30))
    worse, better = judged(hnte, "B-T8"), judged(hnte, "B-T7")
    part = points(worse, "growth_net_assets")
    assert (part.reason, part.low, part.high) == ("negative_base", Decimal(0), Decimal(10))
    assert "needs_review" in part.flags
    assert points(better, "growth_net_assets").high == 0


def test_columns_leave_the_growth_of_a_single_year_open_too() -> None:
    hnte = in_force("hnte", "hnte", date(2026, 6, 30))
    records: list[dict[str, object]] = [
        {"registered_on": date(year, 2, 1), "revenue_cny": {2025: 3, 2024: 2}} for year in (2026, 2025, 2024)
    ]
    population = Population.from_records(hnte.inputs, records, date(2026, 6, 30))
    found = evaluate_columns(hnte, population, date(2026, 6, 30))
    for row in range(3):
        exact = evaluate(hnte, population.to_facts(row, date(2026, 6, 30), hnte.inputs), date(2026, 6, 30))
        total = points(exact, "innovation_score")
        assert points(exact, "growth_revenue").high == 10
        assert points(exact, "growth_revenue").low == (0, 0, 9)[row]
        assert found.score_low["innovation_score"][row] == float(total.low)
        assert found.score_high["innovation_score"][row] == float(total.high)


def test_an_open_score_is_an_interval_and_names_what_is_missing_by_title() -> None:
    hnte = in_force("hnte", "hnte", date(2026, 6, 30))
    finding = judged(hnte, "B-T19").finding("innovation")
    assert (finding.value, finding.high) == (Decimal(63), Decimal(78))
    assert "63–78 分" in finding.explanation.zh
    assert finding.advice is not None
    assert "知识产权" in finding.advice.zh
    assert "judged_" not in finding.advice.zh + finding.advice.en


def test_the_year_a_figure_is_missing_for_is_named() -> None:
    gazelle = in_force("gazelle", "gazelle", date(2026, 6, 30))
    facts = facts_of(gazelle.inputs, {"revenue_cny": {2025: 1, 2024: 1}})
    finding = evaluate(gazelle, facts, date(2026, 6, 30)).finding("cagr")
    assert finding.missing == ("revenue_cny@2022",)
    assert "营业（销售）收入（2022 年）" in finding.explanation.zh
    assert "Revenue (2022)" in finding.explanation.en
