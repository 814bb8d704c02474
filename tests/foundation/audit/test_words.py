"""Differences in readers' words."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.words import changes_of
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


def _told(event: AuditEvent, *, everything: bool = True) -> dict[str, tuple[Any, Any]]:
    return {c.label: (c.before, c.after) for c in changes_of([event], everything=everything)[event.number]}


@pytest.fixture
def granted() -> tuple[Membership, AuditEvent]:
    hat = making.hat(Role.OPERATOR)
    with act(SYSTEM_ACTOR, "hat.grant") as deed:
        deed.target = hat
    return hat, AuditEvent.objects.get(verb="hat.grant")


def test_choices_and_references_are_named(granted: tuple[Membership, AuditEvent]) -> None:
    hat, event = granted
    told = _told(event)
    assert told["角色"] == (None, "运营团队")
    assert told["人员"] == (None, hat.person.name)
    assert told["组织"] == (None, hat.organisation.name)
    assert "ID" not in told


def test_others_are_told_no_names_of_people(granted: tuple[Membership, AuditEvent]) -> None:
    hat, event = granted
    told = _told(event, everything=False)
    assert "人员" not in told
    assert told["组织"] == (None, hat.organisation.name)


def test_what_an_id_stood_for_may_be_gone() -> None:
    with transaction.atomic():
        event = record(SYSTEM_ACTOR, "x", making.hat(Role.OPERATOR), changes={"person_id": [987654, None]})
    assert _told(event) == {"人员": ("#987654", None)}


def test_many_events_cost_one_query_for_each_kind() -> None:
    with transaction.atomic():
        events = [
            record(SYSTEM_ACTOR, "x", hat, changes={"person_id": [None, hat.person_id]})
            for hat in (making.hat(Role.OPERATOR) for _ in range(5))
        ]
    with CaptureQueriesContext(connection) as seen:
        changes_of(events, everything=True)
    assert len(seen.captured_queries) == 1


def test_a_timeline_leaves_out_what_has_parts() -> None:
    parts = {"part": "Letter", "body": [{"part": "Paragraph", "text": "x"}]}
    with transaction.atomic():
        event = record(
            SYSTEM_ACTOR, "x", making.hat(Role.OPERATOR),
            changes={"content": [None, parts], "title": [None, {"zh": "甲", "en": "A"}], "names": [[], ["甲"]]},
        )  # fmt: skip
    assert set(_told(event, everything=False)) == {"title", "names"}
    assert _told(event)["content"] == (None, parts)
