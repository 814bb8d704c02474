"""Where the reader stands: the province, a city, a valley or a firm, and what lies below, as far as it may be seen."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.cockpit.address import Asked
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Region, RegionLevel
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.indicators.access import visible_units
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.places import Place as Valley
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store import units as unit_rows


@dataclass(frozen=True)
class Place:
    """`unit`: what is looked at. `valleys`: those below that the reader may open; `kept`: those whose inner affairs
    (alerts, filings, budgets) the reader oversees; `up`: (name, address) of what lies above, the highest first.
    """

    unit: Unit
    name: str
    origin: str
    valleys: dict[int, Valley]
    kept: frozenset[int]
    region: Region | None = None
    up: tuple[tuple[str, str], ...] = ()
    whole: bool = False
    names: dict[int, str] = field(default_factory=dict)

    @property
    def level(self) -> int:
        return self.unit.level

    @property
    def url(self) -> str:
        return reverse("cockpit_unit", args=[self.unit.pk])


def own_origin(actor: Actor, session_view: str) -> str:
    """The kind of data a reader sees without asking: the choice of the frame, else that of the reader's own region."""
    if session_view in ("real", "simulated"):
        return session_view
    found = Region.objects.filter(pk=actor.region_id).values_list("origin", flat=True).first()
    return str(found or "real")


def province_of(origin: str) -> Region | None:
    """The province of a kind of data: the one with cities (bodies elsewhere have provinces too)."""
    rows = Region.objects.filter(level=RegionLevel.PROVINCE, origin=origin, children__isnull=False)
    return rows.distinct().order_by("pk").first()


def home_of(actor: Actor, asked: Asked) -> Unit | None:
    """The unit whose cockpit is the reader's own: the province, its city, its valley, its firm."""
    if actor.province_wide or actor.role == Role.MEMBER_UNIT:
        top = province_of(asked.origin)
        return unit_rows.province_unit(top.pk) if top else None
    rows = visible_units(actor)
    if actor.city_wide:
        return unit_rows.city_unit(actor.region_id) if actor.region_id else None
    if actor.role == Role.OPERATOR:
        mine = directory().mine(actor).order_by().values("pk")
        return rows.filter(level=UnitLevel.VALLEY, ref_id__in=mine).order_by("pk").first()
    if actor.role == Role.ENTERPRISE:
        return rows.filter(level=UnitLevel.FIRM).order_by("-pk").first()
    return None


def may_open(actor: Actor, pk: int) -> Unit:
    """The unit, through the reader's scope. Raises Http404."""
    found = visible_units(actor).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def place_of(actor: Actor, unit: Unit) -> Place:
    """Everything a page needs of where it stands. A fixed number of queries, one more for each level above."""
    line = _line(unit)
    names = unit_rows.names_of(line)
    origin = line[-1].origin if len(line) > 1 else unit.origin
    seen = set(directory().visible(actor).order_by().values_list("pk", flat=True))
    mine = set(directory().mine(actor).order_by().values_list("pk", flat=True))
    below = {pk: one for pk, one in directory().places().items() if pk in seen and one.origin == origin}
    if unit.level == UnitLevel.CITY:
        below = {pk: one for pk, one in below.items() if one.region_id == unit.ref_id}
    elif unit.level <= UnitLevel.VALLEY:
        valley = unit.ref_id if unit.level == UnitLevel.VALLEY else (unit.parent.ref_id if unit.parent else 0)
        below = {pk: one for pk, one in below.items() if pk == valley}
    region_id = unit.ref_id if unit.level >= UnitLevel.CITY else None
    allowed = set(
        visible_units(actor).filter(pk__in=[one.pk for one in line]).order_by().values_list("pk", flat=True)
    )
    up = tuple(
        (names.get(one.pk, ""), reverse("cockpit_unit", args=[one.pk]) if one.pk in allowed else "")
        for one in reversed(line[1:])
    )
    return Place(
        unit=unit,
        name=names.get(unit.pk, ""),
        origin=origin,
        valleys=below,
        kept=frozenset(pk for pk in below if pk in mine) if unit.level > UnitLevel.FIRM else frozenset(),
        region=Region.objects.filter(pk=region_id).first() if region_id else None,
        up=up,
        whole=actor.province_wide,
        names=names,
    )


def _line(unit: Unit) -> list[Unit]:
    """The unit and those above it, the lowest first."""
    found = [unit]
    while found[-1].parent_id is not None:
        above = found[-1].parent
        assert above is not None
        found.append(above)
    return found


def valley_name(valley: Valley) -> str:
    return valley.name_en if english() and valley.name_en else valley.name


def short_name(name: str) -> str:
    """Without what every valley's name begins with and what marks simulated ones; for tight places."""
    return name.removeprefix("晋创谷·").removesuffix("（模拟）").removesuffix(_("（模拟）"))


def region_name(region: Region) -> str:
    return region.name_en if english() and region.name_en else region.name
