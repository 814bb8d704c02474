"""`jcg audit`: exit codes, words and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from jinchuanggu.commands.audit import audit
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit import seal, triggers
from jinchuanggu.foundation.audit.log import record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _three_events() -> None:
    with transaction.atomic():
        for _ in range(3):
            record(SYSTEM_ACTOR, "job.start")


def _break() -> None:
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditevent SET verb = 'job.stort' WHERE number = 2")


def test_intact_is_zero() -> None:
    answer = CliRunner().invoke(audit, ["verify"])
    assert answer.exit_code == 0
    assert "3" in answer.output


def test_broken_is_one_and_names_the_record() -> None:
    _break()
    answer = CliRunner().invoke(audit, ["verify", "--json"])
    assert answer.exit_code == 1
    assert json.loads(answer.output) | {"head": ""} == {
        "intact": False, "count": 1, "head": "", "broken": 2, "why": seal.CHANGED,
    }  # fmt: skip
    assert "2" in CliRunner().invoke(audit, ["verify"]).output


def test_the_head_can_be_kept_and_compared(tmp_path: Path) -> None:
    kept = tmp_path / "head.json"
    kept.write_text(CliRunner().invoke(audit, ["head", "--json"]).output)
    assert CliRunner().invoke(audit, ["verify", "--against", str(kept)]).exit_code == 0
    kept.write_text(json.dumps({"number": 3, "digest": "f" * 64}))
    assert CliRunner().invoke(audit, ["verify", "--against", str(kept)]).exit_code == 1
    kept.write_text("nonsense")
    assert CliRunner().invoke(audit, ["verify", "--against", str(kept)]).exit_code == 2
