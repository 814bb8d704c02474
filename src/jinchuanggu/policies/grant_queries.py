"""Reads of applications for lists: one page, filtered, with the open deadlines, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.foundation.workflow.models import Deadline
from jinchuanggu.policies.access_grants import visible_applications
from jinchuanggu.policies.models import Grant, GrantApplication
from jinchuanggu.policies.process.subject import PROCESS

PAGE = 50
QUEUE = ("checking", "reviewing", "supplementing", "granted", "paying", "recovering")
"""What officers see before they choose: everything that still moves."""


@dataclass(frozen=True)
class Chosen:
    """The filters of the list as they stand in the address."""

    q: str = ""
    state: str = ""
    measure: str = ""
    way: str = ""
    origin: str = "both"

    def keys(self) -> dict[str, str]:
        found = {"q": self.q, "state": self.state, "measure": self.measure, "way": self.way}
        return {key: value for key, value in found.items() if value}


@dataclass
class Page:
    rows: list[GrantApplication]
    more: bool
    due: dict[int, date] = field(default_factory=dict)


def filtered(actor: Actor, chosen: Chosen) -> QuerySet[GrantApplication]:
    """The visible applications that match, the newest first."""
    rows = of_origin(visible_applications(actor), chosen.origin).exclude(state="opened")
    if chosen.state == "":
        rows = rows if actor.role == Role.ENTERPRISE else rows.filter(state__in=QUEUE)
    elif chosen.state != "all":
        rows = rows.filter(state=chosen.state)
    if chosen.measure:
        rows = rows.filter(rule_set=chosen.measure)
    if chosen.way:
        rows = rows.filter(automatic=chosen.way == "automatic")
    if chosen.q:
        rows = rows.filter(
            Q(organisation__name__icontains=chosen.q) | Q(organisation__uscc=chosen.q.upper())
            | Q(title_zh__icontains=chosen.q) | Q(grant__number__iexact=chosen.q)
        )  # fmt: skip
    return rows


def page_of(actor: Actor, chosen: Chosen, number: int) -> Page:
    """One page of the list with the deadline of each row."""
    first = (number - 1) * PAGE
    rows = filtered(actor, chosen).select_related("organisation", "region", "grant").defer("result", "facts")
    found = list(rows.order_by("-applied_on", "-pk")[first : first + PAGE + 1])
    shown = found[:PAGE]
    return Page(shown, len(found) > PAGE, due_of([row.pk for row in shown]))


def due_of(pks: list[int]) -> dict[int, date]:
    """The open deadline of each application."""
    kind = ContentType.objects.get_for_model(GrantApplication)
    rows = Deadline.objects.filter(
        case__process=PROCESS, case__subject_type=kind, case__subject_id__in=pks, closed_at__isnull=True
    )
    return dict(rows.order_by("-due_on").values_list("case__subject_id", "due_on"))


def measures_of(actor: Actor) -> list[tuple[str, str]]:
    """(id, name) of the measures that occur among the visible applications."""
    rows = visible_applications(actor).order_by("rule_set").values_list("rule_set", "title_zh").distinct()
    return list(dict(rows[:60]).items())


PUBLISHED = ("application__organisation__name", "application__title_zh", "application__title_en", "amount", "decided_on",
             "application__region__name", "application__origin")  # fmt: skip
"""What the public reads of a decision to pay, and nothing else."""


def published_grants(origin: str, year: int | None = None) -> QuerySet[Grant, dict[str, object]]:
    """The decisions that stand, the newest first, as plain rows of `PUBLISHED`."""
    rows = of_origin(Grant.objects.exclude(application__state="revoked"), origin, "application__origin")
    if year is not None:
        rows = rows.filter(decided_on__year=year)
    return rows.order_by("-decided_on", "-pk").values(*PUBLISHED)
