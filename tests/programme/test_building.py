"""Building: milestones from the first day, progress by city and operator, warnings once, the operator guard."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.programme.actions import building
from jinchuanggu.programme.building_queries import standings, targets_of
from jinchuanggu.programme.building_state import expected_progress, overall, standing
from jinchuanggu.programme.models import Milestone
from tests import factories
from tests.programme.course import built, course

START, DUE = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "progress", "done", "light"),
    [
        (date(2025, 12, 1), 0, None, "not_begun"),
        (date(2026, 2, 1), 5, None, "on_time"),
        (date(2026, 7, 2), 40, None, "on_time"),  # half the time gone, ten percent behind: within the lag
        (date(2026, 7, 2), 20, None, "lagging"),
        (date(2026, 12, 31), 85, None, "on_time"),  # the due day itself is not late
        (date(2027, 1, 1), 99, None, "late"),
        (date(2027, 1, 1), 100, date(2026, 12, 30), "done"),
    ],
)
def test_light(today: date, progress: int, done: date | None, light: str) -> None:
    milestone = Milestone(title="x", starts_on=START, due_on=DUE, progress=progress, done_on=done)
    assert standing(milestone, today, lag_percent=20).light == light


def test_expected_progress_and_the_light_of_the_whole() -> None:
    assert [expected_progress(START, DUE, day) for day in (START, date(2026, 7, 2), DUE)] == [0, 50, 100]
    assert expected_progress(START, START, START) == 100
    late = standing(Milestone(title="x", starts_on=START, due_on=DUE), date(2027, 1, 1), lag_percent=20)
    done = standing(
        Milestone(title="x", starts_on=START, due_on=DUE, done_on=DUE), date(2027, 1, 1), lag_percent=20
    )
    assert overall([done, late]) == "late"
    assert overall([done]) == "done"


def test_months_keep_the_day_where_there_is_one() -> None:
    assert building.months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert building.months_after(date(2027, 11, 30), 3) == date(2028, 2, 29)
    assert building.months_after(date(2026, 1, 15), 12) == date(2027, 1, 15)


@pytest.mark.django_db
@pytest.mark.clause("P2")
def test_beginning_sets_the_day_the_milestones_and_three_years() -> None:
    made = built()
    today = timezone.localdate()
    assert made.valley.building_since == today
    deadline = made.case.deadlines.get(key="construction")
    assert deadline.due_on == today + timedelta(days=1095)
    titles = list(made.valley.milestones.values_list("title", flat=True))
    assert "标准化厂房建成交付" in titles
    assert f"完成{today.year + 1}年度目标" in titles
    row = targets_of(made.valley)[0]
    assert (row.actual, row.reached, row.share) == (None, None, None)


@pytest.mark.django_db
@pytest.mark.clause("P2")
def test_no_building_without_an_operator_that_is_a_body_of_its_own() -> None:
    made = course()
    made.valley.operator.legal_person = None
    made.valley.operator.save()
    with pytest.raises(Refused, match="未登记为独立法人"):
        engine.fire(made.city, made.case, "begin")
    made.valley.operator = None
    made.valley.save()
    with pytest.raises(Refused, match="第三方运营团队"):
        engine.fire(made.city, made.case, "begin")


@pytest.mark.django_db
def test_progress_by_city_and_operator_and_nobody_else() -> None:
    made = built()
    milestone = made.valley.milestones.first()
    building.report_progress(made.operator(), pk=milestone.pk, progress=30, note="进场", revision=0)
    with pytest.raises(ValidationError, match="已被他人更新"):
        building.report_progress(made.city, pk=milestone.pk, progress=40, revision=0)
    done = building.report_progress(made.city, pk=milestone.pk, progress=100, revision=1)
    assert done.done_on == timezone.localdate()
    other = factories.city_office(factories.region("140200", "大同市"))
    strange = factories.actor("operator", factories.organisation("operator", legal_person=True))
    for actor in (other, strange, made.office, factories.city_government()):
        with pytest.raises(Http404):
            building.report_progress(actor, pk=milestone.pk, progress=1)


@pytest.mark.django_db
def test_progress_says_everything_that_is_wrong_at_once() -> None:
    made = built()
    milestone = made.valley.milestones.first()
    with pytest.raises(ValidationError) as problem:
        building.report_progress(
            made.city, pk=milestone.pk, progress=50, done_on=timezone.localdate() + timedelta(days=1)
        )
    assert set(problem.value.message_dict) == {"progress", "done_on"}


@pytest.mark.django_db
def test_the_same_report_twice_changes_nothing_the_second_time() -> None:
    made = built()
    milestone = made.valley.milestones.first()
    for _ in range(2):
        building.report_progress(made.city, pk=milestone.pk, progress=30, note="进场")
    milestone.refresh_from_db()
    assert milestone.revision == 1


@pytest.mark.django_db
def test_delays_are_warned_of_once_and_the_warning_goes_when_it_is_done() -> None:
    made = built()
    milestone = made.valley.milestones.order_by("due_on").first()
    after = milestone.due_on + timedelta(days=1)
    assert building.warn_of_delays(today=milestone.starts_on) == 0
    assert building.warn_of_delays(today=after) == 2  # city office and operator
    assert building.warn_of_delays(today=after) == 0
    tasks = Task.objects.filter(kind="milestone_late", closed_at__isnull=True)
    assert {task.role for task in tasks} == {"city_office", "operator"}
    assert all("逾期" in task.title["zh"] for task in tasks)
    assert AuditEvent.objects.filter(verb="milestone.warn").count() == 2
    assert {item.light for item in standings(made.valley, after) if item.milestone.pk == milestone.pk} == {
        "late"
    }
    building.report_progress(made.city, pk=milestone.pk, progress=100)
    assert not tasks.all().exists()


@pytest.mark.django_db
def test_milestones_are_fitted_by_the_own_city_while_building_only() -> None:
    made = built()
    today = timezone.localdate()
    added = building.save_milestone(
        made.city,
        valley_pk=made.valley.pk,
        title="人才公寓",
        starts_on=today,
        due_on=today + timedelta(days=90),
    )
    with pytest.raises(ValidationError, match="不能早于开始日期"):
        building.save_milestone(
            made.city, valley_pk=made.valley.pk, pk=added.pk, title="人才公寓", starts_on=today,
            due_on=today - timedelta(days=1),
        )  # fmt: skip
    with pytest.raises(Http404):
        building.save_milestone(
            made.office, valley_pk=made.valley.pk, title="x", starts_on=today, due_on=today
        )
    type(made.valley).objects.filter(pk=made.valley.pk).update(state="plaqued")
    with pytest.raises(ValidationError, match="不在先行建设阶段"):
        building.save_milestone(made.city, valley_pk=made.valley.pk, title="x", starts_on=today, due_on=today)
