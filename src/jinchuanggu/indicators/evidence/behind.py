"""What is behind one value, found out in one place: which kind of evidence it is, and the figure that the page must meet.

A slice is an indicator, a unit, a period and perhaps a group. Access to the unit is the caller's concern
(`access.get_unit`); access to each record is decided here, row by row in the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.computed.sources import sources
from jinchuanggu.indicators.definitions.catalogue import definition_ids
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.models import Breakdown, Unit, UnitLevel, Value, ValueSource
from jinchuanggu.indicators.store.pivot import Cell, pivot
from jinchuanggu.indicators.store.units import TRAITS, below


class Behind(StrEnum):
    """What a value rests on."""

    RECORDS = "records"
    VALUES = "values"  # filings and reports of the units that have a value of their own
    PARTS = "parts"  # numerator and denominator, or whatever a formula reads
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Slice:
    """`group`: dimension and code, None for the total."""

    indicator: Indicator
    unit: Unit
    period: Period
    group: tuple[str, str] | None = None


def hidden_of(total: Decimal | None, shown: Decimal | None) -> Decimal | None:
    """What the lines that a reader may not open add up to; None when there are none."""
    if total is None or total == (shown or 0):
        return None
    return total - (shown or Decimal(0))


def value_of(at: Slice) -> Cell | None:
    """The value as it is kept, of a longer period as it follows from the shorter ones; None where there is none."""
    cells = pivot(
        [at.indicator.key],
        level=at.unit.level,
        units=[at.unit.pk],
        periods=(at.period, at.period),
        kind=max(at.period.kind, at.indicator.kind),
        breakdown=at.group[0] if at.group else None,
    )
    code = at.group[1] if at.group else None
    return next((cell for cell in cells if cell.group == code), None)


def settled(at: Slice) -> Slice:
    """The slice by whose records the value is explained: of a stock over a longer period its last month with a value."""
    indicator = at.indicator
    if indicator.over_time != "last" or indicator.source == "derived" or at.period.kind <= indicator.kind:
        return at
    last = own_values(at).order_by("-period").values_list("period", flat=True).first()
    if last is None:
        today = Period.of(indicator.kind, timezone.localdate())
        parts = [part for part in at.period.parts(indicator.kind) if part <= today]
        return Slice(indicator, at.unit, (parts or at.period.parts(indicator.kind)[:1])[-1], at.group)
    return Slice(indicator, at.unit, Period.numbered(last), at.group)


def own_values(at: Slice) -> QuerySet[Value]:
    """The unit's current values in the period, roll-ups included."""
    rows = Value.objects.filter(
        indicator=definition_ids()[at.indicator.key], unit=at.unit, current=True, value__isnull=False,
        period__in=stored_periods(at),
    )  # fmt: skip
    return rows.filter(breakdown=breakdown_id(at.group))


def behind(at: Slice) -> Behind:
    """What the value rests on. Records, where all of it was computed; else the values of the units below."""
    if at.indicator.source == "derived":
        return Behind.PARTS
    if at.indicator.key in sources():
        other = values_behind(at).exclude(source=ValueSource.COMPUTED)
        if not other.exists():
            return Behind.RECORDS
    return Behind.VALUES if values_behind(at).exists() else Behind.NOTHING


def stored_periods(at: Slice) -> list[int]:
    """Numbers of the stored periods inside the period asked about."""
    if at.period.kind < at.indicator.kind:
        return []
    return [period.number for period in at.period.parts(PeriodKind(at.indicator.kind))]


def breakdown_id(group: tuple[str, str] | None) -> int:
    """The number of a group in the store, 0 for the total, -1 for a group nobody has."""
    if group is None:
        return 0
    found = Breakdown.objects.filter(dimension=group[0], code=group[1]).values_list("pk", flat=True).first()
    return -1 if found is None else found


def values_behind(at: Slice) -> QuerySet[Value]:
    """The current values that were not rolled up and make this one: of firms, of valleys or of cities, whoever says them.

    Where a unit has a value of its own, what lies below it is not added up and so is left out.
    """
    group = breakdown_id(at.group)
    own = Value.objects.filter(
        indicator=definition_ids()[at.indicator.key], current=True, value__isnull=False,
        period__in=stored_periods(at),
    ).exclude(source=ValueSource.ROLLED_UP)  # fmt: skip
    inside = Q(unit=at.unit, breakdown=group)
    for level in (UnitLevel.CITY, UnitLevel.VALLEY, UnitLevel.FIRM):
        if level < at.unit.level:
            units = Q(level=level, unit__in=below(at.unit, level).values("pk"))
            if level == UnitLevel.FIRM and at.group is not None and at.group[0] in TRAITS:
                inside |= units & Q(breakdown=0, **{f"unit__{at.group[0]}": at.group[1]})
            else:
                inside |= units & Q(breakdown=group)
    rows = own.filter(inside)
    for steps in range(1, at.unit.level):
        above = OuterRef("__".join(["unit", *["parent"] * steps]))
        said = own.filter(unit=above, level__lte=at.unit.level, breakdown=group, period=OuterRef("period"))
        rows = rows.exclude(Exists(said))
    return rows
