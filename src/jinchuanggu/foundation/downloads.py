"""A table as a file: CSV with exact numbers, or a workbook that says in its first line what it holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import xlsxwriter
from django.http import Http404, HttpResponse

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
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
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(download.heads)
    writer.writerows([["" if value is None else _safe(value) for value in row] for row in download.rows])
    return b"\xef\xbb\xbf" + out.getvalue().encode()  # the mark by which Excel knows the encoding


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value


def _xlsx(download: Download) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
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
            if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= EXACT_DIGITS:
                sheet.write_number(at, column, float(value), exact)
            elif isinstance(value, int):
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, str(value))
    book.close()
    return out.getvalue()
