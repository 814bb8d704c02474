"""Measures of GB/T 9704-2012, in millimetres or points as the names say."""

from __future__ import annotations

POINTS_PER_MM = 72 / 25.4

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210.0, 297.0
TOP_MM, BOTTOM_MM, BINDING_MM, OUTER_MM = 37.0, 35.0, 28.0, 26.0
TYPE_WIDTH_MM = PAGE_WIDTH_MM - BINDING_MM - OUTER_MM
TYPE_HEIGHT_MM = PAGE_HEIGHT_MM - TOP_MM - BOTTOM_MM
LINES, CHARS = 22, 28

TYPE_WIDTH_PT = TYPE_WIDTH_MM * POINTS_PER_MM
TYPE_HEIGHT_PT = TYPE_HEIGHT_MM * POINTS_PER_MM
# Rounded down a hundredth so that the last line and the last character never fall off the type area.
LINE_PITCH_PT = int(TYPE_HEIGHT_PT / LINES * 100) / 100
CHAR_PITCH_PT = int(TYPE_WIDTH_PT / CHARS * 100) / 100

# Word counts twentieths of a point. At -5 LibreOffice, which rounds to 0.01 mm, sets only 27 characters.
WORD_TIGHTEN_TWENTIETHS = -6

SIZE_2_PT, SIZE_3_PT, SIZE_4_PT = 22.0, 16.0, 14.0  # 二号, 三号, 四号
TABLE_SIZE_PT, TABLE_PITCH_PT = 12.0, 18.0
TITLE_PITCH_PT = 34.0

HEAD_TOP_MM = 35.0  # 发文机关标志 below the top of the type area
HEAD_RULE_GAP_MM = 4.0  # red rule below the issuing number
FOLIO_GAP_MM = 7.0  # page number below the type area
LETTER_HEAD_MM = 30.0  # name of the issuer below the page edge, letter form
LETTER_FOOT_MM = 20.0  # lower double rule above the page edge, letter form
LETTER_RULE_MM = 170.0
RULE_THICK_MM, RULE_THIN_MM = 0.35, 0.25
RED = "E60012"

# When the seal and the date find no room beside text, the pitch of the lines gives way.
PITCHES_PT = (LINE_PITCH_PT, 28.0, 27.4, 30.0, 31.0)


def mm(points: float) -> float:
    return points / POINTS_PER_MM


def pt(millimetres: float) -> float:
    return millimetres * POINTS_PER_MM


def width_in_chars(text: str) -> float:
    """Width on the character grid: 1 for a full-width character, ½ for ASCII."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def head_size(text: str) -> tuple[float, float]:
    """Size (pt) and horizontal scale of 发文机关标志: as large as 48 pt, narrowed before it gets small."""
    room = TYPE_WIDTH_PT * 0.97
    count = max(width_in_chars(text), 1.0)
    size = min(48.0, max(room / count, 34.0))
    return size, min(1.0, room / (count * size))
