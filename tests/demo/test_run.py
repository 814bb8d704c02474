"""The simulated run, told through the actions, against a recomputation in polars from what was simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from tests import factories
from tests.demo.run_reference import CITY, DERIVED, PROVINCE, TOP, VALLEY, Figures, Reference, derived
from tests.demo.run_telling import asked, differing, places, shown, tell

from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.demo.run.digest import digest
from jinchuanggu.demo.run.growth import CELLS, Raw, grow
from jinchuanggu.demo.run.scale import Scale
from jinchuanggu.engines.forecast import Verdict
from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import verify
from jinchuanggu.foundation.organisations.models import Membership, Organisation, Origin, Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.indicators.filings.queries import completeness
from jinchuanggu.indicators.models import Filing, Unit, UnitLevel, Value
from jinchuanggu.indicators.outlook import outlook
from jinchuanggu.indicators.store.pivot import pivot
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import IntellectualProperty, Lease, Resident, Space

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SCALE = Scale(4, 60, 26, Period.month(2026, 10))
ON = date(2026, 11, 24)


@dataclass(frozen=True)
class Told:
    raw: Raw
    reference: Reference
    figures: Figures
    places: dict[tuple[int, str], int]

    def valley(self, path: str) -> tuple[str, int]:
        """Key and id of the first valley of a path."""
        chosen = next(valley for valley in self.raw.valleys if valley.path == path)
        return chosen.key, Valley.objects.get(name=chosen.name).pk


@pytest.fixture(scope="module")
def run(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """Told once for the module on an otherwise empty province and taken away afterwards."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        with transaction.atomic():
            raw = tell(SCALE)
            reference = Reference(raw)
            yield Told(raw, reference, reference.figures(), places(raw))
            transaction.set_rollback(True)
        connection.close()


@pytest.mark.parametrize("level", [VALLEY, CITY, PROVINCE])
@pytest.mark.parametrize("group", [None, "field", "kind", "size"])
def test_every_figure_is_the_one_recomputed(run: Told, level: int, group: str | None) -> None:
    keys = sorted({key[0] for key in run.figures})
    expected = asked(run.figures, level, group)
    assert len(expected) > 100
    wrong = differing(expected, shown(run.raw, run.places, keys, level, group))
    assert not wrong, (len(wrong), dict(list(wrong.items())[:12]))


@pytest.mark.parametrize("level", [VALLEY, CITY, PROVINCE])
def test_every_ratio_is_that_of_the_sums(run: Told, level: int) -> None:
    expected = asked(derived(run.figures), level, None)
    assert {key[0] for key in expected} == set(DERIVED)
    wrong = differing(expected, shown(run.raw, run.places, DERIVED, level, None))
    assert not wrong, (len(wrong), dict(list(wrong.items())[:12]))


@pytest.mark.parametrize("kind", [PeriodKind.QUARTER, PeriodKind.YEAR])
def test_longer_periods_add_up_or_take_the_last_month(run: Told, kind: PeriodKind) -> None:
    keys = ("revenue_cny", "contract_turnover_cny", "staff_month_end", "resident_units")
    cells = pivot(keys, level=VALLEY, periods=(SCALE.first, SCALE.last), kind=kind)
    names = {pk: key for (level, key), pk in run.places.items() if level == VALLEY}
    compared = 0
    for cell in cells:
        months = [at for at in range(SCALE.months) if SCALE.period(at).within(kind) == cell.period]
        values = {at: run.figures.get((cell.key, VALLEY, names[cell.unit_id], at, None), 0) for at in months}
        known = [value for value in values.values() if value]
        last = cell.key in ("staff_month_end", "resident_units")
        assert cell.value == (known[-1] if last else sum(known)), cell
        compared += 1
    assert compared > 40


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return sorted(frame.select(columns).iter_rows(), key=repr)


def test_the_tables_hold_what_was_simulated(run: Told) -> None:
    names = dict(run.raw.firms.select("firm", "name").iter_rows())
    home = {valley.key: Valley.objects.get(name=valley.name).pk for valley in run.raw.valleys}
    records, firms = run.reference.records, run.raw.firms
    for frame, stored in (
        (
            rows(firms.with_columns(v=pl.col("valley").replace_strict(home)), "v", "name", "kind", "field", "start_up", "sci_tech", "entered", "left"),
            Resident.objects.values_list("valley_id", "organisation__name", "kind", "field", "start_up", "sci_tech", "entered_on", "left_on"),
        ),
        (
            rows(records.spaces.with_columns(v=pl.col("valley").replace_strict(home), a=pl.col("area_m2").cast(pl.Decimal(12, 2))), "v", "name", "kind", "a", "completed_on"),
            Space.objects.values_list("valley_id", "name", "kind", "area_m2", "completed_on"),
        ),
        (
            rows(records.leases.with_columns(n=pl.col("firm").replace_strict(names), a=pl.col("area_m2").cast(pl.Decimal(12, 2))), "space", "n", "a", "starts_on", "ends_on"),
            Lease.objects.values_list("space__name", "organisation__name", "area_m2", "starts_on", "ends_on"),
        ),
        (
            rows(records.rights.with_columns(n=pl.col("firm").replace_strict(names)), "n", "kind", "number", "applied_on", "granted_on"),
            IntellectualProperty.objects.values_list("organisation__name", "kind", "number", "applied_on", "granted_on"),
        ),
        (
            rows(records.contracts.with_columns(v=pl.col("valley").replace_strict(home), t=pl.col("turnover_cny").cast(pl.Decimal(16, 2)), c=pl.col("technology_cny").cast(pl.Decimal(16, 2))), "v", "number", "kind", "direction", "registered_on", "t", "c"),
            TechnologyContract.objects.values_list("valley_id", "number", "kind", "direction", "registered_on", "turnover_cny", "technology_cny"),
        ),
        (
            rows(records.deals.with_columns(v=pl.col("valley").replace_strict(home), m=pl.col("amount_cny").cast(pl.Decimal(16, 2))), "v", "number", "kind", "closed_on", "m"),
            FinancingDeal.objects.values_list("valley_id", "number", "kind", "closed_on", "amount_cny"),
        ),
    ):  # fmt: skip
        assert frame == sorted(stored, key=repr)
        assert frame


def test_the_locked_reports_are_the_last_versions(run: Told) -> None:
    owner = dict(Resident.objects.values_list("pk", "organisation__name"))
    stored = {
        (owner[ref], Period.numbered(period)): {cell: Decimal(cells[cell]) for cell in CELLS}
        for ref, period, cells in Filing.objects.filter(form="firm_month", state="locked").values_list(
            "unit__ref_id", "period", "cells"
        )
    }
    names = dict(run.raw.firms.select("firm", "name").iter_rows())
    simulated = {
        (names[row["firm"]], SCALE.period(row["month"])): {cell: Decimal(row[cell]) for cell in CELLS}
        for row in run.reference.final.iter_rows(named=True)
    }
    assert stored == simulated


def test_completeness_counts_in_time_late_and_never(run: Told) -> None:
    first = run.reference.filed.filter(pl.col("version") == 1)
    owed = run.raw.months.join(run.raw.firms.select("firm", "valley"), on="firm")
    unit = {pk: key for (level, key), pk in run.places.items() if level == VALLEY}
    due = {(v, m): n for v, m, n in owed.group_by("valley", "month").len().iter_rows()}
    sent = {(v, m): (n, late) for v, m, n, late in first.group_by("valley", "month").agg(pl.len(), pl.col("late").sum()).iter_rows()}  # fmt: skip
    found = completeness("firm_month", [SCALE.period(at) for at in range(SCALE.months)], level=VALLEY)
    month = {SCALE.period(at): at for at in range(SCALE.months)}
    assert {(unit[one.unit_id], month[one.period]) for one in found} == set(due)
    for one in found:
        key = unit[one.unit_id], month[one.period]
        whole, late = sent.get(key, (0, 0))
        assert (one.due, one.submitted, one.late) == (due[key], whole, late), key
        assert (one.on_time, one.missing, one.locked) == (whole - late, due[key] - whole, whole), key
    assert sum(one.late for one in found) > 10
    assert sum(one.missing for one in found) > 0


def test_the_restated_report_keeps_both_values(run: Told) -> None:
    firm, month = (
        run.reference.filed.filter(pl.col("version") == 2).row(0, named=True)[k] for k in ("firm", "month")
    )
    both = run.reference.filed.filter((pl.col("firm") == firm) & (pl.col("month") == month)).sort("version")
    filing = Filing.objects.get(version=2)
    assert [Decimal(one.cells["revenue_cny"]) for one in filing.versions.all()] == both[
        "revenue_cny"
    ].to_list()
    assert filing.versions.get(number=2).reason
    kept = Value.objects.filter(
        unit=filing.unit, period=filing.period, indicator__key="revenue_cny", breakdown=0
    ).order_by("version")
    assert [(one.value, one.current) for one in kept] == [
        (both["revenue_cny"][0], False), (both["revenue_cny"][1], True),
    ]  # fmt: skip
    over = Value.objects.filter(
        unit__in=[run.places[VALLEY, run.raw.valleys[0].key], run.places[PROVINCE, TOP]], period=filing.period,
        indicator__key="revenue_cny", breakdown=0, version=2, current=True,
    )  # fmt: skip
    assert over.count() == 2


def test_one_valley_will_reach_its_staff_and_one_has_slipped(run: Told) -> None:
    _near, pk = run.valley("near")
    said = outlook(pk, ON)["full_time_staff"]
    assert said.verdict is Verdict.EXPECTED
    assert SCALE.last < said.month <= SCALE.last.shift(12)
    assert said.error is not None
    assert said.error.percent < 10
    slipped, _pk = run.valley("slipping")
    staff = [run.figures["full_time_staff", VALLEY, slipped, at, None] for at in range(SCALE.months)]
    assert max(staff[:-4]) >= 400 > staff[-1]


@pytest.fixture(scope="module")
def office(run: Told) -> Any:
    """A browser of the provincial office."""
    hat = Membership.objects.filter(role=Role.PROVINCIAL_OFFICE).first()
    return factories.client_of(from_membership(hat))


def panel(run: Told, office: Any, name: str, at: int, **query: str) -> list[dict[str, Any]]:
    """The table of a panel of the province as the cockpit hands it out."""
    address = reverse("cockpit_table", args=[run.places[PROVINCE, TOP], name, "json"])
    answer = office.get(address, {"origin": "simulated", "at": str(SCALE.period(at)), **query})
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def percent(now: Fraction, then: Fraction) -> Decimal | None:
    """Year on year in percent to one place, half to even."""
    return None if not then else Decimal(round((now - then) * 1000 / abs(then))) / 10


@pytest.mark.parametrize("back", [0, 1, 7])
def test_first_figures_of_the_cockpit_and_their_growth(run: Told, office: Any, back: int) -> None:
    at = SCALE.months - 1 - back
    known = {**run.figures, **derived(run.figures)}
    names = {one.name: key for key, one in indicators().items()}
    compared = 0
    for row in panel(run, office, "figures", at):
        key = names[row["indicator"]]
        if (key, PROVINCE, TOP, at, None) not in known:
            continue
        now, before, then = (
            known.get((key, PROVINCE, TOP, month, None), Fraction(0)) for month in (at, at - 1, at - 12)
        )
        found = [Fraction(row[name] or 0) for name in ("value", "before", "year_before")]
        assert found == [now, before, then], key
        if not key.endswith("_percent") and before and then:
            growth = (percent(now, before), percent(now, then))
            assert (Decimal(row["change"]), Decimal(row["growth"])) == growth, key
        compared += 1
    assert compared >= 6


@pytest.mark.parametrize("by", ["valley", "city"])
@pytest.mark.parametrize(
    "key", ["revenue_cny", "full_time_staff", "contract_turnover_cny", "occupancy_percent"]
)
def test_the_ranking_of_the_cockpit(run: Told, office: Any, key: str, by: str) -> None:
    at, level = SCALE.months - 1, VALLEY if by == "valley" else CITY
    known = {**run.figures, **derived(run.figures)}

    def ranked(month: int) -> dict[str, tuple[int, Fraction]]:
        values = {k[2]: v for k, v in known.items() if (k[0], k[1], k[3], k[4]) == (key, level, month, None)}
        return {
            place: (1 + sum(other > value for other in values.values()), value)
            for place, value in values.items()
        }

    now, then = ranked(at), ranked(at - 12)
    shown_rows = [row for row in panel(run, office, "ranking", at, key=key, by=by) if row["rank"] is not None]
    expected = sorted(
        (rank, value) for rank, value in now.values() if value or not key.startswith("contract")
    )
    assert (
        sorted(
            (row["rank"], Fraction(row["value"]))
            for row in shown_rows
            if Fraction(row["value"]) or expected[-1][1] == 0
        )
        == expected
    )
    moved = sorted(then[place][0] - now[place][0] for place in now if place in then)
    assert sorted(
        row["moved"] for row in shown_rows if row["moved"] is not None and Fraction(row["value"])
    ) == moved or key.startswith("contract")


def test_the_same_seed_tells_the_same(run: Told) -> None:
    assert digest(grow(SCALE)) == digest(run.raw)


def test_nothing_of_it_touches_anything_real(run: Told) -> None:
    assert not Organisation.objects.filter(origin=Origin.REAL).exists()
    assert not Region.objects.filter(origin=Origin.REAL).exists()
    assert not Unit.objects.exclude(origin=Origin.SIMULATED).exists()
    assert not Valley.objects.exclude(origin=Origin.SIMULATED).exists()
    assert not Resident.objects.exclude(origin=Origin.SIMULATED).exists()
    assert Unit.objects.filter(level=UnitLevel.PROVINCE).count() == 1
    assert run.places[PROVINCE, TOP]
    assert Value.objects.filter(unit__origin=Origin.SIMULATED).count() == Value.objects.count()


def test_the_chain_holds_and_runs_in_order_of_time(run: Told) -> None:
    found = verify()
    assert found.intact, found
    told = AuditEvent.objects.exclude(actor_label__startswith="系统", target_type="").order_by("pk")
    moments = list(told.values_list("at", flat=True))
    assert len(moments) > 500
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
