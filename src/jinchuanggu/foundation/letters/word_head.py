"""版头 in Word: corner lines, 发文机关标志, 发文字号 and 签发人, the red rule."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from . import word_styles as styles
from .model import Letter
from .word_page import issuer_run
from .word_xml import border, set_face


def add_head(document: Any, letter: Letter, pitch: float) -> None:
    """Write what stands above the title; the name of a letter in 信函格式 stands in the page header."""
    if letter.form == "plain":
        if letter.number:
            document.add_paragraph(str(letter.number), style=styles.ADDRESSEE)
        return
    if letter.form == "letter":
        _letter_number(document, letter, pitch)
        return
    _corner(document, letter, pitch)
    name = letter.issuer if letter.issuer.endswith("文件") else f"{letter.issuer}文件"
    issuer_run(document.add_paragraph(style=styles.ISSUER), name)
    _number(document, letter, pitch)


def _corner(document: Any, letter: Letter, pitch: float) -> None:
    """Three lines at most, then down to 35 mm below the top of the type area."""
    from docx.shared import Pt

    lines = list(letter.corner_lines)
    for _, words in [*lines, *[("", "")] * (3 - len(lines))]:
        paragraph = document.add_paragraph(style=styles.ADDRESSEE)
        if words:
            _corner_run(paragraph, words, letter)
    paragraph.paragraph_format.space_after = Pt(max(0.0, g.pt(g.HEAD_TOP_MM) - 3 * pitch))


def _corner_run(paragraph: Any, words: str, letter: Letter) -> None:
    run = paragraph.add_run(words)
    if words != letter.copy_number:
        set_face(run._r.get_or_add_rPr(), "hei")


def _number(document: Any, letter: Letter, pitch: float) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Pt

    line = document.add_paragraph(style=styles.NUMBER)
    line.paragraph_format.space_before = Pt(2 * pitch)
    if letter.form == "upward":
        line.alignment = None
        line.paragraph_format.alignment = 0
        line.paragraph_format.tab_stops.add_tab_stop(
            Pt(g.TYPE_WIDTH_PT - g.CHAR_PITCH_PT), WD_TAB_ALIGNMENT.RIGHT
        )
        line.add_run(f"　{letter.number or ''}\t签发人：")
        set_face(line.add_run(letter.signer)._r.get_or_add_rPr(), "kai")
    else:
        line.add_run(str(letter.number or ""))
    # The exact line leaves room under its characters; the rule is 4 mm from the characters.
    leading = (pitch - g.SIZE_3_PT) / 2
    border(line, "bottom", "single", 12, g.RED, round(g.pt(g.HEAD_RULE_GAP_MM) - leading))


def _letter_number(document: Any, letter: Letter, pitch: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.shared import Pt

    gap = g.SIZE_3_PT * 7 / 8 - (pitch - g.SIZE_3_PT) / 2
    corner = list(letter.corner_lines)
    line = document.add_paragraph(style=styles.ADDRESSEE)
    line.paragraph_format.space_before = Pt(gap)
    if not corner:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        line.add_run(str(letter.number or ""))
        return
    line.paragraph_format.tab_stops.add_tab_stop(Pt(g.TYPE_WIDTH_PT), WD_TAB_ALIGNMENT.RIGHT)
    _corner_run(line, corner[0][1], letter)
    line.add_run(f"\t{letter.number or ''}")
    for _, words in corner[1:]:
        _corner_run(document.add_paragraph(style=styles.ADDRESSEE), words, letter)
