"""Who reads which history. Rooms say what of theirs a reader may see and which records would give experts
away.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role

READERS = frozenset({Role.AUDITOR, Role.ADMIN, Role.PROVINCIAL_OFFICE})
"""Hats that read the whole record."""

Scope = Callable[[Actor], "Q | None"]
_scopes: list[Scope] = []

confidential: set[str] = set()
"""Object types (`label_lower`) whose history shows who scored whom or what; only `READERS` and the doer see
it.
"""


def register_scope(scope: Scope) -> Scope:
    """A room adds what its readers may see, as a condition on `AuditEvent` (e.g. `Q(valley_id__in=…)`), or
    None.
    """
    _scopes.append(scope)
    return scope


def visible(actor: Actor) -> Q:
    """The condition on `AuditEvent` of everything this hat may read: what it did, and what the rooms open to
    it.
    """
    if actor.role in READERS:
        return Q()
    own = Q(user_id=actor.user_id) if actor.user_id else Q(pk__in=[])
    opened = Q(pk__in=[])
    for scope in _scopes:
        condition = scope(actor)
        if condition is not None:
            opened |= condition
    return own | (opened & ~Q(role=Role.EXPERT) & ~Q(target_type__in=sorted(confidential)))
