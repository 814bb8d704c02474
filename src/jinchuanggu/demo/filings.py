"""A year of monthly filings of one simulated valley, and quarterly ones of three, told by the product's own actions.

Made up from a seed. What is left open is for whoever looks: a form to fill in that is overdue, one returned, some that
wait for the operator, some for the city, one restated. The large run of further valleys is in `demo/run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import timezone

from jinchuanggu.demo.world import World
from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.models import Filing
from jinchuanggu.residents.models import Resident

SEED = 20_261_125
VALLEY, QUARTERLY = "lanxiu", ("lanxiu", "yanbo", "meilian")
MONTHLY, OF_VALLEY = "firm_month", "valley_quarter"
MONTHS, QUARTERS = 13, 2
OPENED, FILED, CHECKED, LOCKED = 1, 8, 12, 16
"""Days of the month after, on which the steps are taken."""
SEASON = (92, 80, 98, 100, 101, 104, 97, 98, 104, 103, 107, 116)
TEAM_REVENUE = Decimal(60_000)
# what the last month is left with, by the firm's key; every other firm is locked
LEFT = {"e01": "open", "e05": "open", "e02": "returned", "e03": "checking", "e04": "checking", "e06": "odd", "e07": "reviewing",
        "e08": "reviewing", "e09": "reviewing"}  # fmt: skip
RESTATED = "e10"


@dataclass
class Firm:
    """One resident of the valley, with its usual month in yuan."""

    key: str
    resident: Resident
    month: Decimal

    def cells(self, period: Period) -> dict[str, Decimal]:
        """Its figures of a month, the same on every run."""
        chance = Random(f"{SEED}-{self.key}-{period}")
        growth = Decimal(period.year * 12 + period.part - 2026 * 12) * Decimal("0.012") + 1
        noise = Decimal(chance.randrange(930, 1070)) / 1000
        revenue = _yuan(self.month * SEASON[period.part - 1] / 100 * growth * noise)
        staff = self.resident.full_time_staff or 3
        return {
            "revenue_cny": revenue,
            "technology_income_cny": _yuan(revenue * Decimal(chance.randrange(26, 34)) / 100),
            "product_income_cny": _yuan(revenue * Decimal(chance.randrange(50, 60)) / 100),
            "profit_cny": _yuan(revenue * Decimal(chance.randrange(3, 12)) / 100),
            "rd_expense_cny": _yuan(self.month * growth * Decimal(chance.randrange(90, 110)) / 1000),
            "tax_paid_cny": _yuan(revenue * Decimal(chance.randrange(40, 55)) / 1000),
            "staff_month_end": Decimal(staff),
            "rd_staff_month_end": Decimal(max(1, staff * 3 // 10)),
        }


def _yuan(amount: Decimal) -> Decimal:
    return Decimal(int(amount))


def stories(world: World, now: datetime) -> Iterator[Iterator[datetime]]:
    """The year of months and the quarters; see `demo.stories`."""
    yield _months(world, now)
    yield _quarters(world, now)


def _at(day: date, hour: int, now: datetime) -> datetime:
    return min(timezone.make_aware(datetime.combine(day, time(hour, 37))), now - timedelta(hours=1))


def _after(period: Period, days: int) -> date:
    return period.last_day + timedelta(days=days)


def _last(kind: PeriodKind, now: datetime) -> Period:
    """The last period that had time to be filed and checked."""
    return Period.of(kind, (now - timedelta(days=LOCKED)).date()).shift(-1)


def _months(world: World, now: datetime) -> Iterator[datetime]:
    last = _last(PeriodKind.MONTH, now)
    operator = world.actor(Role.OPERATOR, f"o-{VALLEY}")
    city = world.city(world.data.valleys[VALLEY])
    for period in span(last.shift(1 - MONTHS), last):
        yield _at(_after(period, OPENED), 8, now)
        valley = world.valleys[VALLEY].pk
        actions.open_filings(SYSTEM_ACTOR, MONTHLY, period, valley_ids=[valley])
        yield _at(_after(period, FILED), 15, now)
        firms, left = _firms(world, valley, period), LEFT if period == last else {}
        _fill(operator, valley, period, [one for one in firms if left.get(one.key) != "open"], left)
        actions.submit_many(operator, form=MONTHLY, period=period, valley_id=valley)
        yield _at(_after(period, CHECKED), 10, now)
        if period == last:
            _leave(operator, city, firms, period)
            continue
        actions.pass_many(operator, form=MONTHLY, period=period, valley_id=valley)
        yield _at(_after(period, LOCKED), 16, now)
        actions.lock_many(city, form=MONTHLY, period=period, valley_id=valley)
        if period == last.shift(-1):
            _restate(operator, city, [one for one in firms if one.key == RESTATED], period)


def _firms(world: World, valley: int, period: Period) -> list[Firm]:
    """The residents that have a form of the period."""
    keys = {world.bodies[one.body.key].pk: one for one in world.data.residents_of(VALLEY)}
    due = Filing.objects.filter(form=MONTHLY, period=period.number, valley_id=valley).values("unit__ref_id")
    rows = Resident.objects.filter(pk__in=due, organisation_id__in=list(keys)).order_by("pk")
    return [
        Firm(
            keys[row.organisation_id].body.key, row,
            (keys[row.organisation_id].revenue_cny or TEAM_REVENUE * 12) / 12,
        )
        for row in rows
    ]  # fmt: skip


def _fill(operator: Actor, valley: int, period: Period, firms: list[Firm], left: dict[str, str]) -> None:
    """The operator sends the workbook of its firms; the odd one is explained."""
    rows: dict[int, dict[str, Any]] = {one.resident.pk: dict(one.cells(period)) for one in firms}
    said: dict[int, dict[str, str]] = {}
    for one in firms:
        if left.get(one.key) == "odd":
            rows[one.resident.pk]["revenue_cny"] *= 4
            said[one.resident.pk] = {
                "growth:revenue_cny": "一次性交付年度合同，发票集中在本月开具",
                "year_on_year:revenue_cny": "一次性交付年度合同，发票集中在本月开具",
            }
    actions.file_rows(operator, form=MONTHLY, period=period, valley_id=valley, rows=rows, explanations=said)


def _row(one: Firm, period: Period) -> Filing:
    return Filing.objects.get(form=MONTHLY, period=period.number, unit__level=1, unit__ref_id=one.resident.pk)


def _leave(operator: Actor, city: Actor, firms: list[Firm], period: Period) -> None:
    """The last month as it stands today: every kind of thing to do for firm, operator and city."""
    ids = {one.key: _row(one, period) for one in firms}
    waiting = {key for key, row in ids.items() if row.state == "checking"}
    checking = {key for key in waiting if LEFT.get(key) in ("checking", "odd")}
    returned = {key for key in waiting if LEFT.get(key) == "returned"}
    reviewing = {key for key in waiting if LEFT.get(key) == "reviewing"}
    for key in sorted(returned):
        actions.comment(
            operator, filing_id=ids[key].pk, cell="rd_expense_cny", text="研发费用与辅助账差约两万元，请核对"
        )
        actions.return_filing(operator, filing_id=ids[key].pk, reason="数据与记录不一致，请核对")
    on = [ids[key].pk for key in sorted(waiting - checking - returned)]
    if on:
        actions.pass_many(operator, filing_ids=on)
    if done := [ids[key].pk for key in sorted(waiting - checking - returned - reviewing)]:
        actions.lock_many(city, filing_ids=done)


def _restate(operator: Actor, city: Actor, firms: list[Firm], period: Period) -> None:
    """A firm found a contract it had left out."""
    for one in firms:
        row = _row(one, period)
        if row.state != "locked":
            continue
        actions.reopen(city, filing_id=row.pk, reason="填报单位发现差错，申请更正")
        more = {"revenue_cny": Decimal(row.cells["revenue_cny"]) + 68_000}
        actions.file_rows(
            operator, form=MONTHLY, period=period, valley_id=row.valley_id, rows={one.resident.pk: more}
        )
        actions.submit_many(operator, filing_ids=[row.pk])
        actions.pass_many(operator, filing_ids=[row.pk])
        actions.lock_many(city, filing_ids=[row.pk])


def _quarters(world: World, now: datetime) -> Iterator[datetime]:
    """The earlier quarter is locked, of the last one the first valley's is open and the others wait for the city."""
    last = _last(PeriodKind.QUARTER, now)
    for period in span(last.shift(1 - QUARTERS), last):
        yield _at(_after(period, OPENED), 9, now)
        ids = {key: world.valleys[key].pk for key in QUARTERLY if key in world.valleys}
        actions.open_filings(SYSTEM_ACTOR, OF_VALLEY, period, valley_ids=list(ids.values()))
        yield _at(_after(period, FILED), 16, now)
        for key, pk in ids.items():
            row = Filing.objects.filter(form=OF_VALLEY, period=period.number, valley_id=pk).first()
            if row is None or (period == last and key == VALLEY):
                continue
            sim = world.data.valleys[key]
            operator = world.actor(Role.OPERATOR, sim.operator or "")
            chance = Random(f"{SEED}-{key}-{period}")
            cells = {
                "events_held": chance.randrange(4, 12), "services_given": chance.randrange(40, 160),
                "projects_signed": chance.randrange(2, 9), "investment_cny": chance.randrange(800, 6000) * 10_000,
                "achievements_landed": chance.randrange(1, 6),
            }  # fmt: skip
            saved = actions.save_cells(operator, filing_id=row.pk, cells=cells, revision=row.revision)
            actions.submit_many(operator, filing_ids=[saved.pk])
            if period != last:
                actions.lock_many(world.city(sim), filing_ids=[saved.pk])
