"""Reads of the policy library for its lists: scoped to the reader, no counting, no query per row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, Q, QuerySet, When
from django.utils import timezone
from django.utils.dateparse import parse_date

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.policies.entries import OPEN
from jinchuanggu.policies.library_access import visible_policies, visible_texts
from jinchuanggu.policies.models import Article, Level, Policy, RuleEntry
from jinchuanggu.policies.rules import COUNTED
from jinchuanggu.policies.search import matching, normalised, passage

PAGE = 30
NEAREST = Case(
    *(When(level=level, then=at) for at, level in enumerate(("province", "city", "valley"))), default=9
)
"""The province's own policies first, then the cities', the nation's last."""
STATES = ("valid", "coming", "ended")


@dataclass(frozen=True)
class LibraryFilter:
    """What a list is narrowed to; empty means everything. `on`: the day asked about; without it today."""

    q: str = ""
    level: str = ""
    region: str = ""
    kind: str = ""
    state: str = ""
    unit: str = ""
    sure: str = ""
    on: str = ""

    @property
    def day(self) -> date:
        return parse_date(self.on) or timezone.localdate() if self.on else timezone.localdate()

    def keys(self) -> dict[str, str]:
        names = ("q", "level", "region", "kind", "state", "unit", "sure", "on")
        return {name: value for name in names if (value := getattr(self, name))}

    def but(self, **changed: str) -> dict[str, str]:
        """The query with some keys changed; blank ones leave it."""
        return replace(self, **changed).keys()

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> LibraryFilter:
        """From the address bar; what is unknown is ignored."""

        def said(name: str, allowed: Iterable[str] | None = None, longest: int = 60) -> str:
            value = str(given.get(name, "")).replace("\x00", "").strip()[:longest]
            return value if allowed is None or value in allowed else ""

        try:
            on = said("on") if parse_date(said("on")) else ""
        except ValueError:  # a day no month has
            on = ""
        return cls(
            q=said("q", longest=100), level=said("level", Level.values), region=said("region"),
            kind=said("kind", ("grant", "relief", "finance", "service", "title", "none")), state=said("state", STATES),
            unit=said("unit"), sure=said("sure", ("open", "sure")), on=on,
        )  # fmt: skip


@dataclass(slots=True)
class Found:
    """One page of a list. `more`: a further page exists."""

    rows: list[Any]
    more: bool


def in_state(state: str, day: date, first: str, last: str) -> Q:
    """Rows by where a day stands to their own two days."""
    if state == "coming":
        return Q(**{f"{first}__gt": day})
    ended = Q(**{f"{last}__lt": day})
    if state == "ended":
        return ended
    begun = Q(**{f"{first}__lte": day}) | Q(**{f"{first}__isnull": True})
    return begun & (Q(**{f"{last}__gte": day}) | Q(**{f"{last}__isnull": True}))


def policy_page(actor: Actor, chosen: LibraryFilter, number: int = 1) -> Found:
    """A page of policies with their rules; two queries, none of which counts."""
    rows = narrowed(visible_policies(actor), chosen).select_related("region", "unit").defer("search_text")
    start = (number - 1) * PAGE
    found = list(rows.order_by(NEAREST, "-valid_from", "pk")[start : start + PAGE + 1])
    policies = found[:PAGE]
    entries = defaultdict(list)
    listed = RuleEntry.objects.filter(text__policy__in=policies, text__status__in=COUNTED, superseded=False)
    for entry in listed.select_related("text").defer("text__yaml").order_by("order", "effective_from"):
        entries[entry.text.policy_id].append(entry)
    for policy in policies:
        policy.rules = _newest(entries[policy.pk])  # type: ignore[attr-defined]
    return Found(policies, len(found) > PAGE)


def _newest(entries: list[RuleEntry]) -> list[RuleEntry]:
    """One entry per rule set: the latest version."""
    return list(
        {entry.rule_set: entry for entry in sorted(entries, key=lambda row: row.effective_from)}.values()
    )


def passages(policies: list[Policy], query: str) -> dict[int, str]:
    """Where the words of a query stand: in what it gives, else in an article; by policy."""
    if not query.strip():
        return {}
    found = {policy.pk: passage(policy.gives_zh, query) for policy in policies}
    missing = [pk for pk, text in found.items() if not text]
    rows = Article.objects.filter(version__policy__in=missing).values_list(
        "version__policy_id", "number", "text"
    )
    for pk, number, text in rows:
        if not found[pk] and (said := passage(text, query)):
            found[pk] = f"{number} {said}"
    return found


def narrowed(rows: QuerySet[Policy], chosen: LibraryFilter) -> QuerySet[Policy]:
    if chosen.q:
        rows = matching(rows, chosen.q)
    if chosen.level:
        rows = rows.filter(level=chosen.level)
    if chosen.region:
        rows = rows.filter(region__code=chosen.region)
    if chosen.unit:
        rows = rows.filter(Q(unit__name=chosen.unit) | Q(unit_text=chosen.unit))
    if chosen.kind:
        entries = RuleEntry.objects.filter(superseded=False, text__policy__isnull=False)
        with_kind = entries.filter(benefit_kind="" if chosen.kind == "none" else chosen.kind)
        rows = rows.filter(pk__in=with_kind.values("text__policy_id"))
    if chosen.sure:
        unsure = Q(confidence__in=OPEN)
        rows = rows.filter(unsure) if chosen.sure == "open" else rows.exclude(unsure)
    if chosen.state or chosen.on:
        rows = rows.filter(in_state(chosen.state or "valid", chosen.day, "valid_from", "valid_to"))
        rows = rows.filter(Q(repealed_on__isnull=True) | Q(repealed_on__gt=chosen.day))
    return rows


def rule_page(actor: Actor, chosen: LibraryFilter, number: int = 1) -> Found:
    """A page of rule sets, each with the version that counts on the day (or the nearest one)."""
    rows = RuleEntry.objects.filter(superseded=False, text__status__in=COUNTED, text__in=visible_texts(actor))
    rows = rows.filter(in_state(chosen.state or "valid", chosen.day, "effective_from", "effective_to"))
    if chosen.level:
        rows = rows.filter(text__level=chosen.level)
    if chosen.region:
        rows = rows.filter(text__region__code=chosen.region)
    if chosen.kind:
        rows = rows.filter(benefit_kind="" if chosen.kind == "none" else chosen.kind)
    if chosen.sure:
        rows = rows.filter(pending=chosen.sure == "open")
    for word in normalised(chosen.q).split():
        rows = rows.filter(
            Q(title_zh__icontains=word) | Q(title_en__icontains=word) | Q(rule_set__icontains=word)
        )
    start = (number - 1) * PAGE
    rows = rows.select_related("text__policy", "text__region").defer(
        "text__yaml", "text__policy__search_text"
    )
    found = list(
        rows.order_by("text__level", "order", "rule_set", "effective_from")[start : start + PAGE + 1]
    )
    return Found(found[:PAGE], len(found) > PAGE)


def regions_named() -> list[Region]:
    """Regions that some policy is of."""
    return list(Region.objects.filter(pk__in=Policy.objects.values("region_id")).order_by("code"))


def units_named(actor: Actor) -> list[str]:
    """The responsible units, by name."""
    pairs = visible_policies(actor).values_list("unit__name", "unit_text").distinct()
    return sorted({name or text for name, text in pairs if name or text})[:40]
