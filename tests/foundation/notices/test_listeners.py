"""Who is told what when a case moves or something waits."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from jinchuanggu.foundation.notices import listeners
from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.notices.models import MailState, Notice
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import open_task
from jinchuanggu.foundation.workflow.models import Task
from tests.foundation import making


def _texts(person: Any) -> list[str]:
    return [notice.text["zh"] for notice in Notice.objects.filter(person=person).order_by("pk")]


def test_the_holder_is_told_what_waits_and_until_when(
    stage: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    (text,) = _texts(stage.province.person)
    due = stage.case.deadlines.get().due_on.isoformat()
    assert text == f"待办 · {stage.subject}：受理方案，{due} 前办结"


def test_a_return_is_told_once_with_its_reason(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.province, "return", reason="要件不齐")
    (text,) = _texts(stage.city.person)
    assert "编制方案" in text
    assert "理由：要件不齐" in text


def test_the_city_follows_its_case(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.province, "take")
    assert _texts(stage.city.person) == [f"{stage.subject}：省级专班办公室已办理“受理”"]
    assert _texts(stage.province.person) == []  # it did it itself


def test_no_name_of_a_person_stands_in_a_notice(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
        stage.fire(stage.province, "take")
    names = (stage.city.person.name, stage.province.person.name)
    assert not [n for n in Notice.objects.all() for name in names if name in str(n.text)]


def test_an_experts_task_is_told_to_that_expert_only(
    stage: Any, django_capture_on_commit_callbacks: Any
) -> None:
    expert, other = making.hat(Role.EXPERT), making.hat(Role.EXPERT)
    Notice.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        open_task(
            case=stage.case,
            kind="score",
            title={"zh": "评分", "en": "Score"},
            url="/search",
            role=Role.EXPERT,
            organisation_id=expert.organisation_id,
            person_id=expert.person_id,
        )
    assert set(Notice.objects.values_list("person_id", flat=True)) == {expert.person_id}
    assert other.person_id not in set(Notice.objects.values_list("person_id", flat=True))


def test_a_revoked_hat_is_told_nothing(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    stage.province.revoked_at = timezone.now()
    stage.province.save()
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    assert _texts(stage.province.person) == []


def test_a_notice_lost_between_commit_and_telling_is_made_up_for(stage: Any) -> None:
    stage.fire(stage.city, "file")  # on_commit never runs: as after a kill
    assert _texts(stage.province.person) == []
    Task.objects.update(created_at=timezone.now() - timezone.timedelta(minutes=5))
    assert listeners._missed(timezone.now()) > 0
    assert len(_texts(stage.province.person)) == 1
    listeners._missed(timezone.now())
    assert len(_texts(stage.province.person)) == 1


@pytest.mark.django_db
def test_a_key_reaches_a_person_once() -> None:
    hat = making.hat(Role.OPERATOR)
    for _ in range(3):
        notify([hat.person_id, hat.person_id], text={"zh": "一", "en": "one"}, key="k")
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_who_has_no_mail_gets_none() -> None:
    hat = making.hat(Role.OPERATOR)
    hat.person.email = ""
    hat.person.save()
    notify([hat.person_id], text={"zh": "一", "en": "one"})
    assert Notice.objects.get().mail == MailState.NONE


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        notify([1], text={"zh": "一", "en": "one"}, url=url)


def test_what_is_done_need_not_be_read_or_mailed(stage: Any, django_capture_on_commit_callbacks: Any) -> None:
    waiting = Notice.objects.get(person=stage.city.person)
    assert waiting.read_at is None
    with django_capture_on_commit_callbacks(execute=True):
        stage.fire(stage.city, "file")
    waiting.refresh_from_db()
    assert waiting.read_at is not None
    assert waiting.mail == MailState.NONE


def test_a_task_closed_by_its_key_is_settled_by_the_clock(stage: Any) -> None:
    listeners.tell_of_task(stage.case.tasks.get())
    Task.objects.update(closed_at=timezone.now())
    assert listeners._settled(timezone.now()) == 1
    assert listeners._settled(timezone.now()) == 0
