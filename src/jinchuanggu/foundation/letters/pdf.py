"""Laying out a letter and writing it as PDF/UA with embedded fonts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .fonts import font_note
from .geometry import PITCHES_PT
from .model import Letter
from .page import page


@dataclass(frozen=True, slots=True)
class Layout:
    """Decisions that need the page breaks known; Word and PDF both obey them.

    ``pitch`` points from line to line · ``own_page`` 版记 starts a new even page · ``keep`` the signature
    takes the last lines of text with it.
    """

    pitch: float
    own_page: bool
    keep: bool


def lay_out(letter: Letter) -> tuple[Layout, Any]:
    """Find the layout: a signature never stands on a page without text, 版记 ends an even page.

    Returns the layout and WeasyPrint's rendered document.
    """
    for pitch in PITCHES_PT:
        rendered = _render(letter, Layout(pitch, False, False))
        if _page_of(rendered, "closing") == _page_of(rendered, "body-end"):
            layout = Layout(pitch, False, False)
            break
    else:
        layout = Layout(PITCHES_PT[0], False, True)
        rendered = _render(letter, layout)
    if letter.has_colophon and _needs_own_page(letter, rendered):
        layout = Layout(layout.pitch, True, layout.keep)
        rendered = _render(letter, layout)
    return layout, rendered


def render_pdf(letter: Letter) -> bytes:
    """The letter as PDF (PDF/UA-1): tagged, titled, fonts embedded, nothing fetched from anywhere."""
    _, document = lay_out(letter)
    document.write_pdf()  # the fonts of a document are known only once it has been drawn
    families = sorted({_family(font) for font in document.fonts.values()})
    document.metadata.description = font_note(tuple(families))
    document.fonts.clear()
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))


def _render(letter: Letter, layout: Layout) -> Any:
    from weasyprint import HTML

    source = page(letter, pitch=layout.pitch, own_page=layout.own_page, keep=layout.keep)
    return HTML(string=source, url_fetcher=_nothing).render()


def _nothing(url: str, *_: object, **__: object) -> Any:
    if url.startswith("data:image/svg+xml;base64,"):  # a chart of the letter itself
        from base64 import b64decode

        from weasyprint.urls import URLFetcherResponse

        return URLFetcherResponse(url, b64decode(url.partition(",")[2]), {"Content-Type": "image/svg+xml"})
    raise ValueError(f"a letter loads nothing from outside: {url}")


def _page_of(document: Any, anchor: str) -> int:
    """Number of the page that holds ``anchor``, from 1."""
    return next(number for number, sheet in enumerate(document.pages, start=1) if anchor in sheet.anchors)


def _needs_own_page(letter: Letter, document: Any) -> bool:
    colophon = _page_of(document, "colophon")
    if colophon != _page_of(document, "content-end"):
        return True
    return letter.form != "letter" and colophon % 2 == 1


def _family(font: Any) -> str:
    name = font.family
    return name.decode() if isinstance(name, bytes) else str(name)
