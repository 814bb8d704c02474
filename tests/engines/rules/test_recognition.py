"""The recognition conditions of both kinds of valley, on edges, on gaps in the data, and on real valleys."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.engines.rules import (
    OFFICIAL,
    Status,
    ValleyFacts,
    Verdict,
    catalogue,
    official,
    read_file,
    recognition,
    rules_test,
)
from jinchuanggu.engines.rules.valley.vocabulary import BUILDERS, DOCUMENTS, INDICATORS, KINDS, SERVICE_BODIES
from tests.engines.rules.valleys import EDGES, FIGURES, ON, YEARLY, figure, judge, valley, with_figures

DATA = Path(__file__).parent / "data"
MET, NOT_MET, OPEN = Status.MET, Status.NOT_MET, Status.NOT_EVIDENCED


def test_every_vector_of_the_official_files_holds() -> None:
    results = rules_test([OFFICIAL / "valley_recognition"])
    assert len(results) >= 10
    assert [result for result in results if not result.passed] == []


def test_the_catalogue_names_versions_and_documents() -> None:
    heads = [(rules.id, rules.version, rules.document.number) for rules in catalogue("valley_recognition")]
    assert heads == [
        ("valley_recognition.regional", "2024-07-25", "晋政办发〔2024〕40号"),
        ("valley_recognition.specialised", "2024-07-25", "晋政办发〔2024〕40号"),
    ]


def test_the_words_of_the_file_are_those_of_the_rules() -> None:
    for kind in KINDS:
        (name,) = official("valley_recognition").concerning("valley", kind=kind)
        rules = official("valley_recognition").in_force(name, ON)
        assert rules is not None
        units = {found.id: found.unit for found in rules.inputs.values()}
        assert {name: units[name] for name in INDICATORS} == INDICATORS
        tests = {criterion.id: criterion.test for criterion in rules.walk()}
        options = tests["builder"].options  # type: ignore[union-attr]
        # an invented city of a demo province may build too, but no file can name it
        assert set(options) - {"simulated"} == set(BUILDERS)
        items = {getattr(test, "item", None) for test in tests.values()} - {None}
        assert items == {*DOCUMENTS, *SERVICE_BODIES}


@pytest.mark.clause("L2", "C1", "C2", "C3", "C4", "C5")
def test_every_edge_is_inside() -> None:
    result = judge(EDGES)
    assert result.verdict is Verdict.MET
    assert result.data_period == 2024
    assert {finding.clause for finding in result.criteria} == {"L2", "C1", "C2", "P2", "C3", "C4"}
    assert all(finding.status is MET for finding in result.criteria)
    assert result.missing == ()
    assert result.gaps == ()
    assert [(finding.id, finding.clause, finding.status) for finding in result.expert] == [
        ("distinctive", "C5", OPEN)
    ]


@pytest.mark.clause("C3")
@pytest.mark.parametrize(
    ("indicator", "short", "criterion", "distance"),
    [
        ("planned_area_km2", 9.9, "planned_area", "0.1"),
        ("startup_office_m2", 29999.5, "startup_office", "0.5"),
        ("standard_plant_m2", 0, "standard_plants", "100000"),
        ("resident_teams_and_startups", 29, "residents", "1"),
        ("full_time_staff", 365, "full_time_staff", "35"),
        ("tech_enterprise_revenue_cny", Decimal("299999999.99"), "revenue", "0.01"),
    ],
)
def test_one_figure_short(indicator: str, short: object, criterion: str, distance: str) -> None:
    result = judge(with_figures(figure(indicator, short), drop=(indicator,)))
    assert result.verdict is Verdict.NOT_MET
    finding = result.finding(criterion)
    assert (finding.status, finding.distance) == (NOT_MET, Decimal(distance))
    assert [(gap.criterion, gap.input, gap.distance) for gap in result.gaps] == [
        (criterion, indicator, Decimal(distance))
    ]
    assert finding.advice is not None
    assert [found.id for found in result.criteria if found.status is not MET] == [criterion]


@pytest.mark.clause("C2")
def test_fields_by_kind() -> None:
    four = ["甲", "乙", "丙", "丁"]
    assert judge(valley(key_fields=four)).finding("key_fields").status is NOT_MET
    special = judge(valley(kind="specialised", key_fields=four)).finding("key_fields")
    assert (special.status, special.threshold, special.operator, special.distance) == (NOT_MET, 1, "==", 3)
    one = judge(valley(kind="specialised", key_fields=["现代种业"]))
    assert one.verdict is Verdict.MET
    assert [finding.id for finding in one.expert] == ["whole_chain", "distinctive"]
    assert one.finding("operator").clause == "C2"


@pytest.mark.parametrize(
    ("key", "criteria"),
    [
        ("partner_universities", ["partner_university"]),
        ("host_zones", ["host_zone"]),
        ("key_fields", ["key_fields"]),
        ("documents", list(DOCUMENTS)),
        ("service_bodies", [f"service_{body}" for body in SERVICE_BODIES]),
    ],
)
def test_a_missing_list_is_not_evidenced_and_an_empty_one_is_not_met(key: str, criteria: list[str]) -> None:
    missing, empty = judge(valley(**{key: None})), judge(valley(**{key: []}))
    assert missing.verdict is Verdict.NOT_EVIDENCED
    assert missing.missing == (key,)
    assert empty.verdict is Verdict.NOT_MET
    assert [found.id for found in missing.criteria if found.status is OPEN] == criteria
    assert [found.id for found in empty.criteria if found.status is NOT_MET] == criteria


@pytest.mark.clause("L2")
@pytest.mark.parametrize(
    ("level", "status"),
    [("provincial", MET), ("national", MET), ("municipal", NOT_MET), ("county", NOT_MET), (None, OPEN)],
)
def test_host_zones_are_provincial_or_higher(level: str | None, status: Status) -> None:
    zone = {"name": "示例园区"} | ({"level": level} if level else {})
    assert judge(valley(host_zones=[zone])).finding("host_zone").status is status


def test_an_operator_must_be_a_legal_person() -> None:
    for operator, status in (
        ({"name": "甲", "legal_person": False}, NOT_MET),
        ({"name": "甲"}, OPEN),
        (None, OPEN),
    ):
        assert judge(valley(operator=operator)).finding("operator").status is status


@pytest.mark.clause("C4")
def test_growth_takes_the_year_of_the_figure_not_of_the_report() -> None:
    late = [
        figure("innovation_bodies", 100, "2025-03-01", year=2023),
        figure("innovation_bodies", 101, "2025-03-01", year=2024),
    ]
    result = judge(with_figures(*late, drop=("innovation_bodies",)))
    assert result.finding("growth_bodies").status is MET


@pytest.mark.clause("C4")
def test_the_last_year_missing_in_one_series_leaves_it_open() -> None:
    more = [
        figure("technology_turnover_cny", 90, "2022-12-31"),
        figure("technology_turnover_cny", 100, "2023-12-31"),
    ]
    result = judge(with_figures(*more, drop=("technology_turnover_cny",)))
    finding = result.finding("growth_turnover")
    assert (finding.status, finding.reason) == (OPEN, "missing_period")
    assert finding.missing == ("technology_turnover_cny@2024",)
    assert result.verdict is Verdict.NOT_EVIDENCED


def test_yearly_figures_may_lie_one_year_back_but_not_two() -> None:
    later = judge(EDGES, date(2026, 6, 30))
    assert later.finding("growth_bodies").flags == ("dated_series",)
    assert later.verdict is Verdict.MET
    too_late = judge(EDGES, date(2027, 6, 30))
    assert too_late.finding("growth_bodies").reason == "outdated"
    assert too_late.verdict is Verdict.NOT_EVIDENCED


def test_a_running_year_may_show_a_fall_but_moves_no_period() -> None:
    grown = judge(with_figures(figure("innovation_bodies", 105, "2025-06-01")))
    assert grown.data_period == 2024
    assert grown.verdict is Verdict.MET
    assert (
        judge(with_figures(figure("innovation_bodies", 90, "2025-06-01"))).finding("growth_bodies").status
        is NOT_MET
    )


def test_before_the_conditions_existed_nothing_is_judged() -> None:
    result = judge(EDGES, date(2024, 7, 24))
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert (result.rule_set, result.criteria, result.expert) == (None, (), ())
    assert result.notes[0].code == "no_rules_in_force"
    assert "2024-07-25" in result.notes[0].text.zh
    assert result.as_dict()["rule_set"] is None
    assert judge(EDGES, date(2024, 7, 25)).verdict is not Verdict.NOT_APPLICABLE


def test_several_reports_stand_side_by_side() -> None:
    reports = [
        figure("resident_teams_and_startups", 68, "2024-03-18"),
        figure("resident_teams_and_startups", 20, "2025-01"),
        figure("resident_teams_and_startups", 500, "2025-07-01"),
    ]
    finding = judge(with_figures(*reports, drop=("resident_teams_and_startups",))).finding("residents")
    assert (finding.status, finding.value) == (NOT_MET, 20)
    assert [(piece.value, piece.date, piece.chosen) for piece in finding.evidence] == [
        (68, "2024-03-18", False),
        (20, "2025-01", True),
    ]
    assert set(finding.flags) == {"reports_differ", "choice_decides", "partial_date"}


def test_reports_from_after_the_day_are_named_and_ignored() -> None:
    result = judge(with_figures(figure("full_time_staff", 1, "2025-07-01")))
    assert result.finding("full_time_staff").value == 400
    note = next(note for note in result.notes if note.code == "future_figure")
    assert note.about == "full_time_staff"
    assert "2025-07-01" in note.text.zh


def test_experts_stand_beside_the_verdict() -> None:
    failed = judge(valley(expert={"distinctive": {"score": 40, "passed": False}}))
    assert failed.verdict is Verdict.MET
    assert failed.expert[0].status is NOT_MET
    assert judge(valley(expert={"distinctive": {"score": 90}})).expert[0].reason == "no_pass_mark"


def test_a_result_says_that_it_is_an_opinion_and_who_decides() -> None:
    words = judge(EDGES).notes[-1]
    assert words.code == "opinion"
    assert words.text.zh.startswith("按已填数据预判")
    assert "省级工作专班办公室" in words.text.zh


def test_the_machine_form_is_plain_exact_and_stable() -> None:
    data = judge(
        with_figures(figure("planned_area_km2", Decimal("9.7")), drop=("planned_area_km2",))
    ).as_dict()
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    assert json.loads(text) == data
    area = next(found for found in json.loads(text)["criteria"] if found["id"] == "planned_area")
    assert (area["value"], area["threshold"], area["distance"], area["margin"]) == (9.7, 10, 0.3, -0.3)
    assert '"distance": 0.3,' in text
    assert set(data) == {
        "schema",
        "verdict",
        "kind",
        "name",
        "on",
        "rule_set",
        "data_period",
        "counts",
        "criteria",
        "expert",
        "outline",
        "missing",
        "gaps",
        "notes",
        "scores",
        "values",
        "amount",
        "evaluated",
    }


@pytest.mark.parametrize(
    ("file", "on", "verdict", "statuses"),
    [
        (
            "shuozhou.yaml",
            "2025-06-28",
            "not_evidenced",
            {
                "planned_area": MET,
                "startup_office": MET,
                "standard_plants": MET,
                "residents": OPEN,
                "host_zone": MET,
            },
        ),
        ("datong.yaml", "2024-04-05", "not_applicable", {}),
        (
            "datong.yaml",
            "2024-07-25",
            "not_met",
            {"planned_area": NOT_MET, "key_fields": NOT_MET, "host_zone": MET},
        ),
        (
            "yangquan.yaml",
            "2025-01-15",
            "not_evidenced",
            {"residents": MET, "planned_area": MET, "partner_university": MET, "operator": MET},
        ),
        (
            "taiyuan.json",
            "2025-02-01",
            "not_met",
            {"startup_office": NOT_MET, "residents": MET, "key_fields": MET, "host_zone": OPEN},
        ),
    ],
)
def test_real_valleys_on_their_published_figures(
    file: str, on: str, verdict: str, statuses: dict[str, Status]
) -> None:
    result = recognition(read_file(DATA / file), date.fromisoformat(on))
    assert result.verdict.value == verdict
    assert {name: result.finding(name).status for name in statuses} == statuses


def test_the_gap_of_datong_is_exact() -> None:
    finding = recognition(read_file(DATA / "datong.yaml"), ON).finding("planned_area")
    assert (finding.distance, finding.unit) == (Decimal("9.608"), "km2")
    assert finding.evidence[0].source is not None
    assert finding.evidence[0].source.grade == "B"


optional = [
    "builder",
    "partner_universities",
    "host_zones",
    "key_fields",
    "operator",
    "documents",
    "service_bodies",
]


@given(st.sets(st.sampled_from(optional)), st.sets(st.sampled_from([*FIGURES, *YEARLY])), st.data())
def test_evidence_never_turns_a_decision_into_doubt(
    without: set[str], unknown: set[str], data: st.DataObject
) -> None:
    """Supplying a fact that was missing may decide what was open; what was decided stays decided."""
    poor = with_figures(drop=tuple(unknown), **dict.fromkeys(without))
    back = data.draw(st.sets(st.sampled_from(sorted(unknown)))) if unknown else set()
    kept = data.draw(st.sets(st.sampled_from(sorted(without)))) if without else set()
    richer = with_figures(drop=tuple(unknown - back), **dict.fromkeys(without - kept))
    before, after = judge(poor), judge(richer)
    for finding in before.criteria:
        if finding.status is not OPEN and not finding.id.startswith("growth_"):
            assert after.finding(finding.id).status is finding.status
    if before.verdict is Verdict.NOT_MET:
        assert after.verdict is Verdict.NOT_MET


@given(
    st.lists(st.tuples(st.integers(2018, 2025), st.integers(0, 200)), max_size=6),
    st.integers(2018, 2024),
    st.integers(0, 200),
)
def test_a_further_year_never_turns_growth_into_doubt(
    series: list[tuple[int, int]], year: int, value: int
) -> None:
    """As long as the other series fix the year the data belong to."""
    figures = [
        figure("innovation_bodies", number, f"{found}-06-01") for found, number in dict(series).items()
    ]
    before = judge(with_figures(*figures, drop=("innovation_bodies",))).finding("growth_bodies")
    if year in dict(series):
        return
    more = [*figures, figure("innovation_bodies", value, f"{year}-06-01")]
    after = judge(with_figures(*more, drop=("innovation_bodies",))).finding("growth_bodies")
    if before.status is NOT_MET:
        assert after.status is NOT_MET
    if before.status is MET:
        assert after.status is not OPEN


@given(st.sampled_from([*FIGURES]), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_later_better_figure_never_hurts(indicator: str, value: int, extra: int) -> None:
    poor = with_figures(figure(indicator, value, "2025-06-28"), drop=(indicator,))
    rich = with_figures(
        figure(indicator, value), figure(indicator, value + extra, "2025-06-29"), drop=(indicator,)
    )
    before, after = judge(poor), judge(rich)
    assert before.verdict is Verdict.NOT_MET or after.verdict is Verdict.MET


def test_facts_and_file_are_one_structure() -> None:
    facts = ValleyFacts.from_mapping(EDGES)
    assert facts.builder == "140600"
    assert facts.as_facts().codes == {"builder": "140600"}
    with pytest.raises(LookupError):
        recognition(ValleyFacts(kind="national"), ON)
