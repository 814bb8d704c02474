"""Computing figures from the records and keeping them: a month every night, any period at the press of a button."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from decimal import Decimal

from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.indicators.computed.measuring import Group, Measured, measure
from jinchuanggu.indicators.computed.sources import records_of, sources
from jinchuanggu.indicators.definitions.catalogue import catalogue, definition_ids
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.models import Breakdown, Unit, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.store.posting import Posted, Posting, post
from jinchuanggu.indicators.store.rollup import roll_up
from jinchuanggu.indicators.store.units import valley_units

Step = Callable[[], object]


def computed_keys(kind: PeriodKind) -> list[str]:
    """The indicators that records give for periods of a kind (moments by month)."""
    known = catalogue()
    return [key for key in sources() if key in known and known[key].kind is kind]


def compute(
    actor: Actor,
    period: Period,
    *,
    keys: Collection[str] | None = None,
    valley_ids: Collection[int] | None = None,
    step: Step | None = None,
) -> int:
    """Bring the computed figures of a period to what the records say; returns how many values were written.

    Each valley's value with its groups, then the roll-up; counts of different things at every level from the records.
    A valley that has had records of a kind has zero where there are none in the period; one that never had has no
    value. What records say only of today stays as it was computed, once a period is over. One transaction with its audit event. Raises KeyError for an indicator that no records give.
    """
    wanted = computed_keys(period.kind) if keys is None else list(keys)
    if missing := [key for key in wanted if key not in sources()]:
        raise KeyError(missing[0])
    known, written = catalogue(), 0
    places = directory().places()
    units = valley_units(places)
    above = _above(units.values())
    before = _before(wanted, period)
    with act(actor, "indicators.compute", detail={"period": str(period), "keys": sorted(wanted)}) as deed:
        touched = Posted()
        for key in wanted:
            records = records_of(key, period)
            rows = _postings(
                known[key], period, measure(records), units, above, before.get(key, {}), valley_ids
            )
            if records.undated and period.last_day < timezone.localdate():
                settled = _settled(key, period)
                rows = [row for row in rows if row.unit_id not in settled]
            touched |= post(rows)
            if step is not None:
                step()
        written = touched.written + roll_up(touched)
        deed.detail["written"] = written
    return written


def _above(valleys: Iterable[Unit]) -> dict[int, list[int]]:
    """`{unit of a city or province: valleys}` by what they stand for."""
    parents: dict[int, int | None] = dict(
        Unit.objects.filter(level=UnitLevel.CITY).values_list("pk", "parent_id")
    )
    found: dict[int, list[int]] = {}
    for unit in valleys:
        city: int | None = unit.parent_id  # type: ignore[attr-defined]
        for one in (city, parents.get(city) if city else None):
            if one is not None:
                found.setdefault(one, []).append(unit.ref_id)
    return found


def _before(keys: Collection[str], period: Period) -> dict[str, dict[int, set[Group]]]:
    """`{key: {unit: groups}}` that the records gave before, in this period or, for totals, in an earlier one."""
    ids = {pk: key for key, pk in definition_ids().items() if key in keys}
    groups = {pk: (d, code) for pk, d, code in Breakdown.objects.values_list("pk", "dimension", "code")}
    rows = Value.objects.filter(indicator__in=ids, source=ValueSource.COMPUTED, value__isnull=False)
    first = Period(period.kind, 1900, 0 if period.kind is PeriodKind.YEAR else 1)
    totals = rows.filter(breakdown=0, period__range=(first.number, period.number))
    split = rows.filter(breakdown__gt=0, period=period.number)
    found: dict[str, dict[int, set[Group]]] = {}
    for indicator, unit in totals.values_list("indicator_id", "unit_id").distinct():
        found.setdefault(ids[indicator], {}).setdefault(unit, set()).add(None)
    for indicator, unit, group in split.values_list("indicator_id", "unit_id", "breakdown").distinct():
        found.setdefault(ids[indicator], {}).setdefault(unit, set()).add(groups[group])
    return found


def _settled(key: str, period: Period) -> set[int]:
    """The units whose value of a past period was computed when it was the present."""
    rows = Value.objects.filter(
        indicator=definition_ids()[key],
        period=period.number,
        source=ValueSource.COMPUTED,
        value__isnull=False,
    )
    return set(rows.values_list("unit_id", flat=True))


def _postings(
    indicator: Indicator,
    period: Period,
    measured: Measured,
    units: dict[int, Unit],
    above: dict[int, list[int]],
    before: dict[int, set[Group]],
    valley_ids: Collection[int] | None,
) -> list[Posting]:
    """The rows to keep for one indicator; what was there before and is no longer becomes zero."""
    values: dict[tuple[int, Group], Decimal | None] = {
        (units[valley].pk, group): value
        for (valley, group), value in measured.valleys.items()
        if valley in units and (valley_ids is None or valley in valley_ids)
    }
    mine = {unit.pk for valley, unit in units.items() if valley_ids is None or valley in valley_ids}
    if indicator.aggregation == "distinct":
        values |= measured.above(above)
        mine |= above.keys()
    for unit, groups in before.items():
        for group in groups:
            if unit in mine:
                values.setdefault((unit, group), Decimal(0))
    return [
        Posting(indicator.key, unit, period, value, breakdown=group, source=ValueSource.COMPUTED)
        for (unit, group), value in values.items()
    ]
