"""The interpreter: no move without right, reason and guards; history and deadlines are facts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine, registry
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.queries import queue
from jinchuanggu.foundation.workflow.registry import Refusal
from tests.foundation import making


def _fails(stage: Any, hat: Any, event: str, **kwargs: Any) -> list[str]:
    before = (stage.case.state, stage.case.revision, stage.case.steps.count(), AuditEvent.objects.count())
    with pytest.raises(Refused) as refused:
        stage.fire(hat, event, **kwargs)
    stage.case.refresh_from_db()
    after = (stage.case.state, stage.case.revision, stage.case.steps.count(), AuditEvent.objects.count())
    assert after == before
    return [refusal.message for refusal in refused.value.refusals]


def test_a_move_leaves_its_traces(stage: Any) -> None:
    stage.fire(stage.city, "file")
    assert (stage.case.state, stage.case.revision) == ("filed", 1)
    assert [(s.event, s.source, s.target) for s in stage.case.steps.all()] == [
        ("start", "", "drafting"),
        ("file", "drafting", "filed"),
    ]
    deadline = stage.case.deadlines.get()
    assert (deadline.key, deadline.due_on) == ("intake", timezone.localdate() + timedelta(days=5))
    assert AuditEvent.objects.filter(verb="small.file").count() == 1
    assert list(queue(from_membership(stage.city))) == []
    (task,) = queue(from_membership(stage.province))
    assert task.due_on == deadline.due_on


def test_a_form_cannot_move_a_deadline_that_the_rule_fixes(stage: Any) -> None:
    far = timezone.localdate() + timedelta(days=3000)
    stage.fire(stage.city, "file", payload={"due_on": far})
    assert stage.case.deadlines.get().due_on == timezone.localdate() + timedelta(days=5)


def test_the_deadline_is_closed_and_kept_when_the_case_moves_on(stage: Any) -> None:
    stage.fire(stage.city, "file")
    stage.fire(stage.province, "return", reason="要件不齐")
    assert stage.case.deadlines.get().closed_at is not None
    assert stage.case.steps.last().reason == "要件不齐"


def test_an_event_of_another_state_is_refused(stage: Any) -> None:
    assert "不能办理此动作" in _fails(stage, stage.province, "take")[0]


@pytest.mark.parametrize("role", [Role.PROVINCIAL_OFFICE, Role.ADMIN, Role.EXPERT])
def test_another_role_is_refused(stage: Any, role: str) -> None:
    assert "其他角色" in _fails(stage, making.hat(role), "file")[0]


def test_the_same_role_of_another_city_is_refused(stage: Any) -> None:
    assert "其他角色" in _fails(stage, making.hat(Role.CITY_OFFICE), "file")[0]


def test_a_return_needs_a_reason(stage: Any) -> None:
    stage.fire(stage.city, "file")
    assert _fails(stage, stage.province, "return", reason="  ") == ["请写明理由"]


def test_what_another_has_moved_is_not_moved_again(stage: Any) -> None:
    stage.fire(stage.city, "file", revision=0)
    with pytest.raises(StaleCase):
        stage.fire(stage.province, "take", revision=0)
    stage.fire(stage.province, "take", revision=1)


def test_everything_in_the_way_is_said_at_once(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import dataclasses

    process = engine.load("small")
    move = dataclasses.replace(
        process.table[("drafting", "file", "")], guards=("g_one", "g_two"), documents=("plan",)
    )
    monkeypatch.setitem(process.table, ("drafting", "file", ""), move)
    monkeypatch.setitem(registry.guards, "g_one", lambda attempt: Refusal("一"))
    monkeypatch.setitem(registry.guards, "g_two", lambda attempt: [Refusal("二"), Refusal("三")])
    monkeypatch.setitem(registry.document_titles, "plan", {"zh": "建设方案", "en": "Plan"})
    words = _fails(stage, stage.city, "file")
    assert words == ["缺少文件：建设方案", "一", "二", "三"]
    (offer,) = engine.offers(from_membership(stage.city), stage.case)
    assert not offer.open
    assert [refusal.message for refusal in offer.refusals] == words


def test_offers_are_for_those_who_may(stage: Any) -> None:
    assert [o.move.event for o in engine.offers(from_membership(stage.city), stage.case)] == ["file"]
    assert engine.offers(from_membership(stage.province), stage.case) == []


def test_the_same_key_is_open_once(stage: Any) -> None:
    fields = {"kind": "x", "title": {"zh": "一", "en": "1"}, "url": "/search", "role": Role.CITY_OFFICE}
    one = engine.open_task(**fields, organisation_id=stage.subject.pk, key="k")
    assert engine.open_task(**fields, organisation_id=stage.subject.pk, key="k") == one
    engine.close_task("k")
    assert engine.open_task(**fields, organisation_id=stage.subject.pk, key="k") != one
