"""The chart beside the pivot table: the same figures, those of its first indicator that has any."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.indicators.definitions.library import _lang
from jinchuanggu.indicators.explore.table import Answer, Row

MOST_LINES, MOST_BARS = 5, 20


def chart_of(answer: Answer) -> dict[str, Any] | None:
    """As components/chart.html takes it: lines over several periods, bars for one; None where nothing is to be drawn."""
    for section in answer.sections:
        rows = [row for row in section.rows if any(cell and cell.value is not None for cell in row.cells)]
        if not rows:
            continue
        size, unit = _size(section.indicator.unit, rows)
        if len(answer.periods) > 1:
            rows = sorted(rows, key=_last, reverse=True)[:MOST_LINES]
            categories = [str(period) for period in answer.periods]
            lines = [{"name": _label(row), "values": _values(row, size)} for row in rows]
            subtitle = _("数值最高的 %(n)d 行") % {"n": len(rows)} if len(section.rows) > len(rows) else ""
        else:
            rows = sorted(rows, key=_last, reverse=True)[:MOST_BARS]
            categories = [_label(row) for row in rows]
            lines = [{"name": section.indicator.name, "values": [_values(row, size)[0] for row in rows]}]
            subtitle = str(answer.periods[0])
        return {
            "title": section.indicator.name,
            "subtitle": subtitle,
            "kind": "line" if len(answer.periods) > 1 else "bar",
            "horizontal": len(answer.periods) == 1,
            "unit": unit,
            "categories": categories,
            "series": lines,
            "description": _("%(name)s，%(first)s 至 %(last)s，%(n)d 行") % {
                "name": section.indicator.name, "first": answer.periods[0], "last": answer.periods[-1], "n": len(rows),
            },
        }  # fmt: skip
    return None


def _label(row: Row) -> str:
    return f"{row.name} · {row.group_name}" if row.group_name else row.name


def _last(row: Row) -> Decimal:
    return next((cell.value for cell in reversed(row.cells) if cell and cell.value is not None), Decimal(0))


def _values(row: Row, size: Decimal) -> list[float | None]:
    return [float(cell.value / size) if cell and cell.value is not None else None for cell in row.cells]


def _size(unit: str, rows: list[Row]) -> tuple[Decimal, str]:
    """Money is drawn in the size that its largest value reads best in."""
    most = max(abs(cell.value) for row in rows for cell in row.cells if cell and cell.value is not None)
    if unit == "cny" and _lang() == "zh":
        for code, power in (("yi_cny", 8), ("wan_cny", 4)):
            if most >= 10**power:
                return Decimal(10**power), UNITS[code].label.get("zh")
    return Decimal(1), UNITS[unit].label.get(_lang())
