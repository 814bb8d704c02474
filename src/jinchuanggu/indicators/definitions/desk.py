"""What the catalogue adds to the navigation and the search."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import EVERY_ROLE
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.workbench.registry import Hit, searcher
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.links import indicator_url

add("report", _("指标目录"), "list-details", "indicators", EVERY_ROLE, order=40)


@searcher("indicators", _("指标"), order=45)
def find_indicators(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Indicators by name or key; to everybody who has signed in."""
    if actor.role not in EVERY_ROLE:
        return []
    words = text.casefold().split()
    if not words:
        return []
    found = (
        one
        for one in catalogue().values()
        if one.source != "published"
        and all(w in f"{one.key} {' '.join(one.title.values())}".casefold() for w in words)
    )
    return [
        Hit(one.name, indicator_url(one.key), one.meaning, "list-details")
        for one, _n in zip(found, range(limit), strict=False)
    ]
