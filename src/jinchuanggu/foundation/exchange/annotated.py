"""The uploaded workbook handed back: wrong cells coloured, an added column that says what is wrong in each row.

After the good rows were written only the failed ones are left in it; before, all of them, so that the corrected file
can be sent again whole.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import IO, Any

import openpyxl
import xlsxwriter
from django.utils.translation import gettext as _
from openpyxl.styles import Alignment, Font, PatternFill

from jinchuanggu.engines.cells import shown
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import limits, store
from jinchuanggu.foundation.exchange.fields import NUMBER, bare, error_head
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Planner, Row
from jinchuanggu.foundation.exchange.reading import Book, Sheet, read
from jinchuanggu.foundation.resources.declare import Resource

RED = "FFF6D5CF"
WORDS = Font(color="FF9B2C1B")


def workbook(actor: Actor, resource: Resource, run: ImportRun) -> IO[bytes]:
    """An open temporary file, at its start. Raises BadFile when the upload is gone."""
    path = store.intact(run.sha256)
    book = read(path, resource)
    failed: dict[str, dict[int, Row]] = defaultdict(dict)
    size = sum(sheet.source.total_height * sheet.source.total_width for sheet in book.sheets)

    def collect(rows: list[Row], sheet: Sheet) -> None:
        for row in rows:
            if row.problems:
                row.instance = None
                failed[sheet.name][row.number] = row

    Planner(actor, resource, book).run(each=collect)
    only_failed = run.state == ImportState.DONE
    if size > limits.ANNOTATED_CELLS:
        return _listed(book, failed)
    return _edited(path, book, failed, only_failed)


def row_head() -> str:
    return _("原行号")


def said(row: Row, sheet: Sheet) -> str:
    """All that is wrong in a row, each problem with its column."""
    parts = []
    for name, _value, message in row.problems:
        head = sheet.heads.get(name, "")
        parts.append(f"{head}：{message}" if head and name != NUMBER else message)
    return "\n".join(parts)


def _edited(path: Path, book: Book, failed: dict[str, dict[int, Row]], only_failed: bool) -> IO[bytes]:
    document = openpyxl.load_workbook(path)
    for sheet in book.sheets:
        page = document[sheet.name]
        column = _error_column(page, sheet)
        for problem in sheet.problems:
            _note(page, sheet.head_row, column, f"{problem.column}：{problem.message}", append=True)
        for at, row in sorted(failed[sheet.name].items()):
            _note(page, at, column, said(row, sheet))
            places = {name: where + 1 for where, name in sheet.columns}
            for name, *_rest in row.problems:
                if name in places:
                    page.cell(at, places[name]).fill = PatternFill("solid", fgColor=RED)
        if only_failed:
            _keep_only(page, sheet, sorted(failed[sheet.name]))
        last = openpyxl.utils.get_column_letter(column)
        page.auto_filter.ref = f"A{sheet.head_row}:{last}{page.max_row}"
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    document.save(file)
    file.seek(0)
    return file


def _error_column(page: Any, sheet: Sheet) -> int:
    """The place of the added column; one from an earlier round is emptied and used again."""
    heads = {bare(cell.value or ""): cell.column for cell in page[sheet.head_row]}
    column = int(heads.get(bare(error_head()), 0)) or max(
        (cell.column for cell in page[sheet.head_row] if cell.value not in (None, "")), default=0
    ) + 1  # fmt: skip
    for line in page.iter_rows(min_row=sheet.head_row + 1):
        for cell in line:
            if cell.column == column:
                cell.value = None
            elif cell.fill is not None and cell.fill.fgColor is not None and cell.fill.fgColor.rgb == RED:
                cell.fill = PatternFill()
    head = page.cell(sheet.head_row, column, error_head())
    head.font = Font(bold=True, color=WORDS.color)
    page.column_dimensions[openpyxl.utils.get_column_letter(column)].width = 60
    return column


def _note(page: Any, row: int, column: int, text: str, *, append: bool = False) -> None:
    cell = page.cell(row, column)
    cell.value = f"{cell.value}\n{text}" if append and cell.value else text
    cell.data_type = "s"  # words that begin with = stay words
    cell.font, cell.alignment = WORDS, Alignment(wrap_text=True, vertical="top")


def _keep_only(page: Any, sheet: Sheet, numbers: list[int]) -> None:
    """Move the failed rows up and cut off the rest."""
    wide = page.max_column
    for to, source in enumerate(numbers, start=sheet.head_row + 1):
        if to == source:
            continue
        for at in range(1, wide + 1):
            old, new = page.cell(source, at), page.cell(to, at)
            new.value, new._style = old.value, old._style
    first = sheet.head_row + 1 + len(numbers)
    if page.max_row >= first:
        page.delete_rows(first, page.max_row - first + 1)


def _listed(book: Book, failed: dict[str, dict[int, Row]]) -> IO[bytes]:
    """The failed rows of a very large workbook, with their numbers in it, written row by row."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    out = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, red = out.add_format({"bold": True}), out.add_format({"bg_color": "#f6d5cf"})
    for sheet in book.sheets:
        page = out.add_worksheet(sheet.name[:31])
        names = [name for _at, name in sheet.columns]
        for at, head in enumerate([*(sheet.heads[name] for name in names), row_head(), error_head()]):
            page.write_string(0, at, head, bold)
        for line, (number, row) in enumerate(sorted(failed[sheet.name].items()), start=1):
            wrong = {name for name, *_rest in row.problems}
            for at, name in enumerate(names):
                page.write_string(line, at, shown(row.raw.get(name, "")), red if name in wrong else None)
            page.write_number(line, len(names), number)
            page.write_string(line, len(names) + 1, said(row, sheet)[:32_000])
    out.close()
    file.seek(0)
    return file


# for imports whose columns are no model fields
edited, listed = _edited, _listed
