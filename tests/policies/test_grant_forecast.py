"""The step-down by year: each day counts, nothing is rounded before the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from jinchuanggu.engines.rules.benefit import Basis, Benefit, BenefitKind, Delivery, Frequency, StepDown
from jinchuanggu.engines.rules.schedule import share_in, share_paid
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.policies.actions import payments as money
from jinchuanggu.policies.grant_forecast import forecast, years_of
from tests.policies import grants as world

FULL = Benefit(
    kind=BenefitKind.GRANT, beneficiary=Text("企业", "firms"), low="a", high="a", delivery=Delivery.APPLICATION,
    basis=Basis.APPLICATION, frequency=Frequency.YEARLY,
)  # fmt: skip
FALLING = replace(
    FULL, steps=(StepDown(date(2027, 1, 1), Fraction(70)), StepDown(date(2028, 7, 1), Fraction(40)))
)


@pytest.mark.parametrize(
    ("day", "percent"),
    [((2026, 12, 31), 100), ((2027, 1, 1), 70), ((2028, 6, 30), 70), ((2028, 7, 1), 40), ((2040, 1, 1), 40)],
)
def test_a_step_begins_on_its_day(day: tuple[int, int, int], percent: int) -> None:
    assert share_paid(FALLING, date(*day)) == Fraction(percent, 100)


@pytest.mark.parametrize(
    ("year", "percent"),
    [
        (2026, Fraction(100)),
        (2027, Fraction(70)),
        (2028, (Fraction(70) * 182 + Fraction(40) * 184) / 366),
        (2029, Fraction(40)),
    ],
)
def test_a_year_is_weighed_by_its_days(year: int, percent: Fraction) -> None:
    assert share_in(FALLING, year) == percent / 100


def test_the_forecast_adds_measures_with_and_without_steps() -> None:
    base = [(FALLING, Decimal("100000.00")), (FULL, Decimal("0.03")), (None, Decimal(10))]
    assert forecast(base, 2027) == Decimal("70010.03")
    assert forecast(base, 2029) == Decimal("40010.03")


@pytest.mark.clause("S3")
@pytest.mark.django_db
@pytest.mark.usefixtures("own_rules_only")
def test_forecast_and_payments_stand_side_by_side() -> None:
    place = world.town()
    grant = world.granted(place, world.FALLING, event_on=world.today(), event_ref="A")
    money.pay(
        place.city, pk=grant.application_id, amount=Decimal(50000), paid_on=world.today(), reference="P"
    )
    rows = {row.year: row for row in years_of(place.policy, world.today())}
    year = world.today().year
    assert (rows[year].budget, rows[year].committed, rows[year].paid) == (
        Decimal(1000000), grant.amount, Decimal(50000),
    )  # fmt: skip
    assert rows[year + 1].budget is None
    benefit = grant.full
    following = rows[year + 1].forecast
    assert following is not None
    assert following <= benefit
    if year == 2026:
        assert following == Decimal("33300.00")
        assert rows[year].forecast == Decimal("70000.00")
