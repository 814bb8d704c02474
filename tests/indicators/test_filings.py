"""The course of filings: opened, filled in, checked, locked into the store, reopened and restated."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Case, Step, Task
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.filings.queries import completeness, overdue
from jinchuanggu.indicators.models import Filing, FilingVersion, UnitLevel, Value
from jinchuanggu.residents.models import FirmYear, YearlyRevenue
from tests import factories
from tests.indicators import filing_world as world
from tests.indicators.filing_world import GOOD, MONTH

pytestmark = pytest.mark.django_db


def test_a_filing_from_opening_to_the_store() -> None:
    place = world.place()
    filing = world.locked(place)
    assert filing.state == "locked"
    assert (filing.version, filing.late) == (1, False)
    unit = world.unit_of(place.firms[0][0])
    for key, value in GOOD.items():
        assert world.stored(key, unit) == Decimal(value)
        assert world.stored(key, world.valley_unit(place)) == Decimal(value)
    kept = FilingVersion.objects.get()
    assert kept.cells == filing.cells
    assert [step.event for step in Step.objects.filter(case__process="filing").order_by("pk")] == [
        "start",
        "submit",
        "pass_check",
        "lock",
    ]


def test_opening_again_opens_nothing_and_only_residents_of_the_last_day_are_asked() -> None:
    place = world.place(2)
    gone, _ = world.add_firm(place, left_on=MONTH.last_day)
    late, _ = world.add_firm(place, entered_on=MONTH.last_day + timedelta(days=1))
    assert actions.open_filings(place.city, "firm_month", MONTH) == 2
    assert actions.open_filings(place.city, "firm_month", MONTH) == 0
    asked = set(Filing.objects.values_list("unit__ref_id", flat=True))
    assert asked.isdisjoint({gone.pk, late.pk})
    assert Case.objects.filter(process="filing").count() == 2


def test_the_due_day_is_kept_whatever_day_it_becomes(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.place()
    at(monkeypatch, date(2026, 10, 1))
    [filing] = world.opened(place)
    assert filing.due_on == date(2026, 10, 10)
    at(monkeypatch, date(2026, 10, 9))
    assert world.opened(place)[0].due_on == date(2026, 10, 10)
    actions.save_cells(place.owner, filing_id=filing.pk, cells=GOOD, revision=filing.revision)
    assert actions.submit(place.owner, filing_id=filing.pk).late is False


def test_a_form_opened_late_leaves_days_to_fill_it_in(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.place()
    at(monkeypatch, date(2026, 11, 20))
    assert world.opened(place)[0].due_on == date(2026, 11, 23)


def test_saving_is_allowed_whatever_fits_but_no_number_is_kept_from_letters() -> None:
    place = world.place()
    [filing] = world.opened(place)
    saved = actions.save_cells(
        place.owner,
        filing_id=filing.pk,
        cells={"revenue_cny": "1,000.5", "technology_income_cny": 9999},
        revision=0,
    )
    assert saved.cells["revenue_cny"] == "1000.5"
    with pytest.raises(ValidationError) as refused:
        actions.save_cells(
            place.owner, filing_id=filing.pk, revision=1,
            cells={"revenue_cny": "一百", "profit_cny": "1e99", "staff_month_end": "7", "nothing": 1},
        )  # fmt: skip
    assert set(refused.value.message_dict) == {"revenue_cny", "profit_cny", "nothing"}
    filing.refresh_from_db()
    assert filing.cells["staff_month_end"] == "20"
    assert filing.revision == 1


def test_two_people_at_once_see_both_figures_and_a_retry_changes_nothing() -> None:
    place = world.place()
    [filing] = world.opened(place)
    actions.save_cells(place.owner, filing_id=filing.pk, cells={"revenue_cny": 100}, revision=0)
    with pytest.raises(actions.Conflict) as conflict:
        actions.save_cells(place.operator, filing_id=filing.pk, cells={"revenue_cny": 200}, revision=0)
    assert conflict.value.differences == {"revenue_cny": ("200", "100")}
    again = actions.save_cells(place.owner, filing_id=filing.pk, cells={"revenue_cny": 100}, revision=0)
    assert again.revision == 1
    assert AuditEvent.objects.filter(verb="filing.save").count() == 1


def test_hard_findings_block_and_soft_ones_ask_for_words() -> None:
    place = world.place()
    filing = world.filled(place, technology_income_cny="900000", profit_cny="2000000")
    with pytest.raises(Refused) as refused:
        actions.submit(place.owner, filing_id=filing.pk)
    said = [str(one.message) for one in refused.value.refusals]
    assert any("120 万元" in one and "100 万元" in one and "20 万元" in one for one in said)
    assert any("利润总额大于营业收入" in one for one in said)
    saved = actions.save_cells(
        place.owner, filing_id=filing.pk, cells={"technology_income_cny": "600000"}, revision=filing.revision,
        explanations={"profit_within_revenue": "收到政府补助", "no_such": "多余的话", "people_jump:staff_month_end": "没有人问"},
    )  # fmt: skip
    assert "no_such" not in saved.explanations
    sent = actions.submit(place.owner, filing_id=filing.pk)
    assert sent.explanations == {"profit_within_revenue": "收到政府补助"}


def test_every_move_twice_is_once() -> None:
    place = world.place()
    filing = world.filled(place)
    for _ in range(2):
        actions.submit(place.owner, filing_id=filing.pk)
    for _ in range(2):
        actions.pass_check(place.operator, filing_id=filing.pk)
    for _ in range(2):
        actions.lock(place.city, filing_id=filing.pk)
    assert FilingVersion.objects.count() == 1
    assert Step.objects.filter(case__process="filing").count() == 4
    assert actions.lock_many(place.city, filing_ids=[filing.pk]).done == 0
    assert Value.objects.filter(indicator__key="revenue_cny", unit=filing.unit).count() == 1


def test_a_return_says_why_and_the_timeliness_stays_that_of_the_first_sending() -> None:
    place = world.place()
    filing = world.filled(place)
    first = actions.submit(place.owner, filing_id=filing.pk).submitted_at
    with pytest.raises(Refused):
        actions.return_filing(place.operator, filing_id=filing.pk, reason=" ")
    with pytest.raises(Refused):
        actions.return_filing(place.city, filing_id=filing.pk, reason="还没到我这里")
    back = actions.return_filing(place.operator, filing_id=filing.pk, reason="请核对税费")
    assert back.state == "returned"
    assert actions.submit(place.owner, filing_id=filing.pk).submitted_at == first


def test_locked_figures_change_only_through_a_reopening_and_both_versions_are_kept() -> None:
    place = world.place()
    filing = world.locked(place)
    with pytest.raises(ValidationError):
        actions.save_cells(
            place.owner, filing_id=filing.pk, cells={"revenue_cny": 1}, revision=filing.revision
        )
    with pytest.raises(ValidationError):
        actions.file_rows(
            place.operator, form="firm_month", period=MONTH, valley_id=place.valley.pk,
            rows={place.firms[0][0].pk: {"revenue_cny": Decimal(1)}},
        )  # fmt: skip
    with pytest.raises(Refused):
        actions.reopen(place.city, filing_id=filing.pk, reason="")
    with pytest.raises(Refused):
        actions.reopen(place.operator, filing_id=filing.pk, reason="想改")
    actions.reopen(place.city, filing_id=filing.pk, reason="审计调整")
    unit = world.unit_of(place.firms[0][0])
    assert world.stored("revenue_cny", unit) == Decimal(GOOD["revenue_cny"])
    now = Filing.objects.get()
    cells = {"revenue_cny": "1100000", "tax_paid_cny": ""}
    actions.save_cells(place.owner, filing_id=filing.pk, cells=cells, revision=now.revision)
    actions.submit(place.owner, filing_id=filing.pk)
    actions.pass_check(place.operator, filing_id=filing.pk)
    again = actions.lock(place.city, filing_id=filing.pk)
    assert again.version == 2
    assert world.stored("revenue_cny", unit) == Decimal(1100000)
    assert world.stored("revenue_cny", world.valley_unit(place)) == Decimal(1100000)
    assert world.stored("tax_paid_cny", unit) is None
    first, second = FilingVersion.objects.order_by("number")
    assert (first.cells["revenue_cny"], second.cells["revenue_cny"]) == ("1000000", "1100000")
    assert (first.reason, second.reason) == ("", "审计调整")
    both = Value.objects.filter(indicator__key="revenue_cny", unit=unit).order_by("version")
    assert [(row.value, row.current) for row in both] == [(Decimal(1000000), False), (Decimal(1100000), True)]


def test_what_is_locked_is_filled_in_once() -> None:
    place = world.place()
    resident = place.firms[0][0]
    world.locked(place, Period.parse("2026-09"), staff_month_end="25")
    resident.refresh_from_db()
    assert resident.full_time_staff == 25
    world.locked(place, Period.parse("2026-08"), staff_month_end="22")
    resident.refresh_from_db()
    assert resident.full_time_staff == 25, "an older month does not put back the newer one"
    [year] = world.opened(place, Period.parse("2025"), "firm_year")
    actions.save_cells(place.owner, filing_id=year.pk, cells=world.YEAR, revision=0)
    actions.submit(place.owner, filing_id=year.pk)
    actions.pass_check(place.operator, filing_id=year.pk)
    actions.lock(place.city, filing_id=year.pk)
    assert YearlyRevenue.objects.get(resident=resident, year=2025).revenue_cny == Decimal(12000000)
    known = FirmYear.objects.get(organisation=resident.organisation, year=2025)
    assert known.values["revenue_cny"] == "12000000"
    assert known.values["rd_expense_cny"] == "1500000"
    assert known.sources["revenue_cny"][0] == "filed"
    assert "入驻单位年报 2025" in known.sources["revenue_cny"][2]


def test_a_year_is_prefilled_with_the_sum_of_its_months() -> None:
    place = world.place()
    for month in range(1, 13):
        world.locked(place, Period.month(2025, month))
    [year] = world.opened(place, Period.parse("2025"), "firm_year")
    assert year.cells["revenue_year_cny"] == "12000000"
    assert year.prefilled["revenue_year_cny"]["source"]["zh"] == "十二个月营业收入合计"
    assert year.cells["staff_year_end"] == "20"
    assert "tech_staff_year_end" not in year.cells


def test_a_city_files_the_growth_figures_of_its_valleys() -> None:
    from jinchuanggu.indicators.models import Figure

    place = world.place()
    [filing] = world.opened(place, Period.parse("2025"), "city_year")
    cells = {
        "innovation_bodies": 120,
        "innovation_platforms": 14,
        "innovation_talents": 900,
        "technology_turnover_cny": 5,
    }
    actions.save_cells(place.city, filing_id=filing.pk, cells=cells, revision=0)
    actions.submit(place.city, filing_id=filing.pk)
    with pytest.raises(Refused):
        actions.lock(place.city, filing_id=filing.pk)
    actions.lock(place.office, filing_id=filing.pk)
    rows = Figure.objects.filter(valley_id=place.valley.pk, source_kind="filed", year=2025)
    assert {row.indicator: row.value for row in rows} == {key: Decimal(value) for key, value in cells.items()}


def test_many_at_once_are_as_one_at_a_time_and_the_unsound_stay() -> None:
    place = world.place(4)
    world.opened(place)
    rows: dict[int, dict[str, Any]] = {pk: dict(GOOD) for pk in place.residents()[:3]}
    rows[place.residents()[1]]["technology_income_cny"] = "5000000"
    where = {"form": "firm_month", "period": MONTH, "valley_id": place.valley.pk}
    assert actions.file_rows(place.operator, **where, rows=rows).done == 3
    sent = actions.submit_many(place.operator, **where)
    assert sent.done == 2
    assert [one.unit.ref_id for one, _why in sent.refused] == [place.residents()[1]]
    assert "多 430 万元" in sent.refused[0][1][0]
    assert actions.submit_many(place.operator, **where).done == 0
    assert actions.pass_many(place.operator, **where).done == 2
    assert actions.lock_many(place.operator, **where).done == 0
    assert actions.lock_many(place.city, **where).done == 2
    assert world.stored("revenue_cny", world.valley_unit(place)) == Decimal(2000000)
    assert Step.objects.filter(event="lock").count() == 2
    event = AuditEvent.objects.get(verb="filing.lock")
    assert len(event.detail["ids"]) == 2
    assert {case.state for case in Case.objects.filter(process="filing")} == {"draft", "locked"}
    assert set(Filing.objects.values_list("state", flat=True)) == {"draft", "locked"}


def test_rows_are_kept_together_or_not_at_all() -> None:
    place = world.place(2)
    world.opened(place)
    one, two = place.residents()
    where = {"form": "firm_month", "period": MONTH, "valley_id": place.valley.pk}
    with pytest.raises(ValidationError) as refused:
        actions.file_rows(
            place.operator,
            **where,
            rows={one: {"revenue_cny": 5}, two: {"revenue_cny": "x", "tax_paid_cny": "y"}},
        )
    assert set(refused.value.message_dict) == {f"{two}:revenue_cny", f"{two}:tax_paid_cny"}
    assert not Filing.objects.filter(cells__has_key="revenue_cny").exists()


def test_nobody_reaches_the_filings_of_others() -> None:
    place, other = world.place(2), world.place(1, "140400", "长治市")
    filing = world.filled(place)
    stranger = other.owner
    for actor in (place.firms[1][1], stranger, other.operator, other.city, factories.member_unit()):
        for deed in (
            lambda a=actor: actions.save_cells(a, filing_id=filing.pk, cells={"revenue_cny": 1}, revision=1),
            lambda a=actor: actions.submit(a, filing_id=filing.pk),
            lambda a=actor: actions.comment(a, filing_id=filing.pk, text="看看"),
            lambda a=actor: actions.submit_many(a, filing_ids=[filing.pk]),
            lambda a=actor: actions.lock(a, filing_id=filing.pk),
            lambda a=actor: actions.file_rows(
                a, form="firm_month", period=MONTH, valley_id=place.valley.pk,
                rows={place.firms[0][0].pk: {"revenue_cny": 1}},
            ),
        ):  # fmt: skip
            with pytest.raises(Http404):
                deed()
    with pytest.raises(Http404):
        actions.open_filings(other.city, "firm_month", MONTH, valley_ids=[place.valley.pk])
    with pytest.raises(Http404):
        actions.open_filings(place.owner, "firm_month", MONTH)
    with pytest.raises(ValidationError):  # the province reads everything and writes nothing
        actions.save_cells(place.office, filing_id=filing.pk, cells={"revenue_cny": 1}, revision=1)
    with pytest.raises(Refused):
        actions.lock(place.office, filing_id=filing.pk)


def test_comments_stay_until_they_are_settled() -> None:
    place = world.place()
    filing = world.filled(place)
    said = actions.comment(place.operator, filing_id=filing.pk, cell="revenue_cny", text="含税吗？")
    assert actions.comment(place.operator, filing_id=filing.pk, cell="revenue_cny", text="含税吗？") == said
    with pytest.raises(ValidationError):
        actions.comment(place.operator, filing_id=filing.pk, cell="nothing", text="？")
    done = actions.resolve_comment(place.owner, comment_id=said.pk)
    assert done.resolved_by
    assert actions.resolve_comment(place.operator, comment_id=said.pk).resolved_by == done.resolved_by


def test_one_task_for_a_place_and_step_closed_when_nothing_waits() -> None:
    place = world.place(3)
    world.opened(place)

    def waiting() -> list[tuple[str, int]]:
        rows = Task.objects.filter(closed_at__isnull=True, key__startswith="filing:").order_by("pk")
        return [(task.kind, task.organisation_id) for task in rows]

    fill = ("filing.fill", place.operator.organisation_id)
    assert waiting() == [fill]
    for number in range(3):
        filing = world.filled(place, number=number)
        actions.submit(place.firms[number][1], filing_id=filing.pk)
    assert waiting() == [("filing.checking", place.operator.organisation_id)]
    where = {"form": "firm_month", "period": MONTH, "valley_id": place.valley.pk}
    actions.pass_many(place.operator, **where)
    assert waiting() == [("filing.reviewing", place.city.organisation_id)]
    actions.lock_many(place.city, **where)
    assert waiting() == []


def test_completeness_adds_up_and_who_is_overdue_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.place(3)
    at(monkeypatch, date(2026, 10, 1))
    world.opened(place)
    world.locked(place)
    at(monkeypatch, date(2026, 10, 12))
    filing = world.filled(place, number=1)
    actions.submit(place.firms[1][1], filing_id=filing.pk)
    [row] = completeness("firm_month", [MONTH], level=UnitLevel.VALLEY)
    assert (row.due, row.submitted, row.on_time, row.late, row.missing, row.locked) == (3, 2, 1, 1, 1, 1)
    assert row.unit_id == world.valley_unit(place).pk
    [province] = completeness(
        "firm_month", [MONTH], level=UnitLevel.PROVINCE, within=world.valley_unit(place).parent
    )
    assert (province.due, province.missing) == (3, 1)
    assert [one.unit.ref_id for one in overdue(timezone.localdate())] == [place.residents()[2]]
    assert not overdue(date(2026, 10, 10)).exists()


def at(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    """Stop the clock at noon of a day."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    monkeypatch.setattr(timezone, "now", lambda: noon)
