"""Load and validate the published facts: data/indicators.yaml and data/real.yaml.

`load()` is the way in. It raises DataError with everything that is wrong: unknown keys, a figure without a
dated source, a body that isn't in the list of organisations, two chosen reports of one figure, ...
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any, cast

from jinchuanggu.demo.real_types import (
    BOUNDS,
    EVENT_KINDS,
    EXISTENCE,
    HOST_ROLES,
    ORGANISATION_KINDS,
    PARTNER_ROLES,
    SUBJECTS,
    USES,
    Document,
    Event,
    Fact,
    Figure,
    Goal,
    Indicator,
    KeyFields,
    Link,
    Organisation,
    OutsideRegion,
    Programme,
    RealData,
    RealValley,
    Source,
    UnveiledCount,
)
from jinchuanggu.demo.rows import Reader, Row
from jinchuanggu.foundation.codes.regions import builders, regions

UNITS = ("km2", "m2", "count", "person", "CNY", "percent")
_LIMITED = ("有限公司", "有限责任公司", "股份有限公司")


@cache
def load() -> RealData:
    return read(Reader("real.yaml").load(), load_indicators())


@cache
def load_indicators() -> dict[str, Indicator]:
    """All indicator definitions by code."""
    reader = Reader("indicators.yaml")
    found: dict[str, Indicator] = {}
    for i, raw in enumerate(reader.load()["indicators"]):
        row = reader.keys(raw, f"indicators[{i}]", "code unit official name definition", "clause series")
        where = str(row["code"])
        if where in found:
            reader.error(where, "occurs twice")
        if bool(row["clause"]) != row["official"]:
            reader.error(where, "an official indicator names its clause, any other doesn't")
        found[where] = Indicator(
            code=where,
            unit=reader.one_of(row["unit"], UNITS, where),
            official=bool(row["official"]),
            name=reader.must_text(row["name"], where),
            definition=reader.must_text(row["definition"], where),
            clause=row["clause"] or "",
            series=bool(row["series"]),
        )
    reader.finish()
    return found


def read(data: Row, indicators: dict[str, Indicator], file: str = "real.yaml") -> RealData:
    """Typed facts from the parsed file."""
    work = _Work(Reader(file), indicators)
    top = "collected sources programme kind_note valleys outside_regions organisations"
    data = work.reader.keys(data, "top", top)
    work.sources = {key: work.source(key, row) for key, row in data["sources"].items()}
    outside = tuple(OutsideRegion(*row) for row in data["outside_regions"])
    work.regions = set(regions()) | {region.code for region in outside}
    for row in data["organisations"]:
        work.add_organisation(row)
    valleys = tuple(work.valley(row) for row in data["valleys"])
    if len({v.key for v in valleys} | {v.name for v in valleys}) != 2 * len(valleys):
        work.reader.error("valleys", "two valleys share a key or a name")
    programme = work.programme(data["programme"])
    result = RealData(
        collected=data["collected"],
        kind_note=work.reader.must_text(data["kind_note"], "kind_note"),
        sources=work.sources,
        organisations=work.organisations,
        outside_regions=outside,
        programme=programme,
        valleys=valleys,
        indicators=indicators,
    )
    work.reader.finish()
    return result


class _Work:
    """One reading of the file: what has been read so far, for the rows that refer to it."""

    def __init__(self, reader: Reader, indicators: dict[str, Indicator]) -> None:
        self.reader = reader
        self.indicators = indicators
        self.sources: dict[str, Source] = {}
        self.organisations: dict[str, Organisation] = {}
        self.regions: set[str] = set()

    def source(self, key: str, raw: object) -> Source:
        where = f"sources.{key}"
        row = self.reader.keys(raw, where, "title date grade url", "event")
        if not row["title"]:
            self.reader.error(where, "a source needs a title")
        grade = self.reader.one_of(row["grade"], "ABC", where)
        return Source(
            key, str(row["title"]), self.reader.date(row["date"], where), cast(Any, grade), row["url"],
            bool(row["event"]),
        )  # fmt: skip

    def source_of(self, key: object, where: str, *, dated: bool = False) -> Source:
        name = self.reader.one_of(key, self.sources, f"{where}.source")
        unread = {"title": "?", "date": None, "grade": "C", "url": None}
        source = self.sources.get(name) or self.source(name, unread)
        if dated and source.date.latest is None:
            self.reader.error(where, f"the source {name} has no date, so it can't carry a figure")
        return source

    def add_organisation(self, row: list[str]) -> None:
        name, kind, region, source = row
        where = f"organisations.{name}"
        if name in self.organisations:
            self.reader.error(where, "occurs twice")
        self.organisations[name] = Organisation(
            name=name,
            kind=self.reader.one_of(kind, ORGANISATION_KINDS, where),
            region=self.reader.one_of(region, self.regions, where),
            source=self.source_of(source, where),
            # only a registered name that says so evidences a legal person
            legal_person=True if name.endswith(_LIMITED) else None,
        )

    def organisation(self, name: object, where: str) -> Organisation:
        self.reader.one_of(name, self.organisations, f"{where}.organisation")
        return self.organisations.get(str(name)) or next(iter(self.organisations.values()))

    def links(self, raw: object, where: str, roles: tuple[str, ...] = ()) -> tuple[Link, ...] | None:
        """None stays None: published nowhere isn't the same as none."""
        if raw is None:
            return None
        found = []
        for i, item in enumerate(cast("list[object]", raw)):
            at = f"{where}[{i}]"
            row = self.reader.keys(
                item, at, "organisation source" + (" role" if roles else ""), "basis note date chosen"
            )
            found.append(
                Link(
                    organisation=self.organisation(row["organisation"], at),
                    source=self.source_of(row["source"], at),
                    role=self.reader.one_of(row["role"], roles, at) if roles else "",
                    chosen=bool(row["chosen"]),
                    date=self.reader.date(row["date"], at) if row["date"] else None,
                    note=self.reader.text(row["basis"] or row["note"], at),
                )
            )
        return tuple(found)

    def event(self, raw: object, where: str) -> Event:
        row = self.reader.keys(
            raw, where, "kind source", "date not_before not_after place order document note"
        )
        if bool(row["date"]) == bool(row["not_before"] or row["not_after"]):
            self.reader.error(where, "either a date or a window")
        start, end = row["date"] or row["not_before"], row["date"] or row["not_after"]
        if start and end and start > end:
            self.reader.error(where, "the window ends before it starts")
        return Event(
            kind=self.reader.one_of(row["kind"], EVENT_KINDS, where),
            source=self.source_of(row["source"], where),
            not_before=start,
            not_after=end,
            place=row["place"] or "",
            order=row["order"],
            document=row["document"] or "",
            note=self.reader.text(row["note"], where),
        )

    def figure(self, raw: object, where: str) -> Figure:
        optional = "bound use chosen subject parts period raw note"
        row = self.reader.keys(raw, where, "indicator value date source", optional)
        indicator = self.indicator(row["indicator"], where)
        figure = Figure(
            indicator=indicator,
            value=self.reader.number(row["value"], where),
            date=self.reader.date(row["date"], where),
            source=self.source_of(row["source"], where, dated=True),
            bound=self.reader.one_of(row["bound"] or "exact", BOUNDS, where),
            use=self.reader.one_of(row["use"] or "context", USES, where),
            chosen=bool(row["chosen"]),
            subject=self.reader.one_of(row["subject"] or "valley", SUBJECTS, where),
            parts=tuple(row["parts"] or ()),
            period=str(row["period"] or ""),
            raw=row["raw"] or "",
            note=self.reader.text(row["note"], where),
        )
        if figure.date.latest is None:
            self.reader.error(where, "a figure needs a date")
        if figure.indicator.official != (figure.use != "context"):
            self.reader.error(
                where, "an official indicator is a criterion or a lower bound, any other is context"
            )
        if figure.use != "context" and (figure.subject != "valley" or figure.bound == "planned"):
            self.reader.error(where, "only what the valley itself has may be judged")
        if figure.chosen and figure.use == "context":
            self.reader.error(where, "context is never chosen")
        return figure

    def figures(self, rows: list[object] | None, where: str) -> tuple[Figure, ...]:
        found = tuple(self.figure(row, f"{where}[{i}]") for i, row in enumerate(rows or []))
        chosen = [f.indicator.code for f in found if f.chosen]
        if len(chosen) != len(set(chosen)):
            self.reader.error(where, "two chosen reports of one figure")
        for figure in found:
            same = [f for f in found if f.indicator.code in figure.parts and f.source == figure.source]
            if figure.parts and (
                len(same) != len(figure.parts)
                or sum(f.value for f in same) != figure.value
                or {f.date for f in same} != {figure.date}
            ):
                self.reader.error(where, f"{figure.indicator.code} is not the sum of its parts in one source")
        return found

    def goal(self, raw: object, where: str) -> Goal:
        row = self.reader.keys(raw, where, "indicator value year source", "bound note")
        return Goal(
            indicator=self.indicator(row["indicator"], where),
            value=self.reader.number(row["value"], where),
            year=int(row["year"]),
            source=self.source_of(row["source"], where, dated=True),
            bound=self.reader.one_of(row["bound"] or "exact", BOUNDS, where),
            note=self.reader.text(row["note"], where),
        )

    def goals(self, rows: list[object] | None, where: str) -> tuple[Goal, ...]:
        return tuple(self.goal(row, f"{where}[{i}]") for i, row in enumerate(rows or []))

    def indicator(self, code: object, where: str) -> Indicator:
        name = self.reader.one_of(code, self.indicators, f"{where}.indicator")
        return self.indicators.get(name) or next(iter(self.indicators.values()))

    def valley(self, raw: object) -> RealValley:
        row = self.reader.keys(
            raw,
            "valleys",
            "key name name_en builder existence kind summary key_fields partners hosts operators events "
            "residents teams figures",
            "kind_hint goals facts",
        )
        key = str(row["key"])
        where = f"valleys.{key}"
        reader = self.reader
        if row["kind"] is not None:
            reader.one_of(row["kind"], ("regional", "specialised"), where)
        return RealValley(
            key=key,
            name=row["name"],
            name_en=row["name_en"],
            builder=reader.one_of(row["builder"], (b.code for b in builders()), where),
            existence=reader.one_of(row["existence"], EXISTENCE, where),
            kind=row["kind"],
            kind_hint=reader.text(row["kind_hint"], where),
            summary=reader.must_text(row["summary"], where),
            key_fields=self.key_fields(row["key_fields"], f"{where}.key_fields"),
            partners=self.links(row["partners"], f"{where}.partners", PARTNER_ROLES),
            hosts=self.links(row["hosts"], f"{where}.hosts", HOST_ROLES),
            operators=self.links(row["operators"], f"{where}.operators"),
            residents=self.links(row["residents"], f"{where}.residents"),
            teams=self.links(row["teams"], f"{where}.teams"),
            events=tuple(self.event(e, f"{where}.events[{i}]") for i, e in enumerate(row["events"] or [])),
            figures=self.figures(row["figures"], f"{where}.figures"),
            goals=self.goals(row["goals"], f"{where}.goals"),
            facts=tuple(self.fact(f, f"{where}.facts[{i}]") for i, f in enumerate(row["facts"] or [])),
        )

    def key_fields(self, raw: object, where: str) -> KeyFields | None:
        if raw is None:
            return None
        row = self.reader.keys(raw, where, "value source", "note")
        source = self.source_of(row["source"], where)
        return KeyFields(tuple(row["value"]), source, self.reader.text(row["note"], where))

    def fact(self, raw: object, where: str) -> Fact:
        row = self.reader.keys(raw, where, "zh en source")
        text = self.reader.must_text({"zh": row["zh"], "en": row["en"]}, where)
        return Fact(text, self.source_of(row["source"], where))

    def programme(self, raw: object) -> Programme:
        reader, where = self.reader, "programme"
        keys = "conditions founding_plan policy_system task_force_office unveiled_count goals figures"
        row = reader.keys(raw, where, keys)
        conditions = reader.keys(row["conditions"], where, "source in_force_from note")
        plan = reader.keys(row["founding_plan"], where, "title number source")
        policy = reader.keys(row["policy_system"], where, "label source")
        office = reader.keys(row["task_force_office"], where, "name since source")
        return Programme(
            conditions_in_force_from=conditions["in_force_from"],
            conditions_source=self.source_of(conditions["source"], where),
            conditions_note=reader.must_text(conditions["note"], where),
            founding_plan=Document(plan["title"], self.source_of(plan["source"], where), plan["number"]),
            policy_system=Document(policy["label"], self.source_of(policy["source"], where)),
            task_force_office=Document(office["name"], self.source_of(office["source"], where)),
            unveiled_counts=tuple(self.unveiled_count(r) for r in row["unveiled_count"]),
            goals=self.goals(row["goals"], "programme.goals"),
            figures=self.figures(row["figures"], "programme.figures"),
        )

    def unveiled_count(self, raw: object) -> UnveiledCount:
        where = "programme.unveiled_count"
        row = self.reader.keys(raw, where, "as_of count named source", "preparing note")
        count = UnveiledCount(
            row["as_of"], row["count"], tuple(row["named"]), self.source_of(row["source"], where, dated=True)
        )
        return replace(count, preparing=row["preparing"], note=self.reader.text(row["note"], where))
