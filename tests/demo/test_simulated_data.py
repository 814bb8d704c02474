from __future__ import annotations

import copy
from collections import Counter
from decimal import Decimal
from importlib.resources import files

import pytest
import yaml

from jinchuanggu.demo import real_data
from jinchuanggu.demo.rows import DataError, Reader
from jinchuanggu.demo.simulated_data import load, read
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.codes.regions import builders, regions


def test_the_size_of_the_world() -> None:
    world = load()
    kinds = Counter(body.kind for body in world.bodies.values())
    assert len(world.cities) == 8
    assert kinds == {
        "government": 9, "provincial_office": 1, "member_unit": 6, "city_office": 8, "university": 6,
        "institute": 2, "zone": 8, "operator": 8, "enterprise": 60, "team": 30,
    }  # fmt: skip
    assert len(world.experts) == 25


def test_there_is_a_valley_in_every_state_of_the_process() -> None:
    text = (files("jinchuanggu.programme") / "processes" / "valley.v1.yaml").read_text(encoding="utf-8")
    process = yaml.safe_load(text)
    states = {v.state for v in load().valleys.values()}
    assert states == set(process["states"])
    for valley in load().valleys.values():
        assert valley.kind in process["states"][valley.state].get("variants", process["variants"])


def test_every_credit_code_is_valid_unique_and_of_no_real_division() -> None:
    codes = [b.uscc for b in load().bodies.values() if b.uscc]
    assert len(codes) == len(set(codes)) == 108
    for code in codes:
        result = uscc.check(code)
        assert isinstance(result, uscc.USCC)
        assert result.region not in regions()
        assert result.region.startswith("1499")


def test_nothing_simulated_bears_a_real_name_or_stands_on_a_real_place() -> None:
    world, real = load(), real_data.load()
    real_names = {*real.organisations, *(v.name for v in real.valleys), *(r.name for r in regions().values())}
    simulated = {b.name for b in world.bodies.values()} | {v.name for v in world.valleys.values()}
    assert not simulated & real_names
    assert not set(world.cities) & set(regions())
    real_cities = [b.name.removesuffix("市") for b in builders()]
    assert not [n for n in simulated if any(city in n for city in real_cities) or "山西" in n]
    for city in world.cities.values():
        assert city.lon is not None
        assert city.lat is not None
        for seat in builders():
            assert seat.lon is not None
            assert seat.lat is not None
            assert abs(city.lon - seat.lon) + abs(city.lat - seat.lat) > Decimal("0.3")


def test_the_story_of_the_failed_assessment_is_one_figure() -> None:
    figures = load().valleys["liting"].figures
    assert figures["full_time_staff"] == 362
    assert len(figures) == 6
    assert [v.key for v in load().valleys.values() if v.deadline == 1] == ["cangjin"]
    assert [v.key for v in load().valleys.values() if any(m.late for m in v.milestones)] == ["zhiquan"]


@pytest.mark.parametrize("key", ["lanxiu", "jipu"])
def test_records_carry_the_conditions(key: str) -> None:
    world = load()
    residents = world.residents_of(key)
    assert world.valleys[key].records
    assert len(residents) >= 30
    assert sum(r.staff for r in residents) >= 400
    assert sum(r.revenue_cny or 0 for r in residents if r.sci_tech) >= 300_000_000
    assert sum(r.area_m2 for r in residents) <= world.valleys[key].figures["startup_office_m2"]


def test_plans_read_as_whole_texts_and_budgets_add_up() -> None:
    world = load()
    for valley in world.valleys.values():
        sections = world.plan(valley)
        assert len(sections) == 12
        for section in sections:
            assert len(section.body.zh) > 80
            assert "{" not in section.body.zh + section.body.en
        assert sum(amount for _text, amount in world.budget(valley)) == valley.budget_cny


def test_specialised_valleys_have_one_field_and_regional_ones_no_more_than_three() -> None:
    for valley in load().valleys.values():
        assert len(valley.key_fields) == 1 if valley.kind == "specialised" else len(valley.key_fields) <= 3
        assert (valley.whole_chain is None) == (valley.kind == "regional")


def test_people_are_not_named_twice() -> None:
    names = [e.name for e in load().experts] + list(load().people)
    assert len(names) == len(set(names)) == 65


def test_a_bad_file_is_refused_with_everything_that_is_wrong() -> None:
    data = copy.deepcopy(Reader("simulated.yaml").load())
    data["valleys"][0]["name"] = "晋创谷·澜岫"
    data["valleys"][1]["operator"] = "o-yanba"
    data["bodies"][5]["regoin"] = "sim01"
    with pytest.raises(DataError) as caught:
        read(data)
    message = str(caught.value)
    assert "says so in its name" in message
    assert "did you mean 'o-yanbo'" in message
    assert "did you mean 'region'" in message
