"""One typed or pasted fact into the value that is kept, and back into what a form or a sheet shows."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import NO, UNKNOWN, YES, plain
from jinchuanggu.engines.rules import dates
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.engines.rules.vocabularies import MAY_BE_NEGATIVE
from jinchuanggu.foundation.exchange import cells
from jinchuanggu.foundation.exchange.cells import Unfit
from jinchuanggu.foundation.exchange.fields import suggestion
from jinchuanggu.foundation.ui.formats import english

WAN = Decimal(10_000)
LARGEST = Decimal(10) ** 13
EARLIEST = date(1949, 10, 1)
NEVER = dates.NEVER.isoformat()
"""How it is kept that a firm never had a title; not the same as not known."""
YES_WORDS = {"on", *YES}

Stored = str | bool


def in_wan(declared: Input) -> bool:
    """Money in yuan is typed and shown in 万元, and kept in yuan."""
    return declared.unit == "cny"


def is_title(declared: Input) -> bool:
    """The last day of a certificate, which a firm may never have had."""
    return declared.type is InputType.DATE and declared.group == "titles"


def _says_never(raw: Any) -> bool:
    return isinstance(raw, str) and dates.is_never(raw)


def unit_words(declared: Input) -> str:
    """The unit a person types in; empty for what has none."""
    if in_wan(declared):
        return _("万元")
    unit = UNITS.get(declared.unit or "")
    if unit is None:
        return declared.unit or ""
    return unit.label.en if english() else unit.label.zh


def label_of(declared: Input) -> str:
    return declared.title.en if english() else declared.title.zh


def option_words(declared: Input, code: str) -> str:
    option = declared.options.get(code)
    return code if option is None else option.en if english() else option.zh


def parse(declared: Input, raw: Any) -> Stored | None:
    """The value to keep, or None for a blank. Raises Unfit with words that say what would be right."""
    if raw is None or (isinstance(raw, str) and not raw.strip().replace("\x00", "")):
        return None
    if declared.type is InputType.BOOLEAN:
        return _boolean(raw)
    if declared.type is InputType.CODE:
        return _code(declared, raw)
    if declared.type is InputType.DATE:
        return NEVER if is_title(declared) and _says_never(raw) else _day(raw)
    return _number(declared, raw)


def _boolean(raw: Any) -> bool | None:
    typed = ("true" if raw else "false") if isinstance(raw, bool) else cells.text(raw).lower()
    if typed in YES_WORDS:
        return True
    if typed in NO:
        return False
    if typed in UNKNOWN:
        return None
    raise Unfit(_("请填“是”“否”或留空（未知）"))


def _code(declared: Input, raw: Any) -> str:
    typed = unicodedata.normalize("NFKC", cells.text(raw)).strip()
    if not declared.options:
        if len(typed) > 60:
            raise Unfit(_("最多 60 个字"))
        return typed
    known = {code.lower(): code for code in declared.options}
    for code, title in declared.options.items():
        known |= {title.zh.lower(): code, title.en.lower(): code}
    if typed.lower() in known:
        return known[typed.lower()]
    words = [option_words(declared, code) for code in declared.options]
    like = suggestion(typed, words)
    hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
    raise Unfit(_("不在可选范围内。%(hint)s可填：%(words)s") % {"hint": hint, "words": _("、").join(words)})


def _day(raw: Any) -> str:
    day = cells.read_day(raw)
    if not EARLIEST <= day <= timezone.localdate().replace(year=timezone.localdate().year + 30, day=1):
        raise Unfit(_("日期应在 %(first)s 之后，且不超过今后 30 年") % {"first": EARLIEST.isoformat()})
    return day.isoformat()


def _number(declared: Input, raw: Any) -> str:
    number = cells.read_number(raw)
    unit = UNITS.get(declared.unit or "")
    if in_wan(declared):
        yuan = number * WAN
        number = yuan.quantize(Decimal("0.01"), ROUND_HALF_UP) if abs(yuan) < LARGEST else yuan
        # a sheet hands over binary fractions; what a person typed finer than one fen is refused
        if number != yuan and not (isinstance(raw, float) and abs(number - yuan) < Decimal("0.001")):
            raise Unfit(_("以万元为单位，最多 6 位小数（精确到分）"))
    elif isinstance(raw, float):
        number = number.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    if abs(number) >= LARGEST:
        raise Unfit(_("数值过大，请核对单位"))
    if number < 0 and declared.id not in MAY_BE_NEGATIVE:
        raise Unfit(_("不能小于 0"))
    if unit is not None and unit.whole and number != number.to_integral_value():
        raise Unfit(_("请填整数"))
    return plain(number)


def typed_text(declared: Input, stored: Stored | None) -> str:
    """The text of a form field for a kept value; money in 万元."""
    if stored is None:
        return ""
    if isinstance(stored, bool):
        return "true" if stored else "false"
    if in_wan(declared):
        return plain(Decimal(stored) / WAN)
    return "none" if is_title(declared) and stored == NEVER else stored


def cell_value(declared: Input, stored: Stored | None) -> str | float | int | date | None:
    """What an export writes into a cell: words for booleans and codes, numbers as numbers."""
    if stored is None:
        return None
    if isinstance(stored, bool):
        return _("是") if stored else _("否")
    if declared.type is InputType.CODE:
        return option_words(declared, stored)
    if declared.type is InputType.DATE:
        return _("无") if is_title(declared) and stored == NEVER else date.fromisoformat(stored)
    number = Decimal(stored) / WAN if in_wan(declared) else Decimal(stored)
    return int(number) if number == number.to_integral_value() else float(number)


def rule_value(declared: Input, stored: Stored) -> Decimal | bool | str | date:
    """The value as the engine takes it: decimals in the unit of the input, days as days."""
    if isinstance(stored, bool):
        return stored
    if declared.type is InputType.CODE:
        return stored
    if declared.type is InputType.DATE:
        return date.fromisoformat(stored)
    return Decimal(stored)
