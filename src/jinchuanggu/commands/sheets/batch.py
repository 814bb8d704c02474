"""A block of rows read by its columns: values of inputs, labels, and what was wrong with which row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jinchuanggu.commands.sheets import cells
from jinchuanggu.commands.sheets.books import Row, Sheet
from jinchuanggu.commands.sheets.heads import Column, Use
from jinchuanggu.commands.sheets.problems import CellProblem, Unfit
from jinchuanggu.engines.cells import shown
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.texts import Text


@dataclass(slots=True)
class Batch:
    """``values`` by column of a population (``id`` or ``id@years back``), None where the cell is empty; all lists
    are as long as ``rows``. ``bad``: problems by the index of the row."""

    sheet: str
    numbers: list[int]
    rows: list[Row]
    data_year: int
    labels: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)
    bad: dict[int, list[CellProblem]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def good(self) -> list[int]:
        """The rows that can be judged."""
        return [index for index in range(len(self.rows)) if index not in self.bad]

    def label(self, name: str, index: int) -> str:
        values = self.labels.get(name)
        return values[index] if values else ""

    def record(self, index: int) -> dict[str, Any]:
        """One row as the scalar evaluation takes it; only what is known."""
        found: dict[str, Any] = {}
        for key, values in self.values.items():
            value = values[index]
            if value is None:
                continue
            if value.__class__ is float:
                value = Decimal(repr(value)) if not value.is_integer() else Decimal(int(value))
            name, _, back = key.partition("@")
            if back:
                found.setdefault(name, {})[self.data_year - int(back)] = value
            else:
                found[name] = value
        return found


def read(
    sheet: Sheet, numbers: list[int], rows: list[Row], inputs: Mapping[str, Input], data_year: int
) -> Batch:
    """Every cell of every used column; a row with a cell that does not fit is reported, the others stand."""
    batch = Batch(sheet.name, numbers, rows, data_year)
    for column in sheet.columns:
        if column.use is Use.LABEL:
            batch.labels[column.name] = [
                cells.label(row[column.at]) if column.at < len(row) else "" for row in rows
            ]
        elif column.use is Use.INPUT:
            known = inputs[column.name]
            batch.values[key_of(column, known, data_year)] = _column(batch, column, known)
    return batch


def key_of(column: Column, known: Input, data_year: int) -> str:
    """The name of a column of a population."""
    if known.type is InputType.SERIES and column.year is not None:
        return f"{column.name}@{data_year - column.year}"
    return column.name


def _column(batch: Batch, column: Column, known: Input) -> list[Any]:
    read_cell, at = cells.reader(column, known), column.at
    values: list[Any] = []
    add = values.append
    for index, row in enumerate(batch.rows):
        raw = row[at] if at < len(row) else None
        if raw is None or raw == "":
            add(None)
            continue
        try:
            add(read_cell(raw))
        except Unfit as unfit:
            add(None)
            _say(batch, column, index, raw, unfit.text)
    return values


def _say(batch: Batch, column: Column, index: int, raw: object, text: Text) -> None:
    problem = CellProblem(
        batch.sheet, batch.numbers[index], column.letter, column.head.replace("\n", " "), shown(raw, 80), text
    )
    batch.bad.setdefault(index, []).append(problem)
