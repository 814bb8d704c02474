"""The chain: what it seals, and that every way of tampering is found and named."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit import seal, triggers
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.audit.models import AuditEvent, ChainHead
from tests.foundation import making

pytestmark = pytest.mark.django_db
EVENTS = 5


@pytest.fixture
def chain() -> list[AuditEvent]:
    org = making.organisation("某单位")
    with transaction.atomic():
        return [
            record(
                Actor(role="city_office", user_id=n, name="李四", address="192.0.2.1", agent="browser"),
                "organisation.rename",
                org,
                changes={"name": ["旧名", f"新名{n}"], "area": [Decimal("1.50"), 2.5]},
                detail={"n": n, "deep": {"b": 1, "a": [None, True]}},
                reason="改名",
            )
            for n in range(1, EVENTS + 1)
        ]


def _tamper(sql: str, *parameters: object) -> None:
    """As somebody with full power over the database would."""
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def test_an_untouched_chain_is_intact(chain: list[AuditEvent]) -> None:
    found = seal.verify()
    assert (found.intact, found.count, found.head) == (True, EVENTS, chain[-1].digest)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_label", "李五"),
        ("user_id", 99),
        ("membership_id", 1),
        ("organisation_id", 1),
        ("role", "admin"),
        ("address", "192.0.2.2"),
        ("agent", "Browser"),
        ("verb", "organisation.remane"),
        ("target_type", "organisations.person"),
        ("target_id", "0"),
        ("target_label", "某单体"),
        ("valley_id", 3),
        ("changes", json.dumps({"name": ["旧名", "新各3"]})),
        ("detail", "{}"),
        ("reason", "改名 "),
        ("at", datetime(2020, 1, 1, tzinfo=UTC)),
        ("digest", "0" * 64),
    ],
)
def test_any_changed_column_is_found_and_named(chain: list[AuditEvent], column: str, value: object) -> None:
    _tamper(f"UPDATE audit_auditevent SET {column} = %s WHERE number = 3", value)
    found = seal.verify()
    assert found.broken == 3
    assert not seal.verify_one(AuditEvent.objects.get(number=3))


def test_one_byte_of_the_changes_is_found(chain: list[AuditEvent]) -> None:
    changed = "REPLACE(CAST(changes AS text), '2.5', '2.6')"
    if connection.vendor == "postgresql":
        changed = f"CAST({changed} AS jsonb)"
    _tamper(f"UPDATE audit_auditevent SET changes = {changed} WHERE number = 4")
    assert seal.verify().broken == 4


@pytest.mark.skipif("sqlite" not in connection.vendor, reason="other databases refuse such values themselves")
@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("changes", "{broken", seal.CHANGED),
        ("at", "2026-99-99 10:00:00", seal.UNREADABLE),
        ("number", "two", seal.MISSING),
    ],
)
def test_what_can_no_longer_be_read_is_named_and_not_a_crash(
    chain: list[AuditEvent], column: str, value: str, why: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    _tamper(f"UPDATE audit_auditevent SET {column} = %s WHERE number = 2", value)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = OFF")
    found = seal.verify()
    assert (found.broken, found.why, found.count) == (2, why, 1)


def test_a_text_that_spells_the_object_does_not_pass_for_it(chain: list[AuditEvent]) -> None:
    spelled = json.dumps(chain[1].detail, sort_keys=True, separators=(",", ":"))
    _tamper("UPDATE audit_auditevent SET detail = %s WHERE number = 2", json.dumps(spelled))
    assert seal.verify().broken == 2


@pytest.mark.parametrize("number", [1, 3, EVENTS])
def test_a_removed_record_is_found(chain: list[AuditEvent], number: int) -> None:
    _tamper("DELETE FROM audit_auditevent WHERE number = %s", number)
    assert seal.verify().broken == number


def test_two_records_that_change_places_are_found(chain: list[AuditEvent]) -> None:
    _tamper("UPDATE audit_auditevent SET number = 100 WHERE number = 2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET number = 2 WHERE number = 3")
        cursor.execute("UPDATE audit_auditevent SET number = 3 WHERE number = 100")
    assert seal.verify().broken == 2


def test_a_record_appended_beside_the_log_is_found(chain: list[AuditEvent]) -> None:
    last = chain[-1]
    row = {name: getattr(last, name) for name in seal.SEALED_FIELDS} | {"number": 6, "previous": last.digest}
    AuditEvent.objects.create(**row, digest=seal.digest_of(row))
    assert (seal.verify().broken, seal.verify().why) == (6, seal.BEYOND)


def test_a_missing_or_second_head_is_found(chain: list[AuditEvent]) -> None:
    ChainHead.objects.create(number=EVENTS, digest=chain[-1].digest)
    assert seal.verify().why == seal.FORKED
    ChainHead.objects.all().delete()
    assert seal.verify().why == seal.HEADLESS


def test_a_wholly_rewritten_chain_is_found_by_an_exported_head(chain: list[AuditEvent]) -> None:
    kept = seal.head()
    triggers.remove(connection)
    previous = seal.GENESIS
    for event in AuditEvent.objects.order_by("number"):
        event.reason, event.previous = "forged", previous
        event.digest = seal.digest_of({name: getattr(event, name) for name in seal.SEALED_FIELDS})
        event.save()
        previous = event.digest
    ChainHead.objects.update(digest=previous)
    assert seal.verify().intact  # the chain alone cannot tell
    found = seal.verify(exported=kept)
    assert (found.broken, found.why) == (EVENTS, seal.REWRITTEN)
    assert seal.verify(exported={"number": EVENTS + 3, "digest": "0" * 64}).broken == EVENTS + 1


@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("table", triggers.PROTECTED)
def test_the_database_itself_refuses_changes(chain: list[AuditEvent], table: str, statement: str) -> None:
    if table == "workflow_step":
        _a_step()
    with (
        pytest.raises((IntegrityError, DatabaseError), match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def _a_step() -> None:
    from django.contrib.contenttypes.models import ContentType
    from django.utils import timezone

    from jinchuanggu.foundation.workflow.models import Case, Step

    org = making.organisation()
    case = Case.objects.create(
        process="x", version=1, state="a", since=timezone.now(), subject_id=org.pk,
        subject_type=ContentType.objects.get_for_model(org),
    )  # fmt: skip
    Step.objects.create(
        case=case, event="start", target="a", at=timezone.now(), actor_label="x", role="system"
    )


def test_missing_triggers_are_reported() -> None:
    assert triggers.missing(connection) == []
    triggers.remove(connection, "workflow_step")
    assert all(name.startswith("workflow_step") for name in triggers.missing(connection))
    assert triggers.missing(connection)


def test_an_event_outside_a_transaction_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(transaction, "get_connection", lambda: SimpleNamespace(in_atomic_block=False))
    with pytest.raises(RuntimeError):
        record(SYSTEM_ACTOR, "x")


def test_a_change_that_fails_leaves_no_event() -> None:
    org = making.organisation()

    def rename_and_fail() -> None:
        with act(SYSTEM_ACTOR, "organisation.rename", org):
            org.name = "别名"
            org.save()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        rename_and_fail()
    org.refresh_from_db()
    assert org.name != "别名"
    assert not AuditEvent.objects.exists()


def test_before_and_after_are_written() -> None:
    org = making.organisation("原名")
    with act(SYSTEM_ACTOR, "organisation.rename", org, reason="纠正"):
        org.name = "现名"
        org.save()
    event = AuditEvent.objects.get()
    assert event.changes == {"name": ["原名", "现名"]}
    assert event.reason == "纠正"


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3), st.text(max_size=5))
def test_no_two_rows_share_their_bytes(detail: dict[str, str], reason: str) -> None:
    base = dict.fromkeys(seal.SEALED_FIELDS, "") | {"detail": detail, "reason": reason}
    moved = base | {"reason": "", "previous": reason}
    assert (seal.digest_of(base) == seal.digest_of(moved)) == (reason == "")
