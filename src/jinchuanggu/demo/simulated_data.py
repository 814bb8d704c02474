"""Load and validate data/simulated.yaml; make a valid credit code for every body on the way.

`load()` is the way in. Codes are the same at every load: they follow the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from jinchuanggu.demo.real_data import load_indicators
from jinchuanggu.demo.rows import Reader, Row, Text
from jinchuanggu.demo.simulated_types import (
    PlanSection,
    SimBody,
    SimDuty,
    SimExpert,
    SimMilestone,
    SimRegion,
    SimResident,
    SimTexts,
    SimValley,
    SimWorld,
)
from jinchuanggu.foundation.codes import uscc

_CODE_HEAD = {"enterprise": "91", "operator": "91", "university": "12", "institute": "12"}
"""First two characters of a credit code by kind of body; anything else is a public authority, 11."""


@cache
def load() -> SimWorld:
    return read(Reader("simulated.yaml").load())


def read(data: Row, file: str = "simulated.yaml") -> SimWorld:
    """The typed world from the parsed file. Raises DataError with all that is wrong."""
    work = _Work(Reader(file))
    world = work.world(data)
    work.reader.finish()
    return world


class _Work:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.regions: dict[str, SimRegion] = {}
        self.bodies: dict[str, SimBody] = {}
        self.fields: dict[str, str] = {}
        self.indicators = load_indicators()

    def world(self, data: Row) -> SimWorld:
        top = (
            "province cities city_bodies bodies fields enterprises teams experts people task_force valleys "
            "plan_sections budget_lines expert_opinions member_opinions answers score_reasons "
            "site_visit_items return_reasons objections shortfall_reasons failure_reasons withdrawal_reasons"
        )
        data = self.reader.keys(data, "top", top)
        province = self.region(data["province"])
        cities = {row["code"]: self.region(row) for row in data["cities"]}
        for city in cities.values():
            for kind in data["city_bodies"]:
                self.add(
                    f"{kind['kind']}-{city.code}",
                    city.short + kind["suffix"],
                    f"{city.name_en.removesuffix(' (simulated)')} {kind['suffix_en']}",
                    kind["kind"],
                    city.code,
                )
        for row in data["bodies"]:
            self.body(row)
        self.fields = data["fields"]
        valley_city = {row["key"]: row["builder"] for row in data["valleys"]}
        residents = [self.enterprise(row, valley_city) for row in data["enterprises"]]
        residents += [self.team(row, valley_city) for row in data["teams"]]
        valleys = {row["key"]: self.valley(row) for row in data["valleys"]}
        if len(valleys) != len(data["valleys"]) or len({v.name for v in valleys.values()}) != len(valleys):
            self.reader.error("valleys", "two valleys share a key or a name")
        return SimWorld(
            province=province,
            cities=cities,
            bodies=self.bodies,
            residents=tuple(residents),
            experts=tuple(self.expert(row) for row in data["experts"]),
            people=tuple(data["people"]),
            fields=self.fields,
            task_force=tuple(self.duty(row) for row in data["task_force"]),
            valleys=valleys,
            texts=self.texts(data, valleys),
            sections=tuple(self.section(row) for row in data["plan_sections"]),
            budget_shares=self.shares(data["budget_lines"]),
        )

    def region(self, raw: object) -> SimRegion:
        row = self.reader.keys(raw, "cities", "code name name_en short uscc_region lon lat")
        lon, lat = (None if row[k] is None else Decimal(str(row[k])) for k in ("lon", "lat"))
        region = SimRegion(
            row["code"], row["name"], row["name_en"], row["short"], row["uscc_region"], lon, lat
        )
        if not region.code.startswith("sim") or "（模拟）" not in region.name:
            self.reader.error(region.code, "a simulated region says so in its code and name")
        self.regions[region.code] = region
        return region

    def add(self, key: str, name: str, name_en: str, kind: str, region: str, **more: Any) -> SimBody:
        self.reader.one_of(region, self.regions, f"{key}.region")
        if key in self.bodies or name in {b.name for b in self.bodies.values()}:
            self.reader.error(key, "key or name occurs twice")
        code = None
        if kind != "team":
            head = _CODE_HEAD.get(kind, "11")
            org8 = f"M{'A' if head[0] == '9' else 'B'}{len(self.bodies) + 1:06d}"
            code = uscc.make(head[0], head[1], self.regions[region].uscc_region, org8)
        body = SimBody(key, name, name_en, kind, region, code, **more)
        self.bodies[key] = body
        return body

    def body(self, raw: object) -> None:
        row = self.reader.keys(raw, "bodies", "key name name_en kind region", "zone_level legal_person")
        self.add(
            row["key"], row["name"], row["name_en"], row["kind"], row["region"],
            zone_level=row["zone_level"] or "", legal_person=row["legal_person"],
        )  # fmt: skip

    def enterprise(self, row: list[Any], valley_city: dict[str, str]) -> SimResident:
        key, name, name_en, valley, field, staff, revenue, sci_tech, area = row
        city = self.resident_city(key, field, valley, valley_city)
        body = self.add(key, name, name_en, "enterprise", city, legal_person=True)
        return SimResident(
            body, valley, field, int(staff), self.number(area, key), self.number(revenue, key), bool(sci_tech)
        )

    def team(self, row: list[Any], valley_city: dict[str, str]) -> SimResident:
        key, name, name_en, valley, field, people, university, area = row
        body = self.add(key, name, name_en, "team", self.resident_city(key, field, valley, valley_city))
        self.known([university], key)
        return SimResident(body, valley, field, int(people), self.number(area, key), university=university)

    def resident_city(self, key: str, field: str, valley: str | None, valley_city: dict[str, str]) -> str:
        self.reader.one_of(field, self.fields, f"{key}.field")
        if valley is None:
            return "sim00"
        self.reader.one_of(valley, valley_city, f"{key}.valley")
        return valley_city.get(valley, "sim00")

    def valley(self, raw: object) -> SimValley:
        row = self.reader.keys(
            raw,
            "valleys",
            "key name name_en kind builder state story key_fields universities zones operator budget_cny "
            "targets figures_on figures",
            "whole_chain records building_since milestones deadline series",
        )
        where = f"valleys.{row['key']}"
        if "（模拟）" not in row["name"]:
            self.reader.error(where, "a simulated valley says so in its name")
        self.known([*row["universities"], *row["zones"], *filter(None, [row["operator"]])], where)
        self.reader.one_of(row["kind"], ("regional", "specialised"), where)
        self.reader.one_of(row["builder"], self.regions, where)
        for field in row["key_fields"]:
            self.reader.one_of(field, self.fields, f"{where}.key_fields")
        return SimValley(
            key=row["key"],
            name=row["name"],
            name_en=row["name_en"],
            kind=row["kind"],
            builder=row["builder"],
            state=row["state"],
            story=self.reader.must_text(row["story"], where),
            key_fields=tuple(row["key_fields"]),
            universities=tuple(row["universities"]),
            zones=tuple(row["zones"]),
            operator=row["operator"],
            budget_cny=self.number(row["budget_cny"], where),
            targets={int(y): self.figures(t, where) for y, t in row["targets"].items()},
            figures_on=int(row["figures_on"]),
            figures=self.figures(row["figures"], where),
            whole_chain=row["whole_chain"],
            records=bool(row["records"]),
            building_since=row["building_since"],
            deadline=row["deadline"],
            series={k: tuple(self.number(n, where) for n in v) for k, v in (row["series"] or {}).items()},
            milestones=tuple(self.milestone(m, where) for m in row["milestones"] or []),
        )

    def figures(self, row: Row, where: str) -> dict[str, Decimal]:
        for code in row:
            self.reader.one_of(code, self.indicators, where)
        return {code: self.number(value, f"{where}.{code}") for code, value in row.items()}

    def milestone(self, row: list[Any], where: str) -> SimMilestone:
        zh, en, responsible, starts, due, done, progress, note = row
        if due < starts or not 0 <= progress <= 100 or (done is not None) != (progress == 100):
            self.reader.error(where, f"milestone {zh}: days or progress contradict each other")
        return SimMilestone(Text(zh, en), responsible, starts, due, done, progress, note)

    def expert(self, row: list[Any]) -> SimExpert:
        name, title, title_en, category, employer, fields, worked_with = row
        self.known([employer, *worked_with], f"experts.{name}")
        for field in fields:
            self.reader.one_of(field, self.fields, f"experts.{name}")
        self.reader.one_of(category, ("technical", "strategy", "finance", "economy"), f"experts.{name}")
        return SimExpert(name, Text(title, title_en), category, employer, tuple(fields), tuple(worked_with))

    def duty(self, raw: object) -> SimDuty:
        row = self.reader.keys(raw, "task_force", "unit duty", "unit_en leader")
        return SimDuty(
            row["unit"],
            row["unit_en"] or "",
            self.reader.must_text(row["duty"], "task_force"),
            bool(row["leader"]),
        )

    def texts(self, data: Row, valleys: dict[str, SimValley]) -> SimTexts:
        def plain(row: Row) -> Text:
            return Text(row["zh"], row["en"])

        def by_valley(name: str) -> dict[str, Text]:
            for row in data[name]:
                self.reader.one_of(row["valley"], valleys, name)
            return {row["valley"]: plain(row) for row in data[name]}

        self.known((row["unit"] for row in data["member_opinions"]), "member_opinions")
        return SimTexts(
            expert_opinions=tuple((r["verdict"], plain(r)) for r in data["expert_opinions"]),
            member_opinions=tuple((r["unit"], r["stand"], plain(r)) for r in data["member_opinions"]),
            answers=tuple((r["adopted"], plain(r)) for r in data["answers"]),
            score_reasons=tuple((r["level"], plain(r)) for r in data["score_reasons"]),
            site_visit_items=tuple(plain(r) for r in data["site_visit_items"]),
            return_reasons=by_valley("return_reasons"),
            objections=by_valley("objections"),
            shortfall_reasons=by_valley("shortfall_reasons"),
            failure_reasons=by_valley("failure_reasons"),
            withdrawal_reasons=by_valley("withdrawal_reasons"),
        )

    def section(self, raw: object) -> PlanSection:
        row = self.reader.keys(raw, "plan_sections", "key title zh en")
        return PlanSection(
            row["key"], self.reader.must_text(row["title"], row["key"]), Text(row["zh"], row["en"])
        )

    def shares(self, rows: list[Row]) -> tuple[tuple[Text, int], ...]:
        if sum(row["share_pct"] for row in rows) != 100:
            self.reader.error("budget_lines", "the shares don't add up to 100")
        return tuple((Text(row["zh"], row["en"]), int(row["share_pct"])) for row in rows)

    def known(self, keys: Iterable[str], where: str) -> None:
        for key in keys:
            self.reader.one_of(key, self.bodies, where)

    def number(self, value: object, where: str) -> Decimal:
        return self.reader.number(value, where)
