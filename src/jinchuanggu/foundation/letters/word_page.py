"""Sections of the Word file: page, margins, character grid, page numbers, mark, rules of the letter form."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from . import word_styles as styles
from .model import Letter
from .word_xml import border, element, page_field

_FOLIO_FROM_EDGE_MM = g.BOTTOM_MM - g.FOLIO_GAP_MM - g.mm(g.SIZE_4_PT) + 1.9
_HEADER_MM = 12.0
_MARK_BOX_PT = 6.5  # the rules of the box and their distance from the word


def set_up(section: Any, letter: Letter, pitch: float, *, folio: bool = True) -> None:
    """Give a section the type area of the standard; ``folio=False`` for the page that holds only 版记."""
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(g.PAGE_WIDTH_MM), Mm(g.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(g.TOP_MM), Mm(g.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(g.BINDING_MM), Mm(g.OUTER_MM)
    section.header_distance = Mm(_HEADER_MM)
    section.footer_distance = Mm(g.LETTER_FOOT_MM if letter.form == "letter" else _FOLIO_FROM_EDGE_MM)
    _grid(section, pitch)
    _folios(section, letter, folio)
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        _mark(header.paragraphs[0], letter.mark)


def letter_first_page(section: Any, letter: Letter) -> None:
    """信函格式: name and double rule above, double rule below, no page number on the first page."""
    from docx.shared import Mm, Pt

    section.different_first_page_header_footer = True
    header, footer = section.first_page_header, section.first_page_footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    mark = header.paragraphs[0]
    _mark(mark, letter.mark)
    # What stands above the name fills the way from the header's edge to 30 mm exactly.
    fill = g.pt(g.LETTER_HEAD_MM - _HEADER_MM) - (24 + _MARK_BOX_PT if letter.mark else 1)
    if not letter.mark:
        mark.paragraph_format.line_spacing = Pt(1)
    mark.paragraph_format.space_after = Pt(fill)
    name = header.add_paragraph(style=styles.ISSUER)
    issuer_run(name, letter.issuer)
    rule = footer.paragraphs[0]
    rule.style = styles.FOLIO
    rule.paragraph_format.line_spacing = Pt(4)
    for paragraph, side, kind, space in (
        (name, "bottom", "thickThinSmallGap", 11),
        (rule, "bottom", "thinThickSmallGap", 0),
    ):
        paragraph.paragraph_format.left_indent = -Mm((g.LETTER_RULE_MM - g.TYPE_WIDTH_MM) / 2 + 1)
        paragraph.paragraph_format.right_indent = -Mm((g.LETTER_RULE_MM - g.TYPE_WIDTH_MM) / 2 - 1)
        border(paragraph, side, kind, 24, g.RED, space)


def issuer_run(paragraph: Any, name: str) -> None:
    """发文机关标志: one line, narrowed when the name is long."""
    from docx.shared import Pt

    size, scale = g.head_size(name)
    run = paragraph.add_run(name)
    run.font.size = Pt(int(size * 2) / 2)
    if scale < 1:
        run._r.get_or_add_rPr().insert_element_before(element("w", val=int(scale * 100)), "w:sz", "w:szCs")
    paragraph.paragraph_format.line_spacing = Pt(size + 2)


def _grid(section: Any, pitch: float) -> None:
    for old in section._sectPr.xpath("w:docGrid"):
        section._sectPr.remove(old)
    # charSpace counts 1/4096 pt on top of the size of Normal, linePitch twentieths of a point.
    extra = round((g.CHAR_PITCH_PT - g.SIZE_3_PT) * 4096)
    section._sectPr.append(
        element("docGrid", type="linesAndChars", linePitch=int(pitch * 20), charSpace=extra)
    )


def _folios(section: Any, letter: Letter, folio: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
    from docx.shared import Mm, Pt

    lift = _FOLIO_FROM_EDGE_MM - g.LETTER_FOOT_MM if letter.form == "letter" else 0.0
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style = styles.FOLIO
        line.alignment = ALIGN.RIGHT if odd else ALIGN.LEFT
        line.paragraph_format.space_after = Mm(lift)
        if odd:
            line.paragraph_format.right_indent = Pt(g.SIZE_4_PT)
        else:
            line.paragraph_format.left_indent = Pt(g.SIZE_4_PT)
        if folio:
            page_field(line)


def _mark(paragraph: Any, mark: str) -> None:
    from docx.shared import Pt

    paragraph.style = styles.MARK
    if not mark:
        return
    paragraph.add_run(mark)
    side = (g.TYPE_WIDTH_PT - (g.width_in_chars(mark) + 3) * g.SIZE_3_PT) / 2
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(max(0.0, side))
    for edge in ("top", "left", "bottom", "right"):
        border(paragraph, edge, "single", 10, "1A1A1A", 2)
