"""What time does: forms open when a period ends, holders are reminded before, on and after, once each."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.notices.reminders import remind as remind_tasks
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.filings.clock import open_due, refresh, remind
from jinchuanggu.indicators.filings.notices import stage_of
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.models import Filing
from jinchuanggu.programme.models import Valley
from tests.indicators import filing_world as world

pytestmark = pytest.mark.django_db
OCTOBER = Period.parse("2026-10")
"""Its days of reminding lie in the time for which the hats of a test are worn."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """`clock("2026-10-01")` stops time at noon of that day and returns the moment."""

    def stop(day: str) -> datetime:
        noon = datetime.combine(
            date.fromisoformat(day), datetime.min.time(), ZoneInfo("Asia/Shanghai")
        ).replace(hour=12)
        monkeypatch.setattr(timezone, "now", lambda: noon)
        return noon

    return stop


def test_forms_open_by_themselves_when_their_period_has_ended(clock) -> None:
    place = world.place(2)
    now = clock("2026-09-30")
    open_due(now)
    assert not Filing.objects.filter(period=Period.parse("2026-09").number).exists()
    now = clock("2026-10-01")
    opened = open_due(now)
    assert opened == 2 + 1  # the month of two firms, the quarter of the valley; the year was open before
    assert open_due(now) == 0
    asked = set(Filing.objects.values_list("form", "period"))
    assert asked == {
        ("firm_month", Period.parse("2026-08").number), ("firm_month", Period.parse("2026-09").number),
        ("valley_quarter", Period.parse("2026Q2").number), ("valley_quarter", Period.parse("2026Q3").number),
        ("firm_year", Period.parse("2025").number), ("city_year", Period.parse("2025").number),
    }  # fmt: skip
    assert place.valley.pk in set(Filing.objects.values_list("valley_id", flat=True))


def test_nothing_is_asked_of_a_valley_known_from_public_pages_or_not_yet_building(clock) -> None:
    place = world.place(1)
    Valley.objects.filter(pk=place.valley.pk).update(published_only=True)
    assert open_due(clock("2026-10-01")) == 0
    Valley.objects.filter(pk=place.valley.pk).update(published_only=False, state="drafting", stage="plan")
    assert open_due(clock("2026-10-01")) == 0


def test_reminders_before_on_and_after_once_for_a_person_and_a_stage(clock) -> None:
    place = world.place(3)
    clock("2026-11-01")
    world.opened(place, OCTOBER)
    people = {actor.person_id for _firm, actor in place.firms}

    def told(day: str) -> set[int]:
        before = set(Notice.objects.values_list("pk", flat=True))
        for _ in range(2):  # the clock ticks often
            remind(clock(day))
        return set(Notice.objects.exclude(pk__in=before).values_list("person_id", flat=True))

    assert told("2026-11-06") == set()
    assert told("2026-11-07") == people
    done = world.filled(place, OCTOBER)
    actions.submit(place.owner, filing_id=done.pk)
    late = people - {place.owner.person_id}
    assert told("2026-11-08") == set()
    assert told("2026-11-10") == late
    assert told("2026-11-11") == late
    assert told("2026-11-12") == set()
    assert told("2026-11-17") == late
    assert told("2026-11-30") == set()
    last = Notice.objects.filter(person_id=place.firms[1][1].person_id).order_by("-pk").first()
    assert last is not None
    assert last.text["zh"] == "入驻单位月报 2026-10 已逾期 7 天（2026-11-10）"
    assert Notice.objects.filter(person_id=place.owner.person_id).count() == 1


def test_the_operator_is_reminded_of_all_its_firms_at_once(clock, django_capture_on_commit_callbacks) -> None:
    place = world.place(4)
    clock("2026-11-01")
    with django_capture_on_commit_callbacks(execute=True):
        world.opened(place, OCTOBER)
    mine = Notice.objects.filter(person_id=place.operator.person_id)
    assert mine.count() == 1
    assert "督促入驻单位报送" in mine.get().text["zh"]
    for day in ("2026-11-07", "2026-11-08", "2026-11-10", "2026-11-12"):
        remind_tasks(clock(day))
    assert mine.count() == 4


def test_a_return_is_told_with_its_reason_to_who_fills_in(clock, django_capture_on_commit_callbacks) -> None:
    place = world.place(2)
    clock("2026-11-05")
    with django_capture_on_commit_callbacks(execute=True):
        filing = world.filled(place, OCTOBER)
        actions.submit(place.owner, filing_id=filing.pk)
        actions.return_filing(place.operator, filing_id=filing.pk, reason="税费与上月相差较大")
    told = Notice.objects.filter(person_id=place.owner.person_id)
    assert [one.text["zh"] for one in told] == [
        "入驻单位月报 2026-10 被退回，请修改。理由：税费与上月相差较大"
    ]
    assert not Notice.objects.filter(person_id=place.firms[1][1].person_id).exists()
    assert not Notice.objects.filter(person_id=place.city.person_id).exists()


def test_stages_of_reminding() -> None:
    form, due = form_of("firm_month"), date(2026, 10, 10)
    assert [stage_of(form, due, date(2026, 10, day)) for day in (6, 7, 10, 11, 16, 17)] == [
        "", "before", "today", "after-1", "after-1", "after-7",
    ]  # fmt: skip


def test_nobody_is_reminded_of_what_is_long_past() -> None:
    form, due = form_of("firm_month"), date(2026, 10, 10)
    assert [stage_of(form, due, date(2026, 10, day)) for day in (24, 25)] == ["after-7", ""]


def test_the_quarter_of_a_valley_shows_what_the_records_give(clock) -> None:
    place = world.place(2)
    clock("2026-10-02")
    from jinchuanggu.indicators.computed.computing import compute

    for month in (7, 8, 9):
        compute(place.office, Period.month(2026, month))
    [filing] = world.opened(place, Period.parse("2026Q3"), "valley_quarter")
    assert filing.cells["resident_enterprises"] == "2"
    assert filing.cells["full_time_staff"] == "40"
    world.add_firm(place)
    compute(place.office, Period.month(2026, 9))
    now = timezone.now()
    assert (refresh(now), refresh(now)) == (1, 0)
    filing.refresh_from_db()
    assert (filing.cells["resident_enterprises"], filing.revision) == ("3", 0)
    world.add_firm(place)
    compute(place.office, Period.month(2026, 9))
    cells = {
        "events_held": 3,
        "services_given": 40,
        "projects_signed": 1,
        "investment_cny": "2e6",
        "achievements_landed": 0,
    }
    actions.save_cells(place.operator, filing_id=filing.pk, cells=cells, revision=0)
    actions.submit(place.operator, filing_id=filing.pk)
    locked = actions.lock(place.city, filing_id=filing.pk)
    assert locked.cells["resident_enterprises"] == "4", "as the records stood when it was sent"
    unit = world.valley_unit(place)
    assert world.stored("investment_cny", unit, Period.parse("2026Q3")) == 2_000_000
    assert world.stored("resident_enterprises", unit, Period.parse("2026Q3")) is None, (
        "what is computed is not posted again"
    )
