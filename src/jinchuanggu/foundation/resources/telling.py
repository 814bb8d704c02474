"""Whom a change of declared records concerns: found before and after the write, told once it has committed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from jinchuanggu.foundation import events
from jinchuanggu.foundation.resources.declare import Resource

Bodies = set[int]


def bodies_of(resource: Resource, pks: Collection[int]) -> Bodies:
    """Ids of the bodies that the stored rows belong to; one query, none where the resource tells nobody."""
    if resource.tells is None or not pks:
        return set()
    rows = resource.model._default_manager.filter(pk__in=pks).order_by()
    return set(rows.values_list(resource.tells.path, flat=True).distinct()) - {None}


def tell(resource: Resource, bodies: Iterable[int]) -> None:
    """Publish the resource's event for each body, after the surrounding transaction."""
    if resource.tells is None:
        return
    for body in sorted(bodies):
        events.publish(resource.tells.event, **{resource.tells.fact: body})
