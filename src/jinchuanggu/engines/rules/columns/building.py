"""Columns built from records, column by column, each in the narrowest form that holds what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from jinchuanggu.engines.rules.columns.population import Array, Listing, Population
from jinchuanggu.engines.rules.dates import NEVER, is_never
from jinchuanggu.engines.rules.facts import Item, Judgement
from jinchuanggu.engines.rules.model import Input, InputType

Records = Sequence[Mapping[str, object]]


def build(inputs: Mapping[str, Input], records: Records, on: date) -> Population:
    columns: dict[str, Array] = {}
    codes: dict[str, tuple[str, ...]] = {}
    listings: dict[str, tuple[Listing, ...]] = {}
    for name, declared in inputs.items():
        if declared.computed:
            continue
        cells = [record.get(name) for record in records]
        if all(cell is None for cell in cells):
            continue
        match declared.type:
            case InputType.NUMBER:
                columns[name] = _numbers(name, cells)
            case InputType.SERIES:
                columns.update(_series(name, cells, on))
            case InputType.BOOLEAN:
                columns[name] = np.array([-1 if cell is None else int(bool(cell)) for cell in cells], np.int8)
            case InputType.CODE:
                columns[name], codes[name] = _indexed(cells)
            case InputType.LIST:
                columns[name], listings[name] = _indexed([_listing(cell) for cell in cells])
            case InputType.DATE:
                columns[name] = np.array([_date(cell) for cell in cells], "datetime64[D]")
            case InputType.EXPERT:
                columns.update(_judged(name, cells))
    return Population(len(records), columns, codes, listings)


def _date(cell: object) -> object:
    return NEVER if isinstance(cell, str) and is_never(cell) else cell


def as_float(value: object, name: str) -> float:
    """The float that prints this number; ValueError where none does."""
    if value is None:
        return float("nan")
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        raise ValueError(f"{name}: {value!r} is not a number")
    near = float(value)
    if isinstance(value, Decimal) and value.is_finite() and Decimal(repr(near)) == value:
        return near  # the common case, told without fractions
    exact = Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    if near in (float("inf"), float("-inf")) or Fraction(repr(near)) != exact:
        raise ValueError(f"{name}: {value} has more digits than a column holds (15)")
    return near


def _numbers(name: str, cells: Sequence[object]) -> Array:
    return np.array([as_float(cell, name) for cell in cells], np.float64)


def _series(name: str, cells: Sequence[object], on: date) -> dict[str, Array]:
    years = {year for cell in cells if isinstance(cell, Mapping) for year in cell}
    last = on.year - 1
    return {
        f"{name}@{last - year}": _numbers(
            name, [cell.get(year) if isinstance(cell, Mapping) else None for cell in cells]
        )
        for year in sorted(years, reverse=True)
        if year <= on.year  # a year yet to come is no fact
    }


def _indexed(cells: Sequence[Any]) -> tuple[Array, tuple[Any, ...]]:
    table: dict[Any, int] = {}
    by_key: dict[Any, Any] = {}
    indices = []
    for cell in cells:
        if cell is None:
            indices.append(-1)
            continue
        key = key_of(cell)
        by_key.setdefault(key, cell)
        indices.append(table.setdefault(key, len(table)))
    return np.array(indices, np.int32), tuple(by_key.values())


def key_of(entry: Any) -> Any:
    """Something to tell equal codes or lists by: lists hold items whose attributes are mappings."""
    if isinstance(entry, str):
        return entry
    return tuple((item.name, tuple(sorted(item.attributes.items()))) for item in entry)


def _listing(cell: object) -> Listing | None:
    if cell is None:
        return None
    if not isinstance(cell, list | tuple):
        raise ValueError(f"{cell!r} is not a list")
    return tuple(_item(entry) for entry in cell)


def _item(entry: object) -> Item:
    if isinstance(entry, Item):
        return entry
    if isinstance(entry, Mapping):
        rest = {str(key): str(value) for key, value in entry.items() if key != "name" and value is not None}
        return Item(str(entry.get("name", "")), rest)
    return Item(str(entry))


def _judged(name: str, cells: Sequence[object]) -> dict[str, Array]:
    judgements = [_judgement(cell) for cell in cells]
    found = {name: np.array([as_float(judgement.score, name) for judgement in judgements], np.float64)}
    if any(judgement.passed is not None for judgement in judgements):
        passed = [-1 if judgement.passed is None else int(judgement.passed) for judgement in judgements]
        found[f"{name}@passed"] = np.array(passed, np.int8)
    return found


def _judgement(cell: object) -> Judgement:
    if isinstance(cell, Judgement):
        return cell
    if isinstance(cell, Mapping):
        return Judgement(cell.get("score"), cell.get("passed"))
    if cell is None or (isinstance(cell, int | float | Decimal) and not isinstance(cell, bool)):
        return Judgement(None if cell is None else Decimal(str(cell)))
    raise ValueError(f"{cell!r} is not a judgement")
