"""Real Word styles, so that whoever edits the file afterwards keeps the format."""

from __future__ import annotations

from typing import Any

from . import geometry as g
from .word_xml import element, set_face

BODY, ADDRESSEE, TITLE, ANNEX_LABEL = "公文正文", "公文主送机关", "公文标题", "公文附件标识"
ISSUER, NUMBER, CLOSING, COLOPHON, CELL, CAPTION, FOLIO, MARK = (
    "公文发文机关标志",
    "公文发文字号",
    "公文落款",
    "公文版记",
    "公文表格",
    "公文表题",
    "公文页码",
    "公文标记",
)
ANNEX_TITLE = "公文附件标题"

HEADING_FACES = {1: "hei", 2: "kai", 3: "fang", 4: "fang"}


def add_styles(document: Any, pitch: float) -> None:
    """Define every style; ``pitch`` points from line to line."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    normal = document.styles["Normal"]
    _dress(normal, "fang", g.SIZE_3_PT, pitch)
    for old in normal.element.xpath("w:rPr/w:lang"):
        old.getparent().remove(old)
    normal.element.get_or_add_rPr().append(element("lang", val="zh-CN", eastAsia="zh-CN"))

    indent = 2 * g.CHAR_PITCH_PT
    _add(document, BODY, "fang", g.SIZE_3_PT, pitch, first_line=indent, align=ALIGN.JUSTIFY)
    _add(document, ADDRESSEE, "fang", g.SIZE_3_PT, pitch)
    _add(document, NUMBER, "fang", g.SIZE_3_PT, pitch, align=ALIGN.CENTER)
    _add(document, CLOSING, "fang", g.SIZE_3_PT, pitch, align=ALIGN.CENTER, keep=True)
    _add(document, ANNEX_LABEL, "hei", g.SIZE_3_PT, pitch, keep=True)
    _add(document, COLOPHON, "fang", g.SIZE_4_PT, 22)
    _add(document, CELL, "fang", g.TABLE_SIZE_PT, g.TABLE_PITCH_PT)
    _add(document, CAPTION, "hei", g.SIZE_4_PT, 24, align=ALIGN.CENTER, keep=True)
    _add(document, FOLIO, "song", g.SIZE_4_PT, g.SIZE_4_PT)
    _add(document, MARK, "hei", g.SIZE_3_PT, 24, align=ALIGN.CENTER)
    issuer = _add(document, ISSUER, "xiaobiao", 44, 48, align=ALIGN.CENTER)
    _colour(issuer, g.RED)
    _add(document, ANNEX_TITLE, "xiaobiao", g.SIZE_2_PT, g.TITLE_PITCH_PT, align=ALIGN.CENTER, keep=True)
    title = document.styles["Title"]
    _dress(title, "xiaobiao", g.SIZE_2_PT, g.TITLE_PITCH_PT, align=ALIGN.CENTER, keep=True)
    _strip(title)
    for level, face in HEADING_FACES.items():
        heading = document.styles[f"Heading {level}"]
        _dress(heading, face, g.SIZE_3_PT, pitch, first_line=indent, keep=True)
        _strip(heading)


def _add(document: Any, name: str, face: str, size: float, pitch: float, **format_: Any) -> Any:
    from docx.enum.style import WD_STYLE_TYPE

    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.quick_style = True
    _dress(style, face, size, pitch, **format_)
    return style


def _dress(
    style: Any,
    face: str,
    size: float,
    pitch: float,
    *,
    first_line: float = 0,
    align: Any = None,
    keep: bool = False,
) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt

    style.font.size = Pt(size)
    style.font.bold = False
    style.font.italic = False
    set_face(style.element.get_or_add_rPr(), face)
    shape = style.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(int(pitch * 20) / 20)
    shape.space_before = shape.space_after = Pt(0)
    shape.first_line_indent = Pt(first_line)
    shape.alignment = align
    shape.keep_with_next = keep
    shape.widow_control = True
    _off_grid(style, tighten=size == g.SIZE_3_PT)


def _off_grid(style: Any, *, tighten: bool) -> None:
    """Set 22 × 28 by exact lines and tightened characters instead of snapping to the section's grid.

    Word, WPS and LibreOffice read a grid narrower than its characters differently (LibreOffice gives each
    character two cells); exact values mean the same to all. The grid itself stays declared in the section.
    """
    properties = style.element.get_or_add_pPr()
    following = (
        "w:spacing",
        "w:ind",
        "w:contextualSpacing",
        "w:mirrorIndents",
        "w:suppressOverlap",
        "w:jc",
        "w:textDirection",
        "w:textAlignment",
        "w:textboxTightWrap",
        "w:outlineLvl",
        "w:divId",
    )
    for tag in ("overflowPunct", "autoSpaceDE", "autoSpaceDN", "snapToGrid"):
        for old in style.element.xpath(f"w:pPr/w:{tag}"):
            properties.remove(old)
        properties.insert_element_before(element(tag, val=0), *following)
    run = style.element.get_or_add_rPr()
    for old in style.element.xpath("w:rPr/w:spacing"):
        run.remove(old)
    run.insert_element_before(
        element("spacing", val=g.WORD_TIGHTEN_TWENTIETHS if tighten else 0),
        "w:w",
        "w:kern",
        "w:position",
        "w:sz",
        "w:szCs",
        "w:highlight",
        "w:u",
        "w:effect",
        "w:bdr",
        "w:shd",
        "w:fitText",
        "w:vertAlign",
        "w:rtl",
        "w:cs",
        "w:em",
        "w:lang",
        "w:eastAsianLayout",
        "w:specVanish",
    )


def _strip(style: Any) -> None:
    """Take away what the default template put on: theme colours, rules, theme fonts."""
    from docx.oxml.ns import qn

    _colour(style, "000000")
    for path in ("w:pPr/w:pBdr", "w:rPr/w:kern", "w:pPr/w:contextualSpacing"):
        for found in style.element.xpath(path):
            found.getparent().remove(found)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _colour(style: Any, colour: str) -> None:
    from docx.shared import RGBColor

    style.font.color.rgb = RGBColor.from_string(colour)
