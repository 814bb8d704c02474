"""How figures, areas, money and days are written for a reader, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.units import UNITS

NOTHING = "—"
HECTARE = Decimal(10_000)
SQUARE_KILOMETRE = Decimal(1_000_000)


def english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as shown: digits, unit, and the exact amount for the hover text."""

    digits: str
    unit: str = ""
    exact: str = ""

    def __str__(self) -> str:
        gap = "" if self.unit in {"", "%"} else " "
        return f"{self.digits}{gap}{self.unit}"

    def html(self) -> SafeString:
        """The figure with its unit set smaller, and the exact amount on hover."""
        unit = format_html('<span class="j-unit">{}</span>', self.unit) if self.unit else ""
        if self.exact and self.exact != str(self):
            return format_html('<span class="nowrap" title="{}">{}{}</span>', self.exact, self.digits, unit)
        return format_html('<span class="nowrap">{}{}</span>', self.digits, unit)


def as_decimal(value: Any) -> Decimal | None:
    """The value as a Decimal, or None when it is no finite number (text, booleans and None are none)."""
    if value is None or isinstance(value, bool):
        return None
    try:
        amount = Decimal(str(value).replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def digits(amount: Decimal, places: int) -> str:
    """Thousands separated, at most `places` decimals, no trailing zeros."""
    text = f"{amount.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: Any, places: int = 2) -> str:
    amount = as_decimal(value)
    return NOTHING if amount is None else digits(amount, places)


def money(yuan: Any, places: int = 2) -> Figure:
    """An amount in yuan, shown in 元, 万元 or 亿元 by its size (CNY, m, bn in English)."""
    amount = as_decimal(yuan)
    if amount is None:
        return Figure(NOTHING)
    if english():
        steps = ((Decimal(10) ** 9, "bn CNY"), (Decimal(10) ** 6, "m CNY"), (Decimal(1), "CNY"))
    else:
        steps = ((Decimal(10) ** 8, "亿元"), (Decimal(10) ** 4, "万元"), (Decimal(1), "元"))
    exact = str(Figure(digits(amount, 2), steps[-1][1]))
    for size, unit in steps:
        if abs(amount) >= size or size == 1:
            return Figure(digits(amount / size, places), unit, exact)
    raise AssertionError("the last step takes every amount")


def area(square_metres: Any, places: int = 2) -> Figure:
    """An area in m², shown in m², hectares from one hectare on, or km² from one square kilometre on."""
    amount = as_decimal(square_metres)
    if amount is None:
        return Figure(NOTHING)
    exact = str(Figure(digits(amount, 2), "m²"))
    if abs(amount) >= SQUARE_KILOMETRE:
        return Figure(digits(amount / SQUARE_KILOMETRE, places), "km²", exact)
    if abs(amount) >= HECTARE:
        return Figure(digits(amount / HECTARE, places), _("公顷"), exact)
    return Figure(digits(amount, places), "m²", exact)


def quantity(value: Any, unit: str | None = None) -> Figure:
    """A value in one of the engine's units (engines/rules/units.py), or in any other unit taken as a word.

    Money goes to the size that reads best, a part of a square kilometre to hectares;
    booleans become 有 or 无.
    """
    if isinstance(value, bool):
        return Figure(_("有") if value else _("无"))
    amount = as_decimal(value)
    if amount is None:
        return Figure(NOTHING if value in (None, "") else str(value))
    known = UNITS.get(unit or "")
    if known is None:
        return Figure(digits(amount, 4), str(unit or ""))
    if known.dimension == "money":
        return money(amount * Decimal(known.factor.numerator) / Decimal(known.factor.denominator))
    if known.code == "km2" and 0 < abs(amount) < 1:
        return Figure(digits(amount * 100, 2), _("公顷"), f"{digits(amount, 6)} km²")
    label = known.label.en if english() else {"km2": "km²", "m2": "m²"}.get(known.code, known.label.zh)
    return Figure(digits(amount, 4), label)


def as_moment(value: Any) -> date | datetime | None:
    """A date or local time out of a date, a time or their ISO text; None for anything else."""
    if isinstance(value, str):
        try:
            value = parse_datetime(value) if "T" in value else parse_date(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return timezone.localtime(value) if timezone.is_aware(value) else value
    return value if isinstance(value, date) else None


def day(value: Any) -> str:
    """2026-11-24; a text that is no date (a year, a quarter) is shown as it is."""
    moment = as_moment(value)
    if moment is None:
        return str(value) if value else NOTHING
    return moment.strftime("%Y-%m-%d")


def clock(value: Any) -> str:
    """2026-11-24 09:30 in local time."""
    moment = as_moment(value)
    if moment is None:
        return NOTHING
    return moment.strftime("%Y-%m-%d %H:%M" if isinstance(moment, datetime) else "%Y-%m-%d")


def days_left(due: Any) -> int | None:
    """Whole days from today to the due day: negative when overdue, None without a date."""
    moment = as_moment(due)
    if moment is None:
        return None
    last = moment.date() if isinstance(moment, datetime) else moment
    return (last - timezone.localdate()).days
