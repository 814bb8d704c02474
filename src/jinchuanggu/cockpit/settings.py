"""`cockpit.yaml` and `alerts.yaml` as typed data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Settings:
    figures: tuple[str, ...]
    firm_figures: tuple[str, ...]
    default_key: str
    default_published: str
    trend_months: int
    rank_months: int
    rows: int
    wall_refresh_seconds: int
    wall_panel_seconds: int


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """`conditions`: {criterion of the recognition rules: indicator watched}; percents from 0 to 100."""

    basis: dict[str, str]
    most_of_a_kind: int
    looks_back_months: int
    falling_months: int
    conditions: dict[str, str]
    nearly_used_percent: int
    unspent_from_month: int
    unspent_below_percent: int


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files(__package__).joinpath(name).read_text("utf-8"))
    return found


@cache
def settings() -> Settings:
    raw = _read("cockpit.yaml")
    return Settings(**{**raw, "figures": tuple(raw["figures"]), "firm_figures": tuple(raw["firm_figures"])})


@cache
def alert_settings() -> AlertSettings:
    raw = _read("alerts.yaml")
    return AlertSettings(
        basis=raw["basis"], most_of_a_kind=raw["most_of_a_kind"], **raw["slipping"], **raw["budget"]
    )
