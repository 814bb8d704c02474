"""The template to fill in, and the export that can be changed and sent back: the same columns."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.exchange.fields import NUMBER
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.resources.export import Formats, write
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.figures.columns import GRADES, HEADS, NOTES, REQUIRED, unit_words
from jinchuanggu.programme.models import Valley

LAST_ROW = 5_000
WIDTHS = {"valley": 22, "indicator": 24, "source": 40, "address": 40, "note": 40}
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False}


def template(valleys: Iterable[Valley]) -> IO[bytes]:
    """An open temporary file at its start: heads with notes, drop-downs, a page of explanations."""
    file, book, formats = _book()
    sheet = book.add_worksheet(_("公开数据"))
    explained, lists = book.add_worksheet(_("填写说明")), book.add_worksheet(_("选项"))
    lists.hide()
    names = [name for name in HEADS if name != NUMBER]
    options = {
        "valley": [valley.name for valley in valleys],
        "indicator": [one.title["zh"] for one in catalogue().values() if one.source != "derived"],
        "unit": unit_words(),
        "grade": list(GRADES),
    }
    for at, name in enumerate(names):
        sheet.write_string(0, at, str(HEADS[name]), formats.head)
        sheet.write_comment(0, at, str(NOTES[name]))
        sheet.set_column(at, at, WIDTHS.get(name, 12))
        explained.write_string(at + 1, 0, str(HEADS[name]), formats.head)
        explained.write_string(at + 1, 1, str(NOTES[name]), formats.wrap)
        explained.write_string(at + 1, 2, _("必填") if name in REQUIRED else "", formats.wrap)
        if name in options:
            for row, option in enumerate(options[name]):
                lists.write_string(row, at, option)
            column = xl_col_to_name(at)
            source = f"='{lists.get_name()}'!${column}$1:${column}${max(len(options[name]), 1)}"
            # what is not listed may still be meant: it is judged when the sheet is read
            rule = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, at, LAST_ROW, at, rule)
    for at, head in enumerate((_("列"), _("要求"), "")):
        explained.write_string(0, at, head, formats.head)
    explained.set_column(0, 0, 14)
    explained.set_column(1, 1, 80)
    sheet.freeze_panes(1, 2)
    return _closed(file, book)


def export(figures: Iterable[Figure], valleys: Mapping[int, Valley]) -> IO[bytes]:
    """An open temporary file at its start: every published report; sent back unchanged it changes nothing."""
    known = catalogue()
    file, book, formats = _book()
    sheet = book.add_worksheet(_("公开数据"))
    for at, head in enumerate([*map(str, HEADS.values()), _("采用"), _("数据性质")]):
        sheet.write_string(0, at, head, formats.head)
        sheet.set_column(at, at, WIDTHS.get([*HEADS, "", ""][at], 12))
    sheet.freeze_panes(1, 3)
    for row, figure in enumerate(figures, start=1):
        one = known.get(figure.indicator)
        label = UNITS[figure.unit].label.zh if figure.unit in UNITS else figure.unit
        values: list[tuple[str, Any]] = [
            ("id", figure.pk),
            ("text", valleys[figure.valley_id].name),
            ("text", one.title["zh"] if one else figure.indicator),
            ("number", figure.value.normalize() if figure.value else figure.value),
            ("text", label),
            ("id", figure.year),
            ("text", figure.date_text or figure.dated.isoformat()),
            ("text", figure.source_title),
            ("text", figure.source_url),
            ("text", figure.source_grade),
            ("text", figure.scope_note),
            ("text", _("采用") if figure.chosen else ""),
            ("text", str(Origin(figure.origin).label)),
        ]
        for column, (kind, value) in enumerate(values):
            write(sheet, row, column, kind, value, formats)
    return _closed(file, book)


def _book() -> tuple[IO[bytes], Any, Formats]:
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, OPTIONS)
    return file, book, Formats(book)


def _closed(file: IO[bytes], book: Any) -> IO[bytes]:
    book.close()
    file.seek(0)
    return file
