"""One cell into one value, or into words that say what would be right."""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from jinchuanggu.commands.sheets.heads import Column
from jinchuanggu.commands.sheets.problems import Unfit
from jinchuanggu.engines.cells import NO, UNKNOWN, YES, day_meant, day_of, figure_in, number_in, shown
from jinchuanggu.engines.rules.dates import NEVER, is_never
from jinchuanggu.engines.rules.model import Input, InputType
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.engines.rules.vocabularies import MAY_BE_NEGATIVE

USUAL = frozenset({"是", "否"})
NOTHING = {"", "-", "--", "—", "——", "/", "无数据", "n/a", "na", "null", "none", *UNKNOWN}
MOST = 10.0**15

Reader = Callable[[Any], Any]
"""Gives the value, None for an empty cell; raises Unfit."""


def reader(column: Column, known: Input) -> Reader:
    """How the cells of a column are read."""
    match known.type:
        case InputType.NUMBER | InputType.SERIES:
            return _number_reader(known, column.factor)
        case InputType.BOOLEAN:
            return _boolean
        case InputType.DATE:
            return _certificate if known.id.endswith("_valid_until") else _date
        case InputType.CODE:
            return _code_reader(known)
        case InputType.EXPERT:
            return _number_reader(known, Fraction(1))
        case _:
            return _list


def label(raw: Any) -> str:
    """A cell of a label as text; a code typed as a number keeps its digits."""
    if raw is None:
        return ""
    return raw.strip() if isinstance(raw, str) else shown(raw)


def _empty(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and raw.strip().lower() in NOTHING)


def _number_reader(known: Input, factor: Fraction) -> Reader:
    unit = UNITS.get(known.unit or "")
    whole, negative = (
        bool(unit and unit.whole and unit.dimension in ("people", "count")),
        known.id in MAY_BE_NEGATIVE,
    )
    times = float(factor)
    places = 2 if known.unit in ("cny", "usd") else 9

    def read(raw: Any) -> float | None:
        if raw.__class__ is not float and raw.__class__ is not int:
            if _empty(raw):
                return None
            raw = _figure(raw)
        if not math.isfinite(raw) or abs(raw) >= MOST:
            raise Unfit(Text("数值过大或不是数", "too large, or no number"))
        if raw < 0 and not negative:
            raise Unfit(Text("不能小于 0", "must not be below 0"))
        if whole and raw != int(raw):
            raise Unfit(Text(f"应为整数，如 {round(raw)}", f"must be a whole number such as {round(raw)}"))
        # a head in 万元 moves the point: the product is rounded to the fen, so 0.07 万元 is 700 yuan exactly
        return float(raw) if times == 1 else round(raw * times, places)

    return read


def _figure(raw: Any) -> float:
    if isinstance(raw, bool):
        raise Unfit(Text("应为数字，不是真假值", "must be a number, not true or false"))
    if isinstance(raw, datetime | date):
        raise Unfit(Text("应为数字，单元格却是日期", "must be a number, the cell is a date"))
    typed = (
        unicodedata.normalize("NFKC", str(raw)).replace(" ", "").replace("\u00a0", "").replace("_x0000_", "")
    )
    if digits := number_in(typed):
        return float(digits)
    if like := figure_in(typed):
        raise Unfit(
            Text(f"只填数字，不带单位和文字，如 {like}", f"digits only, no unit or words, such as {like}")
        )
    raise Unfit(Text("应为数字；没有数请留空", "must be a number; leave it empty if there is none"))


def _boolean(raw: Any) -> bool | None:
    if isinstance(raw, bool):
        return raw
    if raw.__class__ is str and raw in USUAL:  # nearly every cell is one of the two
        return bool(raw == "是")
    typed = shown(raw).strip().lower() if raw is not None else ""
    if typed in YES:
        return True
    if typed in NO:
        return False
    if typed in NOTHING:
        return None
    raise Unfit(
        Text("请填“是”或“否”，不知道请留空", "write 是 or 否 (yes or no); leave it empty if not known")
    )


def _certificate(raw: Any) -> date | None:
    """The last day of a certificate; 无 says that the firm has none, which is not the same as an empty cell."""
    return NEVER if isinstance(raw, str) and is_never(raw) else _date(raw)


def _date(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    if _empty(raw):
        return None
    wanted = Text("日期请写成 2026-01-31 的样子", "write the date like 2026-01-31")
    typed = unicodedata.normalize("NFKC", shown(raw)).strip()
    if isinstance(raw, int | float) and not re.fullmatch(r"[12]\d{7}", typed):
        if like := day_meant(raw):
            raise Unfit(
                Text(
                    f"单元格是数字不是日期，是不是 {like}？请把格式设为日期",
                    f"a number, not a date; did you mean {like}?",
                )
            )
        raise Unfit(wanted)
    try:
        day = day_of(typed)
    except ValueError:
        raise Unfit(Text("没有这一天", "there is no such day")) from None
    if day is None:
        raise Unfit(wanted)
    return day


def _code_reader(known: Input) -> Reader:
    words = {code.lower(): code for code in known.options}
    for code, title in known.options.items():
        words.setdefault(title.zh.lower(), code)
        words.setdefault(title.en.lower(), code)

    def read(raw: Any) -> str | None:
        if raw.__class__ is str and raw in words:
            return words[raw]
        typed = label(raw)
        if typed.lower() in words:  # before the signs of nothing: `none` is an option of some
            return words[typed.lower()]
        if _empty(raw):
            return None
        if not known.options:
            return typed
        begun = [
            code
            for code, title in known.options.items()
            if typed.startswith(title.zh) or title.zh.startswith(typed)
        ]
        if len(begun) == 1 and len(typed) > 1:  # 太原 and 太原市小店区 are 太原市
            return begun[0]
        close = difflib.get_close_matches(typed.lower(), list(words), n=1, cutoff=0.5)
        near = known.options[words[close[0]]] if close else None
        some = Text(
            "、".join(t.zh for t in known.options.values()), ", ".join(t.en for t in known.options.values())
        )
        raise Unfit(Text(f"不在可选值内{f'，是不是“{near.zh}”？' if near else ''}可填：{some.zh}",
                         f"not an accepted value{f', did you mean {near.en!r}?' if near else ''} Accepted: {some.en}"))  # fmt: skip

    return read


def _list(raw: Any) -> None:
    if not _empty(raw):
        raise Unfit(same("—"))
