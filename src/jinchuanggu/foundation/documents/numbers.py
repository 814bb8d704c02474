"""Issuing numbers (文号), e.g. 晋政办发〔2024〕40号: agency word, full year in 〔〕, number without leading
zeros, 号.
"""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

GOOD = re.compile(r"^[\u4e00-\u9fff]{1,12}〔(19|20)\d{2}〕[1-9]\d{0,4}号$")
LOOSE = re.compile(
    r"^(?P<word>[\u4e00-\u9fff]{1,12}?)\s*[〔\[［(（【](?P<year>(?:19|20)\d{2})[〕\]］)）】]\s*第?\s*0*(?P<number>[1-9]\d{0,4})\s*号?$"
)


def suggestion(value: str) -> str:
    """The right form of a number written with other brackets, zeros or "第"; empty when it cannot be told."""
    found = LOOSE.match(value.strip())
    return f"{found['word']}〔{found['year']}〕{found['number']}号" if found else ""


def problem(value: str) -> str:
    """What is wrong with an issuing number and what would be right; empty when it is right."""
    if GOOD.match(value):
        return ""
    better = suggestion(value)
    if better:
        return _("文号格式不对，应写作 %(better)s") % {"better": better}
    return _("文号格式不对，应为 机关代字〔年份〕序号号，例如 晋政办发〔2024〕40号")


def validate_issuing_number(value: str) -> None:
    """Field validator; an empty number is allowed where the field allows it."""
    if value and (wrong := problem(value)):
        raise ValidationError(wrong, code="issuing_number")
