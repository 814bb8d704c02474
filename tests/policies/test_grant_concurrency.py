"""Two officers, two tabs, two payments at the same moment - with real connections, on PostgreSQL and SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions import payments as money
from jinchuanggu.policies.models import BudgetUse, Grant, GrantApplication, Payment
from tests.policies import grants as world
from tests.policies.grants import RANGE, RD, RIVAL

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("own_rules_only"),
]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds in threads with connections of their own, started together; what each gave or raised."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection of a database in memory")
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            found[number] = deed()
        except (Refused, ValidationError) as refused:
            found[number] = refused  # type: ignore[call-overload]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "the deeds wait for each other in a circle"
    return found


@pytest.mark.parametrize("used_before", [False, True])
def test_two_officers_cannot_commit_one_budget_twice(used_before: bool) -> None:
    """With the budget untouched (its row of use is made by the first) and with one that is in use already."""
    place = world.town(budget="250000" if used_before else "150000")
    for _ in range(4):
        world.add_firm(place)
    pks = [world.applied(place, number=n).pk for n in range(4)]
    if used_before:
        world.granted(place, number=4)
    answers = at_once(*(lambda pk=pk: actions.approve(place.city, pk=pk) for pk in pks))
    assert sum(isinstance(one, GrantApplication) for one in answers) == 1
    assert all("超出预算" in str(one) for one in answers if isinstance(one, Refused))
    assert BudgetUse.objects.get().committed == Decimal(200000 if used_before else 100000)
    world.check_books()


def test_one_application_is_decided_once() -> None:
    place = world.town()
    application = world.applied(place)
    answers = at_once(*[lambda: actions.approve(place.city, pk=application.pk)] * 3)
    assert sum(isinstance(one, GrantApplication) for one in answers) == 1
    assert Grant.objects.count() == 1
    world.check_books()


def test_a_batch_and_single_decisions_do_not_wait_in_a_circle() -> None:
    place = world.town()
    for _ in range(3):
        world.add_firm(place)
    pks = [world.applied(place, number=n).pk for n in range(4)]
    at_once(
        lambda: actions.approve_many(place.city, pks=pks),
        lambda: actions.approve(place.city, pk=pks[3]),
        lambda: actions.approve(place.city, pk=pks[1]),
        lambda: actions.approve_many(place.city, pks=list(reversed(pks))),
    )
    world.check_books()


def test_two_tabs_of_one_firm_make_one_application() -> None:
    place = world.town()
    entries = actions.Entries()
    firm, owner = place.firms[0]
    at_once(*[lambda: actions.save_draft(owner, organisation_id=firm.pk, rule_set=RD, entries=entries)] * 3)
    assert GrantApplication.objects.count() == 1
    pk = GrantApplication.objects.get().pk
    answers = at_once(*[lambda: actions.submit(owner, pk=pk, committed=True)] * 2)
    assert sum(isinstance(one, GrantApplication) for one in answers) == 1


def test_two_of_a_group_sent_at_once_are_not_both_taken() -> None:
    place = world.town()
    first, second = world.draft(place, RANGE), world.draft(place, RIVAL)
    answers = at_once(
        lambda: actions.submit(place.owner, pk=first.pk, committed=True),
        lambda: actions.submit(place.owner, pk=second.pk, committed=True),
    )
    assert sum(isinstance(one, GrantApplication) for one in answers) == 1
    assert any("就高不重复" in str(one) or "不能重复" in str(one) for one in answers)


def test_two_payments_at_once_stay_within_the_grant() -> None:
    place = world.town()
    grant = world.granted(place)
    today = world.today()
    at_once(
        *(
            lambda n=n: money.pay(
                place.city, pk=grant.application_id, amount=Decimal(60000), paid_on=today, reference=f"P-{n}"
            )
            for n in range(3)
        )
    )
    assert Payment.objects.count() == 1
    world.check_books()


def test_dying_in_the_middle_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after the budget was committed and before the letter was written."""
    from jinchuanggu.policies import grant_letters

    place = world.town()
    application = world.applied(place)

    def die(_attempt: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(grant_letters, "write_decision", die)
    with pytest.raises(KeyboardInterrupt):
        actions.approve(place.city, pk=application.pk)
    if connection.in_atomic_block:
        transaction.set_rollback(True)
    assert not Grant.objects.exists()
    assert BudgetUse.objects.count() == 0
    assert world.state_of(application) == "reviewing"
