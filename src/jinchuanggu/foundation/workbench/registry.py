"""What the rooms put on the workbench and into the search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import EVERY_ROLE

Words = str | Promise


@dataclass(frozen=True)
class Figure:
    """A key figure: what it says, how much, where it opens. `tone` is "", "good", "warn" or "bad"."""

    label: Words
    value: Any
    unit: Words = ""
    url: str = ""
    note: Words = ""
    tone: str = ""

    @property
    def shade(self) -> str:
        """The tone under the name the stylesheet gives it."""
        return {"good": "met", "warn": "attention", "bad": "final"}.get(self.tone, self.tone)


@dataclass(frozen=True)
class QuickAct:
    """A thing one does often: a verb, an icon and the address that begins it."""

    label: Words
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int = 50

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, one line about it, its address."""

    title: str
    url: str
    note: Words = ""
    icon: str = ""
    simulated: bool = False


Figures = Callable[[Actor], "Iterable[Figure]"]
Search = Callable[[Actor, str, int], "Iterable[Hit]"]


@dataclass(frozen=True)
class Searcher:
    """A room's share of the search; `function(actor, text, limit)` answers only with what the actor
    may open.
    """

    key: str
    title: Words
    function: Search
    roles: frozenset[str]
    order: int = 50


_figures: list[tuple[frozenset[str], Figures, int]] = []
_acts: list[QuickAct] = []
_searchers: dict[str, Searcher] = {}


def figures(*roles: str, order: int = 50) -> Callable[[Figures], Figures]:
    """Register a function giving two or three figures for these hats (for all when none is named)."""

    def register(function: Figures) -> Figures:
        _figures.append((frozenset(roles) or EVERY_ROLE, function, order))
        return function

    return register


def quick_act(label: Words, icon: str, url_name: str, *roles: str, order: int = 50) -> None:
    """Add a quick act for these hats (for all when none is named)."""
    act = QuickAct(label, icon, url_name, frozenset(roles) or EVERY_ROLE, order)
    if act not in _acts:
        _acts.append(act)


def searcher(key: str, title: Words, *roles: str, order: int = 50) -> Callable[[Search], Search]:
    """Register a room's search under a key; for these hats (for all when none is named)."""

    def register(function: Search) -> Search:
        _searchers[key] = Searcher(key, title, function, frozenset(roles) or EVERY_ROLE, order)
        return function

    return register


def figures_for(actor: Actor) -> list[Figure]:
    return [
        figure
        for roles, function, _ in sorted(_figures, key=lambda item: item[2])
        if actor.role in roles
        for figure in function(actor)
    ]


def acts_for(actor: Actor) -> list[QuickAct]:
    return [act for act in sorted(_acts, key=lambda act: act.order) if actor.role in act.roles and act.url]


def searchers_for(actor: Actor) -> list[Searcher]:
    return sorted((s for s in _searchers.values() if actor.role in s.roles), key=lambda s: s.order)
