"""How people write yes, no, days and numbers into cells: the same in every sheet that is read."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

YES = frozenset({"是", "有", "yes", "y", "true", "1", "√", "✓", "对", "符合"})
NO = frozenset({"否", "无", "no", "n", "false", "0", "×", "✗", "错", "不符合"})
UNKNOWN = frozenset({"未知", "unknown", "不详"})
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\s*0?0:00(?::00)?(?:\.0+)?)?$"
)
_DIGITS = re.compile(r"[12]\d{7}")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.IGNORECASE)
_LEADING = re.compile(r"^[^\d+-]{0,4}([+-]?[\d,]+(?:\.\d+)?)")


def day_of(typed: str) -> date | None:
    """The day of half-width text such as 2026-01-31, 2026年1月31日, 20260131; None for anything else.

    Raises ValueError for a day that is in no calendar.
    """
    if _DIGITS.fullmatch(typed):
        typed = f"{typed[:4]}-{typed[4:6]}-{typed[6:]}"
    match = _DATE.match(typed)
    return None if match is None else date(int(match[1]), int(match[2]), int(match[3]))


def day_meant(serial: float) -> date | None:
    """The day a spreadsheet counts by this number, where it may be one of our times."""
    return date(1899, 12, 30) + timedelta(days=int(serial)) if 20_000 <= serial <= 80_000 else None


def number_in(typed: str) -> str | None:
    """Half-width text without spaces as digits a number is made of, thousands separators taken out; None for others."""
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(",", "")
    return typed if _NUMBER.fullmatch(typed) else None


def figure_in(typed: str) -> str | None:
    """The figure that text with a unit begins with, to be offered: `约1,200万元` → `1200`."""
    found = _LEADING.match(typed)
    return found[1].replace(",", "") if found else None


def shown(raw: object, longest: int = 200) -> str:
    """A raw cell as the person sees it, shortened; NUL, which PostgreSQL cannot keep, as the sign for what can't be
    shown.
    """
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 10**15:
        return str(int(raw))
    return str(raw)[:longest].replace("\x00", "\N{REPLACEMENT CHARACTER}")


def plain(number: Decimal) -> str:
    """Digits without exponent and without trailing zeros: one text for one number."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
