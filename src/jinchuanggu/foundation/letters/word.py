"""The letter as a Word file."""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import Any

from . import geometry as g
from . import word_styles as styles
from .fonts import font_note
from .model import Letter, annex_label, numbered
from .pdf import Layout, lay_out
from .titles import title_lines
from .word_blocks import add_block, blank, fixed_lines
from .word_colophon import add_colophon
from .word_head import add_head
from .word_page import letter_first_page, set_up
from .word_tail import add_annex_list, add_closing, add_note

_TIED_CHARS = 8 * g.CHARS


def render_docx(letter: Letter, layout: Layout | None = None) -> bytes:
    """The letter as .docx, with the line pitch and the place of 版记 that the PDF was found to need."""
    from docx import Document
    from docx.shared import Pt

    plan = layout or lay_out(letter)[0]
    document = Document()
    styles.add_styles(document, plan.pitch)
    document.settings.odd_and_even_pages_header_footer = True
    _mirror_margins(document)
    section = document.sections[0]
    set_up(section, letter, plan.pitch)
    if letter.form == "letter":
        letter_first_page(section, letter)
    add_head(document, letter, plan.pitch)
    fixed_lines(
        document, title_lines(letter.title), "Title", plan.pitch * (1 if letter.form == "plain" else 2)
    )
    if letter.addressee:
        line = document.add_paragraph(letter.addressee.rstrip("：:") + "：", style=styles.ADDRESSEE)
        line.paragraph_format.space_before = Pt(plan.pitch)
    else:
        blank(document)
    for item, label in numbered(letter.blocks):
        add_block(document, item, label)
    if plan.keep and not letter.attachments:
        _tie_signature(document)
    add_annex_list(document, letter, plan.pitch)
    add_closing(document, letter, plan.pitch)
    add_note(document, letter)
    _add_annexes(document, letter, plan.pitch)
    add_colophon(document, letter, plan)
    _properties(document, letter)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _tie_signature(document: Any) -> None:
    """The signature takes the end of the text with it: never a page with a seal and no words."""
    last = document.paragraphs[-1]
    # A paragraph of half a page would be moved whole by some programs and leave a hole behind.
    if len(last.text) <= _TIED_CHARS:
        last.paragraph_format.keep_with_next = True


def _add_annexes(document: Any, letter: Letter, pitch: float) -> None:
    for index, annex in enumerate(letter.attachments, start=1):
        if not annex.body:
            continue
        label = document.add_paragraph(annex_label(letter, index), style=styles.ANNEX_LABEL)
        label.paragraph_format.page_break_before = True
        fixed_lines(document, title_lines(annex.title), styles.ANNEX_TITLE, pitch)
        blank(document)
        for item, words in numbered(annex.body):
            add_block(document, item, words)


def _mirror_margins(document: Any) -> None:
    """The binding edge is on the right of an even page."""
    from .word_xml import element

    settings = document.settings.element
    place = settings.find(f"{{{settings.nsmap['w']}}}zoom")
    mirror = element("mirrorMargins")
    if place is None:
        settings.insert(0, mirror)
    else:
        place.addnext(mirror)


def _properties(document: Any, letter: Letter) -> None:
    core = document.core_properties
    core.title = letter.title.replace("\n", "")
    core.author = core.last_modified_by = letter.issuer
    core.subject = str(letter.number or "")
    core.keywords = "，".join(filter(None, (str(letter.number or ""), letter.mark)))
    core.category = "公文"
    core.comments = font_note()
    core.language = "zh-CN"
    core.created = core.modified = datetime.combine(letter.dated, time(), UTC).replace(tzinfo=None)
