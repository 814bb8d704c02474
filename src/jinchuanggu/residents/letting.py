"""Whether a space has room: on no day may more be let than there is. Plain arithmetic first, then the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.ui.formats import day, number
from jinchuanggu.residents.models import Lease, Space


def area(square_metres: Decimal) -> str:
    """Rooms are told in m², however large the building is."""
    return f"{number(square_metres)} m²"


@dataclass(frozen=True, slots=True)
class Let:
    """An area in m² let from a day to a day, both included; no last day: until further notice."""

    starts_on: date
    ends_on: date | None
    area_m2: Decimal


def peak(
    lets: Iterable[Let], first: date = date.min, last: date | None = None
) -> tuple[Decimal, date | None]:
    """The most that is let on one day from `first` to `last`, and the first such day (None where nothing is let)."""
    changes: defaultdict[date, Decimal] = defaultdict(Decimal)
    for let in lets:
        if (let.ends_on is not None and let.ends_on < first) or (last is not None and let.starts_on > last):
            continue
        changes[max(let.starts_on, first)] += let.area_m2
        if let.ends_on is not None and let.ends_on < date.max:
            changes[let.ends_on + timedelta(days=1)] -= let.area_m2
    most, when, now = Decimal(0), None, Decimal(0)
    for at in sorted(changes):
        now += changes[at]
        if now > most and (last is None or at <= last):
            most, when = now, at
    return most, when


def judge(actor: Actor, leases: Sequence[Any]) -> list[dict[str, str]]:
    """What stands against leases that are about to be written together, `{field: message}` each. Two queries."""
    spaces = Space.objects.in_bulk({lease.space_id for lease in leases})
    lets = _standing(spaces, {lease.pk for lease in leases if lease.pk is not None})
    told: list[dict[str, str]] = []
    for lease in leases:
        space, mine = spaces[lease.space_id], Let(lease.starts_on, lease.ends_on, lease.area_m2)
        taken, when = peak(lets[space.pk], lease.starts_on, lease.ends_on)
        if taken + lease.area_m2 > space.area_m2:
            told.append({"area_m2": _too_much(space, taken, when)})
            continue
        told.append({})
        lets[space.pk].append(mine)
    return told


def judge_spaces(actor: Actor, spaces: Sequence[Any]) -> list[dict[str, str]]:
    """A space doesn't become smaller than what is let of it. One query."""
    known = {space.pk: space for space in spaces if space.pk is not None}
    lets = _standing(known, set()) if known else {}
    told: list[dict[str, str]] = []
    for space in spaces:
        most, when = peak(lets.get(space.pk, ()))
        wrong = most > space.area_m2
        words = (
            _("%(day)s 已出租 %(let)s，面积不能小于它") % {"day": day(when), "let": area(most)}
            if wrong
            else ""
        )
        told.append({"area_m2": words} if wrong else {})
    return told


def holds(leases: Sequence[Any]) -> None:
    """After leases are written: their spaces, locked, have room on every day. Raises ValidationError."""
    _hold({lease.space_id for lease in leases})


def spaces_hold(spaces: Sequence[Any]) -> None:
    """The same after spaces are written."""
    _hold({space.pk for space in spaces})


def _hold(ids: set[int]) -> None:
    # no_key: a lease written at the same moment by another keeps the space from being deleted, which is no conflict
    locked = {
        space.pk: space
        for space in Space.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    }
    for pk, lets in _standing(locked, set()).items():
        most, _when = peak(lets)
        if most > locked[pk].area_m2:
            raise ValidationError(
                _("“%(space)s”的出租面积将超过空间面积，可能有人刚刚出租了其中一部分；请核对后再试")
                % {"space": locked[pk]}
            )


def _standing(spaces: Mapping[int, Any], without: set[int]) -> dict[int, list[Let]]:
    found: dict[int, list[Let]] = {pk: [] for pk in spaces}
    rows = Lease.objects.filter(space_id__in=spaces).exclude(pk__in=without).order_by("pk")
    for space, starts, ends, size in rows.values_list("space_id", "starts_on", "ends_on", "area_m2"):
        found[space].append(Let(starts, ends, size))
    return found


def _too_much(space: Space, taken: Decimal, when: date | None) -> str:
    free = space.area_m2 - taken
    if when is None:
        return _("超过空间面积 %(area)s") % {"area": area(space.area_m2)}
    return _("该空间共 %(area)s，%(day)s 起已出租 %(taken)s，只剩 %(free)s") % {
        "area": area(space.area_m2),
        "day": day(when),
        "taken": area(taken),
        "free": area(max(free, Decimal(0))),
    }
