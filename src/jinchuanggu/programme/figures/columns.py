"""The columns of the sheet of published figures, and the words that may stand in their cells."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jinchuanggu.engines.rules.units import UNITS, UnitMismatch, convert, decimal_of
from jinchuanggu.foundation.exchange.cells import Unfit, text
from jinchuanggu.foundation.exchange.fields import IGNORED, NUMBER, bare
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.store.fixed import to_scaled

HEADS = {
    NUMBER: gettext_lazy("编号"),
    "valley": gettext_lazy("晋创谷"),
    "indicator": gettext_lazy("指标"),
    "value": gettext_lazy("数值"),
    "unit": gettext_lazy("单位"),
    "year": gettext_lazy("年份"),
    "date": gettext_lazy("日期"),
    "source": gettext_lazy("来源"),
    "address": gettext_lazy("来源地址"),
    "grade": gettext_lazy("来源等级"),
    "note": gettext_lazy("口径说明"),
}
NOTES = {
    NUMBER: gettext_lazy("导出时带出，用来改正已有的报道；新报道留空"),
    "valley": gettext_lazy("必填，晋创谷的全称"),
    "indicator": gettext_lazy("必填，指标名称或代码"),
    "value": gettext_lazy("必填，只填数字"),
    "unit": gettext_lazy("必填；与指标单位不同的会精确换算，换算不尽的不收"),
    "year": gettext_lazy("年度指标必填，四位数"),
    "date": gettext_lazy("必填，可写到日、月或年：2025-01-20、2025-01、2025，或一段 2025-01/2025-03"),
    "source": gettext_lazy("必填，文件或报道的标题"),
    "address": gettext_lazy("网址，以 http 开头"),
    "grade": gettext_lazy("A 政府网站，B 媒体，C 转载"),
    "note": gettext_lazy("口径、约数、下限等，至多 500 字"),
}
REQUIRED = ("valley", "indicator", "value", "unit", "date", "source")
GRADES = ("A", "B", "C")
# what people write beside a number; a count has no unit of its own
WORDS = {
    "㎡": "m2", "m2": "m2", "m²": "m2", "平米": "m2", "平方": "m2", "km2": "km2", "km²": "km2", "平方千米": "km2", "ha": "hectare",
    "名": "persons", "人次": "persons", "家": "count", "项": "count", "件": "count", "套": "count", "条": "count", "所": "count",
    "份": "count", "百分比": "percent", "％": "percent", "亿": "yi_cny", "万": "wan_cny", "人民币": "cny",
}  # fmt: skip
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Dated:
    """`text` as it is kept, `latest` the last day that it allows."""

    text: str
    earliest: date
    latest: date


def heads() -> dict[str, str]:
    """`{bare head: column}` in both languages; columns of the export that say something more are passed over."""
    from django.utils import translation

    known: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            known |= {bare(str(head)): name for name, head in HEADS.items()}
            known |= {bare(_("数据性质")): IGNORED, bare(_("采用")): IGNORED, bare(_("错误信息")): IGNORED}
    return known | {bare(name): name for name in HEADS if name != NUMBER}


def read_unit(raw: object) -> str:
    """Code of the unit that a cell names. Raises Unfit."""
    typed = unicodedata.normalize("NFKC", text(raw)).strip()
    known = {unit.label.zh: code for code, unit in UNITS.items()} | {
        unit.label.en: code for code, unit in UNITS.items()
    }
    code = {**known, **WORDS}.get(typed) or (typed if typed in UNITS else None)
    if code is None:
        raise Unfit(_("不认识这个单位；可填：%(words)s") % {"words": "、".join(unit_words())})
    return code


def unit_words() -> list[str]:
    """The units most often written, for the drop-down."""
    return ["个", "家", "人", "平方米", "亩", "公顷", "平方公里", "元", "万元", "亿元", "%"]


def exactly(value: Decimal, unit: str, indicator: Indicator) -> Decimal:
    """The value in the unit of the indicator. Raises Unfit where it measures something else or has no exact end."""
    try:
        found = decimal_of(convert(value, unit, indicator.unit), 12)
    except UnitMismatch:
        wanted = UNITS[indicator.unit].label.zh or "个"
        raise Unfit(
            _("“%(name)s”以%(unit)s计，不能填这个单位") % {"name": indicator.name, "unit": wanted}
        ) from None
    try:
        to_scaled(found)
    except ValueError:
        wanted = UNITS[indicator.unit].label.zh
        raise Unfit(
            _("换算成%(unit)s除不尽（约 %(like)s）；请按原文口径填%(unit)s，并在口径说明里写明") % {
                "unit": wanted, "like": f"{round(found, 2):f}"
            }
        ) from None  # fmt: skip
    return found


def read_date(raw: object) -> Dated:
    """A day, a month, a year or a span of months. Raises Unfit."""
    typed = unicodedata.normalize("NFKC", text(raw)).strip()
    typed = re.sub(r"[年月/.](?=\d)", lambda m: m[0] if "/" in typed and "-" in typed else "-", typed).rstrip(
        "年月日"
    )
    if "/" in typed:
        first, _slash, last = typed.partition("/")
        start, end = _one(first), _one(last)
        if start.earliest > end.latest:
            raise Unfit(_("起止颠倒"))
        return Dated(typed, start.earliest, end.latest)
    return _one(typed)


def _one(typed: str) -> Dated:
    found = _DATE.fullmatch(typed)
    try:
        if not found:
            raise ValueError
        year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
        if day:
            exact = date(year, month, day)
            return Dated(exact.isoformat(), exact, exact)
        if month:
            return Dated(
                f"{year}-{month:02}", date(year, month, 1), date(year, month, monthrange(year, month)[1])
            )
        return Dated(f"{year}", date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        raise Unfit(_("日期请写成 2025-01-20、2025-01、2025 或 2025-01/2025-03")) from None
