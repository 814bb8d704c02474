"""What the firms of the demo file is sound, the same on every run, and free of doubts where nothing odd is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jinchuanggu.demo.filings import LEFT, SEASON, Firm
from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period, span
from jinchuanggu.indicators.checks.judging import FilingContext, check
from jinchuanggu.indicators.forms.library import forms
from jinchuanggu.residents.models import Resident

FORM = forms()["firm_month"]
MONTHS = list(span(Period.parse("2025-10"), Period.parse("2026-10")))


def firm(key: str = "e01", month: int = 2_000_000, staff: int | None = 14) -> Firm:
    return Firm(key, Resident(full_time_staff=staff), Decimal(month))


def kept(one: Firm, period: Period) -> dict[str, str]:
    return {key: plain(value) for key, value in one.cells(period).items()}


@pytest.mark.parametrize(
    ("key", "month", "staff"), [("e01", 2_016_666, 14), ("t05", 60_000, 3), ("t06", 60_000, None)]
)
def test_a_year_of_a_firm_stands_up_to_every_check(key: str, month: int, staff: int | None) -> None:
    one = firm(key, month, staff)
    for at, period in enumerate(MONTHS):
        history = {back: kept(one, period.shift(-back)) for back in range(1, min(at, 24) + 1)}
        context = FilingContext(kept(one, period), {"staff_on_record": str(staff or 3)}, history)
        assert check(FORM, context) == [], period


def test_the_same_on_every_run() -> None:
    assert [kept(firm(), period) for period in MONTHS] == [kept(firm(), period) for period in MONTHS]
    assert len({kept(firm(), period)["revenue_cny"] for period in MONTHS}) == len(MONTHS)
    assert len(SEASON) == 12


def test_every_kind_of_thing_to_do_is_left() -> None:
    assert set(LEFT.values()) == {"open", "returned", "checking", "odd", "reviewing"}
    assert LEFT["e01"] == "open"
