"""A table as a file: CSV with exact numbers, or a workbook that says in its first line what it holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import Http404, HttpResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}
"""Of every workbook: what somebody typed never runs."""
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
EXACT_DIGITS = 15
"""Excel keeps so many digits of a number; a longer one is written as text rather than rounded."""


@dataclass(frozen=True, slots=True)
class Download:
    """`about`: what is shown, of which period and scope, which kind of data."""

    name: str
    about: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]


def response(download: Download, form: str) -> HttpResponse:
    """The table as `csv` or `xlsx`. Raises Http404 for another form."""
    if form not in TYPES:
        raise Http404
    content = _csv(download) if form == "csv" else _xlsx(download)
    answer = HttpResponse(content, content_type=TYPES[form])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(f'{download.name}.{form}')}"
    return answer


def _csv(download: Download) -> bytes:
    return csv_of(download.heads, download.rows)


def csv_of(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """UTF-8 with the mark by which Excel knows the encoding; numbers exact, nothing where nothing is known."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is kept as text; a decimal is never written with an exponent."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return f"'{value}"
    return "" if value is None else value


def write_cell(sheet: Any, at: int, column: int, value: Any, style: Any = None) -> None:
    """A number as a number where Excel keeps all its digits, anything else as text, None as nothing.

    `style` is that of decimals.
    """
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= EXACT_DIGITS:
        sheet.write_number(at, column, float(value), style)
    elif isinstance(value, int) and len(str(abs(value))) <= EXACT_DIGITS:
        sheet.write_number(at, column, value)
    elif value is not None:
        sheet.write_string(at, column, f"{value:f}" if isinstance(value, Decimal) else str(value))


def _xlsx(download: Download) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    exact = book.add_format({"num_format": "#,##0.00"})
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, download.about)
    for column, head in enumerate(download.heads):
        sheet.write_string(1, column, head, bold)
        sheet.set_column(column, column, 24 if column == 0 else 18)
    sheet.freeze_panes(2, 1)
    for at, row in enumerate(download.rows, start=2):
        for column, value in enumerate(row):
            write_cell(sheet, at, column, value, exact)
    book.close()
    return out.getvalue()
