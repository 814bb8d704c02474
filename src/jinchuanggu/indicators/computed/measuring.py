"""From records to values: what each valley has, by group, and - where different things are counted - what each unit above.

Sums are made of whole numbers of the smallest decimal place, so they are exact on every database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Count, F, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Round

from jinchuanggu.indicators.computed.sources import Records

Group = tuple[str, str] | None
"""Dimension and code, None for the total."""


@dataclass(slots=True)
class Measured:
    """`valleys`: {(valley, group): value}; a value of None has rows, yet none that says a number.

    `shared`: {(thing, group): valleys} of the different things that more than one valley has.
    """

    valleys: dict[tuple[int, Group], Decimal | None] = field(default_factory=dict)
    shared: dict[tuple[Any, Group], set[int]] = field(default_factory=dict)

    def above(self, members: Mapping[int, Iterable[int]]) -> dict[tuple[int, Group], Decimal]:
        """Counts of different things by unit above, from `{unit: valleys}`: the valleys' counts less what repeats."""
        units_of: dict[int, list[int]] = defaultdict(list)
        for unit, valleys in members.items():
            for valley in valleys:
                units_of[valley].append(unit)
        found: dict[tuple[int, Group], Decimal] = defaultdict(Decimal)
        for (valley, group), value in self.valleys.items():
            for unit in units_of[valley]:
                found[unit, group] += value or 0
        for (_thing, group), places in self.shared.items():
            seen: dict[int, int] = defaultdict(int)
            for valley in places:
                for unit in units_of[valley]:
                    seen[unit] += 1
            for unit, times in seen.items():
                found[unit, group] -= times - 1
        return dict(found)


def measure(records: Records) -> Measured:
    """What the records of a period give, by valley. A few queries, whatever the number of records."""
    rows = records.rows.filter(**{f"{records.valley}__isnull": False}).order_by()
    return _distinct(records, rows) if records.distinct else _sums(records, rows)


def _sums(records: Records, rows: QuerySet[Any]) -> Measured:
    found = Measured()
    paths = list(records.dimensions.values())
    total, places = amount_of(records)
    cells = rows.values(records.valley, *paths).annotate(figure_=total).values_list(
        records.valley, "figure_", *paths
    )  # fmt: skip
    for valley, whole, *codes in cells:
        value = None if whole is None else Decimal(whole).scaleb(-places)
        groups: list[Group] = [None]
        groups += [(name, str(code or "")) for name, code in zip(records.dimensions, codes, strict=True)]
        for group in groups:
            before = found.valleys.get((valley, group))
            found.valleys[valley, group] = (
                value if before is None else before if value is None else before + value
            )
    return found


def _distinct(records: Records, rows: QuerySet[Any]) -> Measured:
    found = Measured()
    valley, thing = records.valley, records.distinct
    shared = list(
        rows.values(thing).annotate(_valleys=Count(valley, distinct=True)).filter(_valleys__gt=1)
        .values_list(thing, flat=True)
    )  # fmt: skip
    for name, path in ((None, None), *records.dimensions.items()):
        by = [valley, path] if path else [valley]
        for row in rows.values(*by).annotate(figure_=Count(thing, distinct=True)).values_list(*by, "figure_"):
            group = _group(name, row[1:-1])
            found.valleys[row[0], group] = found.valleys.get((row[0], group), Decimal(0)) or Decimal(0)
            found.valleys[row[0], group] += Decimal(row[-1])  # type: ignore[operator]
    for start in range(0, len(shared), 5_000):
        paths = list(records.dimensions.values())
        part = rows.filter(**{f"{thing}__in": shared[start : start + 5_000]})
        for one, at, *codes in part.values_list(thing, valley, *paths):
            found.shared.setdefault((one, None), set()).add(at)
            for name, code in zip(records.dimensions, codes, strict=True):
                found.shared.setdefault((one, (name, str(code or ""))), set()).add(at)
    return found


def _group(name: str | None, codes: tuple[Any, ...]) -> Group:
    return None if name is None else (name, str(codes[0] or ""))


def total_of(records: Records, rows: QuerySet[Any]) -> Decimal | None:
    """The figure of some of the records: their exact sum, or how many (different ones) they are."""
    if records.distinct:
        return Decimal(rows.order_by().values(records.distinct).distinct().count())
    total, places = amount_of(records)
    whole = rows.order_by().aggregate(figure_=total)["figure_"]
    return None if whole is None else Decimal(whole).scaleb(-places)


def amount_of(records: Records) -> tuple[Any, int]:
    """The aggregate of a group of rows as a whole number, and how many decimal places that number has."""
    if not records.amount:
        return Count("pk"), 0
    places = places_of(records.rows.model, records.amount)
    if not places:
        return Sum(records.amount), 0
    scaled: Combinable = F(records.amount) * 10**places
    return Sum(Cast(Round(scaled), BigIntegerField())), places


def places_of(model: type[models.Model], path: str) -> int:
    """Decimal places of the field at a path."""
    *before, last = path.split("__")
    for name in before:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    found = model._meta.get_field(last)
    return found.decimal_places or 0 if isinstance(found, models.DecimalField) else 0
