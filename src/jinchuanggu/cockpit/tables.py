"""One table behind every panel: the page shows it, the download writes it, so the two cannot differ."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from jinchuanggu.foundation import downloads
from jinchuanggu.foundation.ui import formats


@dataclass(frozen=True, slots=True)
class Cell:
    """A number with its unit, or words. `url` opens what it is made of; `note` stands small beside it."""

    value: Decimal | int | str | None = None
    unit: str = ""
    url: str = ""
    note: str = ""
    nothing: str = ""

    @property
    def shown(self) -> Any:
        """For the page: a number with its unit as the house writes it."""
        if self.value is None:
            return self.nothing or formats.NOTHING
        if isinstance(self.value, str):
            return self.value
        return formats.quantity(self.value, self.unit).html()

    @property
    def plain(self) -> Any:
        """For a file: the exact number, or the words."""
        if isinstance(self.value, Decimal):
            return int(self.value) if self.value == self.value.to_integral_value() else self.value
        return self.value if self.value is not None else (self.nothing or None)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    numeric: bool = False


@dataclass(slots=True)
class Table:
    """`about`: what a file says above the rows: unit, month, kind of data."""

    panel: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    about: tuple[tuple[str, str], ...] = ()


def _heads(table: Table) -> list[str]:
    return [column.label for column in table.columns]


def as_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark, so that a spreadsheet opens it as it is."""
    return downloads.csv_of(_heads(table), ([cell.plain for cell in row] for row in table.rows))


def as_json(table: Table) -> bytes:
    """`{title, about, columns: [{key, label}], rows: [{column key: value}]}`; numbers as text stay exact."""
    keys = [column.key for column in table.columns]
    found = {
        "title": table.title,
        "about": dict(table.about),
        "columns": [{"key": column.key, "label": column.label} for column in table.columns],
        "rows": [
            {key: _exact(cell.plain) for key, cell in zip(keys, row, strict=True)} for row in table.rows
        ],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _exact(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def as_xlsx(table: Table) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**downloads.OPTIONS, "in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet(_("数据"))
    for column, label in enumerate(_heads(table)):
        sheet.write_string(0, column, label, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(table.columns) - 1, 18)
    for at, row in enumerate(table.rows, start=1):
        _write(sheet, at, [cell.plain for cell in row])
    about = book.add_worksheet(_("说明"))
    about.set_column(0, 1, 32)
    for at, pair in enumerate(((_("内容"), table.title), *table.about)):
        _write(about, at, pair)
    book.close()
    return out.getvalue()


def _write(sheet: Any, at: int, values: Sequence[Any]) -> None:
    for column, value in enumerate(values):
        downloads.write_cell(sheet, at, column, value)


WRITERS = {
    "csv": (as_csv, downloads.TYPES["csv"]),
    "json": (as_json, "application/json; charset=utf-8"),
    "xlsx": (as_xlsx, downloads.XLSX),
}
