"""版记 in Word: a text frame held to the foot of the type area on the last page."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from . import word_styles as styles
from .model import Letter
from .numbers import chinese_date
from .page import colophon_lines
from .pdf import Layout
from .word_page import set_up
from .word_xml import element

_LINE_PT, _RULE_PT = 22.0, 1.0


def add_colophon(document: Any, letter: Letter, plan: Layout) -> None:
    """Write 版记; on a page of its own that page is even and has no number."""
    from docx.enum.section import WD_SECTION

    if not letter.has_colophon:
        return
    if plan.own_page:
        section = document.add_section(WD_SECTION.EVEN_PAGE)
        section.different_first_page_header_footer = False
        set_up(section, letter, plan.pitch, folio=False)
    ruled = letter.form != "letter"
    lines = colophon_lines(letter)
    frame = _Frame(document, _LINE_PT * lines + (_rules_pt(letter) if ruled else 0))
    if ruled:
        frame.rule(g.RULE_THICK_MM)
    if letter.copies_to:
        frame.copies("抄送：" + "，".join(letter.copies_to).rstrip("。") + "。")
    if ruled:
        if letter.printed_by or letter.printed_on:
            if letter.copies_to:
                frame.rule(g.RULE_THIN_MM)
            printed = f"{chinese_date(letter.printed_on)}印发" if letter.printed_on else ""
            frame.printed(letter.printed_by or letter.issuer, printed)
        frame.rule(g.RULE_THICK_MM)
    # The frame hangs on the paragraph after it, which takes as little room as Word allows.
    _flat(document.add_paragraph(style=styles.COLOPHON))


def _rules_pt(letter: Letter) -> float:
    return g.pt(2 * g.RULE_THICK_MM + (g.RULE_THIN_MM if letter.copies_to else 0))


class _Frame:
    """Consecutive paragraphs with the same frame properties make one frame.

    Its place is measured from the page, which Word, WPS and LibreOffice obey alike. A rule is a black
    paragraph as low as the rule is thick: a border would end at the indents of the text, and LibreOffice
    makes no frame of paragraphs whose borders differ.
    """

    def __init__(self, document: Any, height: float) -> None:
        self._document = document
        self._height = height

    def rule(self, thickness_mm: float) -> None:
        line = self._paragraph()
        _flat(line, g.pt(thickness_mm))
        line._p.pPr.insert_element_before(
            element("shd", val="clear", color="auto", fill="000000"), "w:tabs", "w:spacing", "w:ind", "w:jc"
        )

    def copies(self, words: str) -> None:
        from docx.shared import Pt

        line = self._paragraph()
        shape = line.paragraph_format
        shape.left_indent, shape.first_line_indent = Pt(4 * g.SIZE_4_PT), Pt(-3 * g.SIZE_4_PT)
        shape.right_indent = Pt(g.SIZE_4_PT)
        line.add_run(words)

    def printed(self, office: str, when: str) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Pt

        line = self._paragraph()
        line.paragraph_format.left_indent = Pt(g.SIZE_4_PT)
        stop = Pt(g.TYPE_WIDTH_PT - g.SIZE_4_PT)
        line.paragraph_format.tab_stops.add_tab_stop(stop, WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{office}\t{when}")

    def _paragraph(self) -> Any:
        line = self._document.add_paragraph(style=styles.COLOPHON)
        top = g.pt(g.PAGE_HEIGHT_MM - g.BOTTOM_MM) - self._height
        frame = element(
            "framePr",
            w=int(g.TYPE_WIDTH_PT * 20),
            h=round(self._height * 20),
            hRule="exact",
            hSpace=0,
            vSpace=0,
            wrap="around",
            vAnchor="page",
            hAnchor="margin",
            x=1,
            y=round(top * 20),
        )
        line._p.get_or_add_pPr().insert_element_before(
            frame,
            *("w:widowControl", "w:numPr", "w:suppressLineNumbers", "w:pBdr", "w:shd", "w:tabs"),
            *("w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"),
        )
        return line


def _flat(line: Any, height: float = _RULE_PT) -> None:
    from docx.shared import Pt

    line.paragraph_format.line_spacing = Pt(round(height * 20) / 20)
