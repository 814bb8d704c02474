"""Statistical units: made when first needed, with those above them.

A firm stands under its valley, a valley under the city (or zone) that builds it, a city under its province. The
simulated province is a tree of its own, so nothing is ever added up across both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from django.db.models import QuerySet
from django.utils.translation import get_language

from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.sizes import size_of
from jinchuanggu.residents.models import Resident

_T = TypeVar("_T")

CHUNK = 5_000
"""Ids in one query: below what any database takes as parameters."""

TRAITS = ("field", "kind", "size")
"""What values of firms are broken down by; names of columns of Unit."""


def chunks(items: Iterable[_T], size: int = CHUNK) -> Iterator[list[_T]]:
    """Lists of at most `size` items."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _ensure(level: UnitLevel, ids: Iterable[int], make: Callable[[list[int]], list[Unit]]) -> dict[int, Unit]:
    """The units of a level by what they stand for; `make` builds the missing ones, unsaved."""
    wanted = sorted(set(ids))
    found: dict[int, Unit] = {}
    for part in chunks(wanted):
        found |= {u.ref_id: u for u in Unit.objects.filter(level=level, ref_id__in=part)}
    for part in chunks([one for one in wanted if one not in found]):
        # another request may make the same one at the same time: whoever comes second takes the first's
        Unit.objects.bulk_create(make(part), ignore_conflicts=True)
        found |= {u.ref_id: u for u in Unit.objects.filter(level=level, ref_id__in=part)}
    return found


def province_units(region_ids: Iterable[int]) -> dict[int, Unit]:
    """Units of provinces by region."""

    def make(ids: list[int]) -> list[Unit]:
        rows = Region.objects.filter(pk__in=ids)
        return [Unit(level=UnitLevel.PROVINCE, ref_id=row.pk, origin=row.origin) for row in rows]

    return _ensure(UnitLevel.PROVINCE, region_ids, make)


def city_units(region_ids: Iterable[int]) -> dict[int, Unit]:
    """Units of cities and zones by region, each under its province."""

    def make(ids: list[int]) -> list[Unit]:
        rows = list(Region.objects.filter(pk__in=ids))
        above = province_units(row.parent_id for row in rows if row.parent_id)
        return [
            Unit(
                level=UnitLevel.CITY, ref_id=row.pk, origin=row.origin,
                parent=above[row.parent_id] if row.parent_id else None,
            )
            for row in rows
        ]  # fmt: skip

    return _ensure(UnitLevel.CITY, region_ids, make)


def valley_units(valley_ids: Iterable[int]) -> dict[int, Unit]:
    """Units of valleys by valley, each under the city or zone that builds it."""

    def make(ids: list[int]) -> list[Unit]:
        places = directory().places(ids)
        above = city_units(place.region_id for place in places.values())
        return [
            Unit(level=UnitLevel.VALLEY, ref_id=p.id, origin=p.origin, parent=above[p.region_id])
            for p in places.values()
        ]

    return _ensure(UnitLevel.VALLEY, valley_ids, make)


def firm_units(resident_ids: Iterable[int]) -> dict[int, Unit]:
    """Units of residents by resident, each under its valley, with the traits it has when it is made."""

    def make(ids: list[int]) -> list[Unit]:
        rows = list(Resident.objects.filter(pk__in=ids))
        above = valley_units(row.valley_id for row in rows)
        return [
            Unit(
                level=UnitLevel.FIRM, ref_id=row.pk, origin=row.origin, parent=above[row.valley_id],
                **traits_of(row),
            )
            for row in rows
            if row.valley_id in above
        ]  # fmt: skip

    return _ensure(UnitLevel.FIRM, resident_ids, make)


def traits_of(resident: Resident) -> dict[str, str]:
    """What a resident is broken down by, as its records say today."""
    return {"field": resident.field, "kind": resident.kind, "size": size_of(resident.full_time_staff)}


def valley_unit(valley_id: int) -> Unit:
    """Raises KeyError for no such valley."""
    return valley_units([valley_id])[valley_id]


def city_unit(region_id: int) -> Unit:
    """Raises KeyError for no such region."""
    return city_units([region_id])[region_id]


def province_unit(region_id: int) -> Unit:
    """Raises KeyError for no such region."""
    return province_units([region_id])[region_id]


def names_of(units: Iterable[Unit]) -> dict[int, str]:
    """The name of each unit by its id, in the reader's language. A query for each level among them."""
    english = (get_language() or "").startswith("en")
    by_level: dict[int, dict[int, int]] = {}
    for unit in units:
        by_level.setdefault(unit.level, {})[unit.ref_id] = unit.pk
    names: dict[int, str] = {}
    for level, refs in by_level.items():
        for part in chunks(refs):
            names |= {refs[ref]: name for ref, name in _names(level, part, english)}
    return names


def _names(level: int, refs: Sequence[int], english: bool) -> Iterator[tuple[int, str]]:
    if level == UnitLevel.FIRM:
        rows = Resident.objects.filter(pk__in=refs).values_list(
            "pk", "organisation__name", "organisation__name_en"
        )
        return ((pk, (en if english else "") or name) for pk, name, en in rows)
    if level == UnitLevel.VALLEY:
        return ((pk, (p.name_en if english else "") or p.name) for pk, p in directory().places(refs).items())
    regions = Region.objects.filter(pk__in=refs).values_list("pk", "name", "name_en")
    return ((pk, (en if english else "") or name) for pk, name, en in regions)


def below(within: Unit, level: int) -> QuerySet[Unit]:
    """The units of a level inside a unit (itself for its own level); none for a higher level."""
    steps = within.level - level
    if steps < 0:
        return Unit.objects.none()
    path = "__".join(["parent"] * steps) or "pk"
    return Unit.objects.filter(level=level, **{path: within.pk})
