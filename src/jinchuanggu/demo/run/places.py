"""The cities and valleys of the run, read from `data/run.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import yaml

from jinchuanggu.demo.simulated_types import SimRegion

DATA = Path(__file__).parents[1] / "data" / "run.yaml"


@dataclass(frozen=True, slots=True)
class RunValley:
    """`share` in hundredths of all firms; `begun`: month of the full run in which residents begin to move in."""

    key: str
    city: str
    name: str
    name_en: str
    share: int
    begun: int
    told: str
    path: str
    fields: tuple[str, ...]

    @property
    def short(self) -> str:
        """The place alone: 澹川 of 晋创谷·澹川（模拟）."""
        return self.name.partition("·")[2].partition("（")[0]


@dataclass(frozen=True, slots=True)
class Places:
    cities: dict[str, SimRegion]
    valleys: tuple[RunValley, ...]
    people: tuple[str, ...]


@cache
def places() -> Places:
    """Everything of the file."""
    raw = yaml.safe_load(DATA.read_text("utf-8"))
    cities = {
        row["code"]: SimRegion(
            row["code"], row["name"], row["name_en"], row["short"], row["uscc_region"],
            Decimal(str(row["lon"])), Decimal(str(row["lat"])),
        )
        for row in raw["cities"]
    }  # fmt: skip
    valleys = tuple(RunValley(**{**row, "fields": tuple(row["fields"])}) for row in raw["valleys"])
    return Places(cities, valleys, tuple(raw["people"]))
