"""Many subjects as columns: one array per fact, and what is not known stays not known.

Names of columns: a number, date, statement, code, list or judgement has the id of its input. A series has one column
per year: ``id@0`` is the data year (the year before the day of the judgement), ``id@1`` the year before it, and
``id@-1`` the running year. What experts concluded beside a score is ``id@passed``.

====================  =============================  =====================================
fact                  array                          not known
====================  =============================  =====================================
number, series year   float64, or whole numbers      NaN
statement, passed     int8: 1 holds, 0 does not      -1
code, list            int32, an index of ``codes``   -1
date                  datetime64[D]                  NaT (0001-01-01: there is none)
score of experts      float64                        NaN
====================  =============================  =====================================

A float means the shortest decimal it prints: 0.1 is one tenth. A column that is not there is known of nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement, Statement
from jinchuanggu.engines.rules.model import Input, InputType

Array = NDArray[Any]
Listing = tuple[Item, ...]


@dataclass(frozen=True)
class Population:
    """``n`` subjects. ``codes``: what the indices of a code column mean; ``listings``: the same for lists."""

    n: int
    columns: Mapping[str, Array]
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    listings: Mapping[str, tuple[Listing, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if len(column) != self.n:
                raise ValueError(f"column {name}: {len(column)} rows, the population has {self.n}")
            if column.dtype == np.float32 or column.dtype == np.float16:
                raise ValueError(f"column {name}: use float64, a shorter float does not hold the figures")

    def years(self, series: str) -> tuple[int, ...]:
        """How many years before the data year the columns of a series are; sorted."""
        head = f"{series}@"
        tails = (name.removeprefix(head) for name in self.columns if name.startswith(head))
        return tuple(sorted(int(tail) for tail in tails if tail.lstrip("-").isdigit()))

    def take(self, rows: Array) -> Population:
        """The subjects of a mask or of row numbers."""
        columns = {name: column[rows] for name, column in self.columns.items()}
        count = int(np.count_nonzero(rows)) if rows.dtype == bool else len(rows)
        return Population(count, columns, self.codes, self.listings)

    @classmethod
    def concat(cls, parts: Sequence[Population]) -> Population:
        """One after the other; a fact that only some parts know is unknown of the others."""
        names = dict.fromkeys(name for part in parts for name in part.columns)
        columns: dict[str, Array] = {}
        codes: dict[str, tuple[str, ...]] = {}
        listings: dict[str, tuple[Listing, ...]] = {}
        for name in names:
            kind = next(part.columns[name].dtype for part in parts if name in part.columns)
            pieces = [part.columns.get(name, _unknown(kind, part.n)) for part in parts]
            kinds: list[tuple[dict[str, Any], list[Any]]] = [
                (codes, [part.codes.get(name) for part in parts]),
                (listings, [part.listings.get(name) for part in parts]),
            ]
            for kept, tables in kinds:
                if any(table is not None for table in tables):
                    joined: dict[Any, int] = {}
                    pieces = [
                        _coded(piece, table or (), joined)
                        for piece, table in zip(pieces, tables, strict=True)
                    ]
                    kept[name] = tuple(key.listing if isinstance(key, _Same) else key for key in joined)
            columns[name] = np.concatenate(pieces)
        return cls(sum(part.n for part in parts), columns, codes, listings)

    @classmethod
    def from_records(
        cls, inputs: Mapping[str, Input], records: Iterable[Mapping[str, object]], on: date
    ) -> Population:
        """From records as ``facts_of`` reads them: input id to value, a series as {year: value}.

        Raises ValueError for a value that a column cannot hold exactly.
        """
        from jinchuanggu.engines.rules.columns.building import build

        return build(inputs, list(records), on)

    def record(self, row: int, inputs: Mapping[str, Input], on: date) -> dict[str, object]:
        """One subject as a record: only what is known of it."""
        found: dict[str, object] = {}
        for name, declared in inputs.items():
            value = self._value(name, declared, row, on)
            if value is not None and value != {}:
                found[name] = value
        return found

    def to_facts(self, row: int, on: date, inputs: Mapping[str, Input]) -> Facts:
        """One subject as the facts the exact evaluation reads."""
        return facts_from(inputs, self.record(row, inputs, on))

    def _value(self, name: str, declared: Input, row: int, on: date) -> object:
        if declared.computed:
            return None
        match declared.type:
            case InputType.SERIES:
                years = {
                    on.year - 1 - back: number(self.columns[f"{name}@{back}"][row])
                    for back in self.years(name)
                }
                return {year: value for year, value in years.items() if value is not None}
            case InputType.EXPERT:
                score = number(self.columns[name][row]) if name in self.columns else None
                passed = self.columns.get(f"{name}@passed")
                said = None if passed is None or passed[row] < 0 else bool(passed[row])
                return None if score is None and said is None else Judgement(score, said)
        column = self.columns.get(name)
        if column is None:
            return None
        cell = column[row]
        match declared.type:
            case InputType.NUMBER:
                return number(cell)
            case InputType.BOOLEAN:
                return None if cell < 0 else bool(cell)
            case InputType.CODE:
                return None if cell < 0 else self.codes[name][int(cell)]
            case InputType.LIST:
                return None if cell < 0 else self.listings[name][int(cell)]
            case _:
                return None if np.isnat(cell) else cell.astype(object)


def number(cell: Any) -> Decimal | None:
    """The decimal a cell means; NaN is not known."""
    if isinstance(cell, np.integer):
        return Decimal(int(cell))
    value = float(cell)
    return None if value != value else Decimal(repr(value))


def facts_from(inputs: Mapping[str, Input], record: Mapping[str, object]) -> Facts:
    """The facts of a record that was checked already (see ``facts_of`` for one that was not)."""
    reports: dict[str, tuple[Figure, ...]] = {}
    lists: dict[str, Listing] = {}
    statements: dict[str, Statement] = {}
    codes: dict[str, str] = {}
    judgements: dict[str, Judgement] = {}
    dates: dict[str, date] = {}
    for name, value in record.items():
        match inputs[name].type, value:
            case InputType.SERIES, dict():
                reports[name] = tuple(Figure(Decimal(figure), year=year) for year, figure in value.items())
            case InputType.NUMBER, Decimal() | int():
                reports[name] = (Figure(Decimal(value)),)
            case InputType.BOOLEAN, bool():
                statements[name] = Statement(value)
            case InputType.CODE, str():
                codes[name] = value
            case InputType.LIST, tuple():
                lists[name] = value
            case InputType.EXPERT, Judgement():
                judgements[name] = value
            case InputType.DATE, date():
                dates[name] = value
    return Facts(reports, lists, statements, codes, judgements, dates)


def _unknown(kind: np.dtype[Any], rows: int) -> Array:
    if kind.kind == "f":
        return np.full(rows, np.nan)
    if kind.kind == "M":
        return np.full(rows, np.datetime64("NaT"), kind)
    if kind.kind == "i" and kind.itemsize > 4:
        return np.full(rows, np.nan)
    return np.full(rows, -1, kind)


def _coded(indices: Array, table: Sequence[Any], joined: dict[Any, int]) -> Array:
    """Indices of one table as indices of the joined one."""
    positions = []
    for entry in table:
        key = entry if isinstance(entry, str) else _Same(entry)
        positions.append(joined.setdefault(key, len(joined)))
    found: Array = np.array([*positions, -1], np.int32)[indices]
    return found


class _Same:
    """A list as a key: equal to one with the same items."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.key = tuple((item.name, tuple(sorted(item.attributes.items()))) for item in listing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.key == self.key

    def __hash__(self) -> int:
        return hash(self.key)
