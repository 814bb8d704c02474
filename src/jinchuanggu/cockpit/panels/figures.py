"""The first figures: value, month and year on year, the line that led there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.readings import ONE, sparkline
from jinchuanggu.cockpit.tables import Cell, Column, Table
from jinchuanggu.indicators.definitions.library import judged
from jinchuanggu.indicators.links import indicator_url
from jinchuanggu.indicators.models import UnitLevel
from jinchuanggu.indicators.store.pivot import latest


def figures(page: Page) -> Panel:
    """Of the unit itself; of the real province, where pages publish single figures, what each valley last published."""
    if page.published and page.province_or_city:
        return _published(page)
    known, cards = page.known, []
    columns = (
        Column("indicator", _("指标")), Column("value", _("数值"), True), Column("before", _("上期"), True),
        Column("change", _("环比（%）"), True), Column("year_before", _("上年同期"), True), Column("growth", _("同比（%）"), True),
    )  # fmt: skip
    table = Table("figures", _("关键指标"), columns, about=page.about)
    for key in page.first_keys:
        if key not in known:
            continue
        one, reading = known[key], page.own.get((key, page.place.unit.pk))
        now = page.cell(reading, one)
        steps = reading.steps_a_year if reading else 0
        table.rows.append(
            (
                Cell(one.name, url=indicator_url(key)), now, page.cell(reading, one, -2),
                Cell(reading.change if reading else None), page.cell(reading, one, -1 - steps),
                Cell(reading.growth if reading else None),
            )
        )  # fmt: skip
        cards.append(
            {
                "label": one.name, "value": _short(one.unit, now.value), "unit": one.unit, "url": now.url,
                "growth": reading.growth if reading else None, "change": reading.change if reading else None,
                "points": _("个百分点") if one.unit == "percent" else "%",
                "spark": sparkline(reading.line[-13:]) if reading else [], "reporters": reading.reporters if reading else 0,
                "note": "" if now.value is not None else _("本月无数据"),
            }
        )  # fmt: skip
    return Panel("figures", _("关键指标"), table, kind="figures", extra={"cards": cards})


def _short(unit: str, value: Any) -> Any:
    """A percentage with one place; the exact value is in the table and behind the link."""
    return value.quantize(ONE) if unit == "percent" and isinstance(value, Decimal) else value


def _published(page: Page) -> Panel:
    """Sums of what the valleys last published, saying how many did and when; nobody's figure is guessed."""
    valleys = {unit.pk: unit for unit in page.units_below.values() if unit.level == UnitLevel.VALLEY}
    found = latest(list(judged()), valleys.values(), page.at, back=120)
    columns = (
        Column("indicator", _("指标")), Column("value", _("已公布合计"), True), Column("published", _("已公布的谷"), True),
        Column("valleys", _("全部的谷"), True), Column("newest", _("最新日期")),
    )  # fmt: skip
    table = Table("figures", _("已公布的关键指标"), columns, about=page.about)
    cards: list[dict[str, Any]] = []
    for key, one in judged().items():
        cells = [cell for (name, _unit), cell in found.items() if name == key and cell.value is not None]
        total = sum((cell.value for cell in cells if cell.value is not None), Decimal(0)) if cells else None
        newest = max((str(cell.period) for cell in cells), default="")
        url = page.url(key=key) + "#ranking" if cells else indicator_url(key)
        table.rows.append(
            (Cell(one.name, url=indicator_url(key)), Cell(total, one.unit, url, nothing=_("未公开")), Cell(len(cells)),
             Cell(len(page.place.valleys)), Cell(newest or None))
        )  # fmt: skip
        said = _("%(n)d/%(all)d 个谷已公布，最新 %(at)s") % {
            "n": len(cells),
            "all": len(page.place.valleys),
            "at": newest,
        }
        cards.append(
            {"label": one.name, "value": total, "unit": one.unit, "url": url, "growth": None, "change": None, "spark": [],
             "reporters": 0, "note": said if cells else _("未公开")}
        )  # fmt: skip
    return Panel("figures", _("已公布的关键指标"), table, kind="figures", extra={"cards": cards},
                 note=_("真实晋创谷只用公开报道的数字，各谷公布日期不同，合计仅供了解。"))  # fmt: skip
