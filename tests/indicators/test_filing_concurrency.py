"""Two people, two clocks, a process that dies: with real connections, on PostgreSQL and SQLite."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, connections, transaction

from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Case, Step
from jinchuanggu.indicators.filings import actions, locking
from jinchuanggu.indicators.models import Filing, FilingVersion, Value
from tests.indicators import filing_world as world
from tests.indicators.filing_world import GOOD, MONTH


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds in threads with connections of their own, started together; what each gave or raised."""
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share one connection of a database in memory")
    gate, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            found[number] = deed()
        except (Refused, ValidationError, actions.Conflict) as refused:
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


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_one_of_two_who_save_sees_the_figures_of_the_other(self) -> None:
        place = world.place()
        [filing] = world.opened(place)
        answers = at_once(
            *(
                lambda n=n, who=who: actions.save_cells(
                    who, filing_id=filing.pk, cells={"revenue_cny": n}, revision=0
                )
                for n, who in ((100, place.owner), (200, place.operator))
            )
        )
        [conflict] = [one for one in answers if isinstance(one, actions.Conflict)]
        kept = Filing.objects.get().cells["revenue_cny"]
        assert conflict.differences == {"revenue_cny": ("200" if kept == "100" else "100", kept)}

    def test_saving_while_it_is_sent_changes_nothing_that_was_checked(self) -> None:
        place = world.place()
        filing = world.filled(place)
        bad = {"technology_income_cny": "5000000"}
        at_once(
            lambda: actions.submit(place.owner, filing_id=filing.pk),
            lambda: actions.save_cells(
                place.operator, filing_id=filing.pk, cells=bad, revision=filing.revision
            ),
        )
        now = Filing.objects.get()
        sound = now.cells["technology_income_cny"] == GOOD["technology_income_cny"]
        assert (now.state == "checking") is sound

    def test_one_lock_however_often_it_is_pressed(self) -> None:
        place = world.place(2)
        for number in range(2):
            filing = world.filled(place, number=number)
            actions.submit(place.firms[number][1], filing_id=filing.pk)
            actions.pass_check(place.operator, filing_id=filing.pk)
        where = {"form": "firm_month", "period": MONTH, "valley_id": place.valley.pk}
        at_once(
            lambda: actions.lock_many(place.city, **where),
            lambda: actions.lock_many(place.city, **where),
            lambda: actions.lock(place.city, filing_id=filing.pk),
        )
        assert FilingVersion.objects.count() == 2
        assert Step.objects.filter(event="lock").count() == 2
        assert world.stored("revenue_cny", world.valley_unit(place)) == Decimal(2000000)

    def test_two_clocks_open_a_period_once(self) -> None:
        place = world.place(3)
        at_once(*[lambda: actions.open_filings(place.city, "firm_month", MONTH)] * 3)
        assert Filing.objects.count() == 3
        assert Case.objects.filter(process="filing").count() == 3


@pytest.mark.django_db
def test_dying_in_the_middle_of_a_lock_leaves_nothing_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after the version was kept and the figures were posted, before they were rolled up."""
    place = world.place()
    filing = world.filled(place)
    actions.submit(place.owner, filing_id=filing.pk)
    actions.pass_check(place.operator, filing_id=filing.pk)

    def die(_posted: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(locking, "roll_up", die)
    for deed in (
        lambda: actions.lock(place.city, filing_id=filing.pk),
        lambda: actions.lock_many(place.city, filing_ids=[filing.pk]),
    ):
        with pytest.raises(KeyboardInterrupt), transaction.atomic():
            deed()
        filing.refresh_from_db()
        assert (filing.state, filing.version) == ("reviewing", 0)
        assert Case.objects.get(process="filing").state == "reviewing"
        assert not FilingVersion.objects.exists()
        assert not Value.objects.filter(unit=filing.unit).exists()


@pytest.mark.django_db
def test_the_database_refuses_to_change_locked_figures() -> None:
    place = world.place()
    filing = world.locked(place)
    with pytest.raises(DatabaseError, match="reopening"), transaction.atomic():
        Filing.objects.filter(pk=filing.pk).update(cells={**filing.cells, "revenue_cny": "1"})
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        FilingVersion.objects.update(locked_by="somebody else")
    Filing.objects.filter(pk=filing.pk).update(cells=filing.cells)
    actions.reopen(place.city, filing_id=filing.pk, reason="更正")
    Filing.objects.filter(pk=filing.pk).update(cells={**filing.cells, "revenue_cny": "1"})
