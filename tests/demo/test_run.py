"""The simulated run, told through the actions, against a recomputation in polars from what was simulated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker
from tests.demo.run_reference import CITY, DERIVED, PROVINCE, TOP, VALLEY, Figures, Reference, derived

from jinchuanggu.demo import stories
from jinchuanggu.demo import world as base
from jinchuanggu.demo.pace import paced
from jinchuanggu.demo.run.growth import Raw
from jinchuanggu.demo.run.scale import Scale
from jinchuanggu.demo.run.telling import run_stories
from jinchuanggu.demo.simulated_data import load as read
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import verify
from jinchuanggu.foundation.organisations.models import Organisation, Origin, Region
from jinchuanggu.indicators.catalogue import sync_definitions
from jinchuanggu.indicators.models import Unit, UnitLevel, Value
from jinchuanggu.indicators.pivot import pivot
from jinchuanggu.programme.models import Valley
from jinchuanggu.residents.models import Resident

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SCALE = Scale(4, 60, 26, Period.month(2026, 10))


@dataclass(frozen=True)
class Told:
    raw: Raw
    reference: Reference
    figures: Figures
    places: dict[tuple[int, str], int]


@pytest.fixture(scope="module")
def run(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Told]:
    """Told once for the module on an otherwise empty province and taken away afterwards."""
    from django.db import connection, transaction

    with django_db_blocker.unblock():
        with transaction.atomic():
            raw = tell(SCALE)
            reference = Reference(raw)
            yield Told(raw, reference, reference.figures(), places(raw))
            transaction.set_rollback(True)
        connection.close()


def tell(scale: Scale) -> Raw:
    """The simulated world without its other stories, and the run in it."""
    sync_definitions(SYSTEM_ACTOR)
    with paced() as pace:
        told, raw = run_stories(base.build(read()), scale, pace.moment)
        stories.in_order(told, pace)
    return raw


def places(raw: Raw) -> dict[tuple[int, str], int]:
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


def stored(run: Told, keys: list[str], level: int, group: str | None) -> Figures:
    """What the pivot shows, keyed like the reference."""
    names = {pk: key for (at, key), pk in run.places.items() if at == level}
    cells = pivot(keys, level=level, periods=(SCALE.first, SCALE.last), breakdown=group)
    month = {SCALE.period(at): at for at in range(SCALE.months)}
    return {
        (
            cell.key,
            level,
            names[cell.unit_id],
            month[cell.period],
            None if group is None else (group, str(cell.group)),
        ): (Fraction(cell.value))
        for cell in cells
        if cell.value is not None and cell.unit_id in names
    }


def differing(expected: Figures, found: Figures) -> dict[object, tuple[object, object]]:
    """What isn't the same to the last digit; nothing there is the same as zero."""
    return {
        key: (expected.get(key, 0), found.get(key, 0))
        for key in expected.keys() | found.keys()
        if expected.get(key, 0) != found.get(key, 0)
    }


@pytest.mark.parametrize("level", [VALLEY, CITY, PROVINCE])
@pytest.mark.parametrize("group", [None, "field", "kind", "size"])
def test_every_figure_is_the_one_recomputed(run: Told, level: int, group: str | None) -> None:
    keys = sorted({key[0] for key in run.figures})
    expected = {
        key: value for key, value in run.figures.items()
        if key[1] == level and (key[4] is None if group is None else key[4] is not None and key[4][0] == group)
    }  # fmt: skip
    assert len(expected) > 100
    wrong = differing(expected, stored(run, keys, level, group))
    assert not wrong, (len(wrong), dict(list(wrong.items())[:12]))


@pytest.mark.parametrize("level", [VALLEY, CITY, PROVINCE])
def test_every_ratio_is_that_of_the_sums(run: Told, level: int) -> None:
    expected = {key: value for key, value in derived(run.figures).items() if key[1] == level}
    assert {key[0] for key in expected} == set(DERIVED)
    wrong = differing(expected, stored(run, list(DERIVED), level, None))
    assert not wrong, (len(wrong), dict(list(wrong.items())[:12]))


def test_nothing_of_it_touches_anything_real(run: Told) -> None:
    assert not Organisation.objects.filter(origin=Origin.REAL).exists()
    assert not Region.objects.filter(origin=Origin.REAL).exists()
    assert not Unit.objects.exclude(origin=Origin.SIMULATED).exists()
    assert not Valley.objects.exclude(origin=Origin.SIMULATED).exists()
    assert not Resident.objects.exclude(origin=Origin.SIMULATED).exists()
    assert Unit.objects.filter(level=UnitLevel.PROVINCE).count() == 1
    assert run.places[PROVINCE, TOP]
    assert Value.objects.filter(unit__origin=Origin.SIMULATED).count() == Value.objects.count()


def test_the_chain_holds_and_runs_in_order_of_time(run: Told) -> None:
    found = verify()
    assert found.intact, found
    told = AuditEvent.objects.exclude(actor_label__startswith="系统", target_type="").order_by("pk")
    moments = list(told.values_list("at", flat=True))
    assert len(moments) > 500
    assert moments == sorted(moments)
    assert moments[-1] <= timezone.now()
