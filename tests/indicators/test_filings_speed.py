"""A month of a valley with 230 firms, through the actions: how long it takes, and that queries do not grow with firms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.indicators.filings import actions
from jinchuanggu.residents.models import Resident
from tests.indicators import filing_world as world
from tests.indicators.filing_world import GOOD

pytestmark = pytest.mark.django_db


def crowd(place: world.Place, firms: int) -> list[int]:
    bodies = Organisation.objects.bulk_create(
        Organisation(name=f"示例企业{place.valley.pk}-{n}", kind="enterprise", region=place.valley.region)
        for n in range(firms)
    )
    made = Resident.objects.bulk_create(
        Resident(
            valley_id=place.valley.pk, organisation=body, kind="enterprise", field=("新材料", "装备", "能源")[n % 3],
            entered_on=date(2022, 1, 1), full_time_staff=20,
        )
        for n, body in enumerate(bodies)
    )  # fmt: skip
    return [one.pk for one in made]


def month(place: world.Place, residents: list[int], period: Period) -> dict[str, float]:
    """Seconds of each action of one month."""
    where = {"form": "firm_month", "period": period, "valley_id": place.valley.pk}
    season = Decimal(100 + period.part)
    rows = {
        pk: {
            key: Decimal(value) if "staff" in key else round(Decimal(value) * season / 100, 2) + pk % 7
            for key, value in GOOD.items()
        }
        for pk in residents
    }
    spent = {}
    for name, deed in {
        "open": lambda: actions.open_filings(place.city, "firm_month", period, valley_ids=[place.valley.pk]),
        "rows": lambda: actions.file_rows(place.operator, **where, rows=rows),
        "submit": lambda: actions.submit_many(place.operator, **where),
        "pass": lambda: actions.pass_many(place.operator, **where),
        "lock": lambda: actions.lock_many(place.city, **where),
    }.items():
        start = perf_counter()
        done = deed()
        spent[name] = perf_counter() - start
        assert (done if isinstance(done, int) else done.done) == len(residents)
    return spent


@pytest.mark.slow
def test_a_month_of_230_firms(capsys: pytest.CaptureFixture[str]) -> None:
    place = world.place(0)
    residents = crowd(place, 230)
    period = Period.parse("2024-09")
    for _ in range(13):
        spent = month(place, residents, period)
        period = period.shift(1)
    with capsys.disabled():
        said = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in spent.items())
        print(
            f"\n230 firms × 8 cells, 12 months of past: {said}; without opening {sum(spent.values()) - spent['open']:.3f} s"
        )
    assert sum(spent.values()) < 5  # a machine shared by many is no clock; what is printed is the figure


def test_queries_do_not_grow_with_firms() -> None:
    counts = []
    for firms in (5, 40):
        place = world.place(0)
        residents = crowd(place, firms)
        month(place, residents, Period.parse("2025-08"))
        actions.open_filings(place.city, "firm_month", Period.parse("2025-09"))
        where = {"form": "firm_month", "period": Period.parse("2025-09"), "valley_id": place.valley.pk}
        with CaptureQueriesContext(
            connection,
        ) as found:
            actions.file_rows(place.operator, **where, rows=dict.fromkeys(residents, GOOD))
            actions.submit_many(place.operator, **where)
            actions.pass_many(place.operator, **where)
            actions.lock_many(place.city, **where)
        counts.append(len(found))
    assert counts[0] == counts[1]
