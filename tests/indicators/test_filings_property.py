"""Whatever people do in whatever order: the store holds the last locked version, and completeness adds up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Case, Step, Task
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.filings.queries import completeness
from jinchuanggu.indicators.models import Filing, FilingVersion, UnitLevel, Value
from tests.indicators import filing_world as world
from tests.indicators.filing_world import GOOD, MONTH

pytestmark = pytest.mark.django_db
DEEDS = ("open", "save", "rows", "submit", "pass_check", "return_filing", "lock", "reopen", "many", "comment")
STEP = st.tuples(
    st.sampled_from(DEEDS),
    st.sampled_from(["firm0", "firm1", "operator", "city", "office"]),
    st.integers(0, 2),
    st.sampled_from(["1000000", "900000", "2500000.55", "0", "", "x", None]),
    st.sampled_from(["", "核对后更正"]),
    st.sampled_from(["submit", "pass", "lock"]),
)


class Walk:
    def __init__(self) -> None:
        self.place = world.place(2)
        self.actors = {
            "firm0": self.place.firms[0][1], "firm1": self.place.firms[1][1], "operator": self.place.operator,
            "city": self.place.city, "office": self.place.office,
        }  # fmt: skip
        self.where = {"form": "firm_month", "period": MONTH, "valley_id": self.place.valley.pk}

    def do(self, step: tuple[Any, ...]) -> None:
        deed, who, number, value, reason, many = step
        actor = self.actors[who]
        rows = list(Filing.objects.order_by("pk"))
        one = rows[number % len(rows)] if rows else None
        pk = one.pk if one else 0
        cells = {**GOOD, "revenue_cny": value} if value not in (None, "x") else {"revenue_cny": value}
        if deed == "open":
            actions.open_filings(actor, "firm_month", MONTH)
        elif deed == "save":
            actions.save_cells(
                actor, filing_id=pk, cells=cells, revision=one.revision - number // 2 if one else 0
            )
        elif deed == "rows":
            actions.file_rows(actor, **self.where, rows=dict.fromkeys(self.place.residents(), cells))
        elif deed == "many":
            {"submit": actions.submit_many, "pass": actions.pass_many, "lock": actions.lock_many}[many](
                actor, **self.where
            )
        elif deed == "comment":
            actions.comment(actor, filing_id=pk, cell="revenue_cny", text=reason)
        elif deed in ("return_filing", "reopen"):
            getattr(actions, deed)(actor, filing_id=pk, reason=reason)
        else:
            getattr(actions, deed)(actor, filing_id=pk)


def check_books() -> None:
    """Invariants that hold after every deed."""
    process = load("filing")
    for filing in Filing.objects.select_related("unit"):
        case = Case.objects.get(process="filing", subject_id=filing.pk)
        assert (case.state, process.states[case.state].stage) == (filing.state, filing.stage)
        last = Step.objects.filter(case=case).order_by("-pk").first()
        assert last is not None
        assert last.target == case.state
        versions = list(FilingVersion.objects.filter(filing=filing).order_by("number"))
        assert [one.number for one in versions] == list(range(1, filing.version + 1))
        stored = dict(
            Value.objects.filter(unit=filing.unit, period=MONTH.number, current=True, breakdown=0)
            .exclude(value=None).values_list("indicator__key", "value")
        )  # fmt: skip
        kept = {key: Decimal(text) for key, text in (versions[-1].cells if versions else {}).items()}
        assert stored == kept
        if filing.state == "locked":
            assert filing.cells == versions[-1].cells
        if filing.submitted_at:
            assert filing.late is not None
    kept = [
        FilingVersion.objects.filter(filing=one).order_by("-number").first()
        for one in Filing.objects.filter(version__gt=0)
    ]
    wanted = sum((Decimal(one.cells["revenue_cny"]) for one in kept), Decimal(0))
    above = Value.objects.filter(
        level__gt=UnitLevel.FIRM, indicator__key="revenue_cny", current=True, breakdown=0, period=MONTH.number
    )
    assert {row.value or Decimal(0) for row in above} <= {wanted}
    assert above.exists() or not kept
    for level in (UnitLevel.FIRM, UnitLevel.VALLEY, UnitLevel.PROVINCE):
        rows = completeness("firm_month", [MONTH], level=level)
        assert sum(row.due for row in rows) == Filing.objects.count()
        for row in rows:
            assert row.due == row.submitted + row.missing
            assert row.submitted == row.on_time + row.late
            assert 0 <= row.locked <= row.due
    open_tasks = {
        task.key.split(":")[4]
        for task in Task.objects.filter(closed_at__isnull=True, key__startswith="filing:")
    }
    steps = {
        "draft": "fill",
        "returned": "fill",
        "reopened": "fill",
        "checking": "checking",
        "reviewing": "reviewing",
    }
    assert open_tasks == {
        steps[state] for state in Filing.objects.values_list("state", flat=True) if state in steps
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=8, max_size=30))
def test_random_walks_keep_the_books(steps: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        walk = Walk()
        walk.do(("open", "city", 0, None, "", ""))
        walk.do(("rows", "operator", 0, "1000000", "", ""))
        for step in steps:
            try:
                with transaction.atomic():
                    walk.do(step)
            except (Refused, ValidationError, Http404, actions.Conflict):
                pass
            check_books()
        transaction.set_rollback(True)


def test_a_walk_that_reaches_every_state() -> None:
    """The random one may miss some; this one does not."""
    walk = Walk()
    for step in [
        ("open", "city", 0, None, "", ""), ("save", "firm0", 0, "1000000", "", ""), ("submit", "firm0", 0, None, "", ""),
        ("return_filing", "operator", 0, None, "核对", ""), ("save", "firm0", 0, "2500000.55", "", ""),
        ("submit", "operator", 0, None, "", ""), ("pass_check", "operator", 0, None, "", ""),
        ("lock", "city", 0, None, "", ""), ("reopen", "city", 0, None, "更正", ""), ("save", "operator", 0, "900000", "", ""),
        ("rows", "operator", 0, "1000000", "", ""), ("many", "operator", 0, None, "", "submit"),
        ("many", "operator", 0, None, "", "pass"), ("many", "city", 0, None, "", "lock"),
    ]:  # fmt: skip
        walk.do(step)
        check_books()
    assert sorted(Filing.objects.values_list("version", flat=True)) == [1, 2]
