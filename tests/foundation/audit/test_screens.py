"""The audit on screen: who reads it, filters, keyset pages, what stays hidden."""

from __future__ import annotations

import json

import pytest
from django.db import transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.audit import access, queries
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from tests.foundation import making

pytestmark = pytest.mark.django_db


def _events(actor: object, number: int, verb: str = "job.start") -> None:
    with transaction.atomic():
        for _ in range(number):
            record(actor, verb, making.organisation())  # type: ignore[arg-type]


def test_pages_go_by_number_without_counting() -> None:
    auditor = making.hat(Role.AUDITOR)
    _events(from_membership(auditor), 60)
    client = making.client_of(auditor)
    from django.db import connection

    client.get("/audit/")  # the session is marked as seen
    with CaptureQueriesContext(connection) as seen:
        first = client.get("/audit/")
    assert not [q for q in seen.captured_queries if "COUNT" in q["sql"] and "audit_auditevent" in q["sql"]]
    assert len(seen.captured_queries) <= 10
    numbers = [event.number for event in first.context["page"].events]
    assert len(numbers) == queries.PAGE
    second = client.get("/audit/" + first.context["pages"]["next_url"])
    rest = [event.number for event in second.context["page"].events]
    assert min(numbers) == max(rest) + 1


def test_filters_narrow() -> None:
    auditor = making.hat(Role.AUDITOR)
    actor = from_membership(auditor)
    _events(actor, 2)
    _events(actor, 1, "hat.grant")
    client = making.client_of(auditor)

    def count(query: str) -> int:
        return len(client.get(f"/audit/?{query}").context["page"].events)

    assert count("verb=hat.grant") == 1
    assert count("type=organisations.organisation") == 3
    assert count(f"person={auditor.person.name}") == 4  # and the sign-in
    assert count("since=2999-01-01") == 0
    assert count("until=nonsense&since=") == AuditEvent.objects.count()


def test_verbs_of_one_name_are_one_choice() -> None:
    auditor = making.hat(Role.AUDITOR)
    for verb in ("people.create", "residents.create", "hat.grant"):
        _events(from_membership(auditor), 1, verb)
    client = making.client_of(auditor)
    choices = client.get("/audit/").context["verb_choices"]
    labels = [label for _value, label, _chosen in choices]
    assert len(labels) == len(set(labels))
    value = next(value for value, _label, _chosen in choices if "people.create" in value.split(","))
    page = client.get("/audit/", {"verb": value})
    assert {event.verb for event in page.context["page"].events} == {"people.create", "residents.create"}
    for asked in (value, "people.create"):
        page = client.get("/audit/", {"verb": asked})
        assert [value for value, _label, chosen in page.context["verb_choices"] if chosen] == [value]


@pytest.mark.parametrize("kind", ["policies.grantapplication", "programme.sitevisit"])
def test_the_chosen_kind_of_object_stays_shown(kind: str) -> None:
    page = making.client_of(making.hat(Role.AUDITOR)).get("/audit/", {"type": kind})
    assert f'<option value="{kind}" selected>' in page.content.decode()


def test_detail_shows_the_seal_and_the_difference() -> None:
    auditor = making.hat(Role.AUDITOR)
    with transaction.atomic():
        event = record(
            from_membership(auditor),
            "x",
            making.organisation(),
            changes={"name": ["旧的", "新的"]},
            reason="因为",
        )
    page = making.client_of(auditor).get(f"/audit/{event.number}/").content.decode()
    assert "封印完好" in page
    assert all(word in page for word in ("旧的", "新的", "因为", "名称"))


def test_the_export_is_complete_and_recorded() -> None:
    auditor = making.hat(Role.AUDITOR)
    _events(from_membership(auditor), 3)
    response = making.client_of(auditor).post("/audit/export/")
    lines = [json.loads(line) for line in b"".join(response.streaming_content).decode().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, AuditEvent.objects.count() + 1))
    assert lines[-1]["verb"] == "audit.export"


def test_the_head_is_a_file() -> None:
    auditor = making.hat(Role.AUDITOR)
    _events(from_membership(auditor), 1)
    response = making.client_of(auditor).get("/audit/head.json")
    assert response.json()["digest"] == AuditEvent.objects.order_by("-number").first().digest  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [Role.CITY_OFFICE, Role.EXPERT, Role.PROVINCIAL_GOVERNMENT])
def test_others_do_not_read_it(role: str) -> None:
    assert making.client_of(making.hat(role)).get("/audit/").status_code == 403


def test_what_gives_experts_away_stays_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_scopes", [lambda actor: Q(verb__gt="")])
    monkeypatch.setattr(access, "confidential", {"organisations.person"})
    city, expert = making.hat(Role.CITY_OFFICE), making.hat(Role.EXPERT)
    with transaction.atomic():
        record(from_membership(expert), "sheet.submit", making.organisation())
        record(from_membership(making.hat(Role.PROVINCIAL_OFFICE)), "seat.draw", expert.person)
        record(from_membership(making.hat(Role.PROVINCIAL_OFFICE)), "plan.open", making.organisation())
    assert [e.verb for e in queries.events(from_membership(city))] == ["plan.open"]
    assert "sheet.submit" in [e.verb for e in queries.events(from_membership(expert))]  # one's own deed
    assert len(queries.events(from_membership(making.hat(Role.AUDITOR)))) == 3


def test_without_a_scope_a_hat_sees_its_own_deeds_only() -> None:
    city, other = making.hat(Role.CITY_OFFICE), making.hat(Role.CITY_OFFICE)
    _events(from_membership(city), 1)
    _events(from_membership(other), 1)
    assert len(queries.events(from_membership(city))) == 1
