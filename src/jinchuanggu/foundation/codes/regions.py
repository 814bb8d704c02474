"""Divisions of Shanxi and the demonstration zone, as typed rows (see regions.yaml for source and caveats)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

Level = Literal["province", "city", "zone", "county"]

PROVINCE = "140000"


@dataclass(frozen=True, slots=True)
class Region:
    """One division. `lon`/`lat` in degrees, only for those with a mark on the map (cities and the zone)."""

    code: str
    name: str
    name_en: str
    level: Level
    parent: str | None
    stat_code: str
    lon: Decimal | None = None
    lat: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FormerRegion:
    """A code that lives on inside credit codes. `until`: year of the change; `attested`: met in use."""

    code: str
    name: str
    successor: str
    until: int
    attested: bool


@cache
def regions() -> dict[str, Region]:
    """All by code, parents before children: the province, the zone, then each city with its counties."""
    data = _data()
    code, name, name_en = data["province"]
    rows = [Region(code, name, name_en, "province", None, code)]
    for zone in data["zones"]:
        rows.append(
            Region(
                zone["code"], zone["name"], zone["name_en"], "zone", code, zone["stat_code"],
                Decimal(str(zone["lon"])), Decimal(str(zone["lat"])),
            )
        )  # fmt: skip
    for group in data["cities"]:
        city, city_name, city_en, lon, lat = group["city"]
        rows.append(
            Region(city, city_name, city_en, "city", code, city, Decimal(str(lon)), Decimal(str(lat)))
        )
        rows += [Region(c, n, en, "county", city, c) for c, n, en in group["counties"]]
    table = {row.code: row for row in rows}
    if len(table) != len(rows):
        raise ValueError("regions.yaml: a code occurs twice")
    return table


@cache
def former_regions() -> dict[str, FormerRegion]:
    return {row["code"]: FormerRegion(**row) for row in _data()["history"]}


@cache
def statistical_zones() -> dict[str, str]:
    """Codes that only statistics use → name, e.g. 140171."""
    data = _data()
    zones = {zone["stat_code"]: zone["name"] for zone in data["zones"]}
    return zones | {code: name for code, name, _city in data["statistical_only"]}


def builders() -> list[Region]:
    """Who may build a valley: the 11 cities and the demonstration zone."""
    return [row for row in regions().values() if row.level in ("city", "zone")]


def counties(city: str) -> list[Region]:
    return [row for row in regions().values() if row.level == "county" and row.parent == city]


def find(code: str) -> Region | None:
    """The region of a code: current, statistical (140171 → the zone) or former (→ successor); else None."""
    table = regions()
    if code in table:
        return table[code]
    if former := former_regions().get(code):
        return table[former.successor]
    return next((row for row in table.values() if row.stat_code == code), None)


@cache
def _data() -> dict[str, Any]:
    text = (files(__package__) / "regions.yaml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data
