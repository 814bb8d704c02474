from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import pytest

from jinchuanggu.demo import partial_dates
from jinchuanggu.demo.real_data import load, load_indicators, read
from jinchuanggu.demo.real_types import Figure, RealValley
from jinchuanggu.demo.rows import DataError, Reader, Row
from jinchuanggu.foundation.codes.regions import builders

# figures, goals, events - counted by hand from the collected pages
COUNTS = {
    "taiyuan": (23, 0, 2),
    "datong": (3, 0, 1),
    "jinzhong": (7, 0, 1),
    "nonggaoqu": (3, 0, 2),
    "changzhi": (0, 0, 2),
    "jincheng": (2, 7, 2),
    "linfen": (0, 0, 1),
    "yuncheng": (0, 0, 1),
    "yangquan": (4, 0, 1),
    "xinzhou": (0, 0, 1),
    "lvliang": (10, 3, 3),
    "shuozhou": (3, 0, 1),
    "zonggai": (0, 0, 1),
}

CHOSEN = {
    ("taiyuan", "planned_area_km2"): "17",
    ("taiyuan", "startup_office_m2"): "26000",
    ("taiyuan", "resident_teams_and_startups"): "68",
    ("datong", "planned_area_km2"): "0.392",
    ("yangquan", "planned_area_km2"): "24",
    ("yangquan", "resident_teams_and_startups"): "45",
    ("shuozhou", "planned_area_km2"): "11.9",
    ("shuozhou", "startup_office_m2"): "35000",
    ("shuozhou", "standard_plant_m2"): "120000",
}


def figures() -> list[tuple[RealValley, Figure]]:
    return [(v, f) for v in load().valleys for f in v.figures]


def raw() -> Row:
    return copy.deepcopy(Reader("real.yaml").load())


def test_every_builder_is_there_and_nothing_is_lost() -> None:
    valleys = load().valleys
    assert {v.key: (len(v.figures), len(v.goals), len(v.events)) for v in valleys} == COUNTS
    assert {v.builder for v in valleys} == {b.code for b in builders()}


def test_the_chosen_reports() -> None:
    assert {(v.key, f.indicator.code): str(f.value) for v, f in figures() if f.chosen} == CHOSEN


def test_every_figure_has_a_source_with_title_date_and_grade() -> None:
    for _valley, figure in figures():
        assert figure.source.title
        assert figure.source.date.latest is not None
        assert figure.source.grade in "ABC"
        assert figure.date.day <= date(2026, 11, 24)


def test_no_kind_is_published_and_none_is_guessed() -> None:
    assert all(v.kind is None for v in load().valleys)
    assert load().kind_note.zh


def test_a_named_builder_without_a_platform_is_no_valley() -> None:
    assert [v.key for v in load().valleys if not v.exists] == ["zonggai"]
    assert [v.key for v in load().valleys if v.existence == "announced"] == ["lvliang"]


def test_unveilings_are_days_or_windows_never_guesses() -> None:
    days = {v.key: v.unveiled.day for v in load().valleys if v.unveiled}
    assert days == {
        "taiyuan": date(2023, 12, 22), "datong": date(2024, 4, 3), "jinzhong": None, "changzhi": None,
        "jincheng": date(2024, 12, 24), "linfen": None, "yuncheng": None, "yangquan": date(2025, 1, 14),
        "xinzhou": date(2025, 3, 11),
    }  # fmt: skip
    jinzhong = load().valley("jinzhong").unveiled
    assert jinzhong is not None
    assert (jinzhong.not_before, jinzhong.not_after) == (date(2024, 8, 17), date(2025, 1, 14))


def test_what_is_akin_to_a_condition_is_never_used_for_it() -> None:
    judged = {f.indicator.code for _v, f in figures() if f.use != "context"}
    assert judged == {
        "planned_area_km2", "startup_office_m2", "standard_plant_m2", "resident_teams_and_startups",
    }  # fmt: skip
    for _valley, figure in figures():
        if figure.subject != "valley":
            assert figure.use == "context"


def test_a_start_up_zone_gives_a_floor_for_the_planned_area() -> None:
    figure = load().valley("shuozhou").chosen("planned_area_km2")
    assert figure is not None
    assert figure.use == "lower_bound"
    assert figure.note is not None


def test_the_sum_of_yangquan_is_made_of_two_published_parts() -> None:
    figure = load().valley("yangquan").chosen("resident_teams_and_startups")
    assert figure is not None
    assert figure.parts == ("resident_startups", "resident_science_teams")
    assert figure.value == Decimal(45)


def test_no_level_of_a_zone_is_known() -> None:
    assert all(o.zone_level is None for o in load().organisations.values())


def test_a_university_counts_only_where_the_valley_relies_on_it() -> None:
    relied = {
        v.key: [p.organisation.name for p in v.partners or () if p.counts]
        for v in load().valleys
        if v.partners
    }
    assert relied["datong"] == []
    assert relied["jincheng"] == ["山西科技学院"]
    assert len(relied["taiyuan"]) == 4
    assert [h.counts for h in load().valley("changzhi").hosts or ()] == [False, False]


def test_nothing_simulated_is_among_the_real() -> None:
    data = load()
    names = [*data.organisations, *(v.name for v in data.valleys), *(r.name for r in data.outside_regions)]
    assert len(names) == len(set(names))
    assert not [n for n in names if "模拟" in n or "示例" in n]


def test_every_body_is_named_by_a_page() -> None:
    data = load()
    assert len(data.organisations) == 49
    used = {o.source.key for o in data.organisations.values()}
    assert used <= set(data.sources)
    assert data.organisations["国投晋创谷（太原）发展运营有限公司"].legal_person is True
    assert data.organisations["中关村智酷公司"].legal_person is None


def test_official_indicators_are_the_ten_of_the_conditions() -> None:
    official = [i for i in load_indicators().values() if i.official]
    assert [i.clause for i in official] == ["二（二）3"] * 6 + ["二（二）4"] * 4
    assert [i.series for i in official] == [False] * 6 + [True] * 4
    used = {f.indicator.code for _v, f in figures()} | {
        g.indicator.code for v in load().valleys for g in v.goals
    }
    used |= {g.indicator.code for g in load().programme.goals}
    used |= {f.indicator.code for f in load().programme.figures}
    assert {i.code for i in load_indicators().values() if not i.official} <= used


def test_the_programmes_own_counts() -> None:
    programme = load().programme
    assert [(c.as_of, c.count) for c in programme.unveiled_counts] == [
        (date(2024, 8, 17), 2), (date(2025, 1, 14), 8), (date(2025, 3, 11), 10),
    ]  # fmt: skip
    assert programme.conditions_in_force_from == date(2024, 7, 25)


def test_a_bad_file_is_refused_with_everything_that_is_wrong() -> None:
    data = raw()
    taiyuan = data["valleys"][0]
    taiyuan["figures"][0]["indicator"] = "planned_area_km"
    taiyuan["figures"][1]["soruce"] = "cd_20240117"
    taiyuan["figures"][5]["source"] = "match_0402"
    taiyuan["figures"][8]["chosen"] = True
    data["valleys"][1]["hosts"][0]["organisation"] = "某开发区"
    data["valleys"][8]["figures"][3]["value"] = 46
    with pytest.raises(DataError) as caught:
        read(data, load_indicators())
    message = str(caught.value)
    assert "did you mean 'planned_area_km2'" in message
    assert "did you mean 'source'" in message
    assert "match_0402 has no date" in message
    assert "two chosen reports" in message
    assert "某开发区" in message
    assert "not the sum of its parts" in message


@pytest.mark.parametrize(
    ("text", "precision", "latest"),
    [
        ("2024-07-25", "day", date(2024, 7, 25)),
        ("2025-01", "month", date(2025, 1, 31)),
        ("2024-02/2024-03", "span", date(2024, 3, 31)),
        (2024, "year", date(2024, 12, 31)),
        (None, "unknown", None),
    ],
)
def test_dates_keep_the_precision_of_the_page(text: object, precision: str, latest: date | None) -> None:
    parsed = partial_dates.parse(text)
    assert (parsed.precision, parsed.latest) == (precision, latest)


@pytest.mark.parametrize("text", ["2024-13", "yesterday", "2024-03/2024-02", "2024-2-1"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        partial_dates.parse(text)
