"""The small bar of a criterion: how far a value reaches, and where its threshold stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jinchuanggu.foundation.ui.formats import as_decimal

WIDTH = 200


@dataclass(frozen=True, slots=True)
class Gauge:
    """Positions in a drawing `WIDTH` wide; `value` is None when nothing is known."""

    value: float | None
    mark: float


def gauge(value: Any, threshold: Any) -> Gauge | None:
    """The bar's geometry, or None where a bar would say nothing (no number to reach, or both zero)."""
    limit = as_decimal(threshold)
    if limit is None or limit <= 0:
        return None
    amount = as_decimal(value)
    if amount is None:
        return Gauge(None, WIDTH * 0.75) if value is None else None
    # the longer of the two stops short of the end, so that a pass is seen to go beyond its mark
    full: Decimal = max(limit * 4 / 3, amount * 11 / 10)
    return Gauge(
        round(float(max(amount, Decimal(0)) / full) * WIDTH, 1), round(float(limit / full) * WIDTH, 1)
    )
