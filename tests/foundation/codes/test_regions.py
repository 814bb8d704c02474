from __future__ import annotations

from collections import Counter

from jinchuanggu.foundation.codes import regions


def test_the_province_has_11_cities_117_counties_and_one_zone() -> None:
    levels = Counter(r.level for r in regions.regions().values())
    assert levels == {"province": 1, "city": 11, "zone": 1, "county": 117}


def test_counties_per_city() -> None:
    counts = [len(regions.counties(f"14{i:02d}00")) for i in range(1, 12)]
    assert counts == [10, 10, 5, 12, 6, 6, 11, 13, 14, 17, 13]


def test_codes_nest() -> None:
    for region in regions.regions().values():
        if region.level == "county":
            assert region.parent is not None
            assert region.code[:4] + "00" == region.parent
        elif region.level != "province":
            assert region.parent == regions.PROVINCE


def test_every_region_has_both_names() -> None:
    suffix = {"区": "District", "县": "County", "市": "City"}
    for region in regions.regions().values():
        assert region.name_en.isprintable()
        assert not any("\u4e00" <= c <= "\u9fff" for c in region.name_en)
        if region.level == "county":
            assert region.name_en.endswith(suffix[region.name[-1]])


def test_builders_stand_on_the_map_of_shanxi() -> None:
    assert len(regions.builders()) == 12
    for region in regions.builders():
        assert region.lon is not None
        assert region.lat is not None
        assert 110 < region.lon < 115
        assert 34 < region.lat < 41
    assert len({(r.lon, r.lat) for r in regions.builders()}) == 12


def test_the_zone_is_found_by_its_own_and_by_its_statistical_code() -> None:
    zone = regions.find("zonggai")
    assert zone is not None
    assert zone.stat_code == "140171"
    assert regions.find("140171") is zone
    assert "140171" in regions.statistical_zones()


def test_old_codes_lead_to_where_their_ground_lies_today() -> None:
    found = {code: regions.find(code) for code in ("140402", "140481", "140726", "140624")}
    assert {code: r.code for code, r in found.items() if r} == {
        "140402": "140403", "140481": "140406", "140726": "140703", "140624": "140681",
    }  # fmt: skip
    for former in regions.former_regions().values():
        assert former.successor in regions.regions()
        assert former.code not in regions.regions()
    assert regions.find("999999") is None
