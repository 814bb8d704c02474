"""How much of the spaces is let on a day, to whom, and what is free. Areas in m², exact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.ui.origin import of_origin
from jinchuanggu.residents import scopes
from jinchuanggu.residents.models import Space
from jinchuanggu.residents.record_queries import leases_on


@dataclass(frozen=True, slots=True)
class Tenancy:
    """One lease as it stands on the day."""

    pk: int
    tenant: str
    area_m2: Decimal
    ends_on: date | None


@dataclass(slots=True)
class Room:
    """A space on a day. What is not completed yet can't be free."""

    space: Space
    completed: bool
    tenancies: list[Tenancy] = field(default_factory=list)

    @property
    def let(self) -> Decimal:
        return sum((one.area_m2 for one in self.tenancies), Decimal(0))

    @property
    def free(self) -> Decimal:
        return max(self.space.area_m2 - self.let, Decimal(0)) if self.completed else Decimal(0)


@dataclass(slots=True)
class Whole:
    """Several spaces together; `area` is that of the completed ones."""

    spaces: int = 0
    tenants: int = 0
    area: Decimal = Decimal(0)
    let: Decimal = Decimal(0)
    free: Decimal = Decimal(0)

    @property
    def percent(self) -> Decimal | None:
        """Let of what is completed, in percent with one decimal; None where nothing is."""
        return (self.let * 100 / self.area).quantize(Decimal("0.1")) if self.area else None


def rooms(actor: Actor, on: date, origin: str, valley: int | None = None) -> list[Room]:
    """The spaces in scope with their tenants on a day, by valley and name. Two queries."""
    spaces = of_origin(scopes.spaces(actor), origin)
    if valley is not None:
        spaces = spaces.filter(valley_id=valley)
    found = {
        space.pk: Room(space, space.completed_on is not None and space.completed_on <= on)
        for space in spaces.order_by("valley_id", "kind", "name")
    }
    leases = leases_on(on).filter(space__in=spaces.order_by()).order_by("-area_m2", "pk")
    for space, *rest in leases.values_list("space_id", "pk", "organisation__name", "area_m2", "ends_on"):
        found[space].tenancies.append(Tenancy(*rest))
    return list(found.values())


def together(found: Iterable[Room]) -> Whole:
    """The sum of spaces; a tenant of two of them is counted once."""
    whole, tenants = Whole(), set[str]()
    for room in found:
        whole.spaces += 1
        whole.area += room.space.area_m2 if room.completed else Decimal(0)
        whole.let += room.let
        whole.free += room.free
        tenants.update(one.tenant for one in room.tenancies)
    whole.tenants = len(tenants)
    return whole


def by(found: Iterable[Room], of: str) -> dict[Any, Whole]:
    """Spaces together by a column of theirs (`valley_id`, `kind`)."""
    groups: dict[Any, list[Room]] = defaultdict(list)
    for room in found:
        groups[getattr(room.space, of)].append(room)
    return {key: together(group) for key, group in groups.items()}
