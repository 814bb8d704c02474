"""The shipped description of a plan (`plan_sections.yaml`) as typed data: chapters, targets, papers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from jinchuanggu.foundation.workflow.definition import Text


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the plan. `minimum`: fewest characters that count as written."""

    key: str
    title: Text
    guidance: Text
    minimum: int
    variants: frozenset[str]


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A kind of document; with `clause` it counts for the completeness of the dossier, a `letter` is made
    here.
    """

    kind: str
    title: Text
    clause: str = ""
    letter: bool = False


@dataclass(frozen=True, slots=True)
class PlanData:
    number: str
    editable_in: dict[str, str]
    clauses: dict[str, str]
    experts_min: int
    experts_max: int
    sections: tuple[Section, ...]
    target_years: int
    target_indicators: tuple[str, ...]
    papers: tuple[PaperKind, ...]

    def sections_of(self, kind: str) -> list[Section]:
        return [section for section in self.sections if not section.variants or kind in section.variants]

    def paper(self, kind: str) -> PaperKind | None:
        return next((paper for paper in self.papers if paper.kind == kind), None)

    def quote(self, clause: str) -> str:
        """`L2 · 晋政办发〔2024〕40号 二（一）`: a clause as refusals name it."""
        at = self.clauses.get(clause)
        return f"{clause} · {self.number} {at}" if at else clause


@cache
def plan_data() -> PlanData:
    raw = yaml.safe_load(files(__package__).joinpath("plan_sections.yaml").read_text("utf-8"))
    return PlanData(
        number=raw["source"]["number"],
        editable_in=raw["editable_in"],
        clauses=raw["clauses"],
        experts_min=raw["argument"]["experts_min"],
        experts_max=raw["argument"]["experts_max"],
        sections=tuple(
            Section(s["key"], s["title"], s["guidance"], s["minimum"], frozenset(s.get("variants") or ()))
            for s in raw["sections"]
        ),
        target_years=raw["targets"]["years"],
        target_indicators=tuple(raw["targets"]["indicators"]),
        papers=tuple(
            PaperKind(p["kind"], p["title"], p.get("clause", ""), bool(p.get("letter")))
            for p in raw["documents"]
        ),
    )
