"""Telling the run alone, and what the product then shows, keyed like the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from tests.demo.run_reference import VALLEY, Figures

from jinchuanggu.demo import stories
from jinchuanggu.demo import world as base
from jinchuanggu.demo.pace import paced
from jinchuanggu.demo.run.growth import Raw
from jinchuanggu.demo.run.scale import Scale
from jinchuanggu.demo.run.telling import run_stories
from jinchuanggu.demo.simulated_data import load as read
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.indicators.definitions.catalogue import sync_definitions
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.indicators.store.pivot import pivot
from jinchuanggu.programme.models import Valley

Places = dict[tuple[int, str], int]


def tell(scale: Scale, around: Callable[[list[stories.Story]], list[stories.Story]] = list) -> Raw:
    """The simulated world without its other stories, and the run in it. `around` may wrap the stories."""
    sync_definitions(SYSTEM_ACTOR)
    with paced() as pace:
        told, raw = run_stories(base.build(read()), scale, pace.moment)
        stories.in_order(around(told), pace)
    return raw


def places(raw: Raw) -> Places:
    """`{(level, key of the place): unit id}`."""
    names = {valley.name: valley.key for valley in raw.valleys}
    valleys = {
        pk: names[name] for pk, name in Valley.objects.filter(name__in=names).values_list("pk", "name")
    }
    regions = dict(Region.objects.values_list("pk", "code"))
    found = {}
    for pk, level, ref in Unit.objects.exclude(level=UnitLevel.FIRM).values_list("pk", "level", "ref_id"):
        key = valleys.get(ref) if level == VALLEY else regions[ref]
        if key is not None:
            found[level, key] = pk
    return found


def shown(raw: Raw, at: Places, keys: Iterable[str], level: int, group: str | None) -> Figures:
    """What the pivot shows for every month of the run."""
    scale, names = raw.scale, {pk: key for (where, key), pk in at.items() if where == level}
    month = {scale.period(number): number for number in range(scale.months)}
    cells = pivot(keys, level=level, periods=(scale.first, scale.last), breakdown=group)
    found: Figures = {}
    for cell in cells:
        if cell.value is not None and cell.unit_id in names:
            split = None if group is None else (group, str(cell.group))
            found[cell.key, level, names[cell.unit_id], month[cell.period], split] = Fraction(cell.value)
    return found


def asked(figures: Figures, level: int, group: str | None) -> Figures:
    """The part of the reference that one pivot shows."""
    return {
        key: value
        for key, value in figures.items()
        if key[1] == level
        and (key[4] is None if group is None else key[4] is not None and key[4][0] == group)
    }


def differing(expected: Figures, found: Figures) -> dict[object, tuple[object, object]]:
    """What isn't the same to the last digit; nothing there is the same as zero."""
    return {
        key: (expected.get(key, 0), found.get(key, 0))
        for key in expected.keys() | found.keys()
        if expected.get(key, 0) != found.get(key, 0)
    }
