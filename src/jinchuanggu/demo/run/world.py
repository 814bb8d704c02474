"""The run's cities, bodies, people and firms in the database, beside those of the simulated world."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import cycle

from jinchuanggu.demo import world as base
from jinchuanggu.demo.rows import Text
from jinchuanggu.demo.run.growth import Raw, begun
from jinchuanggu.demo.run.names import code_of
from jinchuanggu.demo.run.places import Places, RunValley, places
from jinchuanggu.demo.simulated_types import SimBody, SimMilestone, SimRegion, SimValley
from jinchuanggu.demo.world import World
from jinchuanggu.foundation.codes import uscc
from jinchuanggu.foundation.organisations.models import Organisation, Origin, Region
from jinchuanggu.foundation.organisations.roles import Role

# the accounts that the demo page shows; every other hat gets an account named after its body
FIRST = {"o-r-yiling": "operator-run", "city_office-sim12": "city-run"}
UNIVERSITIES = ("u-lanxiu", "u-yanbo", "u-jipu", "u-liting", "u-cangjin", "u-hengchuan")
HEADS = {"government": "11", "city_office": "11", "zone": "12", "operator": "91"}
AREA_KM2 = Decimal("12.6")


def extend(world: World, raw: Raw) -> World:
    """Regions, bodies, hats and firms of the run; a world of the run's own valleys that shares people with the given one."""
    known = places()
    used = {valley.city for valley in raw.valleys}
    cities = {code: city for code, city in known.cities.items() if code in used}
    bodies = {body.key: body for body in _bodies(cities, raw.valleys)}
    ours = World(
        replace(
            world.data, cities={**world.data.cities, **cities}, bodies={**world.data.bodies, **bodies},
            valleys={},
        ),
        regions=dict(world.regions), bodies=dict(world.bodies), actors=world.actors, experts=world.experts,
    )  # fmt: skip
    _regions(ours, cities)
    names = cycle(known.people)
    for body in bodies.values():
        ours.bodies[body.key] = base._body(ours, body)
        for role in _roles(body):
            base._hat(ours, body.key, role, next(names), FIRST.get(body.key, body.key))
    return ours


def firms(ours: World, raw: Raw) -> dict[int, Organisation]:
    """The firms and teams as organisations, by their number."""
    city = {valley.key: valley.city for valley in raw.valleys}
    made = {
        row["firm"]: Organisation(
            name=row["name"], kind=row["kind"], region=ours.regions[city[row["valley"]]], origin=Origin.SIMULATED,
            uscc=code_of(row["firm"], row["valley"]) if row["kind"] == "enterprise" else None,
        )
        for row in raw.firms.iter_rows(named=True)
    }  # fmt: skip
    Organisation.objects.bulk_create(made.values(), batch_size=500)
    return made


def sim_valley(raw: Raw, valley: RunValley, known: Places, days_ago: int) -> SimValley:
    """The row by which the steps of the stories tell a valley. `days_ago`: when building began."""
    whole = {
        "startup_office_m2": Decimal(34000), "standard_plant_m2": Decimal(108000),
        "resident_teams_and_startups": Decimal(36), "full_time_staff": Decimal(520),
        "tech_enterprise_revenue_cny": Decimal(330_000_000),
    }  # fmt: skip
    at = raw.valleys.index(valley)
    partner = UNIVERSITIES[at % len(UNIVERSITIES)]
    ago = -days_ago
    return SimValley(
        key=valley.key, name=valley.name, name_en=valley.name_en, kind="regional", builder=valley.city,
        state=valley.told, key_fields=valley.fields, universities=(partner,), zones=(f"z-{valley.city}",),
        operator=f"o-{valley.key}", budget_cny=Decimal(286_000_000), figures_on=-20, building_since=ago,
        targets={-2 + step: {k: (v * (step + 1) / 3).quantize(Decimal(1)) for k, v in whole.items()} for step in range(3)},
        figures={"planned_area_km2": AREA_KM2 + at},
        story=Text(
            f"{known.cities[valley.city].short}市的模拟平台，按月报送，三年数据全部由种子生成，与任何真实单位无关。",
            "A simulated platform with monthly filings; all figures come from one seed and stand for nothing real.",
        ),
        milestones=(
            SimMilestone(Text("第三方运营团队进驻", "Operator moves in"), "运营机构", ago, ago + 60, ago + 52, 100, ""),
            SimMilestone(Text("首批团队和企业入驻", "First teams and firms"), "运营机构", ago, ago + 120, ago + 118, 100, ""),
            SimMilestone(Text("标准化厂房全部完工", "All plants completed"), "开发区管委会", ago, -25, None, 80, ""),
        ),
    )  # fmt: skip


def start(raw: Raw, valley: RunValley) -> int:
    """Month in which the valley begins to take residents."""
    return begun(raw.scale, valley)


def _regions(ours: World, cities: dict[str, SimRegion]) -> None:
    for city in cities.values():
        ours.regions[city.code] = Region.objects.create(
            code=city.code, name=city.name, name_en=city.name_en, level="city",
            parent=ours.regions[ours.data.province.code], longitude=city.lon, latitude=city.lat,
            origin=Origin.SIMULATED,
        )  # fmt: skip


def _bodies(cities: dict[str, SimRegion], valleys: tuple[RunValley, ...]) -> list[SimBody]:
    found: list[SimBody] = []
    for city in cities.values():
        for kind, suffix, suffix_en in (
            ("government", "市人民政府（模拟）", "Municipal Government (simulated)"),
            ("city_office", "市科学技术局（模拟）", "Science and Technology Bureau (simulated)"),
            ("zone", "科创产业园区（模拟）", "Innovation Park (simulated)"),
        ):
            key = f"z-{city.code}" if kind == "zone" else f"{kind}-{city.code}"
            english = city.name_en.removesuffix(" (simulated)")
            level = "provincial" if kind == "zone" else ""
            found.append(
                _sim(key, f"{city.short}{suffix}", f"{english} {suffix_en}", kind, city, len(found), level)
            )
    for valley in valleys:
        city = cities[valley.city]
        english = valley.name_en.removesuffix(" Valley (simulated)")
        found.append(
            _sim(
                f"o-{valley.key}", f"{valley.short}谷运营有限公司（模拟）", f"{english} Operation Ltd (simulated)",
                "operator", city, len(found), "",
            )
        )  # fmt: skip
    return found


def _sim(key: str, name: str, english: str, kind: str, city: SimRegion, number: int, level: str) -> SimBody:
    head = HEADS[kind]
    code = uscc.make(head[0], head[1], city.uscc_region, f"MT{number:06d}")
    return SimBody(key, name, english, kind, city.code, code, level, True)


def _roles(body: SimBody) -> tuple[Role, ...]:
    role = base._role(body)
    return (role,) if role is not None else ()
