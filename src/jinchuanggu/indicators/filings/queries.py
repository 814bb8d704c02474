"""Reads of filings: who may see and write them, how complete and how punctual they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.filings.access import filings_for, get_filing, may_comment, may_write
from jinchuanggu.indicators.models import Filing, Unit

__all__ = ["Completeness", "completeness", "filings_for", "get_filing", "may_comment", "may_write", "overdue"]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How a form of a period stands at a unit. due = submitted + missing; submitted = on_time + late.

    Submitted counts from the first sending; a filing sent back later still was submitted. `locked` counts those locked now.
    """

    unit_id: int
    period: Period
    due: int
    submitted: int
    on_time: int
    late: int
    missing: int
    locked: int

    @property
    def percent(self) -> int:
        """Share of what is due that was submitted, never rounded up to 100."""
        return self.submitted * 100 // self.due if self.due else 0


def completeness(
    form: str,
    periods: Iterable[Period],
    *,
    level: int,
    within: Unit | None = None,
    rows: QuerySet[Filing] | None = None,
) -> list[Completeness]:
    """One row for each unit of a level and period that has filings due; by unit and period. One query.

    `level` may not lie below that of the form. `rows`: the filings a reader may see (`filings_for`); without it all.
    """
    from jinchuanggu.indicators.filings.access import LEVELS
    from jinchuanggu.indicators.forms.library import form_of

    own = LEVELS[form_of(form).level]
    steps = int(level) - int(own)
    if steps < 0:
        raise ValueError("a form is not asked below its level")
    path = "unit__" + "__".join(["parent"] * steps) + "_id" if steps else "unit_id"
    asked = (Filing.objects.all() if rows is None else rows).filter(
        form=form, period__in=[period.number for period in periods]
    )
    if within is not None:
        up = int(within.level) - int(own)
        if up < 0:
            return []
        asked = asked.filter(
            **{"unit__" + "__".join(["parent"] * up) + "_id" if up else "unit_id": within.pk}
        )
    sent = Q(submitted_at__isnull=False)
    counted = (
        asked.order_by()
        .values(at=F(path), when=F("period"))
        .annotate(
            due=Count("pk"),
            submitted=Count("pk", filter=sent),
            late=Count("pk", filter=sent & Q(late=True)),
            locked=Count("pk", filter=Q(state="locked")),
        )
        .order_by("at", "when")
    )
    return [
        Completeness(
            row["at"], Period.numbered(row["when"]), row["due"], row["submitted"], row["submitted"] - row["late"], row["late"],
            row["due"] - row["submitted"], row["locked"],
        )
        for row in counted
        if row["at"] is not None
    ]  # fmt: skip


def overdue(
    on: date, within: Unit | None = None, *, rows: QuerySet[Filing] | None = None
) -> QuerySet[Filing]:
    """Filings that were due before a day and were never sent, the longest first."""
    found = (Filing.objects.all() if rows is None else rows).filter(submitted_at__isnull=True, due_on__lt=on)
    if within is not None:
        inside = Q(unit=within) | Q(unit__parent=within)
        inside |= Q(unit__parent__parent=within) | Q(unit__parent__parent__parent=within)
        found = found.filter(inside)
    return found.select_related("unit").order_by("due_on", "pk")
