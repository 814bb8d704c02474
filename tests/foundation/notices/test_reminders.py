"""Reminders: before, on the day, after; each once; nothing for the closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jinchuanggu.foundation.jobs import clock
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.notices.reminders import remind, stage_of
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import open_task
from tests.foundation import making

NOON = timezone.make_aware(datetime(2026, 11, 24, 12))


@pytest.mark.parametrize(
    ("days", "stage"), [(-9, "after"), (-1, "after"), (0, "today"), (1, "before"), (3, "before"), (4, "")]
)
def test_stages(days: int, stage: str) -> None:
    today = NOON.date()
    assert stage_of(today + timedelta(days=days), today) == stage


def _run_days(start: datetime, days: range) -> list[int]:
    told = []
    for day in days:
        told.append(remind(start + timedelta(days=day)))
        assert remind(start + timedelta(days=day, hours=1)) == 0  # a second tick of the day is silent
    return told


def test_a_deadline_is_reminded_three_times(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    Notice.objects.all().delete()
    start = timezone.now()
    assert _run_days(start, range(0, 8)) == [0, 0, 1, 0, 0, 1, 1, 0]
    texts = [notice.text["zh"] for notice in Notice.objects.order_by("pk")]
    assert [text[:4] for text in texts] == ["还有 3", "今天到期", "已逾期 "]
    assert stage.case.deadlines.get().reminded == ["before", "today", "after"]


def test_what_was_missed_is_not_made_up_for(stage: Any) -> None:
    stage.fire(stage.city, "file")
    assert remind(timezone.now() + timedelta(days=30)) == 1
    assert stage.case.deadlines.get().reminded == ["after"]


def test_a_closed_deadline_is_silent(stage: Any) -> None:
    stage.fire(stage.city, "file")
    stage.fire(stage.province, "take")
    assert remind(timezone.now() + timedelta(days=5)) == 0


@pytest.mark.django_db
def test_a_task_with_its_own_day_is_reminded_too() -> None:
    hat = making.hat(Role.MEMBER_UNIT)
    open_task(
        kind="opinion",
        title={"zh": "反馈意见", "en": "Give an opinion"},
        url="/search",
        role=Role.MEMBER_UNIT,
        organisation_id=hat.organisation_id,
        due_on=NOON.date() + timedelta(days=2),
        key="o",
    )
    assert _run_days(NOON, range(0, 5)) == [1, 0, 1, 1, 0]


def test_one_bad_function_does_not_stop_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(now: datetime) -> int:
        raise RuntimeError("broken")

    monkeypatch.setattr(clock, "_ticks", {"bad": broken, "good": lambda now: 7})
    assert clock.tick(NOON) == {"bad": "RuntimeError: broken", "good": 7}
