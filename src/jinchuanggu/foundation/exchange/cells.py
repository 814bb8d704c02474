"""One cell into one value, or into words that say what would be right."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import NO, UNKNOWN, YES, day_meant, day_of, figure_in, number_in, shown
from jinchuanggu.foundation.exchange.fields import ImportField, suggestion
from jinchuanggu.foundation.resources import checking

EMPTY = object()
"""The cell was empty; what that means depends on the row being new or known."""
EXACT = 10**15


class Unfit(Exception):
    """A value that doesn't fit its column; the message says what would."""


def convert(field: ImportField, raw: Any) -> Any:
    """The value of a cell for a column that refers to nothing; EMPTY for an empty one. Raises Unfit."""
    if raw is None or (isinstance(raw, str) and not _clean(raw)):
        return EMPTY
    if field.choices:
        return _choice(field, raw)
    column = field.field
    if isinstance(column, models.BooleanField):
        return _bool(field, raw)
    if isinstance(column, models.DateTimeField):
        raise Unfit(_("此列由系统填写"))
    if isinstance(column, models.DateField):
        return read_day(raw)
    if isinstance(column, models.DecimalField):
        return _decimal(column, raw)
    if isinstance(column, models.IntegerField):
        return _integer(column, raw)
    if isinstance(column, models.JSONField):
        from jinchuanggu.foundation.resources.fields import split

        return split(text(raw))
    return _text(column, raw)


def _clean(raw: str) -> str:
    return raw.replace("\x00", "").replace("_x0000_", "").strip()


def text(raw: Any) -> str:
    """A cell as text, so that a code typed as a number keeps its digits. Raises Unfit where they are lost."""
    if isinstance(raw, str):
        return _clean(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, int | float):
        if isinstance(raw, float) and not math.isfinite(raw):
            raise Unfit(_("此单元格不是可用的值"))
        if abs(raw) >= EXACT:
            raise Unfit(_("Excel 已把长号码当作数字，末几位已丢失；请把单元格格式设为“文本”后重新填写"))
        return str(int(raw)) if float(raw).is_integer() else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(" ", "minutes")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def _text(column: Any, raw: Any) -> str:
    value = text(raw)
    if column.max_length and len(value) > column.max_length:
        raise Unfit(_("最多 %(max)d 个字，现有 %(now)d 个") % {"max": column.max_length, "now": len(value)})
    return value


def _choice(field: ImportField, raw: Any) -> Any:
    typed, known = text(raw), field.words
    if typed.lower() in known:
        return known[typed.lower()]
    words = [str(label) for label in field.choices.values()]
    like = suggestion(typed, words)
    hint = _("是否为“%(like)s”？") % {"like": like} if like else ""
    raise Unfit(_("不在可选范围内。%(hint)s可填：%(words)s") % {"hint": hint, "words": _("、").join(words)})


def _bool(field: ImportField, raw: Any) -> bool | None:
    typed = ("true" if raw else "false") if isinstance(raw, bool) else text(raw).lower()
    if typed in YES:
        return True
    if typed in NO:
        return False
    if typed in UNKNOWN and field.field.null:
        return None
    allowed = _("请填“是”“否”或留空（未知）") if field.field.null else _("请填“是”或“否”")
    raise Unfit(allowed)


def read_day(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        typed = shown(raw)
        if not re.fullmatch(r"[12]\d{7}", typed):
            raise Unfit(_serial(float(raw)))
    else:
        typed = unicodedata.normalize("NFKC", text(raw))
    try:
        day = day_of(typed)
    except ValueError:
        raise Unfit(_("没有这一天；日期请写成 2026-01-31 的样子")) from None
    if day is None:
        raise Unfit(_("日期请写成 2026-01-31 的样子"))
    return day


def _serial(number: float) -> str:
    if like := day_meant(number):
        return _("单元格是数字而不是日期，是否为 %(like)s？请把格式设为日期") % {"like": like.isoformat()}
    return _("日期请写成 2026-01-31 的样子")


def read_number(raw: Any) -> Decimal:
    """A number, also one typed as text with thousands separators or full-width digits."""
    if isinstance(raw, bool):
        raise Unfit(_("请填数字"))
    if isinstance(raw, int | float):
        if isinstance(raw, float) and not math.isfinite(raw):
            raise Unfit(_("请填数字"))
        return Decimal(repr(raw))
    typed = unicodedata.normalize("NFKC", text(raw)).replace(" ", "")
    digits = number_in(typed)
    if digits is None:
        like = figure_in(typed)
        raise Unfit(_("只填数字，不带单位，如 %(like)s") % {"like": like} if like else _("请填数字"))
    return Decimal(digits)


def _integer(column: Any, raw: Any) -> int:
    number = read_number(raw)
    if number != number.to_integral_value():
        raise Unfit(_("请填整数"))
    return int(number)


def _decimal(column: Any, raw: Any) -> Decimal:
    number = read_number(raw)
    step = Decimal(1).scaleb(-column.decimal_places)
    if abs(number) >= Decimal(10) ** (column.max_digits - column.decimal_places):
        raise Unfit(_("数值过大"))
    rounded = number.quantize(step)
    if checking.inexact(rounded):
        raise Unfit(checking.too_long_words())
    if rounded != number:
        # a binary fraction such as 0.1 + 0.2 is a computed cell, not a more precise figure
        if isinstance(raw, float) and abs(rounded - number) < Decimal("1e-9") * max(abs(number), 1):
            return rounded
        raise Unfit(_("最多 %(places)d 位小数，是否为 %(like)s？") % {
            "places": column.decimal_places, "like": f"{rounded:f}"})  # fmt: skip
    return rounded
