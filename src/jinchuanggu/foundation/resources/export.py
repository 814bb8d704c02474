"""A list as a workbook: exactly the rows, columns and scope shown, written row by row in constant memory.

First sheet: a line that says where it comes from, the heads, the rows. Second sheet: the same origin in full.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from jinchuanggu.foundation.resources import references
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.formats import plain
from jinchuanggu.foundation.resources.listing import Listing

CHUNK = 1000
ROWS_PER_SHEET = 1_000_000
EXACT_DIGITS = 15
"""Excel keeps so many digits of a number; a longer one is written as text rather than rounded."""


def number_head() -> str:
    return _("编号")


def workbook(listing: Listing) -> IO[bytes]:
    """An open temporary file, at its start, holding the workbook."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
        },
    )
    book.set_properties({"title": str(listing.resource.label), "comments": origin_line(listing)})
    formats = Formats(book)
    sheet, row, written, sheets = None, 0, 0, 0
    for values in _rows(listing):
        if sheet is None or row >= ROWS_PER_SHEET:
            sheets += 1
            sheet = _sheet(book, listing, formats, sheets)
            row = 2
        for column, (kind, value) in enumerate(values):
            write(sheet, row, column, kind, value, formats)
        row += 1
        written += 1
    if sheet is None:
        _sheet(book, listing, formats, 1)
    _about(book, listing, formats, written)
    book.close()
    file.seek(0)
    return file


class Formats:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self.head = book.add_format({"bold": True, "bg_color": "#dfeceb", "bottom": 1, "text_wrap": True})
        self.note = book.add_format({"font_color": "#5b6472", "italic": False})
        self.text = book.add_format({"num_format": "@"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd"})
        self.datetime = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.integer = book.add_format({"num_format": "#,##0"})
        self.decimal = book.add_format({"num_format": "#,##0.00######"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})


def write(sheet: Worksheet, row: int, column: int, kind: str, value: Any, formats: Formats) -> None:
    """One cell, typed: dates as dates, numbers as numbers, codes as text, nothing ever as a formula."""
    if value is None or value == "" or value == []:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, timezone.localtime(value).replace(tzinfo=None), formats.datetime)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), formats.date)
    elif isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        if len(Decimal(value).as_tuple().digits) > EXACT_DIGITS:
            sheet.write_string(
                row, column, f"{value:f}" if isinstance(value, Decimal) else str(value), formats.text
            )
        else:
            bare = kind == "id" or kind == "code"
            number = formats.decimal if isinstance(value, Decimal) else None if bare else formats.integer
            sheet.write_number(row, column, float(value), number)
    else:
        sheet.write_string(row, column, plain(kind, value)[:32_767], formats.text)


def origin_line(listing: Listing) -> str:
    """Where a workbook comes from, in one line: what, when, by whom, filter, definition version."""
    chips = "；".join(f"{chip.label}：{chip.value}" for chip in listing.chips)
    parts = [
        str(listing.resource.label),
        _("生成于 %(at)s") % {"at": timezone.localtime().strftime("%Y-%m-%d %H:%M")},
        _("搜索“%(q)s”") % {"q": listing.search} if listing.search else "",
        chips or _("未筛选"),
        {"real": _("只含真实数据"), "simulated": _("只含模拟数据")}.get(
            listing.origin, _("含真实与模拟数据")
        ),
        _("口径版本 %(version)s") % {"version": listing.resource.version},
    ]
    return " · ".join(part for part in parts if part)


def heads(listing: Listing) -> list[str]:
    """The words over the columns: number, those shown, and always the kind of data."""
    resource = listing.resource
    shown = [str(resource.label_of(column.path)) for column in listing.columns]
    return [number_head(), *shown, *([] if _origin_shown(listing) else [origin_head()])]


def origin_head() -> str:
    return _("数据性质")


def _origin_shown(listing: Listing) -> bool:
    return not listing.resource.origin or any(c.path == listing.resource.origin for c in listing.columns)


def _sheet(book: Any, listing: Listing, formats: Formats, number: int) -> Worksheet:
    label = str(listing.resource.label)[:24]
    sheet = book.add_worksheet(label if number == 1 else f"{label}{number}")
    sheet.write_string(0, 0, origin_line(listing), formats.note)
    for column, words in enumerate(heads(listing)):
        sheet.write_string(1, column, words, formats.head)
    widths = [8, *(18 for _column in listing.columns), 10]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(2, 2)
    sheet.repeat_rows(1)
    sheet.set_header("&L&A&R&P / &N")
    return sheet


def _about(book: Any, listing: Listing, formats: Formats, written: int) -> None:
    sheet = book.add_worksheet(_("说明"))
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 80)
    lines = [
        (_("来源"), _("晋创谷运行平台 · %(label)s") % {"label": listing.resource.label}),
        (_("生成时间"), timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")),
        (_("生成人"), listing.actor.label),
        (_("范围"), _("导出人权限内、与屏幕所列一致的行和列")),
        (_("搜索"), listing.search or "—"),
        (_("筛选"), "；".join(f"{chip.label}：{chip.value}" for chip in listing.chips) or "—"),
        (_("行数"), f"{written:,}"),
        (_("口径版本"), listing.resource.version),
        (_("数据性质"), _("每行标明真实或模拟；模拟数据仅供演示，不得引用")),
    ]
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, formats.head)
        sheet.write_string(row, 1, str(value), formats.wrap)


def _rows(listing: Listing) -> Iterator[list[tuple[str, Any]]]:
    """`(format, value)` of every cell; names of ids are looked up for the ids present, a chunk at a time."""
    resource = listing.resource
    columns = [c.path for c in listing.columns]
    plain_paths = [p for p in columns if not resource.field(p).many_to_many]
    values = [p if p in resource.references else resource.value_path(p) for p in plain_paths]
    wanted = list(dict.fromkeys(["pk", *values, *([resource.origin] if resource.origin else [])]))
    rows = listing.rows.order_by(*listing.order.sorting()).values(*wanted).iterator(chunk_size=CHUNK)
    while chunk := list(islice(rows, CHUNK)):
        named = {
            p: references.texts(resource.references[p], (row[p] for row in chunk))
            for p in plain_paths
            if p in resource.references
        }
        many = {p: _many(resource, p, chunk) for p in columns if p not in plain_paths}
        for row in chunk:
            cells: list[tuple[str, Any]] = [("id", row["pk"])]
            for path in columns:
                cells.append(_cell(resource, path, row, named, many))
            if not _origin_shown(listing):
                cells.append(("text", _word(resource, resource.origin, row[resource.origin])))
            yield cells


def _cell(
    resource: Resource, path: str, row: dict[str, Any], named: dict[str, Any], many: dict[str, Any]
) -> tuple[str, Any]:
    if path in many:
        return "text", many[path].get(row["pk"], "")
    if path in named:
        return "text", named[path].get(row[path], "")
    value, kind = row[resource.value_path(path)], resource.format_of(path)
    if kind in {"choice", "origin"}:
        return "text", _word(resource, path, value)
    return kind, value


def _word(resource: Resource, path: str, value: Any) -> str:
    return str(dict(resource.field(path).flatchoices).get(value, value) or "")


def _many(resource: Resource, path: str, chunk: list[dict[str, Any]]) -> dict[int, str]:
    return references.many_texts(
        resource.references[path], resource.field(path), [row["pk"] for row in chunk]
    )
