"""Bad values, scores, benefits and vectors are refused one by one, with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from jinchuanggu.engines.rules import Refused, load, load_text
from jinchuanggu.engines.rules.vocabularies import read_vocabulary
from tests.engines.rules.firm_sample import ANY, VECTOR, criterion, firm_text, problems, refused

T = "title: {zh: 值, en: Value}"


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        ("unit: cny, sum: [asets]", "unknown_input", "assets"),
        ("unit: cny, sum: [wan]", "unit_mismatch", "expected cny; got wan: wan_cny"),
        ("unit: cny, sum: [assets], less: [usd]", "unit_mismatch", "usd"),
        ("unit: cny, sum: [revenue]", "input_type", "number"),
        ("unit: cny, sum: []", "blank", "at least 1"),
        ("unit: cny, less: [assets], constant: 1", "one_formula", "constant, less"),
        ("unit: cny", "one_formula", "sum | year"),
        ("unit: cny, constant: 1, sum: [assets]", "one_formula", "sum, constant"),
        ("unit: cny, year: {of: turnover_wan}", "unit_mismatch", "turnover_wan: wan_cny"),
        ("unit: cny, year: {of: assets}", "input_type", "series"),
        ("unit: cny, year: {of: revenue, back: 21}", "number", "0 … 20"),
        ("unit: cny, total: {of: revenue}", "missing_key", "years"),
        ("unit: cny, total: {of: revenue, years: 0}", "number", "1 … 20"),
        ("unit: cny, total: {of: revenue, years: 3, since: assets}", "input_type", "date"),
        ("unit: cny, mean: {of: turnover_wan, years: 2}", "unit_mismatch", "turnover_wan"),
        ("unit: cny, rate: {of: revenue, method: mean, steps: 2}", "unit_mismatch", "percent"),
        ("unit: percent, rate: {of: revenue, method: geometric, steps: 2}", "choice", "mean | compound"),
        ("unit: percent, rate: {of: revenue, method: mean}", "missing_key", "steps"),
        ("unit: percent, quotient: {numerator: assets, denominator: area}", "unit_mismatch", "cny"),
        ("unit: ratio, quotient: {numerator: assets, denominator: debts}", "unit_mismatch", "percent"),
        ("unit: cny, share: {of: assets, value: 10, unit: cny}", "unit_mismatch", "10 cny"),
        ("unit: cny, share: {of: assets, value: -1, unit: percent}", "number", "0 … 1000"),
        ("unit: cny, share: {of: wan, value: 10, unit: percent}", "unit_mismatch", "wan"),
        ("unit: cny, product: [assets]", "blank", "at least 2"),
        ("product: [area, rent]", "missing_key", "unit"),
        ("unit: cny, greatest: [assets, wan]", "unit_mismatch", "wan"),
        ("unit: points, age: {since: born}", "unit_mismatch", "days | months | years"),
        ("unit: days, age: {since: assets}", "input_type", "date"),
        ("unit: months, remaining: {until: until}", "unit_mismatch", "days"),
        ("unit: percent, stepped: {by: assets, bands: [], otherwise: 1}", "blank", ""),
        (
            'unit: percent, stepped: {by: assets, otherwise: 1, bands: [{operator: "<=", value: 5, unit: wan_cny, then: 1}]}',
            "unit_mismatch",
            "50000 cny",
        ),
        (
            'unit: percent, stepped: {by: assets, otherwise: 1, bands: [{operator: "<=", value: 5, unit: cny, then: 1},'
            ' {operator: "<", value: 5, unit: cny, then: 2}]}',
            "band_order",
            "< 5",
        ),
        ("unit: cny, lookup: {by: level, options: {hihg: 1}}", "choice", "did you mean high"),
        ("unit: cny, lookup: {by: assets, options: {a: 1}}", "input_type", "code"),
        ("unit: cny, lookup: {by: place, options: {a: many}}", "number", "many"),
        (
            "unit: cny, tiers: {of: assets, tiers: [{up_to: 5, percent: 1}, {up_to: 5, percent: 2}]}",
            "band_order",
            "5",
        ),
        ("unit: cny, tiers: {of: assets, tiers: [{percent: 1}, {up_to: 5, percent: 2}]}", "band_order", "5"),
        ("unit: cny, stairs: {of: assets, first: 1, gives: 1, each: 0, adds: 1}", "number", "> 0"),
        ("unit: cny, constant: 1e99", "number", "1e99"),
        ("unit: cny, counted: {of: patents}", "unit_mismatch", "count"),
        ("unit: count, counted: {of: assets}", "input_type", "list"),
        ("unit: cny, constant: 1, colour: 1", "unknown_key", "colour"),
        ("unit: yuan, constant: 1", "choice", "cny"),
    ],
)
def test_a_bad_formula(value: str, code: str, shown: str) -> None:
    parts = {"values": f"other: {{unit: cny, {T}, constant: 1}}\nit: {{{T}, {value}}}\n"}
    found = refused(**parts)
    line = next(
        number for number, text in enumerate(firm_text(**parts).splitlines(), 1) if text.startswith("  it:")
    )
    assert {(problem.code, problem.line) for problem in found.problems} == {(code, line)}, found.render("en")
    assert shown in found.render("en")
    assert all(problem.path.startswith("values.it") for problem in found.problems)


def test_values_in_a_circle() -> None:
    circle = f"a: {{unit: cny, {T}, sum: [b]}}\nb: {{unit: cny, {T}, sum: [c]}}\nc: {{unit: cny, {T}, sum: [a, assets]}}\n"
    found = refused(values=circle)
    assert [(problem.code, problem.path) for problem in found.problems] == [
        ("cycle", "values.a"),
        ("cycle", "values.b"),
        ("cycle", "values.c"),
    ]
    assert [problem.line for problem in found.problems] == sorted(problem.line for problem in found.problems)
    assert refused(values=f"a: {{unit: cny, {T}, sum: [a]}}\n").problems[0].code == "cycle"


def test_a_name_means_one_thing() -> None:
    assert problems(values=f"assets: {{unit: cny, {T}, constant: 1}}\n")[0].startswith("duplicate_id")
    twice = f"a: {{unit: cny, {T}, constant: 1}}\na: {{unit: cny, {T}, constant: 2}}\n"
    assert problems(values=twice)[0].startswith("duplicate_key")


COMPOUND = f"g: {{unit: percent, {T}, rate: {{of: revenue, method: compound, steps: 2}}}}\n"


def test_a_compound_rate_is_compared_and_nothing_else() -> None:
    for formula in (
        "sum: [g]",
        "share: {of: g, value: 1, unit: percent}",
        "quotient: {numerator: g, denominator: share}",
    ):
        found = refused(values=f"{COMPOUND}it: {{unit: percent, {T}, {formula}}}\n")
        assert [problem.code for problem in found.problems] == ["input_type"]
        assert "only compared" in found.render("en")
    assert problems(values=f"{COMPOUND}it: {{unit: percent, {T}, greatest: [g, share]}}\n") == []
    through = f"{COMPOUND}it: {{unit: percent, {T}, greatest: [g, share]}}\nbad: {{unit: percent, {T}, sum: [it]}}\n"
    assert [line.split()[0] for line in problems(values=through)] == ["input_type"]


def test_one_slip_is_told_once_and_all_slips_together() -> None:
    values = f"a: {{unit: cny, {T}, sum: [nothing]}}\nb: {{unit: cny, {T}, sum: [a]}}\nc: {{unit: cny, {T}, cap: 1}}\n"
    found = refused(
        values=values,
        criteria=criterion('threshold: {input: b, operator: ">=", value: 1, unit: wan_cny, wording: 不低于}'),
    )
    assert [problem.code for problem in found.problems] == [
        "unknown_input",
        "one_formula",
        "unknown_key",
        "unit_mismatch",
    ]


BANDS = 'bands: [{operator: ">=", value: 5, unit: cny, points: 3}]'
PART = "id: p, title: {zh: 分, en: P}"


@pytest.mark.parametrize(
    ("part", "code", "shown"),
    [
        (f"input: assets, {BANDS.replace('unit: cny', 'unit: wan_cny')}", "unit_mismatch", "50000 cny"),
        ("input: assets", "missing_key", "bands"),
        ("input: assets, bands: []", "blank", ""),
        (f"input: revenue, {BANDS}", "input_type", "number"),
        (f"input: assets, is_true: good, {BANDS}", "one_test", "input, is_true"),
        ("colour: x, is_true: good, points: 1", "unknown_key", "colour"),
        (f"input: assets, {BANDS}, options: {{a: 1}}", "unknown_key", "options (input)"),
        (f"input: assets, {BANDS}, cap: 3", "unknown_key", "cap (input)"),
        (f"input: assets, {BANDS.replace('3}', '[3, 2]}')}", "number", "[low, high]"),
        (f"input: assets, {BANDS.replace('3}', '[3]}')}", "number", "[low, high]"),
        ("is_true: good", "missing_key", "points"),
        ("is_true: assets, points: 3", "input_type", "boolean"),
        ("code: level", "missing_key", "options"),
        ("code: level, options: {low: 1, hgih: 2}", "choice", "did you mean high"),
        ("expert: judged", "missing_key", "most"),
        (f"input: assets, {BANDS}, judge: assets", "input_type", "expert"),
        ("parts: []", "blank", ""),
        ("best_of: []", "blank", ""),
        ("parts: [{id: p, title: {zh: 分, en: P}, is_true: good, points: 1}]", "duplicate_id", "p"),
    ],
)
def test_a_bad_part_of_a_score(part: str, code: str, shown: str) -> None:
    found = refused(scores=f"- {{{PART}, {part}}}\n")
    assert [problem.code for problem in found.problems] == [code], found.render("en")
    assert shown in found.render("en")
    assert found.problems[0].line >= 40


SCHEME = f"- {{{PART}, input: assets, {BANDS}}}\n"


def test_a_score_of_a_part_that_is_not_there() -> None:
    score = "score: {of: q, operator: '>', value: 1, unit: points, wording: 高于}"
    assert refused(scores=SCHEME, criteria=criterion(score)).problems[0].code == "unknown_part"
    found = refused(scores=SCHEME.replace("cny", "yuan"), criteria=criterion(score.replace("of: q", "of: p")))
    assert [problem.code for problem in found.problems] == ["choice"]  # and not called unknown besides
    both = "score: {of: p, parts: [], operator: '>', value: 1, unit: points, wording: 高于}"
    assert refused(scores=SCHEME, criteria=criterion(both)).problems[0].code == "one_test"


@pytest.mark.parametrize(
    ("test", "code", "shown"),
    [
        (
            'threshold: {input: share, operator: ">=", versus: assets, wording: 不低于}',
            "unit_mismatch",
            "assets: cny",
        ),
        (
            'threshold: {input: share, operator: ">=", versus: nothing, wording: 不低于}',
            "unknown_input",
            "nothing",
        ),
        (
            'threshold: {input: share, operator: ">=", versus: share, value: 1, unit: percent, wording: 不低于}',
            "one_test",
            "value",
        ),
        ('threshold: {input: share, operator: ">=", wording: 不低于}', "missing_key", "value"),
        ("one_of: {input: level, options: [high, lwo]}", "choice", "did you mean low"),
        ("is_true: {input: born}", "input_type", "boolean"),
        ("pending: {input: x}", "unknown_key", "input"),
    ],
)
def test_a_bad_new_test(test: str, code: str, shown: str) -> None:
    found = refused(criteria=criterion(test))
    assert code in [problem.code for problem in found.problems], found.render("en")
    assert shown in found.render("en")


BENEFIT = """\
kind: grant
beneficiary: {zh: 企业, en: Firms}
amount: assets
delivery: application
basis: event
frequency: once
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "shown"),
    [
        ("kind: grant", "kind: gift", "choice", "grant"),
        ("amount: assets", "amount: wan", "unit_mismatch", "cny"),
        ("amount: assets", "amount: revenue", "input_type", "number"),
        ("amount: assets", "amount: {from: assets}", "missing_key", "to"),
        ("amount: assets", "amount: 50000", "type", "text"),
        ("basis: event", "basis: whenever", "choice", "event"),
        (
            "frequency: once",
            "frequency: once\nstep_down: [{from: 2027-01-01, percent: 101}]",
            "number",
            "0 … 100",
        ),
        (
            "frequency: once",
            "frequency: once\nstep_down: [{from: 2027-01-01, percent: 70}, {from: 2027-01-01, percent: 50}]",
            "dates_order",
            "2027-01-01",
        ),
        ("frequency: once", "frequency: once\npool: {id: a}", "missing_key", "cap"),
        ("frequency: once", "", "missing_key", "frequency"),
    ],
)
def test_a_bad_benefit(old: str, new: str, code: str, shown: str) -> None:
    found = refused(benefit=BENEFIT.replace(old, new))
    assert [problem.code for problem in found.problems] == [code], found.render("en")
    assert shown in found.render("en")


VALUE = f"it: {{unit: cny, {T}, share: {{of: assets, value: 10, unit: percent}}}}\n"


@pytest.mark.parametrize(
    ("given", "expect", "shown"),
    [
        ("assets: 50", "values: {it: 6}", "it: expected 6, got 5"),
        ("assets: 50", "values: {it: undefined}", "it: expected undefined, got 5"),
        ("", "values: {it: undefined}", "it: expected undefined, got unknown (no_report)"),
        ("", "values: {nothing: 1}", "nothing: no such value"),
        ("assets: 50", "scores: {p: 2}", "p: expected 2 points, got 3"),
        ("", "scores: {p: [1, 3]}", "p: expected 1 … 3 points, got 0 … 3"),
        ("", "scores: {q: 3}", "q: no such score part"),
        ("assets: 50", "amount: 49", "amount: expected 49, got 50"),
        ("assets: 50", "amount: null", "amount: expected unknown, got 50"),
        ("", "amount: [1, 2]", "amount: expected 1 … 2, got unknown (no_report)"),
    ],
)
def test_a_vector_that_fails_names_the_difference(given: str, expect: str, shown: str) -> None:
    vector = f"- {{id: v1, given: {{{given}}}, expect: {{{expect}}}}}\n"
    found = refused(values=VALUE, scores=SCHEME, benefit=BENEFIT, vectors=VECTOR + vector)
    assert [problem.code for problem in found.problems] == ["vector"]
    assert shown in found.render("en")
    text = firm_text(values=VALUE, scores=SCHEME, benefit=BENEFIT, vectors=VECTOR + vector)
    assert "v1" in text.splitlines()[found.problems[0].line - 1]


def test_the_same_vectors_pass_when_they_are_right() -> None:
    vector = "- {id: v1, given: {assets: 50}, expect: {values: {it: 5}, scores: {p: 3}, amount: 50}}\n"
    vector += "- {id: v2, given: {}, expect: {values: {it: unknown}, scores: {p: [0, 3]}, amount: null}}\n"
    assert problems(values=VALUE, scores=SCHEME, benefit=BENEFIT, vectors=vector) == []


def test_facts_of_vectors_are_facts() -> None:
    vector = "- {id: v1, given: {it: 5}, expect: {verdict: met}}\n"
    assert refused(values=VALUE, vectors=vector).problems[0].code == "computed"
    for given in ("born: 2026-02-30", "born: 2026-02", "staff: 2.5", "level: middle", "revenue: 5"):
        vector = f"- {{id: v1, given: {{{given}}}, expect: {{verdict: met}}}}\n"
        assert len(refused(vectors=vector).problems) == 1, given


def test_a_paraphrase_may_do_without_an_article_but_not_without_words() -> None:
    bare = "\n".join(line for line in ANY.splitlines() if "article" not in line) + "\n"
    assert [line.split()[0] for line in problems(criteria=bare)] == ["missing_key"]
    assert problems(criteria=bare, head="paraphrase: true") == []
    test = criterion('threshold: {input: share, operator: ">=", value: 1, unit: percent, wording: 不低于}')
    bare = "\n".join(line for line in test.splitlines() if "article" not in line) + "\n"
    assert problems(criteria=bare, head="paraphrase: true") == []
    assert problems(criteria=bare.replace("不低于", "低于"), head="paraphrase: true")[0].startswith("wording")
    (rules,) = load_text(firm_text(head="paraphrase: true"), "f.yaml")
    assert rules.paraphrase


def test_a_file_takes_its_inputs_from_a_vocabulary() -> None:
    (rules,) = load_text(firm_text(head="vocabulary: firm"), "f.yaml")
    assert rules.vocabulary == "firm"
    assert {"revenue_cny", "assets"} <= set(rules.inputs)
    assert rules.reads == ("good",)
    assert problems(head="vocabulary: frim")[0].startswith("choice")
    clash = "staff_total: {type: number, unit: count, title: {zh: 职工, en: Staff}}\n"
    assert [line.split()[0] for line in problems(head="vocabulary: firm", inputs=clash)] == ["duplicate_id"]
    alike = "staff_total: {type: number, unit: persons, title: {zh: 职工, en: Staff}}\n"
    assert problems(head="vocabulary: firm", inputs=alike) == []


def test_a_bad_vocabulary() -> None:
    text = "id: v\ntitle: {zh: 甲, en: A}\ngroups: {a: {zh: 甲, en: A}}\ninputs:\n  x: {type: date, group: b, title: {zh: 甲, en: X}}\n"
    with pytest.raises(Refused) as caught:
        read_vocabulary(text, "v.yaml")
    assert [(problem.code, problem.line) for problem in caught.value.problems] == [("choice", 5)]
    assert read_vocabulary(text.replace("group: b", "group: a"), "v.yaml").inputs["x"].group == "a"


def test_days_without_a_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(firm_text(end="2024-12-30"))
    new = firm_text(start="2025-01-01").replace('version: "1"', 'version: "2"')
    (tmp_path / "new.yaml").write_text(new)
    with pytest.raises(Refused) as caught:
        load([tmp_path])
    (problem,) = caught.value.problems
    assert (problem.code, problem.file) == ("gap", str(tmp_path / "new.yaml"))
    assert "effective_to of 1 to be 2024-12-31" in problem.message("en")
    (tmp_path / "old.yaml").write_text(firm_text(end="2024-12-31"))
    assert [rules.version for rules in load([tmp_path]).versions("firm_sample")] == ["1", "2"]
