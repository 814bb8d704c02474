"""The simulated world as typed rows (see data/simulated.yaml). Everything here is made up."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from jinchuanggu.demo.rows import Text


@dataclass(frozen=True, slots=True)
class SimRegion:
    """A city that doesn't exist, or the province of them (`sim00`, no mark)."""

    code: str
    name: str
    name_en: str
    short: str
    uscc_region: str
    lon: Decimal | None
    lat: Decimal | None


@dataclass(frozen=True, slots=True)
class SimBody:
    """Any organisation; `kind` is a code of OrganisationKind. Teams have no credit code."""

    key: str
    name: str
    name_en: str
    kind: str
    region: str
    uscc: str | None
    zone_level: str = ""
    legal_person: bool | None = None


@dataclass(frozen=True, slots=True)
class SimResident:
    """An enterprise or team with its record: full-time people, yearly revenue in yuan, m² rented."""

    body: SimBody
    valley: str | None
    field: str
    staff: int
    area_m2: Decimal
    revenue_cny: Decimal | None = None
    sci_tech: bool = False
    university: str | None = None


@dataclass(frozen=True, slots=True)
class SimExpert:
    """`category`: technical, strategy, finance, economy. `worked_with`: bodies that make a conflict."""

    name: str
    title: Text
    category: str
    employer: str
    fields: tuple[str, ...]
    worked_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SimMilestone:
    """Days count from today; `done` None: not done yet. `progress` in percent."""

    title: Text
    responsible: str
    starts: int
    due: int
    done: int | None
    progress: int
    note: str

    @property
    def late(self) -> bool:
        return self.done is None and self.due < 0


@dataclass(frozen=True, slots=True)
class SimValley:
    """A valley in one state of the process. Offsets of `targets` are years from this year."""

    key: str
    name: str
    name_en: str
    kind: str
    builder: str
    state: str
    story: Text
    key_fields: tuple[str, ...]
    universities: tuple[str, ...]
    zones: tuple[str, ...]
    operator: str | None
    budget_cny: Decimal
    targets: dict[int, dict[str, Decimal]]
    figures_on: int
    figures: dict[str, Decimal]
    whole_chain: bool | None = None
    records: bool = False
    building_since: int | None = None
    deadline: int | None = None
    series: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)
    milestones: tuple[SimMilestone, ...] = ()


@dataclass(frozen=True, slots=True)
class SimDuty:
    """A seat of a city task force; `unit` is city_government, city_office or the name of a department."""

    unit: str
    unit_en: str
    duty: Text
    leader: bool


@dataclass(frozen=True, slots=True)
class SimTexts:
    """Ready-made words, each as (tag, text). Tags: verdict, member unit and stand, level, valley, ..."""

    expert_opinions: tuple[tuple[str, Text], ...]
    member_opinions: tuple[tuple[str, str, Text], ...]
    answers: tuple[tuple[bool, Text], ...]
    score_reasons: tuple[tuple[str, Text], ...]
    site_visit_items: tuple[Text, ...]
    return_reasons: dict[str, Text]
    objections: dict[str, Text]
    shortfall_reasons: dict[str, Text]
    failure_reasons: dict[str, Text]
    withdrawal_reasons: dict[str, Text]


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A chapter of a construction plan with the valley's own facts filled in."""

    key: str
    title: Text
    body: Text


@dataclass(frozen=True, slots=True)
class SimWorld:
    province: SimRegion
    cities: dict[str, SimRegion]
    bodies: dict[str, SimBody]
    residents: tuple[SimResident, ...]
    experts: tuple[SimExpert, ...]
    people: tuple[str, ...]
    fields: dict[str, str]
    task_force: tuple[SimDuty, ...]
    valleys: dict[str, SimValley]
    texts: SimTexts
    sections: tuple[PlanSection, ...]
    budget_shares: tuple[tuple[Text, int], ...]

    def of_kind(self, kind: str) -> list[SimBody]:
        return [body for body in self.bodies.values() if body.kind == kind]

    def city_office(self, city: str) -> SimBody:
        return self.bodies[f"city_office-{city}"]

    def government(self, city: str) -> SimBody:
        return self.bodies[f"government-{city}"]

    def residents_of(self, valley: str) -> list[SimResident]:
        return [r for r in self.residents if r.valley == valley]

    def budget(self, valley: SimValley) -> list[tuple[Text, Decimal]]:
        """Budget lines in yuan that add up to the whole."""
        return [(text, valley.budget_cny * share / 100) for text, share in self.budget_shares]

    def plan(self, valley: SimValley) -> list[PlanSection]:
        """The plan's chapters in both languages."""
        last = valley.targets[max(valley.targets)]
        city = self.cities[valley.builder]

        def filled(text: str, english: bool) -> str:
            def names(keys: tuple[str, ...]) -> str:
                found = [self.bodies[k].name_en if english else self.bodies[k].name for k in keys]
                return (", " if english else "、").join(found) or (
                    "a zone to be chosen" if english else "拟选园区"
                )

            operator = names((valley.operator,)) if valley.operator else None
            return text.format(
                city=city.name_en if english else city.short + "市",
                valley=valley.name_en if english else valley.name,
                fields=", ".join(self.fields[f] for f in valley.key_fields)
                if english
                else "、".join(valley.key_fields),
                universities=names(valley.universities),
                zones=names(valley.zones),
                operator=operator
                or ("An operator to be selected" if english else "比选确定的第三方专业团队"),
                area=valley.figures["planned_area_km2"],
                office=_area(last["startup_office_m2"], english),
                plants=_area(last["standard_plant_m2"], english),
                residents=last["resident_teams_and_startups"],
                staff=last["full_time_staff"],
                revenue=_money(last["tech_enterprise_revenue_cny"], english),
                budget=_money(valley.budget_cny, english),
            ).strip()

        return [
            PlanSection(s.key, s.title, Text(filled(s.body.zh, False), filled(s.body.en, True)))
            for s in self.sections
        ]


def _money(yuan: Decimal, english: bool) -> str:
    if english:
        return f"CNY {yuan / 1_000_000:.1f} million"
    return f"{(yuan / 100_000_000).normalize():f}亿元"


def _area(m2: Decimal, english: bool) -> str:
    return f"{m2:,}" if english else f"{(m2 / 10_000).normalize():f}万"
