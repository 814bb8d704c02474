"""Issuing numbers, dates and the numerals of headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .errors import LetterError

_NUMBER = re.compile(r"(?P<code>[^\s〔〕\[\]［］()（）0-9]+)〔(?P<year>[0-9]{4})〕(?P<serial>[1-9][0-9]*)号")
_CODE = re.compile(r"[^\s〔〕\[\]［］()（）0-9第]+")
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class IssuingNumber:
    """发文字号: the short code of the issuer, the year in full, a running number without leading zero.

    >>> str(IssuingNumber("晋科发", 2026, 8))
    '晋科发〔2026〕8号'
    """

    code: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise LetterError(
                "number.code", f"机关代字“{self.code}”不能为空，也不能含括号、数字、空格或“第”字", "code"
            )
        if not 1949 <= self.year <= 9999:
            raise LetterError("number.year", f"年份应标全称四位数，收到 {self.year}", "year")
        if self.serial < 1:
            raise LetterError("number.serial", f"发文顺序号从1开始，收到 {self.serial}", "serial")

    def __str__(self) -> str:
        return f"{self.code}〔{self.year}〕{self.serial}号"

    @classmethod
    def parse(cls, text: str) -> IssuingNumber:
        """Read ``晋科发〔2026〕8号``; square or round brackets, a leading zero or 第 raise `LetterError`."""
        match = _NUMBER.fullmatch(text.strip())
        if match is None:
            raise LetterError(
                "number.format",
                f"“{text}”不是规范的发文字号：年份用六角括号〔〕括起，"
                "序号不编虚位、不加“第”字，如 晋科发〔2026〕8号",
                "number",
            )
        return cls(match["code"], int(match["year"]), int(match["serial"]))


def chinese_date(value: date) -> str:
    """2026-07-05 → 2026年7月5日: Arabic digits, the year in full, no leading zeros."""
    return f"{value.year}年{value.month}月{value.day}日"


def chinese_numeral(value: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十; for headings, so 1 to 99."""
    if not 1 <= value <= 99:
        raise LetterError("heading.count", f"层次序数只到九十九，收到 {value}", "body")
    tens, units = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[units] if units else "")


def heading_label(level: int, index: int) -> str:
    """The ordinal of a heading: 一、 / （一） / 1. / （1）."""
    match level:
        case 1:
            return f"{chinese_numeral(index)}、"
        case 2:
            return f"（{chinese_numeral(index)}）"
        case 3:
            return f"{index}. "
        case 4:
            return f"（{index}）"
    raise LetterError("heading.level", f"结构层次只有一至四级，收到 {level}", "body")
