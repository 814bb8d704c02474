"""How the chosen indicator ran, this year beside the last; and of what it is made."""

from __future__ import annotations

from django.utils.translation import gettext as _

from jinchuanggu.cockpit.address import GROUPS
from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.panels.ranking import _scaled, _unit
from jinchuanggu.cockpit.tables import Cell, Column, Table
from jinchuanggu.foundation.ui import formats
from jinchuanggu.indicators.explore.table import group_word
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.store.pivot import pivot


def trend(page: Page) -> Panel:
    """Up to a year of periods with the same of the year before."""
    one, reading = page.indicator, page.own.get((page.key, page.place.unit.pk))
    title = _("%(indicator)s走势") % {"indicator": one.name}
    columns = (
        Column("period", _("时期")), Column("value", one.name, True), Column("year_before", _("上年同期"), True),
        Column("growth", _("同比（%）"), True), Column("reporters", _("填报单位数"), True),
    )  # fmt: skip
    table = Table("trend", title, columns, about=page.about)
    if reading is None:
        return Panel("trend", title, table, words=_("这里没有这个指标的数。"))
    yearly = reading.steps_a_year
    count = min(len(reading.line), max(yearly, 5 if yearly == 1 else yearly))
    names, now, then = [], [], []
    for at in range(-count, 0):
        cell, before = page.cell(reading, one, at), page.cell(reading, one, at - yearly)
        period = reading.period.shift(at + 1)
        growth = None
        if cell.value is not None and before.value is not None and not isinstance(cell.value, str):
            from jinchuanggu.cockpit.readings import change

            growth = change(page.indicator.unit == "percent", cell.value, before.value)  # type: ignore[arg-type]
        reporters = reading.reporters if at == -1 else None
        table.rows.append((Cell(str(period)), cell, before, Cell(growth), Cell(reporters)))
        names.append(str(period)[5:] if yearly == 12 else str(period))
        now.append(_scaled(cell.value, one.unit))
        then.append(_scaled(before.value, one.unit))
    series = [{"name": _("近一年"), "values": now}]
    if any(value is not None for value in then) and yearly > 1:
        series.append({"name": _("上年同期"), "values": then, "tone": "quiet", "dashed": True})
    chart = {
        "title": title, "kind": "line", "unit": _unit(one.unit)[0], "categories": names, "series": series,
        "description": _words(page),
    }  # fmt: skip
    drawn = sum(value is not None for value in (*now, *then)) > 1  # a single point is no course
    return Panel("trend", title, table, words=_words(page), chart=chart if drawn else None)


def _words(page: Page) -> str:
    reading = page.own.get((page.key, page.place.unit.pk))
    if reading is None or reading.value is None:
        return _("%(at)s 没有数。") % {"at": page.at}
    said = _("%(at)s 为 %(value)s") % {
        "at": reading.period, "value": formats.quantity(reading.value, page.indicator.unit)
    }  # fmt: skip
    growth = reading.growth
    if growth is None:
        return said + _("，没有上年同期可比。")
    points = _(" 个百分点") if page.indicator.unit == "percent" else "%"
    word = _("高") if growth > 0 else _("低")
    if not growth:
        return said + _("，与上年同期持平。")
    return said + _("，比上年同期%(word)s %(n)s%(points)s。") % {
        "word": word,
        "n": abs(growth),
        "points": points,
    }


def breakdown(page: Page) -> Panel | None:
    """The value by field, kind or size; None where the indicator is not broken down so."""
    group = (
        page.asked.group
        if page.asked.group in page.indicator.breakdowns
        else next(iter(page.indicator.breakdowns), "")
    )
    if not group or group not in GROUPS:
        return None
    one = page.indicator
    own = page.own.get((page.key, page.place.unit.pk))
    at = own.period if own else page.at
    cells = pivot(
        [page.key],
        level=page.place.level,
        units=[page.place.unit],
        periods=(at, at),
        kind=page.kind,
        breakdown=group,
    )
    known = sorted(
        (cell for cell in cells if cell.value is not None),
        key=lambda cell: (-(cell.value or 0), cell.group or ""),
    )
    title = _("%(indicator)s构成") % {"indicator": one.name}
    columns = (
        Column("group", _("分组")),
        Column("value", one.name, True),
        Column("reporters", _("单位数"), True),
    )
    table = Table("breakdown", title, columns, about=page.about)
    for cell in known:
        url = records_url(page.key, cell.unit_id, cell.period, (group, cell.group or ""))
        table.rows.append(
            (Cell(group_word(group, cell.group or "")), Cell(cell.value, one.unit, url), Cell(cell.reporters))
        )
    chart = {
        "title": title, "kind": "bar", "horizontal": True, "unit": _unit(one.unit)[0],
        "categories": [group_word(group, cell.group or "") for cell in known],
        "series": [{"name": one.name, "values": [_scaled(cell.value, one.unit) for cell in known]}],
    }  # fmt: skip
    return Panel("breakdown", title, table, chart=chart if known else None,
                 words="" if known else _("这个时期没有分组数。"))  # fmt: skip
