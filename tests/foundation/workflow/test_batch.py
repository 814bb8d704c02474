"""Many cases at once leave the traces that one at a time leaves; who is refused stays, with its reasons."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import batch, engine, registry
from jinchuanggu.foundation.workflow.models import Case, Step
from jinchuanggu.foundation.workflow.registry import Refusal
from tests.foundation import making


@pytest.fixture
def three(stage: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Three subjects at the start of the small process; the first by `engine.start`, the others at once."""
    monkeypatch.setattr(batch, "load", engine.load)
    more = [making.organisation(), making.organisation()]
    batch.start_many(from_membership(stage.city), "small", more)
    return [stage.subject, *more]


def traces(subject: Any) -> dict[str, Any]:
    """What a case has left behind, without its numbers and moments."""
    case = Case.objects.get(process="small", subject_id=subject.pk)
    return {
        "case": (case.state, case.revision, case.version),
        "steps": list(case.steps.values_list("event", "source", "target", "actor_label", "role", "reason")),
        "deadlines": [(one.key, one.state, one.due_on, one.closed_at is None) for one in case.deadlines.order_by("pk")],
        "tasks": [(one.kind, one.role, one.closed_at is None, one.closed_how) for one in case.tasks.order_by("pk")],
    }  # fmt: skip


def test_the_traces_are_those_of_one_at_a_time(stage: Any, three: list[Any]) -> None:
    one, *others = three
    stage.fire(stage.city, "file")
    batch.fire_many(from_membership(stage.city), "small", others, "file")
    assert traces(one) == traces(others[0]) == traces(others[1])
    assert traces(one)["deadlines"] == [("intake", "filed", timezone.localdate() + timedelta(days=5), True)]
    stage.fire(stage.province, "return", reason="要件不齐")
    batch.fire_many(from_membership(stage.province), "small", others, "return", reason="要件不齐")
    assert traces(one) == traces(others[0]) == traces(others[1])


def test_one_event_names_them_all(stage: Any, three: list[Any]) -> None:
    before = AuditEvent.objects.count()
    moved = batch.fire_many(from_membership(stage.city), "small", three, "file")
    assert [one.pk for one in moved.done] == sorted(one.pk for one in three)
    event = AuditEvent.objects.order_by("-number").first()
    assert event is not None
    assert AuditEvent.objects.count() == before + 1
    assert (event.verb, event.detail["count"]) == ("small.file", 3)
    assert event.detail["ids"] == [one.pk for one in moved.done]


def test_who_may_not_has_no_reason_or_moved_already_stays(stage: Any, three: list[Any]) -> None:
    stranger = from_membership(making.hat(Role.CITY_OFFICE))
    for actor, event, reason, said in (
        (stranger, "file", "", "其他角色"),
        (from_membership(stage.city), "take", "", "不能办理此动作"),
    ):
        moved = batch.fire_many(actor, "small", three, event, reason=reason)
        assert moved.done == []
        assert all(said in str(why[0].message) for _one, why in moved.refused)
    assert len(batch.fire_many(from_membership(stage.city), "small", three[:2], "file").done) == 2
    again = batch.fire_many(from_membership(stage.city), "small", three, "file")
    assert [one.pk for one in again.done] == [three[2].pk]
    bare = batch.fire_many(from_membership(stage.province), "small", three, "return", reason=" ")
    assert {str(why[0].message) for _one, why in bare.refused} == {"请写明理由"}
    assert Step.objects.filter(case__process="small").values("case").annotate(n=Count("pk")).get(
        case__subject_id=three[2].pk)["n"] == 2  # fmt: skip
    assert AuditEvent.objects.filter(verb="small.return").count() == 0


def test_a_guard_is_asked_for_each_and_its_form_for_many_once(
    stage: Any, three: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    process = engine.load("small")
    move = dataclasses.replace(
        process.table["drafting", "file", ""], guards=("g_one", "g_many"), effects=("e_one", "e_many")
    )
    monkeypatch.setitem(process.table, ("drafting", "file", ""), move)
    asked: list[str] = []

    def g_one(attempt: Any) -> Refusal | None:
        asked.append("one")
        return Refusal("第一个不行") if attempt.subject.pk == three[0].pk else None

    def g_many(attempts: list[Any]) -> dict[int, list[Refusal]]:
        asked.append(f"many {len(attempts)}")
        return {three[0].pk: [Refusal("也不行")], three[1].pk: []}

    monkeypatch.setitem(registry.guards, "g_one", g_one)
    monkeypatch.setitem(registry.guards_many, "g_many", g_many)
    monkeypatch.setitem(registry.effects, "e_one", lambda attempt: asked.append("effect"))
    monkeypatch.setitem(
        registry.effects_many, "e_many", lambda attempts: asked.append(f"effects {len(attempts)}")
    )
    moved = batch.fire_many(from_membership(stage.city), "small", three, "file")
    assert [(one.pk, [str(why.message) for why in whys]) for one, whys in moved.refused] == [
        (three[0].pk, ["第一个不行", "也不行"])
    ]
    assert asked == ["one", "one", "one", "many 3", "effect", "effect", "effects 2"]
