"""What the operators record beside the reports: spaces, leases, rights, contracts, money. Pure, from the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from jinchuanggu.demo.run.growth import Raw, begun

OFFICE, PLANT = "office", "plant"
RIGHT_KINDS = (("invention", 0.34), ("utility", 0.36), ("software", 0.24), ("design", 0.06))
CONTRACT_KINDS = (
    ("development", 0.46),
    ("service", 0.3),
    ("transfer", 0.1),
    ("consulting", 0.09),
    ("licence", 0.05),
)
DEAL_KINDS = (("loan", 0.5), ("equity", 0.25), ("pledge", 0.15), ("guarantee", 0.1))
TITLES = {
    "新材料": "轻质合金成形", "高端装备": "精密传动", "数字经济": "数据治理", "智能传感": "矿用传感", "生物医药": "制剂工艺",
    "新能源": "储能变流", "节能环保": "固废制砂", "工业软件": "排产优化", "检验检测": "在线检测",
}  # fmt: skip
BUYERS = (
    "珀石重机（模拟）",
    "砚屏化工（模拟）",
    "岑云物流（模拟）",
    "烜明电力（模拟）",
    "沣禾农业（模拟）",
    "琅川医疗（模拟）",
)
BUYER_REGION = {"within": "sim00", "outside": "990000"}
"""The simulated province, and a division that doesn't exist."""
PROVIDERS = {
    "loan": "模拟科创银行",
    "equity": "模拟天使基金",
    "pledge": "模拟知识产权银行",
    "guarantee": "模拟融资担保",
}


@dataclass(frozen=True)
class Records:
    """Each frame has the columns of its resource, with `firm` for the body and `valley` for the valley's key."""

    spaces: pl.DataFrame
    leases: pl.DataFrame
    rights: pl.DataFrame
    contracts: pl.DataFrame
    deals: pl.DataFrame


def keep(raw: Raw) -> Records:
    """All records of a run."""
    spaces = list(_spaces(raw))
    firms = list(raw.firms.iter_rows(named=True))
    heads = dict(raw.months.sort("month").group_by("firm").first().select("firm", "staff").iter_rows())
    rights, contracts, deals = [], [], []
    for firm in firms:
        random = np.random.default_rng([raw.scale.seed, 31, firm["firm"]])
        rights += list(_rights(raw, firm, random))
        if firm["kind"] == "enterprise":
            contracts += list(_contracts(raw, firm, random))
            deals += list(_deals(raw, firm, random))
    return Records(
        spaces=_frame(spaces, SPACE), leases=_frame(list(_leases(raw, firms, spaces, heads)), LEASE),
        rights=_frame(rights, RIGHT), contracts=_frame(contracts, CONTRACT), deals=_frame(deals, DEAL),
    )  # fmt: skip


SPACE = {
    "valley": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "area_m2": pl.Int64,
    "completed_on": pl.Date,
}
LEASE = {
    "valley": pl.String, "firm": pl.Int64, "space": pl.String, "area_m2": pl.Int64, "rent": pl.Int64,
    "starts_on": pl.Date, "ends_on": pl.Date,
}  # fmt: skip
RIGHT = {
    "firm": pl.Int64, "title": pl.String, "kind": pl.String, "number": pl.String, "applied_on": pl.Date,
    "granted_on": pl.Date,
}  # fmt: skip
CONTRACT = {
    "firm": pl.Int64, "valley": pl.String, "number": pl.String, "title": pl.String, "kind": pl.String,
    "field": pl.String, "signed_on": pl.Date, "registered_on": pl.Date, "buyer_name": pl.String,
    "direction": pl.String, "buyer_region": pl.String, "turnover_cny": pl.Int64, "technology_cny": pl.Int64,
}  # fmt: skip
DEAL = {
    "firm": pl.Int64, "valley": pl.String, "kind": pl.String, "round": pl.String, "provider": pl.String,
    "amount_cny": pl.Int64, "closed_on": pl.Date, "number": pl.String,
}  # fmt: skip


def _frame(rows: list[dict[str, Any]], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def last_day(raw: Raw) -> date:
    return raw.scale.last.last_day


def _spaces(raw: Raw) -> Iterator[dict[str, Any]]:
    """Offices and plants: the first stand when residents come, the others follow; a few valleys are still short of plants."""
    for at, valley in enumerate(raw.valleys):
        random = np.random.default_rng([raw.scale.seed, 41, at])
        first = begun(raw.scale, valley)
        done = valley.told == "plaqued"
        for kind, names, whole in (
            (OFFICE, ("科创服务中心", "孵化楼 A 座", "孵化楼 B 座"), 36_000 if done else 31_500),
            (PLANT, ("标准化厂房 1 号", "标准化厂房 2 号", "标准化厂房 3 号", "标准化厂房 4 号"), 112_000 if done else 104_000),
        ):  # fmt: skip
            for number, name in enumerate(names):
                months = (
                    0 if number == 0 else round(number * raw.scale.months / 6) + int(random.integers(0, 3))
                )
                month = first + months
                if month >= raw.scale.months:
                    continue
                area = whole // len(names) + int(random.integers(-300, 300))
                day = raw.scale.period(month).first_day
                yield {
                    "valley": valley.key, "name": f"{valley.short}{name}", "kind": kind, "area_m2": area, "completed_on": day,
                }  # fmt: skip


def _leases(
    raw: Raw, firms: list[dict[str, Any]], spaces: list[dict[str, Any]], heads: dict[int, float]
) -> Iterator[dict[str, Any]]:
    """A lease for every firm that finds room on the day it comes; it ends on the day the firm leaves."""
    room = {(one["valley"], one["name"]): one["area_m2"] * 0.94 for one in spaces}
    for firm in sorted(firms, key=lambda one: (one["entered"], one["firm"])):
        random = np.random.default_rng([raw.scale.seed, 43, firm["firm"]])
        area = int(18 * heads.get(firm["firm"], 5.0) * random.uniform(0.8, 1.6)) + 20
        fits = [
            one for one in spaces
            if one["valley"] == firm["valley"] and one["completed_on"] <= firm["entered"]
            and room[one["valley"], one["name"]] >= area
        ]  # fmt: skip
        if not fits:
            continue
        space = fits[-1] if firm["field"] in ("高端装备", "新材料", "新能源") else fits[0]
        room[space["valley"], space["name"]] -= area
        yield {
            "valley": firm["valley"], "firm": firm["firm"], "space": space["name"], "area_m2": area,
            "rent": int(random.integers(12, 30)), "starts_on": firm["entered"], "ends_on": firm["left"],
        }  # fmt: skip


def _days(raw: Raw, firm: dict[str, Any], yearly: float, random: np.random.Generator) -> list[date]:
    """Days of events while a firm is in residence, in order, none of them on its last days there."""
    last = min(firm["left"] or last_day(raw), last_day(raw)) - timedelta(days=2)
    span = (last - firm["entered"]).days
    if span <= 0:
        return []
    count = int(random.poisson(yearly * span / 365))
    return sorted(firm["entered"] + timedelta(days=int(day)) for day in random.integers(0, span + 1, count))


def _pick(kinds: tuple[tuple[str, float], ...], random: np.random.Generator) -> str:
    return str(random.choice([kind for kind, _share in kinds], p=[share for _kind, share in kinds]))


def _rights(raw: Raw, firm: dict[str, Any], random: np.random.Generator) -> Iterator[dict[str, Any]]:
    for number, day in enumerate(_days(raw, firm, 0.5 if firm["kind"] == "team" else 0.9, random)):
        granted = day + timedelta(days=int(random.integers(150, 620)))
        kind = _pick(RIGHT_KINDS, random)
        yield {
            "firm": firm["firm"], "title": f"{TITLES[firm['field']]}{'软件' if kind == 'software' else '方法与装置'}",
            "kind": kind, "number": f"SIMZL{firm['firm']:05d}{number:03d}", "applied_on": day,
            "granted_on": granted if granted <= last_day(raw) and random.random() < 0.8 else None,
        }  # fmt: skip


def _contracts(raw: Raw, firm: dict[str, Any], random: np.random.Generator) -> Iterator[dict[str, Any]]:
    for number, day in enumerate(_days(raw, firm, 0.7, random)):
        turnover = int(random.lognormal(12.8, 0.9)) + 10_000
        kind = _pick(CONTRACT_KINDS, random)
        to = _pick((("within", 0.7), ("outside", 0.3)), random)
        yield {
            "firm": firm["firm"], "valley": firm["valley"], "number": f"SIMJS{firm['firm']:05d}{number:03d}",
            "title": f"{TITLES[firm['field']]}技术合同", "kind": kind, "field": firm["field"],
            "signed_on": day - timedelta(days=int(random.integers(1, 20))), "registered_on": day,
            "buyer_name": str(random.choice(BUYERS)), "direction": to, "buyer_region": BUYER_REGION[to],
            "turnover_cny": turnover, "technology_cny": int(turnover * random.uniform(0.55, 1.0)),
        }  # fmt: skip


def _deals(raw: Raw, firm: dict[str, Any], random: np.random.Generator) -> Iterator[dict[str, Any]]:
    for number, day in enumerate(_days(raw, firm, 0.22, random)):
        kind = _pick(DEAL_KINDS, random)
        yield {
            "firm": firm["firm"], "valley": firm["valley"], "kind": kind,
            "round": str(random.choice(["天使轮", "A 轮", "B 轮"])) if kind == "equity" else "",
            "provider": PROVIDERS[kind], "amount_cny": int(random.lognormal(14.2, 0.7)) + 100_000,
            "closed_on": day, "number": f"SIMRZ{firm['firm']:05d}{number:03d}",
        }  # fmt: skip
