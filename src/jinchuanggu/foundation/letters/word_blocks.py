"""Body blocks in Word: paragraphs, numbered headings, tables."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from . import word_styles as styles
from .model import Block, Chart, Heading, KeyValue, Paragraph, Table
from .word_xml import element, set_face


def add_block(document: Any, item: Block, label: str) -> None:
    match item:
        case Paragraph():
            document.add_paragraph(item.text, style=styles.BODY)
        case Heading():
            _heading(document, item, label)
        case KeyValue():
            for name, value in item.items:
                document.add_paragraph(f"{name}：{value}", style=styles.BODY)
        case Table():
            _table(document, item)
        case Chart():
            _chart(document, item)


def blank(document: Any) -> None:
    """One empty line of the grid."""
    document.add_paragraph(style=styles.ADDRESSEE)


def fixed_lines(document: Any, lines: list[str], style: str, before: float) -> None:
    """One paragraph whose line breaks are set, ``before`` points under what precedes it."""
    from docx.shared import Pt

    paragraph = document.add_paragraph(style=style)
    paragraph.paragraph_format.space_before = Pt(before)
    for index, line in enumerate(lines):
        run = paragraph.add_run(line)
        if index < len(lines) - 1:
            run.add_break()


def _heading(document: Any, item: Heading, label: str) -> None:
    if not item.run_in:
        document.add_paragraph(label + item.text, style=f"Heading {item.level}")
        return
    paragraph = document.add_paragraph(style=styles.BODY)
    run = paragraph.add_run(label + item.text)
    set_face(run._r.get_or_add_rPr(), styles.HEADING_FACES[item.level])
    paragraph.add_run(item.run_in)


def _table(document: Any, item: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm

    if item.caption:
        document.add_paragraph(item.caption, style=styles.CAPTION)
    table = document.add_table(rows=1 + len(item.rows), cols=len(item.header), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    weights = item.widths or (1,) * len(item.header)
    widths = [Mm(g.TYPE_WIDTH_MM * weight / sum(weights)) for weight in weights]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for position, (row, values) in enumerate(zip(table.rows, (item.header, *item.rows), strict=True)):
        properties = row._tr.get_or_add_trPr()
        properties.append(element("cantSplit"))
        if position == 0:
            properties.append(element("tblHeader"))
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.width = width
            line = cell.paragraphs[0]
            line.style = styles.CELL
            run = line.add_run(value)
            if position == 0:
                set_face(run._r.get_or_add_rPr(), "hei")
            if position == 0 or len(value) <= 8:
                line.alignment = ALIGN.CENTER
    # Word glues two tables that touch; the line also parts the table from the text below it.
    document.add_paragraph(style=styles.CELL)


def _chart(document: Any, item: Chart) -> None:
    """The picture across the type area, its title below, its description for those who cannot see it."""
    import io

    from docx.shared import Mm

    from .charts import draw

    line = document.add_paragraph(style=styles.CELL)
    line.paragraph_format.line_spacing = 1.0
    shape = line.add_run().add_picture(io.BytesIO(draw(item, "png")), width=Mm(g.TYPE_WIDTH_MM))
    shape._inline.docPr.set("descr", item.described)
    document.add_paragraph(item.title, style=styles.CAPTION)
