"""The few pieces of WordprocessingML that python-docx has no call for."""

from __future__ import annotations

from typing import Any

from .fonts import WORD


def element(tag: str, **attributes: str | int) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def set_face(run_properties: Any, role: str) -> None:
    """Set all four font slots; without eastAsia Word keeps its own face for Chinese."""
    from docx.oxml.ns import qn

    fonts = run_properties.get_or_add_rFonts()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{slot}"), WORD[role])
    # Straight after a digit a quotation mark would otherwise fall to the Latin face.
    fonts.set(qn("w:hint"), "eastAsia")


def border(paragraph: Any, side: str, kind: str, eighths: int, colour: str, space: int = 0) -> None:
    """A rule above or below a paragraph; ``eighths`` of a point thick, ``space`` points away."""
    properties = paragraph._p.get_or_add_pPr()
    borders = properties.find(f"{{{properties.nsmap['w']}}}pBdr")
    if borders is None:
        borders = element("pBdr")
        properties.insert_element_before(
            borders,
            "w:shd",
            "w:tabs",
            "w:suppressAutoHyphens",
            "w:kinsoku",
            "w:wordWrap",
            "w:overflowPunct",
            "w:topLinePunct",
            "w:autoSpaceDE",
            "w:autoSpaceDN",
            "w:bidi",
            "w:adjustRightInd",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:contextualSpacing",
            "w:mirrorIndents",
            "w:jc",
            "w:rPr",
            "w:sectPr",
        )
    borders.append(element(side, val=kind, sz=eighths, space=space, color=colour))


def page_field(paragraph: Any) -> None:
    """The PAGE field between one-character dashes."""
    for kind, words in (
        ("", "— "),
        ("begin", ""),
        ("code", " PAGE "),
        ("separate", ""),
        ("", "1"),
        ("end", ""),
        ("", " —"),
    ):
        run = paragraph.add_run(words if kind == "" else "")
        set_face(run._r.get_or_add_rPr(), "song")
        if kind == "code":
            code = element("instrText")
            code.text = words
            run._r.append(code)
        elif kind:
            run._r.append(element("fldChar", fldCharType=kind))
