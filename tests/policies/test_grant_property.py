"""Whatever people do in whatever order: paid ≤ granted ≤ budget, one application for a period, books that add up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions import payments as money
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.policies.models.grants import RELEASED
from jinchuanggu.policies.process.subject import case_of
from tests.policies import grants as world
from tests.policies.grants import AUTO, RANGE, RD, RIVAL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_rules_only")]

PROCESS = load("grant")
EVENTS = sorted({move.event for move in PROCESS.moves})
AMOUNTS = [None, "0.01", "0.1", "0.2", "33333.33", "50000", "100000", "300000", "1000000.01"]
STEP = st.tuples(
    st.sampled_from(
        [
            "draft",
            "submit",
            "propose",
            "confirm",
            "move",
            "approve",
            "batch",
            "pay",
            "recover",
            "receive",
            "facts",
        ]
    ),
    st.sampled_from(["firm0", "firm1", "city", "office"]),
    st.sampled_from([RD, RANGE, RIVAL, AUTO]),
    st.sampled_from(EVENTS),
    st.sampled_from(AMOUNTS),
    st.integers(0, 5),
)


class Walk:
    def __init__(self) -> None:
        self.place = world.town(budget="433333.35")
        world.add_firm(self.place)
        self.actors = {
            "firm0": self.place.firms[0][1], "firm1": self.place.firms[1][1],
            "city": self.place.city, "office": self.place.office,
        }  # fmt: skip

    def pick(self, number: int) -> int:
        pks = list(GrantApplication.objects.order_by("pk").values_list("pk", flat=True))
        return pks[number % len(pks)] if pks else 0

    def do(self, step: tuple[Any, ...]) -> None:
        deed, who, measure, event, amount, number = step
        actor, pk = self.actors[who], self.pick(number)
        value = None if amount is None else Decimal(amount)
        firm = self.place.firms[number % 2]
        today = world.today()
        if deed == "draft":
            claim = {"claimed": value} if value else {}
            actions.save_draft(
                firm[1], organisation_id=firm[0].pk, rule_set=measure, entries=actions.Entries(**claim)
            )
        elif deed == "submit":
            actions.submit(actor, pk=pk, committed=number != 5)
        elif deed == "propose":
            actions.propose(firm[0].pk, measure)
        elif deed == "confirm":
            actions.confirm(actor, pk=pk, committed=True)
        elif deed == "move":
            actions.move(actor, pk=pk, event=event, reason="理由", due_on=today + timedelta(days=3))
        elif deed == "approve":
            actions.approve(actor, pk=pk, amount=value)
        elif deed == "batch":
            actions.approve_many(actor, pks=[self.pick(number), self.pick(number + 1)])
        elif deed == "pay":
            money.pay(actor, pk=pk, amount=value, paid_on=today, reference=f"P-{number}-{amount}")
        elif deed == "recover":
            money.recover(actor, pk=pk, amount=value, reason="追回")
        elif deed == "receive":
            money.receive(actor, pk=pk, amount=value, received_on=today)
        elif deed == "facts":
            world.set_rd(firm[0], ["1000000", "600000", "100"][number % 3])


def check() -> None:
    world.check_books()
    seen = set()
    for one in GrantApplication.objects.all():
        assert case_of(one).state == one.state
        assert hasattr(one, "grant") == (
            PROCESS.states[one.state].stage in ("pay", "recover", "done") or one.state == "revoked"
        )
        if one.state not in RELEASED:
            key = (one.organisation_id, one.rule_set, one.period)
            assert key not in seen
            seen.add(key)
    live = [
        o for o in GrantApplication.objects.exclude(group="") if o.state not in (*RELEASED, "draft", "opened")
    ]
    assert len({(o.organisation_id, o.group) for o in live}) == len(live), (
        "two of a group stand beside each other"
    )


@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(STEP, min_size=5, max_size=30))
def test_no_walk_breaks_the_books(steps: list[tuple[Any, ...]]) -> None:
    from django.db import transaction

    with transaction.atomic():
        walk = Walk()
        helped = [("draft", "firm0", RD, "", None, 0), ("submit", "firm0", RD, "", None, 0)]
        for step in [*helped, *steps]:
            try:
                with transaction.atomic():
                    walk.do(step)
            except (Refused, ValidationError, Http404):
                pass
            check()
        transaction.set_rollback(True)
