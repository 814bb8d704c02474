"""Where anything may be wrong, over columns of many filings: floats with room for their rounding, never the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from jinchuanggu.engines.rules.formulas import Greatest, Least, Quotient, Share, Sum
from jinchuanggu.engines.rules.operators import Operator
from jinchuanggu.indicators.forms.model import Check, Form

if TYPE_CHECKING:
    from jinchuanggu.indicators.checks.judging import FilingContext

Array = np.ndarray[Any, np.dtype[np.float64]]
ROOM = 1e-9
"""Relative room around a limit; 15 digits of a float leave far less behind."""
Rows = dict[str, list[int]]


def suspects(form: Form, contexts: Sequence[FilingContext]) -> tuple[Rows, Rows]:
    """Rows in which a cell, or a check, may have something to say: ({cell: rows}, {check id: rows})."""
    columns = _Columns(form, contexts)
    cells = {cell.key: _rows(columns.odd_cell(cell.key)) for cell in form.typed}
    return cells, {one.id: _rows(_CHECKS[one.kind](columns, one)) for one in form.checks}


def _rows(mask: Any) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


class _Columns:
    """Each figure once, as a column with NaN where it is not known."""

    def __init__(self, form: Form, contexts: Sequence[FilingContext]) -> None:
        self.form, self.contexts = form, contexts
        self.made: dict[str, Array] = {}

    def column(self, key: str, values: Any) -> Array:
        if key not in self.made:
            self.made[key] = np.array(
                [np.nan if value is None or value == "" else float(value) for value in values],
                dtype=np.float64,
            )
        return self.made[key]

    def cell(self, key: str) -> Array:
        return self.column(key, (context.cells.get(key) for context in self.contexts))

    def past(self, key: str, back: int) -> Array:
        rows = (context.history.get(back) for context in self.contexts)
        return self.column(f"{key}@{back}", (cells.get(key) if cells else None for cells in rows))

    def figure(self, name: str) -> tuple[Array, Array] | None:
        """Values and the size of what they are made of; None for what is made of made values: look at every row."""
        form = self.form
        if name in form.cells:
            x = self.cell(name)
            return x, np.abs(x)
        if name in form.references:
            reference = form.references[name]
            if reference.take == "before":
                x = self.past(reference.cell, reference.back)
            else:
                x = self.column(name, (context.references.get(name) for context in self.contexts))
            return x, np.abs(x)
        made = form.values[name].formula
        match made:
            case Sum(plus, minus):
                parts = [(part, 1.0) for part in plus] + [(part, -1.0) for part in minus]
                if any(part in form.values for part, _ in parts):
                    return None
                found = [self.figure(part) for part, _ in parts]
                values = sum(one[0] * sign for one, (_, sign) in zip(found, parts, strict=True) if one)
                return np.asarray(values), np.asarray(sum(one[1] for one in found if one))
            case Share(of, rate) if of not in form.values:
                one = self.figure(of)
                return None if one is None else (one[0] * float(rate) / 100, one[1] * abs(float(rate)) / 100)
            case Quotient(over, under) if over not in form.values and under not in form.values:
                if form.unit_of(over) != form.unit_of(under):
                    return None
                above, below = self.figure(over), self.figure(under)
                if above is None or below is None:
                    return None
                with np.errstate(divide="ignore", invalid="ignore"):
                    x = np.where(below[0] == 0, np.nan, above[0] / below[0] * 100)
                return x, np.abs(x)
            case Greatest(several) | Least(several) if not any(part in form.values for part in several):
                columns = [one[0] for part in several if (one := self.figure(part))]
                x = np.maximum.reduce(columns) if isinstance(made, Greatest) else np.minimum.reduce(columns)
                return x, np.maximum.reduce([np.abs(column) for column in columns])
        return None

    def odd_cell(self, key: str) -> Any:
        cell, x = self.form.cells[key], self.cell(key)
        odd = np.zeros(len(x), dtype=bool)
        empty = np.isnan(x)
        if cell.required:
            odd |= empty
        scaled = np.where(empty, 0, x) * 10**cell.places
        # beyond the digits of a float every number looks whole
        odd |= (np.abs(scaled - np.rint(scaled)) > 0) | (np.abs(scaled) > 2**50)
        low = float(cell.low) if cell.low is not None else -np.inf if cell.negative else 0.0
        odd |= x < low + ROOM * (abs(low) if np.isfinite(low) else 0)
        if cell.high is not None:
            odd |= x > float(cell.high) - ROOM * abs(float(cell.high))
        return odd

    def everywhere(self) -> Any:
        return np.ones(len(self.contexts), dtype=bool)


def _known(*columns: Array) -> Any:
    return ~np.logical_or.reduce([np.isnan(column) for column in columns])


def _compare(columns: _Columns, one: Check) -> Any:
    left = columns.figure(one.left)
    limit = np.full(len(columns.contexts), float(one.right_number or 0))
    right = columns.figure(one.right) if one.right else (limit, np.abs(limit))
    if left is None or right is None:
        return columns.everywhere()
    room = ROOM * (left[1] + right[1])
    over = left[0] > right[0] - room
    under = left[0] < right[0] + room
    if one.operator in (Operator.AT_MOST, Operator.LESS):
        odd = over
    elif one.operator in (Operator.AT_LEAST, Operator.MORE):
        odd = under
    else:
        odd = columns.everywhere()
    # where both are zero the room is none
    same = left[0] == right[0]
    return (odd | (same & (one.operator in (Operator.LESS, Operator.MORE)))) & _known(left[0], right[0])


def _near(columns: _Columns, one: Check) -> Any:
    left, right = columns.figure(one.left), columns.figure(one.right)
    if left is None or right is None:
        return columns.everywhere()
    size = np.maximum(np.abs(left[0]), np.abs(right[0]))
    room = np.maximum(size * float(one.percent) / 100, float(one.within))
    gap = np.abs(left[0] - right[0])
    return (gap > room - ROOM * (left[1] + right[1])) & (gap > 0) & _known(gap)


def _change(columns: _Columns, one: Check) -> Any:
    odd = np.zeros(len(columns.contexts), dtype=bool)
    for key in one.cells:
        now, before = columns.cell(key), columns.past(key, one.back)
        room = np.maximum(np.abs(before) * float(one.percent) / 100, float(one.within))
        odd |= np.abs(now - before) > room - ROOM * (np.abs(now) + np.abs(before))
    return odd


def _outlier(columns: _Columns, one: Check) -> Any:
    """Only those whose last change is large enough to matter are looked at."""
    odd = np.zeros(len(columns.contexts), dtype=bool)
    for key in one.cells:
        now, before = columns.cell(key), columns.past(key, 1)
        odd |= (
            np.abs(now - before) * 100 >= before * float(one.least_change) - ROOM * (np.abs(now) + before)
        ) & (before > 0)
    return odd


_CHECKS = {"compare": _compare, "near": _near, "change": _change, "outlier": _outlier}
