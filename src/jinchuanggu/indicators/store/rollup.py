"""Adding up: firms make their valley, valleys their city, cities their province. Only what was touched, and exactly.

Sums of whole ten-thousandths are exact on every database. Of an averaged indicator a rolled-up row keeps the sum over
the lowest units, with their number as `reporters`; the division is made once, when the value is read (`pivot`). Counts
of different things and ratios are not rolled up: the former are counted from the records at every level, the latter
computed from their parts when read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Sum, When
from django.utils import timezone

from jinchuanggu.indicators.models import (
    Aggregation,
    IndicatorDefinition,
    Source,
    Unit,
    UnitLevel,
    Value,
    ValueSource,
)
from jinchuanggu.indicators.store import writing
from jinchuanggu.indicators.store.posting import Posted, breakdown_ids, write
from jinchuanggu.indicators.store.units import TRAITS, chunks
from jinchuanggu.indicators.store.writing import RAW, Key

AMOUNT = Case(
    When(source=ValueSource.ROLLED_UP, then=RAW), default=RAW * F("reporters"), output_field=BigIntegerField()
)
"""What a row of an averaged indicator adds to the sum above it."""


def roll_up(touched: Posted, *, at: datetime | None = None) -> int:
    """Bring everything above the touched values up to date; returns how many rows were written.

    Idempotent: a second run writes nothing. Rolled-up rows are overwritten in place, except where a filing was restated:
    there the former value stays as a version. Runs in the caller's transaction; the province stays locked until its end.
    """
    definitions = {
        pk: (aggregation, tuple(breakdowns or ()))
        for pk, aggregation, breakdowns in IndicatorDefinition.objects.filter(
            pk__in={key[0] for key in touched.touched}, aggregation__in=(Aggregation.SUM, Aggregation.AVERAGE)
        )
        .exclude(source=Source.DERIVED)
        .values_list("pk", "aggregation", "breakdowns")
    }
    now = {key: restated for key, restated in touched.touched.items() if key[0] in definitions}
    if not now:
        return 0
    moment, written = at or timezone.now(), 0
    with transaction.atomic():
        known = writing.lock({key[1] for key in now})
        levels = {pk: level for pk, (level, _) in known.items()}
        for level in (UnitLevel.FIRM, UnitLevel.VALLEY, UnitLevel.CITY):
            here = {key: restated for key, restated in now.items() if levels[key[1]] == level}
            targets: dict[Key, bool] = {}
            for (indicator, unit, period, breakdown), restated in here.items():
                parent = known[unit][1]
                if parent is not None and (level != UnitLevel.FIRM or not breakdown):
                    target = (indicator, parent, period, breakdown)
                    targets[target] = targets.get(target, False) or restated
            done = _level(level, targets, definitions, levels, moment)
            written += done.written
            for key, restated in done.touched.items():
                now[key] = now.get(key, False) or restated
    return written


def _level(
    level: int,
    targets: dict[Key, bool],
    definitions: dict[int, tuple[str, tuple[str, ...]]],
    levels: dict[int, int],
    at: datetime,
) -> Posted:
    """Recompute the targets from the current values of one level below them."""
    if not targets:
        return Posted()
    sums: dict[Key, tuple[int, int]] = {}
    for aggregation in (Aggregation.SUM, Aggregation.AVERAGE):
        mine = {key for key in targets if definitions[key[0]][0] == aggregation}
        sums |= _sums(level, aggregation, mine, definitions)
    asked = dict(targets)
    if level == UnitLevel.FIRM:
        asked |= _groups(targets, sums, definitions)
    wanted = {(key, int(ValueSource.ROLLED_UP)): (*sums.get(key, (None, 0)), None) for key in asked}
    done = write(wanted, levels, at, lambda key: asked[key])
    for key in done.touched:
        done.touched[key] = asked[key]
    return done


def _groups(
    targets: dict[Key, bool],
    sums: dict[Key, tuple[int, int]],
    definitions: dict[int, tuple[str, tuple[str, ...]]],
) -> dict[Key, bool]:
    """The groups of the touched totals: those that firms make now and those that stand from before."""
    split = {key for key in targets if definitions[key[0]][1]}
    asked = {key: targets[key[0], key[1], key[2], 0] for key in sums if key not in targets}
    if not split:
        return asked
    for units in chunks({key[1] for key in split}):
        rows = Value.objects.filter(
            indicator__in={key[0] for key in split}, unit__in=units, period__in={key[2] for key in split},
            source=ValueSource.ROLLED_UP, breakdown__gt=0,
        ).values_list("indicator_id", "unit_id", "period", "breakdown").distinct()  # fmt: skip
        for key in rows:
            total = (key[0], key[1], key[2], 0)
            if total in split:
                asked[key] = targets[total]
    return asked


def _sums(
    level: int, aggregation: str, targets: Iterable[Key], definitions: dict[int, tuple[str, tuple[str, ...]]]
) -> dict[Key, tuple[int, int]]:
    """Sum and reporters by key of the level above; of firms also by the groups of their traits."""
    wanted = set(targets)
    if not wanted:
        return {}
    dimensions: list[str] = []
    if level == UnitLevel.FIRM:
        named = {d for key in wanted for d in definitions[key[0]][1]}
        dimensions = [d for d in TRAITS if d in named]
    traits = [f"unit__{d}" for d in dimensions]
    at = ("indicator_id", "unit__parent_id", "period", "breakdown")
    totals: dict[Key, list[int]] = {}
    split: dict[tuple[int, int, int, str, str], list[int]] = {}
    amount = RAW if aggregation == Aggregation.SUM else AMOUNT
    for children in _children({key[1] for key in wanted}):
        rows = (
            Value.objects.filter(
                indicator__in={key[0] for key in wanted}, level=level, period__in={key[2] for key in wanted},
                breakdown__in={key[3] for key in wanted}, current=True, value__isnull=False, unit__in=children,
            )
            .order_by()
            .values(*at, *traits)
            .annotate(total=Sum(amount), who=Sum("reporters"))
            .values_list(*at, "total", "who", *traits)
        )  # fmt: skip
        for indicator, parent, period, breakdown, total, who, *codes in rows:
            key = (indicator, parent, period, breakdown)
            if key not in wanted:
                continue
            _add(totals.setdefault(key, [0, 0]), total, who)
            for dimension, code in zip(dimensions, codes, strict=True):
                if dimension in definitions[indicator][1]:
                    _add(split.setdefault((indicator, parent, period, dimension, code), [0, 0]), total, who)
    ids = breakdown_ids({(dimension, code) for *_, dimension, code in split})
    found = {key: (value, who) for key, (value, who) in totals.items()}
    for (indicator, parent, period, dimension, code), (value, who) in split.items():
        found[indicator, parent, period, ids[dimension, code]] = (value, who)
    return found


def _children(parents: set[int]) -> Iterable[list[int]]:
    """The units right below, in lists that one statement can name.

    Named, the database looks up each; told to join, it reads the firms of the whole province for every valley.
    """
    for part in chunks(parents):
        yield from chunks(Unit.objects.filter(parent__in=part).values_list("pk", flat=True))


def _add(to: list[int], value: int, who: int) -> None:
    to[0] += int(value)
    to[1] += int(who)
