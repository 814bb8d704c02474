"""The state of a simulation is its address: read, written, and read again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.http import QueryDict

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.policies.simulation_address import number, read
from jinchuanggu.policies.simulation_knobs import sections, spread

TODAY = date(2026, 11, 24)


def test_an_address_round_trips() -> None:
    query = "v=2016-01-01&on=2026-06-30&criterion:rd_ratio.limit=4.5&pay:2027=70&show=losers&page=3"
    asked = read("hnte", QueryDict(query), TODAY)
    assert asked.turns == {"criterion:rd_ratio.limit": Decimal("4.5")}
    assert asked.pay == {2027: Decimal(70)}
    assert (asked.show, asked.page, asked.version) == ("losers", 3, date(2016, 1, 1))
    again = read("hnte", QueryDict(asked.query(page=3)), TODAY)
    assert again == asked
    assert read("hnte", QueryDict(asked.query(numbers=False)), TODAY).turns == {}
    assert "page" not in asked.query()


@pytest.mark.parametrize(
    "query",
    [
        "v=gestern&on=2026-13-40&page=0&show=everything",
        "on=0001-01-01&page=-1",
        "page=99999999999999999999&v=&on=",
        "csrfmiddlewaretoken=x&next=/evil/",
    ],
)
def test_nonsense_in_an_address_is_let_pass(query: str) -> None:
    asked = read("hnte", QueryDict(query), TODAY)
    assert (asked.on, asked.page, asked.show, asked.turns, asked.unread) == (TODAY, 1, "winners", {}, {})


@pytest.mark.parametrize("typed", ["abc", "nan", "inf", "1e99", "１e", "9" * 30, "--1", "0.0000000000001"])
def test_what_is_no_number_is_told(typed: str) -> None:
    asked = read("hnte", _query("criterion:a.limit", typed), TODAY)
    assert asked.unread == {"criterion:a.limit": typed}
    assert asked.turns == {}


def test_an_amount_typed_in_wan_is_exact_in_yuan() -> None:
    asked = read("hnte", _query("wan:criterion:a.limit", "20000.0001"), TODAY)
    assert asked.turns == {"criterion:a.limit": Decimal("200000001")}
    assert "criterion:a.limit=200000001" in asked.query()
    assert "wan:" not in asked.query()
    assert read("hnte", _query("wan:criterion:a.limit", "viel"), TODAY).unread == {
        "criterion:a.limit": "viel"
    }
    assert read("hnte", _query("wan:nothing", "1"), TODAY).turns == {}


@pytest.mark.parametrize(
    ("unit", "before", "name", "shown", "words"),
    [
        ("cny", "200000000", "wan:criterion:a.limit", "20000", "万元"),
        ("cny", "9999", "criterion:a.limit", "9999", "元"),
        ("persons", "50000", "criterion:a.limit", "50000", "人"),
    ],
)
def test_a_field_shows_large_amounts_in_wan(
    unit: str, before: str, name: str, shown: str, words: str
) -> None:
    knob = SimpleNamespace(
        key="criterion:a.limit", unit=unit, value=Decimal(before), title=Text("甲 · 限额", "A · limit")
    )
    (found,) = sections([knob], read("hnte", QueryDict(""), TODAY), {}, None)
    slider = found.groups[0].knobs[0]
    assert (slider.key, slider.value, slider.before, slider.unit) == (name, shown, shown, words)
    assert not slider.changed


def _query(key: str, value: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data[key] = value
    return data


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(text)) for text in ("4.50", "1E+7", "0.30", "100")] == [
        "4.5",
        "10000000",
        "0.3",
        "100",
    ]
    assert number("1,000") == 1000
    assert number("") is None


@pytest.mark.parametrize(
    ("value", "unit", "most", "step"),
    [("5", "percent", "100", "0.5"), ("60", "percent", "100", "1"), ("71", "points", "100", "1"), ("0", "count", "10", "1"),
     ("50000", "cny", "150000", "5000"), ("1", "count", "10", "1")],
)  # fmt: skip
def test_a_slider_reaches_as_far_as_makes_sense(value: str, unit: str, most: str, step: str) -> None:
    assert spread(Decimal(value), unit) == (Decimal(most), Decimal(step))


@pytest.mark.parametrize("value", ["7", "365", "0.5", "500000", "123457", "99", "15"])
@pytest.mark.parametrize("unit", ["cny", "count", "days", "percent", "points"])
def test_the_value_in_force_stands_on_a_step_of_its_slider(value: str, unit: str) -> None:
    most, step = spread(Decimal(value), unit)
    assert Decimal(value) <= most
    assert step > 0
    assert Decimal(value) % step == 0, "else the slider would show another number than the field"
