"""What somebody hands in for a cell, as the exact number that is kept, or words for what cannot be one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.cells import plain
from jinchuanggu.foundation.exchange.cells import Unfit, read_number
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.store.fixed import PLACES

MOST = Decimal(10) ** 13
"""Ten million million: above any figure asked for, and nine sums of a thousand such still fit the store."""


def number_of(raw: Any) -> Decimal | None:
    """None for an empty cell. Raises Unfit for what is no number, is too large or has too many decimal places."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    number = raw if isinstance(raw, Decimal) else read_number(raw)
    if not number.is_finite():
        raise Unfit(_("请填数字"))
    if abs(number) >= MOST:
        raise Unfit(_("数值过大"))
    if number != round(number, PLACES):
        raise Unfit(_("最多 %(places)d 位小数") % {"places": PLACES})
    return number


def read_cells(form: Form, given: Mapping[str, Any]) -> tuple[dict[str, str | None], dict[str, str]]:
    """{cell: exact text or None} of the cells that can be typed, and {cell: words} of what cannot be kept."""
    typed = {cell.key for cell in form.typed}
    values: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for key, raw in given.items():
        if key not in typed:
            known = key in form.cells
            errors[key] = _("此栏由系统计算，不能填写") if known else _("报表没有这一栏")
            continue
        try:
            number = number_of(raw)
        except Unfit as unfit:
            errors[key] = str(unfit)
        else:
            values[key] = None if number is None else plain(number)
    return values, errors


def merged(cells: Mapping[str, Any], new: Mapping[str, str | None]) -> dict[str, Any]:
    """The cells with the new ones in place; an emptied cell is absent."""
    kept = {**cells, **new}
    return {key: value for key, value in kept.items() if value is not None}


def said(form: Form, explanations: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Explanations with the new ones in place; an emptied one goes, and so does one of no check of the form."""
    known = {check.id for check in form.checks}
    words = {
        key: str(text).replace("\x00", "").strip()[:500]
        for key, text in new.items()
        if key.partition(":")[0] in known and key.partition(":")[2] in {"", *form.cells}
    }
    return {key: text for key, text in {**explanations, **words}.items() if text}
