"""The navigation tree: rooms add their entries; a reader sees those its role may open, under the same names for all."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. `group` orders by `GROUPS`; `roles` are those that see it."""

    group: str
    label: str | Promise
    icon: str
    url_name: str
    roles: frozenset[str]
    order: int = 50


entries: list[Entry] = []


def add(
    group: str,
    label: str | Promise,
    icon: str,
    url_name: str,
    roles: frozenset[str] | set[str],
    order: int = 50,
) -> None:
    """Add an entry once; called from a room's `apps.ready`."""
    entry = Entry(group, label, icon, url_name, frozenset(roles), order)
    if entry not in entries:
        entries.append(entry)


def tree(role: str, path: str) -> list[dict[str, object]]:
    """Groups with the entries this role may open; the entry with the longest matching address is active."""
    from jinchuanggu.foundation.navigation_groups import GROUPS

    shown: list[tuple[Entry, str]] = []
    for entry in sorted(entries, key=lambda e: e.order):
        if role not in entry.roles:
            continue
        try:
            shown.append((entry, reverse(entry.url_name)))
        except NoReverseMatch:
            continue
    best = max((url for _, url in shown if path.startswith(url)), key=len, default="")
    return [
        {"label": label, "items": items}
        for key, label in GROUPS.items()
        if (
            items := [
                {"label": e.label, "icon": e.icon, "url": url, "active": url == best}
                for e, url in shown
                if e.group == key
            ]
        )
    ]
