"""The fixed words of a valley's description. The conditions themselves are in the official rule files."""

from __future__ import annotations

from jinchuanggu.engines.rules.texts import Text

KINDS: dict[str, Text] = {
    "regional": Text("区域综合类", "regional comprehensive"),
    "specialised": Text("省域专业类", "province-wide specialised"),
}

BUILDERS: dict[str, Text] = {
    "140100": Text("太原市", "Taiyuan"),
    "140200": Text("大同市", "Datong"),
    "140300": Text("阳泉市", "Yangquan"),
    "140400": Text("长治市", "Changzhi"),
    "140500": Text("晋城市", "Jincheng"),
    "140600": Text("朔州市", "Shuozhou"),
    "140700": Text("晋中市", "Jinzhong"),
    "140800": Text("运城市", "Yuncheng"),
    "140900": Text("忻州市", "Xinzhou"),
    "141000": Text("临汾市", "Linfen"),
    "141100": Text("吕梁市", "Lüliang"),
    "zonggai": Text("山西转型综改示范区", "Shanxi transformation and reform demonstration zone"),
}
"""Who may build a valley: the eleven cities by their GB/T 2260 code, and the demonstration zone."""

ZONE_LEVELS = ("national", "provincial", "municipal", "county")

DOCUMENTS = ("city_task_force", "construction_plan", "master_plan", "goals", "policies", "annual_work_plan")

SERVICE_BODIES = ("government", "technology_transfer", "finance", "operation")

FIGURES: dict[str, str] = {
    "planned_area_km2": "km2",
    "startup_office_m2": "m2",
    "standard_plant_m2": "m2",
    "resident_teams_and_startups": "count",
    "full_time_staff": "persons",
    "tech_enterprise_revenue_cny": "cny",
}
"""Indicators of which the latest figure counts, with their units."""

YEARLY: dict[str, str] = {
    "innovation_bodies": "count",
    "innovation_platforms": "count",
    "innovation_talents": "persons",
    "technology_turnover_cny": "cny",
}
"""Indicators that are series over years, with their units."""

INDICATORS: dict[str, str] = {**FIGURES, **YEARLY}

EXPERT_VIEWS = ("distinctive", "whole_chain")
"""What experts judge: the character of a valley; of a specialised one also the coverage of its chain."""
