"""Units as people write them in the head of a column, and the exact factor to the unit of the input."""

from __future__ import annotations

import re
from fractions import Fraction

from jinchuanggu.engines.rules.model import Input

# word -> (dimension, size in the base unit of that dimension)
WORDS: dict[str, tuple[str, int | Fraction]] = {
    "分钱": ("cny", Fraction(1, 100)),
    "元": ("cny", 1),
    "人民币元": ("cny", 1),
    "cny": ("cny", 1),
    "yuan": ("cny", 1),
    "千元": ("cny", 1_000),
    "万元": ("cny", 10_000),
    "万": ("cny", 10_000),
    "wan_cny": ("cny", 10_000),
    "人民币万元": ("cny", 10_000),
    "百万元": ("cny", 1_000_000),
    "千万元": ("cny", 10_000_000),
    "亿元": ("cny", 100_000_000),
    "亿": ("cny", 100_000_000),
    "yi_cny": ("cny", 100_000_000),
    "美元": ("usd", 1),
    "usd": ("usd", 1),
    "万美元": ("usd", 10_000),
    "百万美元": ("usd", 1_000_000),
    "亿美元": ("usd", 100_000_000),
    "%": ("percent", 1),
    "percent": ("percent", 1),
    "百分比": ("percent", 1),
    "人": ("persons", 1),
    "名": ("persons", 1),
    "persons": ("persons", 1),
    "个": ("count", 1),
    "件": ("count", 1),
    "项": ("count", 1),
    "count": ("count", 1),
    "年": ("years", 1),
    "years": ("years", 1),
    "月": ("months", 1),
    "个月": ("months", 1),
    "months": ("months", 1),
    "天": ("days", 1),
    "日": ("days", 1),
    "days": ("days", 1),
    "平方米": ("m2", 1),
    "m2": ("m2", 1),
    "m²": ("m2", 1),
    "㎡": ("m2", 1),
    "分": ("points", 1),
    "points": ("points", 1),
}
MONEY = frozenset({"cny", "usd"})


def known(word: str) -> bool:
    return word.lower() in WORDS


def factor(word: str, column: Input) -> Fraction | None:
    """By what a number written in this unit is multiplied to be in the unit of the input; None: another dimension."""
    dimension, size = WORDS[word.lower()]
    return Fraction(size) if dimension == column.unit else None


_INSIDE = re.compile(r"[（(\[【]\s*(?:单位\s*[:：]?\s*)?([^（）()\[\]【】]{1,8})\s*[）)\]】]")
_BEHIND = re.compile(r"[_/／,，、:：\s\-]+(?:单位\s*[:：]?\s*)?([^_/／,，、:：\s\-]{1,8})$")


def split(head: str) -> tuple[str, str | None]:
    """The head without its unit, and the unit as written: `研发费用(万元)_2025` → (`研发费用_2025`, `万元`)."""
    for match in reversed(list(_INSIDE.finditer(head))):
        if known(match[1].strip()):
            return head[: match.start()] + head[match.end() :], match[1].strip()
    behind = _BEHIND.search(head)
    if behind and known(behind[1]) and behind.start() > 0:
        return head[: behind.start()], behind[1]
    for word in ("万美元", "美元", "百万元", "千万元", "万元", "亿元", "千元", "元", "%"):
        if head.endswith(word) and head != word:
            return head[: -len(word)], word
    return head, None
