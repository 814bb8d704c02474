"""What follows the text in Word: 附件说明, 署名 and 成文日期, 附注."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from . import word_styles as styles
from .model import Letter, annex_names
from .numbers import chinese_date
from .page import closing_box
from .titles import title_lines


def add_annex_list(document: Any, letter: Letter, pitch: float) -> None:
    """附件：1. … with the ordinals and the names each under one another, also in turned lines."""
    from docx.shared import Pt

    lead, ordinal_width = 3 * g.CHAR_PITCH_PT, 1.25 * g.CHAR_PITCH_PT
    for index, (ordinal, name) in enumerate(annex_names(letter) if letter.attachments else ()):
        line = document.add_paragraph(style=styles.ADDRESSEE)
        shape = line.paragraph_format
        hang = lead + (ordinal_width if ordinal else 0)
        shape.left_indent, shape.first_line_indent = Pt(2 * g.CHAR_PITCH_PT + hang), Pt(-hang)
        # From the first of them on, the names go where the signature goes.
        shape.keep_with_next = True
        shape.tab_stops.add_tab_stop(Pt(2 * g.CHAR_PITCH_PT + lead))
        shape.tab_stops.add_tab_stop(Pt(2 * g.CHAR_PITCH_PT + hang))
        head = "附件：" if index == 0 else ""
        # The label already reaches the first stop, so only what is empty needs a tab to get there.
        line.add_run(f"{head or chr(9)}{ordinal}{chr(9) if ordinal else ''}{name}")
        if index == 0:
            shape.space_before = Pt(pitch)


def add_closing(document: Any, letter: Letter, pitch: float) -> None:
    """The date four characters from the right, the name centred over it, room for the seal above."""
    from docx.shared import Pt

    width, right = closing_box(letter)
    lines = (*title_lines(letter.signed_by, 14), chinese_date(letter.dated))
    for index, words in enumerate(lines):
        line = document.add_paragraph(words, style=styles.CLOSING)
        line.paragraph_format.right_indent = Pt(right)
        line.paragraph_format.left_indent = Pt(max(0.0, g.TYPE_WIDTH_PT - right - width))
        line.paragraph_format.keep_with_next = index < len(lines) - 1
        if index == 0:
            line.paragraph_format.space_before = Pt(2 * pitch)


def add_note(document: Any, letter: Letter) -> None:
    if letter.note:
        document.add_paragraph(f"（{letter.note.strip('（）()')}）", style=styles.BODY)
