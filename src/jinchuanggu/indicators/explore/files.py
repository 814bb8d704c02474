"""The pivot table as a file: every row of the question, the numbers exact, with where they come from."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation import downloads
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources.export import Formats, write
from jinchuanggu.indicators.explore.table import Answer, Row, Section

TYPES = {**downloads.TYPES, "json": "application/json"}


def _lines(answer: Answer) -> Iterator[tuple[Section, Row, bool]]:
    for section in answer.sections:
        for row in section.rows:
            yield section, row, False
        if section.whole:
            yield section, section.whole, True


def origin_word(answer: Answer) -> str:
    if answer.simulated:
        return _("含模拟数据，仅供演示，不得引用") if answer.real else _("只含模拟数据，仅供演示，不得引用")
    return _("真实数据")


def _heads(answer: Answer) -> list[str]:
    heads = [_("指标"), _("代码"), _("计量单位"), _("单位")]
    heads += [_("分组")] if answer.asked.breakdown else []
    heads += [str(period) for period in answer.periods]
    return [*heads, _("合计")] if any(section.adds_up for section in answer.sections) else heads


def _values(answer: Answer, section: Section, row: Row, whole: bool) -> list[Any]:
    name = _("%(name)s（汇总）") % {"name": row.name} if whole else row.name
    found: list[Any] = [section.indicator.name, section.indicator.key, section.indicator.unit_label, name]
    found += [row.group_name] if answer.asked.breakdown else []
    found += [cell.value if cell else None for cell in row.cells]
    if any(one.adds_up for one in answer.sections):
        found.append(row.total if section.adds_up else None)
    return found


def as_csv(answer: Answer) -> bytes:
    """With a byte order mark, so that a spreadsheet reads it as UTF-8; what is empty stays empty."""
    rows = (_values(answer, section, row, whole) for section, row, whole in _lines(answer))
    return downloads.csv_of(_heads(answer), rows)


def as_json(answer: Answer) -> bytes:
    """Numbers as text, so that no reader rounds them; null where nothing is known."""
    rows = [
        {
            "indicator": section.indicator.key, "unit": section.indicator.unit, "place": row.name, "whole": whole,
            "group": row.group,
            "values": {
                str(period): None if cell is None or cell.value is None else f"{cell.value:f}"
                for period, cell in zip(answer.periods, row.cells, strict=True)
            },
            "reporters": {
                str(period): cell.reporters for period, cell in zip(answer.periods, row.cells, strict=True) if cell
            },
        }
        for section, row, whole in _lines(answer)
    ]  # fmt: skip
    body = {"data": origin_word(answer), "question": answer.asked.address(), "rows": rows}
    return json.dumps(body, ensure_ascii=False).encode("utf-8")


def as_workbook(answer: Answer, actor: Actor) -> IO[bytes]:
    """An open temporary file at its start: the table, and a sheet that says what it is."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {**downloads.OPTIONS, "constant_memory": True})
    formats = Formats(book)
    sheet = book.add_worksheet(_("数据"))
    heads = _heads(answer)
    for column, head in enumerate(heads):
        sheet.write_string(0, column, head, formats.head)
    named = 5 if answer.asked.breakdown else 4
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, named - 1, 18)
    sheet.set_column(named, len(heads), 15)
    sheet.freeze_panes(1, named)
    for at, (section, row, whole) in enumerate(_lines(answer), start=1):
        for column, value in enumerate(_values(answer, section, row, whole)):
            write(sheet, at, column, "number" if isinstance(value, Decimal) else "text", value, formats)
    about = book.add_worksheet(_("说明"))
    about.set_column(0, 0, 14)
    about.set_column(1, 1, 90)
    for at, (label, text) in enumerate(
        (
            (_("生成"), f"{timezone.localtime():%Y-%m-%d %H:%M} · {actor.label}"),
            (_("时期"), f"{answer.periods[0]} – {answer.periods[-1]}" if answer.periods else ""),
            (_("数据性质"), origin_word(answer)),
            (_("空格"), _("没有数据，不等于 0")),
            *((section.indicator.name, section.indicator.meaning) for section in answer.sections),
        )
    ):
        about.write_string(at, 0, label, formats.head)
        about.write_string(at, 1, text, formats.wrap)
    book.close()
    file.seek(0)
    return file
