"""When a cycle opens and is due, which valleys report, what a report consists of: `schemes/monitoring.v1.yaml` as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from jinchuanggu.programme.schemes.loading import SchemeError, Text, read

SETTINGS = "monitoring.v1"


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter of the report. `task`: which of the nine tasks it tells of, 0 for the others."""

    key: str
    title: Text
    guidance: Text
    minimum: int
    task: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """`running`: state of the course → why a valley in it reports."""

    basis: Text
    opens: tuple[int, int]
    due: tuple[int, int]
    complete_days: int
    complete_working: bool
    scheme: str
    running: dict[str, Text]
    sections: tuple[Section, ...]
    figures: tuple[str, ...]
    charts: tuple[str, ...]

    def opens_on(self, year: int) -> date:
        return date(year, *self.opens)

    def due_on(self, year: int) -> date:
        return date(year, *self.due)

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)


@cache
def settings() -> Settings:
    """Raises SchemeError for a file that cannot be used."""
    raw = read(SETTINGS)
    found = Settings(
        basis=raw["basis"],
        opens=(int(raw["opens"]["month"]), int(raw["opens"]["day"])),
        due=(int(raw["due"]["month"]), int(raw["due"]["day"])),
        complete_days=int(raw["complete_within"]["days"]),
        complete_working=bool(raw["complete_within"]["working"]),
        scheme=str(raw["scheme"]),
        running=dict(raw["running"]),
        sections=tuple(
            Section(row["key"], row["title"], row["guidance"], int(row["minimum"]), int(row.get("task", 0)))
            for row in raw["sections"]
        ),
        figures=tuple(raw["figures"]),
        charts=tuple(raw["charts"]),
    )
    if found.opens > found.due:
        raise SchemeError(f"{SETTINGS}: a cycle opens after it is due")
    if len({section.key for section in found.sections}) != len(found.sections):
        raise SchemeError(f"{SETTINGS}: a section occurs twice")
    return found
