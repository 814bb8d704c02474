"""Completeness and timeliness: of what is due, how much was sent, how much in time, by unit and period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.filings.batches import counted
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing, Unit
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store.units import names_of


@cache
def settings() -> dict[str, Any]:
    """The settings of the filing screens."""
    return dict(yaml.safe_load(files(__package__).joinpath("settings.yaml").read_text("utf-8")))


@dataclass(frozen=True, slots=True)
class Fill:
    """One unit in one period. `overdue`: not sent though the day is over."""

    due: int
    sent: int
    late: int
    overdue: int
    due_on: date
    origin: str = ""

    @property
    def in_time(self) -> int:
        return self.sent - self.late

    @property
    def percent(self) -> Decimal:
        return _percent(self.sent, self.due)

    @property
    def in_time_percent(self) -> Decimal:
        return _percent(self.in_time, self.due)

    def heat(self, today: date) -> str:
        """full, most, some, or early while the day is not over."""
        if self.sent == self.due:
            return "full"
        if not self.overdue and self.due_on >= today:
            return "early"
        return "most" if self.percent >= settings()["completeness"]["most_percent"] else "some"

    @property
    def words(self) -> str:
        return _("应报 %(due)d 家，已报 %(sent)d 家，其中逾期 %(late)d 家；逾期未报 %(overdue)d 家") % {
            "due": self.due, "sent": self.sent, "late": self.late, "overdue": self.overdue}  # fmt: skip


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else Decimal(0)


def periods_shown(rows: QuerySet[Filing], form: Form) -> list[Period]:
    """The last periods for which there is anything, oldest first."""
    most = settings()["completeness"]["periods"][form.period.name.lower()]
    numbers = rows.filter(form=form.id).order_by("-period").values_list("period", flat=True).distinct()[:most]
    return [Period.numbered(number) for number in sorted(numbers)]


def filled(
    rows: QuerySet[Filing], form: Form, periods: Iterable[Period], today: date, by: str
) -> dict[int, dict[int, Fill]]:
    """`{unit, valley or region id: {period number: Fill}}`; `by` is unit_id, valley_id or region_id. One query."""
    chosen = rows.filter(form=form.id, period__in=[one.number for one in periods])
    found: dict[int, dict[int, Fill]] = {}
    for one in counted(chosen, today, by, "period", "origin"):
        fill = Fill(one["total"], one["sent"], one["late"], one["overdue"], one["due"], one["origin"])
        found.setdefault(one[by], {})[one["period"]] = fill
    return found


def whole(cells: Iterable[Fill]) -> Fill | None:
    """Several fills as one."""
    listed = list(cells)
    if not listed:
        return None
    sums = [sum(getattr(one, name) for one in listed) for name in ("due", "sent", "late", "overdue")]
    due, sent, late, overdue = sums
    return Fill(due, sent, late, overdue, max(one.due_on for one in listed))


def names_by(by: str, ids: Iterable[int]) -> dict[int, str]:
    """The names of what the rows stand for."""
    wanted = [one for one in ids if one is not None]
    if by == "valley_id":
        from jinchuanggu.foundation.ui.formats import english

        return {pk: (english() and one.name_en) or one.name for pk, one in directory().places(wanted).items()}
    if by == "region_id":
        from jinchuanggu.foundation.organisations.models import Region

        return dict(Region.objects.filter(pk__in=wanted).values_list("pk", "name"))
    return names_of(Unit.objects.filter(pk__in=wanted))


def missing(rows: QuerySet[Filing], form: Form, period: Period | None) -> QuerySet[Filing]:
    """Filings that never were sent: of one period, or all of the form."""
    found = rows.filter(form=form.id, submitted_at__isnull=True)
    return found.filter(period=period.number) if period else found
