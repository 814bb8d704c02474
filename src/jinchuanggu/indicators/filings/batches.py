"""The filings of a reader counted by form, period and place: how many are due, sent, late, waiting, locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.filings.access import OPEN
from jinchuanggu.indicators.filings.words import WAITING, period_words
from jinchuanggu.indicators.forms.library import title_of_form
from jinchuanggu.indicators.models import Filing

MOST = 400


@dataclass(frozen=True, slots=True)
class Batch:
    """All filings of a form and a period at one place (or at all the reader's places together)."""

    form: str
    period: int
    valley_id: int | None
    region_id: int
    due: date
    total: int
    sent: int
    late: int
    overdue: int
    locked: int
    checking: int
    reviewing: int
    origin: str

    @property
    def missing(self) -> int:
        return self.total - self.sent

    @property
    def words(self) -> str:
        """The state of a batch in a sentence that can stand alone."""
        given = {
            "form": title_of_form(self.form), "period": period_words(Period.numbered(self.period)),
            "total": self.total, "sent": self.sent, "late": self.overdue, "missing": self.missing,
        }  # fmt: skip
        if self.total == 0:
            return ""
        if self.missing == 0:
            return _("%(period)s%(form)s：%(total)d 家应报，已全部报齐。") % given
        if self.overdue == self.missing:
            return _("%(period)s%(form)s：%(total)d 家应报，%(sent)d 家已报，逾期未报 %(late)d 家。") % given
        return (
            _("%(period)s%(form)s：%(total)d 家应报，%(sent)d 家已报，%(late)d 家逾期，差 %(missing)d 家。")
            % given
        )


def counted(rows: QuerySet[Filing], today: date, *by: str) -> QuerySet[Filing, dict[str, Any]]:
    """Counts for each combination of `by`; one query. Sent counts from the first sending, as `filing_queries` has it."""
    return (
        rows.order_by()
        .values(*by)
        .annotate(
            due=Min("due_on"),
            total=Count("pk"),
            sent=Count("pk", filter=Q(submitted_at__isnull=False)),
            late=Count("pk", filter=Q(submitted_at__isnull=False, late=True)),
            overdue=Count("pk", filter=Q(submitted_at__isnull=True, due_on__lt=today)),
            locked=Count("pk", filter=Q(state="locked")),
            checking=Count("pk", filter=Q(state="checking")),
            reviewing=Count("pk", filter=Q(state="reviewing")),
        )
    )


def batches_of(rows: QuerySet[Filing], today: date, most: int = MOST) -> list[Batch]:
    """The newest batches of a reader, by due day; one query."""
    found = counted(rows, today, "form", "period", "valley_id", "region_id", "origin").order_by(
        "-due", "form", F("valley_id").asc(nulls_last=True)
    )[:most]
    return [Batch(**one) for one in found]


def joined(batches: list[Batch]) -> Batch:
    """Several places of one form and period as one."""
    first = batches[0]
    numbers = ("total", "sent", "late", "overdue", "locked", "checking", "reviewing")
    sums = {name: sum(getattr(one, name) for one in batches) for name in numbers}
    return Batch(
        first.form,
        first.period,
        None,
        first.region_id,
        min(one.due for one in batches),
        origin=first.origin,
        **sums,
    )


def current(batches: list[Batch], today: date) -> Batch | None:
    """What the first sentence is about: the form with the most units, in the last period that is due or nearly so."""
    groups: dict[tuple[str, int, str], list[Batch]] = {}
    for one in batches:  # real and simulated are never added up
        groups.setdefault((one.form, one.period, one.origin), []).append(one)
    whole = [joined(group) for group in groups.values()]
    open_ = [one for one in whole if one.missing] or whole
    return max(open_, key=lambda one: (one.total > 1, one.due <= today, one.due, one.total), default=None)


__all__ = ["OPEN", "WAITING", "Batch", "batches_of", "counted", "current", "joined"]
