"""A year of monitoring from its opening to support, rectification and revocation, by the actions of every hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Case, Deadline, Task
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.actions import monitoring
from jinchuanggu.programme.cases import case_of as case_of_valley
from jinchuanggu.programme.models import AnnualReport, Milestone, Plaque, RectificationItem, Valley
from jinchuanggu.programme.monitoring.cases import case_of
from jinchuanggu.programme.monitoring.drafting import drafts
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.monitoring.snapshot import snapshot
from jinchuanggu.programme.process.monitoring_clock import open_this_year
from tests.foundation.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4")]
LONG = "本年度按照建设方案推进，完成了主要任务，形成了可复制的做法，并对存在的问题逐项提出了改进措施，明确了下一步安排。"


@pytest.fixture
def world() -> World:
    made = build()
    for valley in made.valleys:
        from django.contrib.contenttypes.models import ContentType

        Valley.objects.filter(pk=valley.pk).update(state="plaqued", stage="plaque")
        Case.objects.create(
            process="valley", version=1, variant="regional", state="plaqued", since=timezone.now(),
            subject_type=ContentType.objects.get_for_model(Valley), subject_id=valley.pk,
        )  # fmt: skip
        Plaque.objects.create(
            valley=valley,
            name=valley.name,
            number=f"JCG-{valley.pk}",
            awarded_on=date(2025, 1, 9),
            issued_at=timezone.now(),
        )
        Milestone.objects.create(
            valley=valley,
            title="起步区投用",
            starts_on=date(2025, 1, 1),
            due_on=date(2026, 6, 30),
            done_on=date(2026, 6, 1),
        )
        for year, value in ((2025, 100), (2026, 112)):
            Figure.objects.create(
                valley_id=valley.pk, indicator="innovation_bodies", value=value, unit="count", year=year,
                dated=date(year, 11, 1), source_kind="filed", source_title="市科技局", origin="simulated",
            )  # fmt: skip
    return made


def opened(world: World, year: int = 2026) -> list[AnnualReport]:
    monitoring.open_cycle(SYSTEM_ACTOR, year)
    return list(AnnualReport.objects.filter(cycle__year=year).order_by("valley_id"))


def write(world: World, report: AnnualReport, city: int = 0) -> None:
    office = world.actor(Role.CITY_OFFICE, city)
    for section in settings().sections:
        monitoring.save_section(office, report_id=report.pk, section=section.key, text=LONG, revision=0)


def file(world: World, report: AnnualReport, city: int = 0) -> AnnualReport:
    write(world, report, city)
    engine.fire(world.actor(Role.CITY_OFFICE, city), case_of(report), "ready")
    engine.fire(world.actor(Role.CITY_GOVERNMENT, city), case_of(report), "file")
    report.refresh_from_db()
    return report


def scored(world: World, report: AnnualReport, points: str = "8") -> AnnualReport:
    office = world.actor(Role.PROVINCIAL_OFFICE)
    engine.fire(office, case_of(report), "begin_scoring")
    from jinchuanggu.programme.monitoring.scheme import scheme_of

    for criterion in scheme_of(report.cycle).criteria:
        if criterion.judged:
            monitoring.score(
                office, report_id=report.pk, criterion=criterion.id, points=points, reason="对照任务清单评议"
            )
    engine.fire(office, case_of(report), "finish_scoring")
    report.refresh_from_db()
    return report


@freeze_time("2026-11-25 09:00+08:00")
def test_a_cycle_opens_once_for_every_valley_that_works(world: World) -> None:
    first, again = opened(world), opened(world)
    assert [one.pk for one in first] == [one.pk for one in again]
    assert len(first) == 2
    assert all(one.state == "drafting" and one.included == "plaqued" for one in first)
    due = Deadline.objects.filter(case=case_of(first[0])).get()
    assert due.due_on == date(2026, 12, 31)
    assert Task.objects.filter(role=Role.CITY_OFFICE, kind="drafting", due_on=date(2026, 12, 31)).count() == 2


@freeze_time("2026-11-25 09:00+08:00")
def test_every_chapter_has_a_draft_and_wants_a_hand(world: World) -> None:
    report = opened(world)[0]
    texts = drafts(report, snapshot(report, date(2026, 11, 25)), date(2026, 11, 25))
    assert set(texts) == {section.key for section in settings().sections}
    assert all(texts.values())
    with pytest.raises(Refused) as refused:
        engine.fire(world.actor(Role.CITY_OFFICE), case_of(report), "ready")
    assert len(refused.value.refusals) == 2 * len(settings().sections)


@freeze_time("2026-11-25 09:00+08:00")
def test_two_people_writing_one_chapter_are_told(world: World) -> None:
    report, office = opened(world)[0], world.actor(Role.CITY_OFFICE)
    monitoring.save_section(office, report_id=report.pk, section="progress", text=LONG, revision=0)
    monitoring.save_section(
        office, report_id=report.pk, section="progress", text=LONG, revision=0
    )  # the same twice
    with pytest.raises(monitoring.Conflict) as conflict:
        monitoring.save_section(office, report_id=report.pk, section="progress", text="另写", revision=0)
    assert conflict.value.now == LONG
    for stranger in (
        world.actor(Role.CITY_OFFICE, 1),
        world.actor(Role.OPERATOR),
        world.actor(Role.PROVINCIAL_OFFICE),
    ):
        with pytest.raises(Http404):
            monitoring.save_section(stranger, report_id=report.pk, section="progress", text="x", revision=1)


def test_a_late_report_is_marked_by_the_stored_day(world: World) -> None:
    with freeze_time("2026-11-25 09:00+08:00"):
        reports = opened(world)
        on_time = file(world, reports[0])
    with freeze_time("2027-01-08 09:00+08:00"):
        late = file(world, reports[1], 1)
    assert (on_time.late, late.late) == (False, True)
    assert on_time.figures["conditions"]
    assert late.figures["report"]["days_late"] == 8
    assert Document.objects.filter(
        subject_label="programme.annualreport", subject_id=late.pk, kind="annual_report"
    ).exists()


@freeze_time("2026-12-20 09:00+08:00")
def test_support_rectification_and_its_recheck(world: World) -> None:
    office = world.actor(Role.PROVINCIAL_OFFICE)
    first, second = opened(world)
    file(world, first), file(world, second, 1)
    scored(world, first)
    with pytest.raises(Refused, match="还没有评完"):
        monitoring.publish_ranking(office, year=2026)
    scored(world, second, "3")
    assert monitoring.publish_ranking(office, year=2026, summary="总体向好") == 2
    first.refresh_from_db(), second.refresh_from_db()
    assert first.score is not None
    assert second.score is not None
    assert first.score > second.score
    assert (first.rank, second.rank) == (1, 2)
    monitoring.decide(office, report_id=first.pk, outcome="support")
    with pytest.raises(ValidationError):
        monitoring.decide(
            office,
            report_id=second.pk,
            outcome="rectify",
            reason="差",
            items=[{"title": "补", "requirement": "", "due_on": "x"}],
        )
    with pytest.raises(Refused):
        monitoring.decide(office, report_id=second.pk, outcome="rectify", reason="目标未完成", items=[])
    due = date(2027, 3, 31)
    items = [{"title": "补齐人员", "requirement": "全时人员达到 400 人", "due_on": due.isoformat()}]
    monitoring.decide(office, report_id=second.pk, outcome="rectify", reason="目标未完成", items=items)
    second.refresh_from_db()
    assert (second.state, second.outcome) == ("rectifying", "rectify")
    city, item = world.actor(Role.CITY_OFFICE, 1), second.items.get()
    assert Task.objects.filter(kind="rectification_item", due_on=due, closed_at__isnull=True).exists()
    with pytest.raises(Refused, match="补齐人员"):
        engine.fire(city, case_of(second), "submit_rectification")
    monitoring.answer_item(city, item_id=item.pk, answer="已招聘", revision=0)
    engine.fire(city, case_of(second), "submit_rectification")
    monitoring.recheck_item(office, item_id=item.pk, accepted=False, opinion="还差 20 人")
    engine.fire(office, case_of(second), "send_back_rectification", reason="未完成")
    item.refresh_from_db()
    monitoring.answer_item(city, item_id=item.pk, answer="已补足", revision=item.revision)
    engine.fire(city, case_of(second), "submit_rectification")
    monitoring.recheck_item(office, item_id=item.pk, accepted=True, opinion="")
    engine.fire(office, case_of(second), "accept_rectification")
    second.refresh_from_db()
    assert second.state == "mended"
    kinds = set(
        Document.objects.filter(subject_id=second.pk, subject_label="programme.annualreport").values_list(
            "kind", flat=True
        )
    )
    assert kinds == {"annual_report", "rectification_notice", "recheck_letter"}


@freeze_time("2026-12-20 09:00+08:00")
def test_revocation_ends_the_course_and_marks_the_plaque(world: World) -> None:
    office, government = world.actor(Role.PROVINCIAL_OFFICE), world.actor(Role.PROVINCIAL_GOVERNMENT)
    first, second = opened(world)
    file(world, first), file(world, second, 1)
    scored(world, first), scored(world, second)
    monitoring.publish_ranking(office, year=2026)
    first.refresh_from_db(), second.refresh_from_db()
    assert first.rank == second.rank == 1  # equal scores share a place
    with pytest.raises(Refused):  # never from the dossier
        engine.fire(government, case_of_valley(first.valley), "revoke", reason="直接撤销")
    monitoring.decide(office, report_id=first.pk, outcome="revoke", reason="条件明显滑坡")
    engine.fire(government, case_of(first), "decline_revocation", reason="再议")
    monitoring.decide(office, report_id=first.pk, outcome="revoke", reason="条件明显滑坡")
    engine.fire(government, case_of(first), "approve_revocation", reason="同意撤销")
    first.refresh_from_db()
    valley = Valley.objects.get(pk=first.valley_id)
    assert (first.state, first.outcome, valley.state) == ("revoked", "revoke", "revoked")
    assert Plaque.objects.get(valley=valley).revoked_on == date(2026, 12, 20)
    assert Valley.objects.get(pk=second.valley_id).state == "plaqued"
    assert not AnnualReport.objects.filter(cycle__year=2027).exists()
    with freeze_time("2027-11-02"):
        assert [one.valley_id for one in opened(world, 2027)] == [second.valley_id]


@freeze_time("2026-12-20 09:00+08:00")
def test_points_are_scored_within_their_bounds_with_a_reason(world: World) -> None:
    office, report = world.actor(Role.PROVINCIAL_OFFICE), opened(world)[0]
    file(world, report)
    with pytest.raises(Http404):
        monitoring.score(office, report_id=report.pk, criterion="conditions", points="1", reason="x")
    engine.fire(office, case_of(report), "begin_scoring")
    for points, reason in (
        ("abc", "x"),
        ("-1", "x"),
        ("1000", "x"),
        ("1.234", "x"),
        ("NaN", "x"),
        ("1", " "),
    ):
        with pytest.raises(ValidationError):
            monitoring.score(
                office, report_id=report.pk, criterion="conditions", points=points, reason=reason
            )
    row = monitoring.score(
        office, report_id=report.pk, criterion="conditions", points="12.5", reason="核对现场"
    )
    assert row.points == Decimal("12.5")


@freeze_time("2026-12-20 09:00+08:00")
def test_a_revoked_valley_leaves_the_public_and_stays_with_its_province_and_city(
    world: World, client: Client
) -> None:
    office, government = world.actor(Role.PROVINCIAL_OFFICE), world.actor(Role.PROVINCIAL_GOVERNMENT)
    last_year, this_year = opened(world, 2025)[0], opened(world)[0]
    for year, report in (
        (2025, last_year),
        (2026, this_year),
    ):  # proposed twice before the government answers
        file(world, report)
        scored(world, report)
        monitoring.publish_ranking(office, year=year)
        monitoring.decide(office, report_id=report.pk, outcome="revoke", reason="条件明显滑坡")
    valley = this_year.valley
    shown = reverse("public_valley", args=[valley.pk])
    assert client.get(shown).status_code == 200
    engine.fire(government, case_of(this_year), "approve_revocation", reason="同意撤销")
    last_year.refresh_from_db()
    assert last_year.state == "discontinued"  # what was still open of the same valley ends with it
    assert client.get(shown).status_code == 404
    names = {row["name"] for row in client.get(reverse("open_data_valleys_json")).json()["valleys"]}
    assert valley.name not in names
    Valley.objects.filter(pk=valley.pk).update(published_only=True)  # nor by another door
    assert client.get(shown).status_code == 404
    assert not visible_valleys(Actor()).filter(pk=valley.pk).exists()
    Valley.objects.filter(pk=valley.pk).update(published_only=False)
    assert visible_valleys(office).filter(pk=valley.pk).exists()
    assert visible_valleys(world.actor(Role.CITY_OFFICE, 0)).filter(pk=valley.pk).exists()
    assert not visible_valleys(world.actor(Role.CITY_OFFICE, 1)).filter(pk=valley.pk).exists()


@freeze_time("2026-11-20 09:00+08:00")
def test_another_city_finds_nothing_to_write_or_answer(world: World) -> None:
    report, stranger = opened(world)[0], world.actor(Role.CITY_OFFICE, 1)
    with pytest.raises(Http404):
        monitoring.save_section(stranger, report_id=report.pk, section="progress", text=LONG, revision=0)
    with pytest.raises(Http404):
        monitoring.score(stranger, report_id=report.pk, criterion="tasks", points="5", reason="无权")
    with pytest.raises(Http404):
        monitoring.decide(stranger, report_id=report.pk, outcome="support")
    item = RectificationItem.objects.create(
        report=report, title="甲", requirement="乙", due_on=date(2027, 1, 1)
    )
    with pytest.raises(Http404):
        monitoring.answer_item(stranger, item_id=item.pk, answer="已改", revision=0)
    with pytest.raises(Http404):
        monitoring.recheck_item(stranger, item_id=item.pk, accepted=True, opinion="")


@pytest.mark.parametrize(("day", "there"), [("2026-10-31", 0), ("2026-11-01", 2), ("2026-12-31", 2)])
def test_the_calendar_opens_the_cycle_once(world: World, day: str, there: int) -> None:
    with freeze_time(f"{day} 09:00+08:00"):
        now = timezone.now()
        assert open_this_year(now) == there
        assert open_this_year(now) == 0
    assert AnnualReport.objects.count() == there


def test_filed_figures_stand_and_lateness_goes_by_the_first_filing(world: World) -> None:
    with freeze_time("2026-12-20 09:00+08:00"):
        report = file(world, opened(world)[0])
        frozen, first = report.figures, report.filed_at
        assert frozen["growth"]
        Figure.objects.filter(valley_id=report.valley_id).update(value=1)
        report.refresh_from_db()
        assert report.figures == frozen
        office = world.actor(Role.PROVINCIAL_OFFICE)
        engine.fire(office, case_of(report), "return_report", reason="正文内容与指标数据不一致")
    with freeze_time("2027-01-05 09:00+08:00"):
        engine.fire(world.actor(Role.CITY_OFFICE, 0), case_of(report), "ready")
        engine.fire(world.actor(Role.CITY_GOVERNMENT, 0), case_of(report), "file")
        report.refresh_from_db()
        assert (report.filed_at, report.late) == (first, False)
        assert report.figures["growth"] != frozen["growth"]
