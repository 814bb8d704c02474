"""The simulated process itself, without a database."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from jinchuanggu.demo.run import scale as scales
from jinchuanggu.demo.run.digest import digest
from jinchuanggu.demo.run.filing import filings, final, restated
from jinchuanggu.demo.run.growth import CELLS, Raw, figures, grow
from jinchuanggu.demo.run.names import code_of
from jinchuanggu.demo.run.places import places
from jinchuanggu.demo.run.records import keep
from jinchuanggu.demo.run.scale import Scale, scale_of
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.codes.regions import builders, regions

LAST = Period.month(2026, 10)


@pytest.fixture(scope="module", params=[(13, 3000, 36), (3, 45, 30)])
def raw(request: pytest.FixtureRequest) -> Raw:
    return grow(Scale(*request.param, LAST))


def staff(raw: Raw, path: str) -> list[int]:
    key = next(valley.key for valley in raw.valleys if valley.path == path)
    mine = raw.firms.filter(pl.col("valley") == key).select("firm")
    sums = figures(raw.months).join(mine, on="firm").group_by("month").agg(pl.col("staff_month_end").sum())
    return sums.sort("month")["staff_month_end"].to_list()


def test_the_size_is_as_asked(raw: Raw) -> None:
    assert raw.firms.height == raw.scale.firms
    assert raw.firms["valley"].n_unique() == raw.scale.valleys
    assert raw.months["month"].max() == raw.scale.months - 1
    assert raw.scale.period(raw.scale.months - 1) == LAST


def test_the_same_seed_gives_the_same_and_another_another() -> None:
    one = Scale(3, 45, 30, LAST)
    assert digest(grow(one)) == digest(grow(one))
    assert digest(grow(one)) != digest(grow(Scale(3, 45, 30, LAST, seed=2)))


def test_a_report_holds_by_its_own_checks(raw: Raw) -> None:
    rows = filings(raw)
    assert rows.filter(
        pl.col("technology_income_cny") + pl.col("product_income_cny") > pl.col("revenue_cny")
    ).is_empty()
    assert rows.filter(pl.col("rd_staff_month_end") > pl.col("staff_month_end")).is_empty()
    assert rows.filter(pl.min_horizontal(*(c for c in CELLS if c != "profit_cny")) < 0).is_empty()


def test_revenue_has_a_season_and_grows(raw: Raw) -> None:
    sums = (
        figures(raw.months)
        .group_by("month")
        .agg(pl.col("revenue_cny").sum())
        .sort("month")["revenue_cny"]
        .to_list()
    )
    of = {str(raw.scale.period(at)): value for at, value in enumerate(sums)}
    assert of["2026-02"] < 0.9 * of["2026-01"]
    assert of["2025-12"] > of["2025-11"]
    assert sum(sums[-12:]) > sum(sums[-24:-12])


def test_one_valley_is_nearly_there_and_one_slips(raw: Raw) -> None:
    near, slips = staff(raw, "near"), staff(raw, "slipping")
    assert 375 <= near[-1] < 400
    assert near[-1] > near[-7] > near[-13]
    assert max(slips[:-4]) >= 400 > slips[-1]


def test_some_are_late_some_are_missing_one_is_restated(raw: Raw) -> None:
    filed, owed = filings(raw), raw.months.height
    assert 0.02 < filed["late"].mean() < 0.12
    assert 0 < owed - filed.select("firm", "month").unique().height < 0.02 * owed
    assert filed.filter(pl.col("version") == 2).height == 1
    firm, month = restated(raw, filed.filter(pl.col("version") == 1))
    two = filed.filter((pl.col("version").max().over("firm", "month")) == 2).sort("version")
    assert two.select("firm", "month").unique().rows() == [(two["firm"][0], raw.scale.months - 7)]
    assert two["revenue_cny"][0] < two["revenue_cny"][1]
    assert final(filed).height == filed.height - 1
    assert (firm, month)[1] == raw.scale.months - 7


def test_records_happen_while_the_firm_is_there(raw: Raw) -> None:
    records = keep(raw)
    for name, day in (("rights", "applied_on"), ("contracts", "registered_on"), ("deals", "closed_on")):
        joined = getattr(records, name).join(raw.firms.select("firm", "entered", "left"), on="firm")
        assert joined.height > 5
        assert joined.filter(pl.col(day) < pl.col("entered")).is_empty()
        assert joined.filter(pl.col("left").is_not_null() & (pl.col(day) >= pl.col("left"))).is_empty()
        assert joined.filter(pl.col(day) > LAST.last_day).is_empty()
    let = records.leases.group_by("valley", "space").agg(pl.col("area_m2").sum().alias("let"))
    room = let.join(records.spaces, left_on=("valley", "space"), right_on=("valley", "name"))
    assert room.height == let.height
    assert room.filter(pl.col("let") > pl.col("area_m2")).is_empty()


def test_names_and_codes_are_unique_and_of_no_real_division(raw: Raw) -> None:
    assert raw.firms["name"].n_unique() == raw.firms.height
    codes = [code_of(firm, valley) for firm, valley in raw.firms.select("firm", "valley").iter_rows()]
    assert len(set(codes)) == len(codes)
    checked = [uscc.check(code) for code in codes[::37]]
    assert all(isinstance(one, uscc.USCC) and one.region.startswith("1499") for one in checked)
    assert not {one.region for one in checked} & set(regions())


def test_the_places_are_marked_and_stand_on_nothing_real() -> None:
    known = places()
    assert len(known.valleys) == 13
    assert sum(valley.share for valley in known.valleys) == 100
    assert all("（模拟）" in valley.name for valley in known.valleys)
    seats = [(seat.lon, seat.lat, seat.name.removesuffix("市")) for seat in builders()]
    for city in known.cities.values():
        assert "（模拟）" in city.name
        assert city.code not in regions()
        for lon, lat, name in seats:
            assert abs(city.lon - lon) + abs(city.lat - lat) > 0.3
            assert name not in city.name


def test_a_scale_is_read_from_words_or_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    today = date(2026, 11, 24)
    assert scale_of("full", today) == Scale(13, 3000, 36, LAST)
    assert scale_of("2,20,26", today) == Scale(2, 20, 26, LAST)
    assert str(scale_of("full", today).first) == "2023-11"
    assert scale_of("none", today).valleys == 0
    monkeypatch.setenv(scales.SETTING, "2,9,12")
    assert scales.chosen_scale(today).firms == 9
    for wrong in ("much", "1,2", "14,3000,36", "3,5,12"):
        with pytest.raises(ValueError, match="JCG_DEMO_SCALE"):
            scale_of(wrong, today)
