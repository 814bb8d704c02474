"""Sheets of a workbook as rows with their Excel row numbers, with the head row found wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import python_calamine as calamine
from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange import limits
from jinchuanggu.foundation.exchange.fields import (
    IGNORED,
    NUMBER,
    bare,
    fields_of,
    known_heads,
    own_sheets,
    suggestion,
)
from jinchuanggu.foundation.exchange.problems import BadFile, Problem
from jinchuanggu.foundation.resources.declare import Resource

HEAD_WITHIN = 10


@dataclass
class Sheet:
    """One sheet with a recognised head: `columns` are `(position, field name)`, positions count from 0 = A."""

    name: str
    head_row: int
    columns: list[tuple[int, str]]
    heads: dict[str, str]
    height: int
    source: Any
    problems: list[Problem] = field(default_factory=list)

    def rows(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """`(Excel row number, {field: raw value})` of every row below the head that isn't empty."""
        first_row, first_column = self.source.start or (0, 0)
        for number, values in enumerate(self.source.iter_rows(), start=first_row + 1):
            if number <= self.head_row:
                continue
            cells = {
                name: values[at - first_column] if 0 <= at - first_column < len(values) else ""
                for at, name in self.columns
            }
            if any(v is not None and str(v).strip() for v in cells.values()):
                yield number, cells


@dataclass
class Book:
    """The readable sheets of a workbook."""

    sheets: list[Sheet]
    skipped: list[str]

    @property
    def height(self) -> int:
        return sum(max(sheet.height - sheet.head_row, 0) for sheet in self.sheets)


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Around the reading of a workbook: whatever is wrong with the file ends as a BadFile."""
    limits.inspect(path)
    try:
        yield
    except (BadFile, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader is native code: even its panics must end as words
        raise BadFile(_("工作簿内容已损坏，无法读取；请用 Excel 或 WPS 打开后另存为 .xlsx 再上传")) from error


def read(path: Path, resource: Resource) -> Book:
    """Open a workbook and find its heads. Raises BadFile."""
    with whole(path):
        return _read(path, resource)


def _read(path: Path, resource: Resource) -> Book:
    workbook = calamine.CalamineWorkbook.from_path(str(path))
    known, sheets, skipped = known_heads(resource), [], []
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet or meta.visible != calamine.SheetVisibleEnum.Visible:
            continue
        source = workbook.get_sheet_by_name(meta.name)
        sheet = _sheet(meta.name, source, known, resource) if source.start is not None else None
        if sheet is None:
            if meta.name not in own_sheets():
                skipped.append(meta.name)
        else:
            sheets.append(sheet)
    if not sheets:
        wanted = _("、").join(each.label for each in fields_of(resource))
        raise BadFile(_("前 %(rows)d 行里没有找到表头。应有这些列：%(columns)s。可下载模板填写") % {
            "rows": HEAD_WITHIN, "columns": wanted})  # fmt: skip
    book = Book(sheets, skipped)
    if book.height > limits.MAX_ROWS:
        raise limits.too_many()
    return book


def _sheet(name: str, source: Any, known: dict[str, str], resource: Resource) -> Sheet | None:
    first_row, first_column = source.start
    best, head = 0, (0, [])
    for offset, values in enumerate(islice(source.iter_rows(), HEAD_WITHIN)):
        hits = len({known[bare(v)] for v in values if bare(v) in known} - {IGNORED})
        if hits > best:
            best, head = hits, (first_row + offset + 1, values)
    if best < min(2, len(resource.form)):
        return None
    row, values = head
    sheet = Sheet(name, row, [], {}, source.total_height, source)
    _columns(sheet, values, first_column, known, resource)
    return sheet


def _columns(sheet: Sheet, values: list[Any], first: int, known: dict[str, str], resource: Resource) -> None:
    labels = [each.label for each in fields_of(resource)]
    for at, value in enumerate(values, start=first):
        text = str(value).strip()
        if not text:
            continue
        name = known.get(bare(text))
        if name is None:
            like = suggestion(text, labels)
            hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
            message = _("没有这一列。%(hint)s可用的列：%(columns)s") % {
                "hint": hint,
                "columns": _("、").join(labels),
            }
            sheet.problems.append(Problem(sheet.name, sheet.head_row, text, text, message))
        elif name in sheet.heads:
            message = _("这一列出现了两次，请只留一列")
            sheet.problems.append(Problem(sheet.name, sheet.head_row, text, text, message))
        elif name != IGNORED:
            sheet.columns.append((at, name))
            sheet.heads[name] = text.rstrip("*")
    if NUMBER not in sheet.heads:
        for each in fields_of(resource):
            if each.required and each.name not in sheet.heads:
                message = _("缺少必填的列“%(label)s”") % {"label": each.label}
                sheet.problems.append(Problem(sheet.name, sheet.head_row, each.label, "", message))
