"""The workbooks to fill in: prefilled, with the requirement of each cell as a note and a validation."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.filings.sheet import marks as marking
from jinchuanggu.indicators.filings.sheet.columns import (
    CODE,
    NAME,
    SAID,
    USCC,
    VALUE,
    firm_heads,
    form_heads,
    head_of,
    note_of,
)
from jinchuanggu.indicators.filings.words import period_words
from jinchuanggu.indicators.forms.model import Cell, Form

HEAD_ROW = 1
Values = Mapping[str, Decimal | None]


@dataclass
class Line:
    """One unit as a template shows it: `values` its cells, `before` those of the last period, `said` its words."""

    uscc: str
    name: str
    values: Values
    before: Values = field(default_factory=dict)
    said: str = ""
    locked: bool = False
    state: str = ""


def one(form: Form, period: Period, subject: int, line: Line) -> IO[bytes]:
    """One form of one unit, a row for each cell: an open temporary file, at its start."""
    file, book, formats = _book()
    sheet = book.add_worksheet(_sheet_name(form.name))
    heads = form_heads()
    sheet.write_string(0, 0, _("%(form)s · %(period)s · %(unit)s。只填“本期”和“说明”两列；其余列不读取。") % {
        "form": form.name, "period": period_words(period), "unit": line.name}, formats["note"])  # fmt: skip
    for at, head in enumerate(heads.values()):
        sheet.write_string(HEAD_ROW, at, head, formats["head"])
    places = {key: at for at, key in enumerate(heads)}
    row = HEAD_ROW + 1
    for section in form.sections:
        for cell in section.cells:
            if cell.readonly:
                continue
            sheet.write_string(row, places[CODE], cell.key, formats["quiet"])
            sheet.write_string(row, places[NAME], cell.name, formats["wrap"])
            sheet.write_string(row, places["unit"], cell.unit_label)
            _number(sheet, row, places["before"], line.before.get(cell.key), formats["quiet_number"])
            _number(sheet, row, places[VALUE], line.values.get(cell.key), formats["typed"])
            sheet.write_blank(row, places[SAID], None, formats["said"])
            sheet.write_comment(row, places[VALUE], note_of(cell))
            sheet.data_validation(row, places[VALUE], row, places[VALUE], _rule(cell))
            row += 1
    if line.said:
        sheet.write_string(HEAD_ROW + 1, places[SAID], line.said, formats["said"])
    for key, wide in {CODE: 22, NAME: 40, "unit": 10, "before": 18, VALUE: 20, SAID: 50}.items():
        sheet.set_column(places[key], places[key], wide)
    sheet.freeze_panes(HEAD_ROW + 1, 2)
    marking.write(book, marking.Marks(marking.ONE, form.id, form.version, str(period), subject))
    return _closed(file, book)


def many(form: Form, period: Period, valley_id: int, place: str, lines: Iterable[Line]) -> IO[bytes]:
    """A row for each firm of a valley, a column for each cell: an open temporary file, at its start."""
    file, book, formats = _book()
    sheet = book.add_worksheet(_sheet_name(form.name))
    former = book.add_worksheet(_("上期数据"))
    explained = book.add_worksheet(_("填写说明"))
    sheet.write_string(0, 0, _("%(form)s · %(period)s · %(place)s。每行一家；灰色行已提交，不能再改；不填的格子保持原样为空。") % {
        "form": form.name, "period": period_words(period), "place": place}, formats["note"])  # fmt: skip
    heads = firm_heads()
    cells = form.typed
    columns = [heads[USCC], heads[NAME], *(head_of(cell) for cell in cells), heads[SAID], _("状态")]
    for at, head in enumerate(columns):
        sheet.write_string(HEAD_ROW, at, head, formats["head"])
        if at < len(columns) - 2:
            former.write_string(HEAD_ROW, at, head, formats["head"])
    last = HEAD_ROW
    for row, line in enumerate(lines, start=HEAD_ROW + 1):
        last = row
        quiet = formats["quiet"] if line.locked else None
        for page in (sheet, former):
            page.write_string(row, 0, line.uscc, formats["quiet_text" if line.locked else "text"])
            page.write_string(row, 1, line.name, quiet)
        for at, cell in enumerate(cells, start=2):
            _number(
                sheet, row, at, line.values.get(cell.key), formats["quiet_number" if line.locked else "typed"]
            )
            _number(former, row, at, line.before.get(cell.key), formats["quiet_number"])
        sheet.write_string(row, len(cells) + 2, line.said, formats["said"])
        sheet.write_string(row, len(cells) + 3, line.state, formats["quiet"])
    for at, cell in enumerate(cells, start=2):
        sheet.write_comment(HEAD_ROW, at, note_of(cell))
        if last > HEAD_ROW:
            sheet.data_validation(HEAD_ROW + 1, at, last, at, _rule(cell))
        explained.write_string(at - 1, 0, head_of(cell), formats["wrap"])
        explained.write_string(at - 1, 1, note_of(cell), formats["wrap"])
        explained.write_string(at - 1, 2, cell.reason, formats["wrap"])
    for at, head in enumerate((_("列"), _("要求"), _("为什么要"))):
        explained.write_string(0, at, head, formats["head"])
    explained.set_column(0, 2, 44)
    for page in (sheet, former):
        page.set_column(0, 0, 22)
        page.set_column(1, 1, 30)
        page.set_column(2, len(cells) + 1, 16)
        page.freeze_panes(HEAD_ROW + 1, 2)
    sheet.set_column(len(cells) + 2, len(cells) + 2, 40)
    marking.write(book, marking.Marks(marking.MANY, form.id, form.version, str(period), valley_id))
    return _closed(file, book)


def _sheet_name(title: str) -> str:
    return "".join("-" if letter in "[]:*?/\\'" else letter for letter in title)[:31]


def _rule(cell: Cell) -> dict[str, Any]:
    """Excel's own check of the cell; a warning, since the upload checks again and says more."""
    low = cell.low if cell.low is not None else None if cell.negative else Decimal(0)
    least = float(low) if low is not None else -1e15
    most = float(cell.high) if cell.high is not None else 1e15
    return {
        "validate": "integer" if cell.whole else "decimal", "criteria": "between", "minimum": least, "maximum": most,
        "error_type": "warning", "error_title": _("请核对")[:32], "error_message": note_of(cell)[:255],
    }  # fmt: skip


def _number(sheet: Any, row: int, at: int, value: Decimal | None, style: Any) -> None:
    """A number as a number; one with more digits than Excel keeps as text."""
    if value is None:
        sheet.write_blank(row, at, None, style)
    elif len(value.as_tuple().digits) > 15:
        sheet.write_string(row, at, f"{value:f}", style)
    else:
        sheet.write_number(row, at, float(value), style)


def _book() -> tuple[IO[bytes], Any, dict[str, Any]]:
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    number = "#,##0.####"
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#dfeceb", "bottom": 1, "text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#5b6472"}),
        "text": book.add_format({"num_format": "@"}),
        "typed": book.add_format({"num_format": number, "bg_color": "#fffdf2", "border": 1, "border_color": "#cdc7b8"}),
        "said": book.add_format({"num_format": "@", "text_wrap": True}),
        "quiet": book.add_format({"font_color": "#7a8490"}),
        "quiet_text": book.add_format({"font_color": "#7a8490", "num_format": "@"}),
        "quiet_number": book.add_format({"font_color": "#7a8490", "num_format": number}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
    }  # fmt: skip
    return file, book, formats


def _closed(file: IO[bytes], book: Any) -> IO[bytes]:
    book.close()
    file.seek(0)
    return file
