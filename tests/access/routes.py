"""The routes of the product and who may call them, read from the code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.urls import URLPattern, URLResolver, get_resolver

from jinchuanggu.foundation.access.actor import PUBLIC, SIGNED_IN
from jinchuanggu.foundation.access.guards import EVERY_ROLE, EVERYBODY, declared_for
from jinchuanggu.foundation.organisations.roles import Role

TABLE = Path(__file__).with_name("table.yaml")
CALLERS = (*Role.values, SIGNED_IN, PUBLIC)
WORDS = {
    "everybody": EVERYBODY,
    "signed_in": EVERY_ROLE | {SIGNED_IN},
    "every_role": EVERY_ROLE,
    "nobody": frozenset(),
}

# Old addresses that django-allauth keeps as redirects. They declare nothing and so stay closed to everybody.
CLOSED = {f"accounts/social/{rest}/" for rest in ("login/cancelled", "login/error", "signup", "connections")}


@dataclass(frozen=True)
class Route:
    """`path` is the pattern as written in the code; `declared` is None when nobody declared an access."""

    path: str
    name: str
    view: Callable[..., Any]
    converters: tuple[tuple[str, Any], ...]
    declared: frozenset[str] | None


def _walk(
    resolver: URLResolver, prefix: str = "", above: dict[str, Any] | None = None
) -> Iterator[tuple[str, URLPattern, dict[str, Any]]]:
    for entry in resolver.url_patterns:
        path, converters = prefix + str(entry.pattern), {**(above or {}), **entry.pattern.converters}
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path, converters)
        else:
            yield path, entry, converters


def routes() -> list[Route]:
    """Every route once, in the order of the resolver; the first of two with the same address is the one that
    answers.
    """
    found: dict[str, Route] = {}
    for path, entry, converters in _walk(get_resolver()):
        declared = declared_for(entry.callback, entry.name)
        found.setdefault(
            path, Route(path, entry.name or "", entry.callback, tuple(converters.items()), declared)
        )
    return list(found.values())


def table() -> dict[str, frozenset[str]]:
    """The table of this folder: address pattern → roles."""
    raw = yaml.safe_load(TABLE.read_text("utf-8")) or {}
    return {path: WORDS[who] if isinstance(who, str) else frozenset(who) for path, who in raw.items()}


def spelled(roles: frozenset[str]) -> str | list[str]:
    """The shortest way to write a set of roles."""
    for word, meaning in WORDS.items():
        if roles == meaning:
            return word
    return [caller for caller in CALLERS if caller in roles]
