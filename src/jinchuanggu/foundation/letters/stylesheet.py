"""The style sheet of the PDF: the geometry module said in CSS."""

from __future__ import annotations

from . import fonts
from . import geometry as g
from .markup import css_string
from .model import Letter


def stylesheet(letter: Letter, pitch: float) -> str:
    """CSS for one letter; ``pitch`` is the distance of lines in points."""
    return _pages(letter) + _text(pitch) + _head(pitch) + _tail(pitch)


def _pages(letter: Letter) -> str:
    folio = (
        f'content: "— " counter(page) " —"; font: {g.SIZE_4_PT}pt {fonts.stack(fonts.SONG)}; '
        f"line-height: 1; vertical-align: top; white-space: nowrap; padding-top: {g.FOLIO_GAP_MM - 1.9}mm;"
    )
    mark = ""
    if letter.mark:
        mark = (
            f"@top-center {{ content: {css_string(letter.mark)}; font: 16pt {fonts.stack(fonts.HEI)}; "
            "color: #1a1a1a; border: 1.2pt solid #1a1a1a; padding: 1.5mm 6mm; margin: 10mm auto 14mm; "
            "line-height: 1.2; letter-spacing: 4pt; }"
        )
    no_folio = "@bottom-left { content: none } @bottom-right { content: none }"
    first = f"@page :first {{ {no_folio} }}" if letter.form == "letter" else ""
    return f"""
@page {{ size: A4; margin: {g.TOP_MM}mm {g.OUTER_MM}mm {g.BOTTOM_MM}mm {g.BINDING_MM}mm; {mark} }}
@page :right {{ @bottom-right {{ {folio} padding-right: {g.SIZE_4_PT}pt }} }}
@page :left {{ margin-left: {g.OUTER_MM}mm; margin-right: {g.BINDING_MM}mm;
  @bottom-left {{ {folio} padding-left: {g.SIZE_4_PT}pt }} }}
{first}
@page bare {{ {no_folio} }}
@page :blank {{ {no_folio} }}
"""


def _text(pitch: float) -> str:
    indent = 2 * g.CHAR_PITCH_PT
    return f"""
html {{ font-family: {fonts.stack(fonts.FANG)}; font-size: {g.SIZE_3_PT}pt; line-height: {pitch}pt;
  letter-spacing: {g.CHAR_PITCH_PT - g.SIZE_3_PT:.2f}pt; color: #000; font-kerning: none;
  orphans: 2; widows: 2; overflow-wrap: anywhere; hyphens: manual; }}
body, h1, h2, h3, h4, h5, p, table {{ margin: 0; padding: 0; font-size: inherit; font-weight: normal; }}
p, .indent {{ text-indent: {indent}pt; }}
.flush {{ text-indent: 0; }}
h2, .urgent {{ font-family: {fonts.stack(fonts.HEI)}; }}
h3, .kai {{ font-family: {fonts.stack(fonts.KAI)}; }}
h2, h3, h4, h5 {{ text-indent: {indent}pt; break-after: avoid; }}
p.run-in {{ break-inside: auto; }}
h1, .annex-title {{ font-family: {fonts.stack(fonts.XIAOBIAO)}; font-size: {g.SIZE_2_PT}pt; font-weight: 600;
  line-height: {g.TITLE_PITCH_PT}pt; text-align: center; letter-spacing: 0; break-after: avoid; }}
h1 span, .annex-title span {{ display: block; }}
figure {{ margin: 0; padding: 6pt 0; break-inside: avoid; text-align: center; text-indent: 0; }}
figure img {{ width: 100%; }}
figcaption {{ text-align: center; }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed; font-size: {g.TABLE_SIZE_PT}pt;
  line-height: {g.TABLE_PITCH_PT}pt; letter-spacing: 0; text-indent: 0; margin: 6pt 0 10pt; }}
caption {{ caption-side: top; font-family: {fonts.stack(fonts.HEI)}; font-size: {g.SIZE_4_PT}pt;
  line-height: 24pt; text-align: center; break-after: avoid; }}
th, td {{ border: 0.75pt solid #000; padding: 2pt 4pt; text-align: left; vertical-align: middle;
  font-weight: normal; }}
thead th {{ font-family: {fonts.stack(fonts.HEI)}; text-align: center; }}
tr {{ break-inside: avoid; }}
.number-cell {{ text-align: center; }}
"""


def _head(pitch: float) -> str:
    leading = (pitch - g.SIZE_3_PT) / 2
    size_gap = g.SIZE_3_PT * 7 / 8
    return f"""
.corner {{ height: {g.HEAD_TOP_MM}mm; }}
.corner p, .letter-corner p {{ text-indent: 0; }}
.issuer {{ font-family: {fonts.stack(fonts.XIAOBIAO)}; font-weight: 600; color: #{g.RED}; line-height: 1;
  letter-spacing: 0; white-space: nowrap; text-align: center; text-indent: 0; }}
.number {{ margin-top: {2 * pitch}pt; text-align: center; text-indent: 0; }}
.number.between {{ display: flex; justify-content: space-between;
  padding: 0 {g.CHAR_PITCH_PT}pt; text-align: left; }}
.red-rule {{ border-top: 1.6pt solid #{g.RED}; margin-top: {g.pt(g.HEAD_RULE_GAP_MM) - leading:.2f}pt; }}
h1 {{ margin-top: {2 * pitch}pt; }}
.plain h1 {{ margin-top: {pitch}pt; }}
.addressee {{ margin-top: {pitch}pt; text-indent: 0; }}
.no-addressee {{ height: {pitch}pt; }}
.letter-head, .letter-foot {{ position: absolute; width: {g.LETTER_RULE_MM}mm;
  left: {(g.PAGE_WIDTH_MM - g.LETTER_RULE_MM) / 2 - g.BINDING_MM}mm; line-height: 1; }}
.letter-head {{ top: {g.LETTER_HEAD_MM - g.TOP_MM}mm; }}
.letter-foot {{ top: {g.PAGE_HEIGHT_MM - g.LETTER_FOOT_MM - g.TOP_MM - 1.1}mm; }}
.thick-thin, .thin-thick {{ height: 1.2pt; border: 0 solid #{g.RED};
  border-top-width: 2pt; border-bottom-width: 0.7pt; }}
.thin-thick {{ border-top-width: 0.7pt; border-bottom-width: 2pt; }}
.thick-thin {{ margin-top: {g.HEAD_RULE_GAP_MM}mm; }}
.letter-number {{ text-align: right; text-indent: 0; }}
.letter-corner {{ float: left; text-indent: 0; }}
.letter-gap {{ height: {size_gap - leading:.2f}pt; }}
"""


def _tail(pitch: float) -> str:
    hang = 4.25 * g.CHAR_PITCH_PT
    return f"""
.annexes {{ margin-top: {pitch}pt; padding-left: {2 * g.CHAR_PITCH_PT}pt; break-inside: avoid; }}
.annexes div {{ padding-left: {hang}pt; text-indent: -{hang}pt; }}
.annexes.one div {{ padding-left: {3 * g.CHAR_PITCH_PT}pt; text-indent: -{3 * g.CHAR_PITCH_PT}pt; }}
.lead, .ordinal {{ display: inline-block; text-indent: 0; width: {3 * g.CHAR_PITCH_PT}pt; }}
.lead, .ordinal, .number span, .printed span {{ white-space: nowrap; }}
.ordinal {{ width: {hang - 3 * g.CHAR_PITCH_PT}pt; }}
.closing {{ margin-top: {2 * pitch}pt; text-indent: 0; text-align: center; break-inside: avoid; }}
.closing.kept {{ break-before: avoid; }}
.closing div {{ white-space: nowrap; }}
.annex {{ break-before: page; }}
.annex-label {{ font-family: {fonts.stack(fonts.HEI)}; text-indent: 0; break-after: avoid; }}
.annex-title {{ margin-top: {pitch}pt; margin-bottom: {pitch}pt; text-indent: 0; }}
.colophon {{ position: absolute; bottom: 0; left: 0; width: 100%; }}
.colophon-room {{ break-inside: avoid; }}
.colophon-room.own-page {{ break-before: left; page: bare; }}
.colophon div {{ font-size: {g.SIZE_4_PT}pt; letter-spacing: 0; line-height: 22pt; text-indent: 0;
  padding: 0 {g.SIZE_4_PT}pt; }}
.colophon .copies {{ padding-left: {4 * g.SIZE_4_PT}pt; text-indent: -{3 * g.SIZE_4_PT}pt; }}
.copies .lead {{ width: {3 * g.SIZE_4_PT}pt; }}
.ruled .copies {{ border-top: {g.RULE_THICK_MM}mm solid #000; }}
.ruled .printed {{ display: flex; justify-content: space-between;
  border-top: {g.RULE_THIN_MM}mm solid #000; }}
.ruled .printed.first {{ border-top-width: {g.RULE_THICK_MM}mm; }}
.ruled {{ border-bottom: {g.RULE_THICK_MM}mm solid #000; }}
"""
