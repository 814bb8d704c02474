"""A valley that just meets every computed condition, as plain data; tests change what they ask about."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from jinchuanggu.engines.rules import Result, ValleyFacts, recognition

ON = date(2025, 6, 30)
SOURCE = {"title": "示例公报", "url": "https://example.org/1", "grade": "A"}

FIGURES = {
    "planned_area_km2": 10,
    "startup_office_m2": 30000,
    "standard_plant_m2": 100000,
    "resident_teams_and_startups": 30,
    "full_time_staff": 400,
    "tech_enterprise_revenue_cny": 300000000,
}
YEARLY = ("innovation_bodies", "innovation_platforms", "innovation_talents", "technology_turnover_cny")


def figure(indicator: str, value: object, day: str = "2025-06-28", **more: object) -> dict[str, object]:
    return {"indicator": indicator, "value": value, "date": day, "source": SOURCE, **more}


EDGES: dict[str, Any] = {
    "name": "晋创谷·示例",
    "kind": "regional",
    "builder": "140600",
    "partner_universities": ["山西大学"],
    "host_zones": [{"name": "示例经济开发区", "level": "provincial"}],
    "key_fields": ["新材料", "数字经济", "新能源"],
    "operator": {"name": "示例运营有限公司", "legal_person": True},
    "documents": [
        "city_task_force",
        "construction_plan",
        "master_plan",
        "goals",
        "policies",
        "annual_work_plan",
    ],
    "service_bodies": ["government", "technology_transfer", "finance", "operation"],
    "figures": [
        *(figure(name, value) for name, value in FIGURES.items()),
        *(figure(name, 100, "2023-12-31") for name in YEARLY),
        *(figure(name, 101, "2024-12-31") for name in YEARLY),
    ],
}


def valley(**changes: Any) -> dict[str, Any]:
    """The edge valley with some keys replaced; ``None`` leaves a key out."""
    data = deepcopy(EDGES) | changes
    return {key: value for key, value in data.items() if value is not None}


def with_figures(*figures: dict[str, object], drop: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    data = valley(**changes)
    data["figures"] = [found for found in data["figures"] if found["indicator"] not in drop] + list(figures)
    return data


def judge(data: dict[str, Any], on: date = ON) -> Result:
    return recognition(ValleyFacts.from_mapping(data), on)
