"""The published facts about the real valleys, as typed rows. Shapes follow data/real.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from jinchuanggu.demo.partial_dates import PartialDate
from jinchuanggu.demo.rows import Text

EXISTENCE: dict[str, Text] = {
    "unveiled": Text("已揭牌", "Unveiled"),
    "operating": Text("有运营报道，未见揭牌信息", "Seen operating, no unveiling found"),
    "announced": Text("已启动建设，未见揭牌信息", "Work under way, no unveiling found"),
    "builder_only": Text("仅列为建设主体，未见平台信息", "Named as a builder, no platform found"),
}
BOUNDS = ("exact", "about", "at_least", "planned")
USES = ("criterion", "lower_bound", "context")
SUBJECTS = ("valley", "city", "zone")
PARTNER_ROLES = ("partner", "source_of_teams", "ceremony", "results_source")
HOST_ROLES = ("host", "startup", "extension", "radiating", "park", "near", "addressee")
EVENT_KINDS = (
    "unveiled", "plan_issued", "extension_plaque", "exists_by", "operating_by", "under_way", "named_builder",
    "matchmaking", "roadshow",
)  # fmt: skip
ORGANISATION_KINDS = ("university", "institute", "zone", "operator", "service_body", "enterprise", "team")


@dataclass(frozen=True, slots=True)
class Indicator:
    """A definition; `clause`, `series` for official ones. Units: km2, m2, count, person, CNY, percent."""

    code: str
    unit: str
    official: bool
    name: Text
    definition: Text
    clause: str = ""
    series: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A page. `event`: the date is that of the event it reports. Grade A government, B media, C copy."""

    key: str
    title: str
    date: PartialDate
    grade: Literal["A", "B", "C"]
    url: str | None
    event: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One report of one figure, in the indicator's unit."""

    indicator: Indicator
    value: Decimal
    date: PartialDate
    source: Source
    bound: str = "exact"
    use: str = "context"
    chosen: bool = False
    subject: str = "valley"
    parts: tuple[str, ...] = ()
    period: str = ""
    raw: str = ""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a city said it wants by the end of a year."""

    indicator: Indicator
    value: Decimal
    year: int
    source: Source
    bound: str = "exact"
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """On a day, or within a window whose open side is None."""

    kind: str
    source: Source
    not_before: date | None
    not_after: date | None
    place: str = ""
    order: int | None = None
    document: str = ""
    note: Text | None = None

    @property
    def day(self) -> date | None:
        """The day, None where only a window is known."""
        return self.not_after if self.not_before == self.not_after else None


@dataclass(frozen=True, slots=True)
class Organisation:
    """A real body that a page names. `zone_level` None: stated nowhere; `legal_person` likewise."""

    name: str
    kind: str
    region: str
    source: Source
    legal_person: bool | None = None
    zone_level: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A body's part in a valley: partner or host (with a role), operator, resident or team."""

    organisation: Organisation
    source: Source
    role: str = ""
    chosen: bool = False
    date: PartialDate | None = None
    note: Text | None = None

    @property
    def counts(self) -> bool:
        """Whether it evidences the condition it belongs to (a university relied on, a zone that hosts)."""
        kind = self.organisation.kind
        if kind == "zone":
            return self.role not in ("near", "addressee", "radiating")
        return kind == "university" and self.role in ("partner", "source_of_teams")


@dataclass(frozen=True, slots=True)
class Fact:
    text: Text
    source: Source


@dataclass(frozen=True, slots=True)
class KeyFields:
    """Key fields as one page lists them."""

    values: tuple[str, ...]
    source: Source
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class RealValley:
    """A valley, or a builder of one. None instead of a tuple: published nowhere, so not evidenced."""

    key: str
    name: str
    name_en: str
    builder: str
    existence: str
    kind: str | None
    kind_hint: Text | None
    summary: Text
    key_fields: KeyFields | None
    partners: tuple[Link, ...] | None
    hosts: tuple[Link, ...] | None
    operators: tuple[Link, ...] | None
    residents: tuple[Link, ...] | None
    teams: tuple[Link, ...] | None
    events: tuple[Event, ...]
    figures: tuple[Figure, ...]
    goals: tuple[Goal, ...]
    facts: tuple[Fact, ...]

    @property
    def exists(self) -> bool:
        """False for one that is merely a named builder."""
        return self.existence != "builder_only"

    @property
    def unveiled(self) -> Event | None:
        return next((event for event in self.events if event.kind == "unveiled"), None)

    @property
    def operator(self) -> Link | None:
        return next((link for link in self.operators or () if link.chosen), None)

    def chosen(self, indicator: str) -> Figure | None:
        return next((f for f in self.figures if f.chosen and f.indicator.code == indicator), None)


@dataclass(frozen=True, slots=True)
class UnveiledCount:
    as_of: date
    count: int
    named: tuple[str, ...]
    source: Source
    preparing: int | None = None
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A programme document or label: `number` is the issuing number, `label` the short name."""

    title: str
    source: Source
    number: str = ""


@dataclass(frozen=True, slots=True)
class Programme:
    conditions_in_force_from: date
    conditions_source: Source
    conditions_note: Text
    founding_plan: Document
    policy_system: Document
    task_force_office: Document
    unveiled_counts: tuple[UnveiledCount, ...]
    goals: tuple[Goal, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class OutsideRegion:
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class RealData:
    collected: date
    kind_note: Text
    sources: dict[str, Source]
    organisations: dict[str, Organisation]
    outside_regions: tuple[OutsideRegion, ...]
    programme: Programme
    valleys: tuple[RealValley, ...]
    indicators: dict[str, Indicator]

    def valley(self, key: str) -> RealValley:
        return next(v for v in self.valleys if v.key == key)
