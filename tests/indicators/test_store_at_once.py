"""Two who write values of one province at the same moment, with connections of their own."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.models import Unit, Value, ValueSource
from jinchuanggu.indicators.store.posting import Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from tests.indicators.store import amount, define, tree

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MONTH = Period.parse("2026-09")


def at_once(firms: list[Unit], values: list[Decimal]) -> None:
    """Each value is posted for its firm and rolled up by a thread of its own, all started together."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection of a database in memory")
    gate, troubles = threading.Barrier(len(firms)), []

    def run(firm: Unit, value: Decimal) -> None:
        try:
            gate.wait(10)
            with transaction.atomic():
                done = post([Posting("a", firm.pk, MONTH, value, source=ValueSource.FILED)])
                roll_up(done)
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in zip(firms, values, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "the writers wait for each other in a circle"
    assert troubles == []


def test_neither_of_two_firms_of_one_valley_is_lost() -> None:
    define("a")
    firms = tree(cities=1, valleys=2, firms=3)
    for turn in range(1, 6):
        at_once(firms, [Decimal(turn * (n + 1)) for n in range(6)])
        assert amount("a", firms[0].parent, "2026-09") == 6 * turn
        assert amount("a", firms[0].parent.parent.parent, "2026-09") == 21 * turn
    assert amount("a", firms[0].parent, "2026-09", ("size", "small")) == 4 * 5


def test_two_restatements_of_one_value_become_two_versions() -> None:
    define("a")
    firm = tree(cities=1, valleys=1, firms=1)[0]
    at_once([firm] * 4, [Decimal(n + 1) for n in range(4)])
    rows = Value.objects.filter(unit=firm).order_by("version")
    assert [row.version for row in rows] == [1, 2, 3, 4]
    assert [row.current for row in rows] == [False, False, False, True]
    assert amount("a", firm.parent, "2026-09") == rows[3].value


def test_whoever_comes_second_waits_until_the_first_is_done() -> None:
    """The second adds up only after the first has committed, so it finds the first one's value."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time anyway")
    define("a")
    firms = tree(cities=1, valleys=1, firms=2)
    held, go_on, order = threading.Event(), threading.Event(), []

    def first() -> None:
        try:
            with transaction.atomic():
                done = post([Posting("a", firms[0].pk, MONTH, Decimal(1), source=ValueSource.FILED)])
                held.set()
                go_on.wait(10)
                roll_up(done)
                order.append("first")
        finally:
            connections.close_all()

    def second() -> None:
        try:
            held.wait(10)
            with transaction.atomic():
                done = post([Posting("a", firms[1].pk, MONTH, Decimal(2), source=ValueSource.FILED)])
                order.append("second")
                roll_up(done)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    for thread in threads:
        thread.start()
    held.wait(10)
    threads[1].join(0.5)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert order == ["first", "second"]
    assert amount("a", firms[0].parent, "2026-09") == 3
