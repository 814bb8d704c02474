"""One typed figure for one cell of a form, or words that say what would be right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange.cells import Unfit, read_number
from jinchuanggu.indicators.filings.values import MOST
from jinchuanggu.indicators.forms.model import Cell


def figure(cell: Cell, raw: Any) -> Decimal | None:
    """The number in a cell of a sheet or a field of a page; None for an empty one. Raises Unfit."""
    if raw is None or (isinstance(raw, str) and not raw.replace("\x00", "").strip()):
        return None
    number = read_number(raw)
    rounded: Decimal = round(number, cell.places)
    if rounded != number:
        # a binary fraction such as 0.1 + 0.2 is a computed cell, not a more precise figure
        if isinstance(raw, float) and abs(rounded - number) < Decimal("1e-9") * max(abs(number), Decimal(1)):
            number = rounded
        elif cell.whole:
            raise Unfit(_("请填整数"))
        else:
            raise Unfit(
                _("最多 %(places)d 位小数，是否为 %(like)s？")
                % {"places": cell.places, "like": f"{rounded:f}"}
            )
    if abs(number) >= MOST:
        raise Unfit(_("数值过大"))
    return number
