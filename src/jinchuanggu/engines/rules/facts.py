"""The facts an evaluation reads: what is reported, when, and by whom. No fact is ever assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from decimal import Decimal

from jinchuanggu.engines.rules.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure was read. ``grade``: A government, B established media, C copy of a media text."""

    title: str
    url: str | None = None
    date: str | None = None
    grade: str | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {"title": self.title, "url": self.url, "date": self.date, "grade": self.grade}


@dataclass(frozen=True, slots=True)
class Figure:
    """One report of one figure. ``unit`` None means the unit of the input it is given for."""

    value: Decimal
    date: PartialDate | None = None
    year: int | None = None
    source: Source | None = None
    chosen: bool = False
    note: str | None = None
    unit: str | None = None

    @property
    def period(self) -> int | None:
        """The year the figure belongs to."""
        return self.year if self.year is not None else (self.date.year if self.date else None)


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list; an attribute that is not there is not known."""

    name: str
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that holds or not; None: not said. ``about`` names what it is said of."""

    holds: bool | None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What experts found: a score, a conclusion, or both."""

    score: Decimal | None = None
    passed: bool | None = None
    note: str | None = None


Reports = tuple[Figure, ...]
Listing = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by input id, kept apart by kind so that each test reads what it can. Absent means not given."""

    reports: Mapping[str, Reports] = field(default_factory=dict)
    lists: Mapping[str, Listing] = field(default_factory=dict)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    dates: Mapping[str, Day] = field(default_factory=dict)
