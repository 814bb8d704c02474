"""What is behind a value as an Excel workbook: where it comes from, every line that the reader may see, the sum."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation import downloads
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources.export import Formats, write
from jinchuanggu.indicators.evidence import records, values
from jinchuanggu.indicators.evidence.behind import Behind, Slice, value_of
from jinchuanggu.indicators.store.units import names_of

CHUNK = 1_000
MOST_LINES = 1_000_000
Row = Sequence[tuple[str, Any]]


def workbook(actor: Actor, at: Slice, kind: Behind) -> IO[bytes]:
    """An open temporary file, at its start. Written row by row in constant memory."""
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {**downloads.OPTIONS, "constant_memory": True})
    sheet, formats = book.add_worksheet(_("明细")), Formats(book)
    cell = value_of(at)
    name = names_of([at.unit]).get(at.unit.pk, "")
    said = [at.indicator.name, name, str(at.period), _("模拟数据") if at.unit.origin == "simulated" else ""]
    said.append(_("生成于 %(at)s") % {"at": timezone.localtime().strftime("%Y-%m-%d %H:%M")})
    sheet.write_string(0, 0, " · ".join(part for part in said if part), formats.note)
    heads, rows, total = _content(actor, at, kind)
    for column, head in enumerate(heads):
        sheet.write_string(1, column, head, formats.head)
    line = 2
    for row in rows:
        if line >= MOST_LINES:
            break
        for column, (style, value) in enumerate(row):
            write(sheet, line, column, style, value, formats)
        line += 1
    hidden = getattr(total, "hidden", None)
    last = len(heads) - 1
    for label, value in (
        (_("您无权查看的记录"), hidden),
        (_("合计"), getattr(total, "total", None)),
        (_("指标值"), cell.value if cell else None),
    ):
        if value is not None:
            sheet.write_string(line, 0, label, formats.head)
            write(sheet, line, last, "decimal", value, formats)
            line += 1
    sheet.freeze_panes(2, 0)
    book.close()
    file.seek(0)
    return file


def _content(actor: Actor, at: Slice, kind: Behind) -> tuple[list[str], Iterator[Row], Any]:
    unit = at.indicator.unit_label
    amount = _("计入") + (_("（") + unit + _("）") if unit else "")
    if kind is Behind.RECORDS:
        evidence = records.evidence_of(actor, at)
        return [*evidence.heads(), amount], _records(evidence), evidence.listing(size=1)
    if kind is Behind.VALUES:
        heads = [_("单位"), _("时期"), _("来源"), _("版本"), amount]
        return heads, _values(actor, at), values.listing(actor, at, size=1)
    parts = values.parts(at) if kind is Behind.PARTS else []
    rows: list[Row] = [
        (
            ("text", part.indicator.name),
            ("text", part.indicator.unit_label),
            ("decimal", part.cell and part.cell.value),
        )
        for part in parts
    ]
    return [_("指标"), _("单位"), _("数值")], iter(rows), None


def _records(evidence: records.Evidence) -> Iterator[Row]:
    for line in evidence.lines():
        cells = [
            (cell.kind, cell.text if cell.kind in {"choice", "origin", "text"} else cell.raw)
            for cell in line.cells
        ]
        yield (*cells, ("decimal", line.amount))


def _values(actor: Actor, at: Slice) -> Iterator[Row]:
    after: int | None = 0
    while after is not None:
        found, after = values.page_of(actor, at, after, CHUNK)
        for line in found:
            yield (
                ("text", line.unit), ("text", str(line.period)), ("text", line.source), ("integer", line.version),
                ("decimal", line.value),
            )  # fmt: skip
