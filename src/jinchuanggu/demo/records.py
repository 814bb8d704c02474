"""What the residents of the first simulated valleys rent, own, sell and raised, taken in each quarter by their operator.

Made up from a seed per valley; goes through the same imports as an operator's workbook, so every row is judged and has its
event. The large run of further valleys is in `demo/run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from jinchuanggu.demo.simulated_types import SimResident, SimValley
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.exchange.given import take_in
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.registry import resources
from jinchuanggu.residents.models import Resident, Space

SAID_BY = "模拟数据"
FIRST_AFTER, EVERY, LAST = 60, 91, 2
"""Days from the start of building to the first import, between two, and from the last to today."""
ORDER = ("leases", "rights", "contracts", "financing")
BUYERS = (
    ("珀石重机（模拟）", "within"), ("砚屏化工（模拟）", "within"), ("岑云物流（模拟）", "within"), ("沣禾农业（模拟）", "within"),
    ("烜明电力（模拟）", "outside"), ("琅川医疗（模拟）", "outside"),
)  # fmt: skip
LENDERS = (
    ("loan", "", "模拟科创银行"), ("loan", "", "模拟农商银行"), ("equity", "天使轮", "模拟天使基金"),
    ("pledge", "", "模拟知识产权银行"), ("guarantee", "", "模拟融资担保"),
)  # fmt: skip
MAKERS = frozenset(
    {"新材料", "高端装备", "新能源", "镁合金", "智能传感", "碳基材料", "先进陶瓷", "农机装备", "医疗器械"}
)
RENTS = {"office": 26, "plant": 14}
Rows = dict[str, list[tuple[date, dict[str, Any]]]]


@dataclass
class Telling:
    """One valley: its rows by resource with the day from which each may be entered, and how far it has been told."""

    world: World
    row: SimValley
    rows: Rows = field(default_factory=dict)
    told: date = date.min

    def tell(self) -> None:
        """Take in what has happened since the last time."""
        today, operator = timezone.localdate(), self.world.actor(Role.OPERATOR, self.row.operator or "")
        self.rows = self.rows or _made_up(self.world, self.row)
        for name in ORDER:
            since = [row for day, row in self.rows[name] if self.told < day <= today]
            # of two rows on one number the later one says it all
            if rows := list({row.get("number", at): row for at, row in enumerate(since)}.values()):
                take_in(operator, resource=resources[name], rows=rows, said_by=SAID_BY)
        self.told = today


def stories(world: World, now: datetime) -> Iterator[Iterator[datetime]]:
    """One story per valley that keeps records; see `demo.stories`."""
    for row in world.data.valleys.values():
        if row.records and row.building_since is not None:
            yield _story(Telling(world, row), now, -row.building_since)


def _story(telling: Telling, now: datetime, begun: int) -> Iterator[datetime]:
    for days in (*range(begun - FIRST_AFTER, LAST, -EVERY), LAST):
        day = (now - timedelta(days=days)).date()
        yield min(timezone.make_aware(datetime.combine(day, time(15, 23))), now - timedelta(hours=1))
        telling.tell()


def _made_up(world: World, row: SimValley) -> Rows:
    """Everything up to today, from the residents and spaces of the valley."""
    valley, today = world.valleys[row.key], date.today()
    entered = dict(Resident.objects.filter(valley_id=valley.pk).values_list("organisation_id", "entered_on"))
    spaces = list(Space.objects.filter(valley_id=valley.pk).order_by("completed_on", "pk"))
    room = {space.pk: int(space.area_m2) for space in spaces}
    rows: Rows = {name: [] for name in ORDER}
    for number, one in enumerate(world.data.residents_of(row.key)):
        chance = Random(f"{row.key}-{number}")
        start = entered[world.bodies[one.body.key].pk]
        tag = f"{row.builder.upper()}{number:02}"
        _leases(rows, one, number, start, spaces, room)
        _rights(rows, one, tag, start, today, chance)
        if one.body.kind != "team":
            _contracts(rows, one, valley.name, tag, start, today, chance)
            _deals(rows, one, valley.name, tag, start, today, chance)
    return rows


def _leases(
    rows: Rows, one: SimResident, number: int, start: date, spaces: list[Space], room: dict[int, int]
) -> None:
    """An office for everybody; whoever makes things takes part of a plant besides."""
    for kind, area in (
        ("office", int(one.area_m2)),
        ("plant", int(one.area_m2) * 12 if one.field in MAKERS else 0),
    ):
        fits = [
            space
            for space in spaces
            if space.kind == kind and space.completed_on and room[space.pk] >= area > 0
        ]
        if not fits or (one.body.kind == "team" and kind == "plant"):
            continue
        space = fits[number % len(fits)]
        room[space.pk] -= area
        day = max(start, space.completed_on or start)
        rows["leases"].append((day, {
            "space": space.name, "organisation": one.body.name, "area_m2": area, "rent_cny_m2_month": RENTS[kind],
            "starts_on": day,
        }))  # fmt: skip


def _days(start: date, today: date, yearly: float, chance: Random) -> list[date]:
    """Some days between moving in and today, so many a year on average."""
    span = (today - start).days - 1
    count = int(span / 365 * yearly + chance.random()) if span > 0 else 0
    return sorted(start + timedelta(days=chance.randrange(span)) for _turn in range(count))


def _rights(rows: Rows, one: SimResident, tag: str, start: date, today: date, chance: Random) -> None:
    for number, applied in enumerate(_days(start, today, 0.9, chance)):
        kind = chance.choice(("invention", "invention", "utility", "utility", "software", "design"))
        right = {
            "organisation": one.body.name, "title": f"{one.field}{'软件' if kind == 'software' else '装置与方法'}",
            "kind": kind, "number": f"SIMZL-{tag}-{number:02}", "applied_on": applied, "granted_on": None,
        }  # fmt: skip
        rows["rights"].append((applied, right))
        granted = applied + timedelta(days=chance.randrange(150, 600))
        if granted <= today:
            rows["rights"].append((granted, {**right, "granted_on": granted}))
    rows["rights"].sort(key=lambda told: told[0])


def _contracts(
    rows: Rows, one: SimResident, valley: str, tag: str, start: date, today: date, chance: Random
) -> None:
    for number, day in enumerate(_days(start, today, 1.3, chance)):
        fen = chance.randrange(8_000_000, 400_000_000)
        buyer, direction = chance.choice(BUYERS)
        contract: dict[str, Any] = {
            "number": f"SIMJS-{tag}-{number:02}", "title": f"{one.field}技术合同",
            "kind": chance.choice(("development", "development", "service", "service", "transfer", "licence", "consulting")),
            "field": one.field, "signed_on": day, "registered_on": day, "seller": one.body.name, "valley_id": valley,
            "buyer_name": buyer, "direction": direction, "turnover_cny": _yuan(fen),
        }  # fmt: skip
        if chance.random() < 0.6:
            equipment = fen * chance.randrange(0, 30) // 100
            contract |= {
                "basis": "computed", "equipment_cny": _yuan(equipment), "materials_cny": _yuan(fen * chance.randrange(0, 8) // 100),
                "other_cny": "0", "carrier_sets": chance.randrange(0, 2),
            }  # fmt: skip
        else:
            contract |= {
                "basis": "certificate",
                "technology_cny": _yuan(fen * chance.randrange(60, 100) // 100),
            }
        rows["contracts"].append((day, contract))


def _deals(
    rows: Rows, one: SimResident, valley: str, tag: str, start: date, today: date, chance: Random
) -> None:
    for number, day in enumerate(_days(start, today, 0.35, chance)):
        kind, round_, provider = chance.choice(LENDERS)
        rows["financing"].append((day, {
            "organisation": one.body.name, "valley_id": valley, "kind": kind, "round": round_, "provider": provider,
            "amount_cny": chance.randrange(30, 900) * 10_000, "closed_on": day, "number": f"SIMRZ-{tag}-{number:02}",
        }))  # fmt: skip


def _yuan(fen: int) -> str:
    """Exact text of an amount in fen."""
    return f"{fen // 100}.{fen % 100:02}"
