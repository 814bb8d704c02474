"""The simulated world in the database: regions, bodies, people with their hats, residents with their records."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from jinchuanggu.demo.simulated_types import SimBody, SimValley, SimWorld
from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Membership, Organisation, Origin, Person, Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.models import Expert, Valley
from jinchuanggu.residents.models import Resident, Space, YearlyRevenue

HATS_BEGAN = date(2023, 7, 1)
ROLE_OF_KIND = {
    "provincial_office": Role.PROVINCIAL_OFFICE,
    "member_unit": Role.MEMBER_UNIT,
    "city_office": Role.CITY_OFFICE,
    "university": Role.UNIVERSITY,
    "operator": Role.OPERATOR,
    "enterprise": Role.ENTERPRISE,
}
TITLES = {
    Role.PROVINCIAL_OFFICE: "处长", Role.MEMBER_UNIT: "二级调研员", Role.CITY_OFFICE: "副局长",
    Role.CITY_GOVERNMENT: "副秘书长", Role.PROVINCIAL_GOVERNMENT: "处长", Role.UNIVERSITY: "成果转化中心主任",
    Role.OPERATOR: "总经理", Role.ENTERPRISE: "科技部经理",
}  # fmt: skip


@dataclass
class World:
    """What was loaded, by the keys of the data file, and who wears which hat."""

    data: SimWorld
    regions: dict[str, Region] = field(default_factory=dict)
    bodies: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[tuple[str, str], Actor] = field(default_factory=dict)
    experts: dict[int, Actor] = field(default_factory=dict)
    valleys: dict[str, Valley] = field(default_factory=dict)

    def actor(self, role: Role, body: str) -> Actor:
        """The person acting in this body under this role."""
        return self.actors[role, body]

    def city(self, valley: SimValley) -> Actor:
        return self.actor(Role.CITY_OFFICE, f"city_office-{valley.builder}")

    def city_government(self, valley: SimValley) -> Actor:
        return self.actor(Role.CITY_GOVERNMENT, f"government-{valley.builder}")

    @property
    def office(self) -> Actor:
        return self.actor(Role.PROVINCIAL_OFFICE, "provincial-office")

    @property
    def government(self) -> Actor:
        return self.actor(Role.PROVINCIAL_GOVERNMENT, "provincial-government")


def build(data: SimWorld) -> World:
    """Regions, bodies, people, hats and experts; valleys and their records come with the stories."""
    world = World(data)
    _regions(world)
    for key, body in data.bodies.items():
        world.bodies[key] = _body(world, body)
    names = cycle(data.people)
    for key, body in data.bodies.items():
        role = _role(body)
        # of the many firms only those with a valley get a person with a hat
        if role is None or (role == Role.ENTERPRISE and key not in {"e01", "e02", "e03"}):
            continue
        _hat(world, key, role, next(names), _username(key, role))
    for key, role, name in (
        ("provincial-office", Role.AUDITOR, "审计员"), ("provincial-office", Role.ADMIN, "系统管理员")
    ):  # fmt: skip
        _hat(world, key, role, next(names), str(role), title=name)
    _experts(world)
    return world


def _regions(world: World) -> None:
    province = world.data.province
    world.regions[province.code] = top = Region.objects.create(
        code=province.code,
        name=province.name,
        name_en=province.name_en,
        level="province",
        origin=Origin.SIMULATED,
    )
    for city in world.data.cities.values():
        world.regions[city.code] = Region.objects.create(
            code=city.code, name=city.name, name_en=city.name_en, level="city", parent=top,
            longitude=city.lon, latitude=city.lat, origin=Origin.SIMULATED,
        )  # fmt: skip


def _body(world: World, body: SimBody) -> Organisation:
    return Organisation.objects.create(
        name=body.name, name_en=body.name_en, kind=body.kind, uscc=body.uscc, region=world.regions[body.region],
        zone_level=body.zone_level, legal_person=body.legal_person, origin=Origin.SIMULATED,
    )  # fmt: skip


def _role(body: SimBody) -> Role | None:
    if body.kind == "government":
        return Role.PROVINCIAL_GOVERNMENT if body.key == "provincial-government" else Role.CITY_GOVERNMENT
    return ROLE_OF_KIND.get(body.kind)


# the accounts that the demo page shows first; every other hat gets an account named after its body
FIRST = {
    "provincial-office": "office", "provincial-government": "government", "unit-talent": "member",
    "city_office-sim02": "city", "government-sim02": "citygov", "o-lanxiu": "operator", "e01": "enterprise",
    "u-yanbo": "university",
}  # fmt: skip


def _username(key: str, role: Role) -> str:
    return FIRST.get(key, key)


def _hat(world: World, key: str, role: Role, name: str, username: str, title: str = "") -> Membership:
    organisation = world.bodies[key]
    user = User.objects.create(username=username, is_demo=True)
    user.set_unusable_password()
    user.save()
    person = Person.objects.create(
        name=name, title=title or TITLES.get(role, ""), employer=organisation, user=user, origin=Origin.SIMULATED,
        email=f"{username}@example.invalid",
    )  # fmt: skip
    hat = Membership.objects.create(person=person, organisation=organisation, role=role, starts_on=HATS_BEGAN)
    world.actors[role, key] = from_membership(hat)
    return hat


def _experts(world: World) -> None:
    for number, row in enumerate(world.data.experts, start=1):
        user = User.objects.create(username=f"expert{number:02}", is_demo=True)
        user.set_unusable_password()
        user.save()
        employer = world.bodies[row.employer]
        person = Person.objects.create(
            name=row.name, title=row.title.zh, employer=employer, user=user, origin=Origin.SIMULATED,
            email=f"expert{number:02}@example.invalid",
        )  # fmt: skip
        expert = Expert.objects.create(person=person, category=row.category, fields=list(row.fields))
        expert.cooperated_with.set([world.bodies[key] for key in row.worked_with])
        hat = Membership.objects.create(
            person=person, organisation=employer, role=Role.EXPERT, starts_on=HATS_BEGAN
        )
        world.experts[expert.pk] = from_membership(hat)


def load_records(world: World, row: SimValley, valley: Valley) -> None:
    """Residents, their yearly revenue and the spaces of a valley, as its operator would have entered them."""
    # the real day, from which the data file counts, not the day the story has reached
    today = date.today()
    moved_in = today + timedelta(days=(row.building_since or -300))
    step = max(1, (today - moved_in).days // (len(world.data.residents_of(row.key)) + 1))
    revenues: list[YearlyRevenue] = []
    for number, one in enumerate(world.data.residents_of(row.key)):
        resident = Resident.objects.create(
            valley_id=valley.pk, organisation=world.bodies[one.body.key],
            kind="team" if one.body.kind == "team" else "enterprise", start_up=True, sci_tech=one.sci_tech,
            field=one.field, entered_on=moved_in + timedelta(days=20 + number * step // 2),
            full_time_staff=one.staff, origin=Origin.SIMULATED,
        )  # fmt: skip
        if one.revenue_cny is not None:
            for back, share in ((2, Decimal("0.81")), (1, Decimal(1))):
                revenues.append(
                    YearlyRevenue(
                        resident=resident, year=today.year - back, filed_on=date(today.year - back + 1, 3, 20),
                        revenue_cny=(one.revenue_cny * share).quantize(Decimal("0.01")),
                    )
                )  # fmt: skip
    YearlyRevenue.objects.bulk_create(revenues)
    for indicator, kind, names in (
        ("startup_office_m2", "office", ("科创服务中心", "孵化楼 A 座", "孵化楼 B 座")),
        (
            "standard_plant_m2",
            "plant",
            ("标准化厂房 1 号", "标准化厂房 2 号", "标准化厂房 3 号", "标准化厂房 4 号"),
        ),
    ):
        if indicator not in row.figures:
            continue
        whole = row.figures[indicator]
        part = (whole / len(names)).quantize(Decimal("1"))
        for number, name in enumerate(names):
            last = number == len(names) - 1
            Space.objects.create(
                valley_id=valley.pk, name=name, kind=kind, startup_zone=True, origin=Origin.SIMULATED,
                area_m2=whole - part * (len(names) - 1) if last else part,
                completed_on=moved_in + timedelta(days=200 + 60 * number),
            )  # fmt: skip
