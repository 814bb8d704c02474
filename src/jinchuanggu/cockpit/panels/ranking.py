"""Who stands where by the chosen indicator, who rose and who fell; and the same on the map."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.places import region_name, short_name
from jinchuanggu.cockpit.readings import readings
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.cockpit.standing import Standing
from jinchuanggu.cockpit.tables import Cell, Column, Table
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.ui import formats
from jinchuanggu.indicators.access import visible_units
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.models import Unit, UnitLevel

STEPS = 5


def ranking(page: Page, found: list[Standing]) -> Panel:
    """Bars of the best, the whole list in the table."""
    one, known = page.indicator, [each for each in found if each.rank is not None]
    title = _("%(indicator)s排名") % {"indicator": one.name}
    columns = (
        Column("rank", _("名次"), True), Column("unit", _("单位")), Column("value", one.name, True),
        Column("period", _("时期")), Column("moved", _("较上年同期名次"), True), Column("growth", _("同比（%）"), True),
    )  # fmt: skip
    table = Table("ranking", title, columns, about=page.about)
    for each in found:
        table.rows.append(
            (
                Cell(each.rank), Cell(each.name, url=unit_url(page, each)),
                Cell(each.value, one.unit, each.url, nothing=_("未公开") if page.published else _("无数据")),
                Cell(str(each.period) if each.period else None), Cell(each.moved),
                Cell(each.reading.growth if each.reading else None),
            )
        )  # fmt: skip
    shown = known[: settings().rows]
    chart = {
        "title": title, "kind": "bar", "horizontal": True, "unit": _unit(one.unit)[0],
        "categories": [short_name(each.name) for each in shown],
        "series": [{"name": one.name, "values": [_scaled(each.value, one.unit) for each in shown]}],
        "description": _words(page, known),
    }  # fmt: skip
    return Panel("ranking", title, table, words=_words(page, known), chart=chart if shown else None,
                 size="large" if len(shown) > 6 else "", note=_more(known))  # fmt: skip


def _words(page: Page, known: list[Standing]) -> str:
    if not known:
        return _("%(at)s 没有这个指标的数。") % {"at": page.at}
    best = known[0]
    said = _("%(name)s居首，%(value)s") % {
        "name": best.name,
        "value": formats.quantity(best.value, page.indicator.unit),
    }
    climber = max((each for each in known if each.moved), key=lambda each: each.moved or 0, default=None)
    if climber is not None and (climber.moved or 0) > 0:
        said += _("；%(name)s较上年同期上升 %(n)d 位") % {"name": climber.name, "n": climber.moved}
    return said + _("。")


def _more(known: list[Standing]) -> str:
    over = len(known) - settings().rows
    return _("另有 %(n)d 个单位，见数据表。") % {"n": over} if over > 0 else ""


def unit_url(page: Page, each: Standing) -> str:
    return f"{reverse('cockpit_unit', args=[each.unit.pk])}?{page.asked.query()}"


def _unit(unit: str) -> tuple[str, int]:
    """The unit a chart is drawn in and how many of the indicator's own make one: bars in 元 cannot be read."""
    if unit == "cny":
        return (_("万元"), 10_000) if not formats.english() else ("m CNY", 1_000_000)
    return str(formats.quantity(1, unit).unit), 1


def _scaled(value: Any, unit: str) -> float | None:
    return None if value is None else round(float(value) / _unit(unit)[1], 4)


def _stored(page: Page, cities: list[Unit]) -> dict[int, Any]:
    """The cities' own values by region: counts of different things and ratios are not sums of the valleys'. Of the real
    province single reports of different days are known, which are added up as they are.
    """
    if page.published:
        return {}
    by_unit = {unit.pk: unit.ref_id for unit in cities}
    found = readings([page.key], page.at, level=UnitLevel.CITY, units=cities, months=1)
    return {by_unit[unit]: one.value for (_key, unit), one in found.items() if one.value is not None}


def places(page: Page, found: list[Standing]) -> Panel:
    """The real province as a map, the simulated one, which has no outline, as tiles of its cities."""
    regions: dict[int, list[Standing]] = {}
    for each in found:
        key = (
            each.unit.ref_id
            if page.level_below == UnitLevel.CITY
            else page.place.valleys[each.unit.ref_id].region_id
        )
        regions.setdefault(key, []).append(each)
    rows = Region.objects.filter(pk__in=regions).order_by("code")
    cities = Unit.objects.filter(level=UnitLevel.CITY, ref_id__in=regions)
    opens = {unit.ref_id: unit for unit in visible_units(page.actor) & cities}
    one = page.indicator
    title = _("%(indicator)s分布") % {"indicator": one.name}
    columns = (
        Column("region", _("地区")),
        Column("value", one.name, True),
        Column("units", _("有数的单位"), True),
    )
    table = Table("places", title, columns, about=page.about)
    nothing = _("未公开") if page.published else _("无数据")
    stored = _stored(page, list(cities))
    shown: list[dict[str, Any]] = []
    values: dict[int, Any] = {}
    for region in rows:
        these = [each.value for each in regions[region.pk] if each.value is not None]
        value = stored.get(region.pk)
        if value is None and these and (one.aggregation == "sum" or len(these) == 1):
            value = sum(these)
        values[region.pk] = value
        table.rows.append(
            (
                Cell(region_name(region), url=_city_url(page, opens.get(region.pk))),
                Cell(
                    values[region.pk],
                    one.unit,
                    _records_of(page, opens.get(region.pk), regions[region.pk]),
                    nothing=nothing,
                ),
                Cell(len(these)),
            )
        )
    steps = _steps(values)
    for region in rows:
        value = values[region.pk]
        shown.append(
            {
                "code": region.code, "label": region_name(region), "value": float(value) if value is not None else None,
                "text": str(formats.quantity(value, one.unit)) if value is not None else nothing,
                "step": steps.get(region.pk, 0), "url": _city_url(page, opens.get(region.pk)),
                "records": _records_of(page, opens.get(region.pk), regions[region.pk]) if value is not None else "",
                "units": [
                    {"name": short_name(each.name), "url": unit_url(page, each), "records": each.url,
                     "text": formats.quantity(each.value, one.unit) if each.value is not None else _("无数据")}
                    for each in regions[region.pk]
                ],
            }
        )  # fmt: skip
    return Panel(
        "places", title, table, kind="map" if page.real else "tiles", extra={"regions": shown}, size="large"
    )


def _city_url(page: Page, city: Unit | None) -> str:
    return f"{reverse('cockpit_unit', args=[city.pk])}?{page.asked.query(by='valley')}" if city else ""


def _records_of(page: Page, city: Unit | None, below: list[Standing]) -> str:
    """What is behind a city's value: its own records, or those of its only valley with a value."""
    known = [each for each in below if each.url]
    if len(known) == 1:
        return known[0].url
    periods = [each.period for each in known if each.period]
    return records_url(page.key, city.pk, max(periods)) if city and periods and not page.published else ""


def _steps(values: dict[int, Any]) -> dict[int, int]:
    """1 … STEPS by size among the known; 0 is unknown."""
    ordered = sorted(value for value in values.values() if value is not None)
    if not ordered:
        return {}
    return {
        pk: 1 + sum(value > other for other in ordered) * (STEPS - 1) // max(len(ordered) - 1, 1)
        for pk, value in values.items()
        if value is not None
    }
