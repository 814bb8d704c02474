"""The records of each month, taken in by the city offices through the same imports that workbooks go through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from jinchuanggu.demo.run.growth import Raw
from jinchuanggu.demo.run.records import Records
from jinchuanggu.demo.world import World
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange.given import take_in
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.registry import resources

SAID_BY = "模拟运行"
Rows = list[dict[str, Any]]


class Keeper:
    """Knows the frames of the run and hands each city what happened in a month."""

    def __init__(self, world: World, raw: Raw, records: Records) -> None:
        self.world, self.raw, self.records = world, raw, records
        self.city = {valley.key: valley.city for valley in raw.valleys}
        self.valley = {valley.key: valley.name for valley in raw.valleys}
        self.names: dict[int, str] = dict(raw.firms.select("firm", "name").iter_rows())
        home = raw.firms.select("firm", "valley")
        self.frames = {
            "rights": records.rights.join(home, on="firm"), "contracts": records.contracts, "deals": records.deals,
            "leases": records.leases, "firms": raw.firms,
        }  # fmt: skip

    def keep(self, period: Period) -> None:
        """Everything of a month, city by city: who came, what was let, what was registered, who left."""
        first, last = period.first_day, period.last_day
        for code in dict.fromkeys(self.city.values()):
            city = self.world.actor(Role.CITY_OFFICE, f"city_office-{code}")
            mine = [key for key, home in self.city.items() if home == code]
            for resource, rows in self._rows(mine, first, last):
                self._take(city, resource, rows)

    def _take(self, city: Actor, resource: str, rows: Rows) -> None:
        for part in (rows[at : at + 500] for at in range(0, len(rows), 500)):
            take_in(city, resource=resources[resource], rows=part, said_by=SAID_BY)

    def _rows(self, valleys: Sequence[str], first: date, last: date) -> Iterator[tuple[str, Rows]]:
        """In the order in which one presupposes the other."""
        yield "spaces", self._spaces(valleys, first, last)
        yield "residents", self._came(valleys, first, last)
        yield "leases", self._leases(valleys, first, last)
        yield "rights", self._rights(valleys, first, last)
        yield "contracts", self._contracts(valleys, first, last)
        yield "financing", self._deals(valleys, first, last)
        yield "residents", self._left(valleys, first, last)

    def _of(
        self, name: str, valleys: Sequence[str], *days: str, first: date, last: date
    ) -> Iterator[dict[str, Any]]:
        inside = pl.any_horizontal(*(pl.col(day).is_between(first, last) for day in days))
        frame = self.frames[name].filter(pl.col("valley").is_in(list(valleys)) & inside)
        return frame.iter_rows(named=True)

    def _spaces(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        rows = self.records.spaces.filter(
            pl.col("valley").is_in(list(valleys)) & pl.col("completed_on").is_between(first, last)
        )
        return [
            {
                "name": row["name"], "valley_id": self.valley[row["valley"]], "kind": row["kind"],
                "area_m2": row["area_m2"], "startup_zone": "是", "completed_on": row["completed_on"],
            }
            for row in rows.iter_rows(named=True)
        ]  # fmt: skip

    def _came(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        staff = dict(
            self.raw.months.sort("month")
            .group_by("firm")
            .first()
            .select("firm", pl.col("staff").round(0))
            .iter_rows()
        )
        return [
            {
                "organisation": row["name"], "valley_id": self.valley[row["valley"]], "kind": row["kind"],
                "entered_on": row["entered"], "field": row["field"], "start_up": "是" if row["start_up"] else "否",
                "sci_tech": "是" if row["sci_tech"] else "否", "full_time_staff": max(1, int(staff[row["firm"]])),
            }
            for row in self._of("firms", valleys, "entered", first=first, last=last)
        ]  # fmt: skip

    def _left(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        return [
            {"organisation": row["name"], "valley_id": self.valley[row["valley"]], "left_on": row["left"]}
            for row in self._of("firms", valleys, "left", first=first, last=last)
        ]

    def _leases(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        return [
            {
                "space": row["space"], "organisation": self.names[row["firm"]], "area_m2": row["area_m2"],
                "rent_cny_m2_month": row["rent"], "starts_on": row["starts_on"],
                "ends_on": row["ends_on"] if row["ends_on"] is not None and row["ends_on"] <= last else None,
            }
            for row in self._of("leases", valleys, "starts_on", "ends_on", first=first, last=last)
        ]  # fmt: skip

    def _rights(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        return [
            {
                "organisation": self.names[row["firm"]], "title": row["title"], "kind": row["kind"],
                "number": row["number"], "applied_on": row["applied_on"],
                "granted_on": row["granted_on"] if row["granted_on"] is not None and row["granted_on"] <= last else None,
            }
            for row in self._of("rights", valleys, "applied_on", "granted_on", first=first, last=last)
        ]  # fmt: skip

    def _contracts(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        return [
            {
                "number": row["number"], "title": row["title"], "kind": row["kind"], "field": row["field"],
                "signed_on": row["signed_on"], "registered_on": row["registered_on"],
                "seller": self.names[row["firm"]], "valley_id": self.valley[row["valley"]],
                "buyer_name": row["buyer_name"], "buyer_region": row["buyer_region"], "direction": row["direction"], "turnover_cny": row["turnover_cny"],
                "basis": "certificate", "technology_cny": row["technology_cny"],
            }
            for row in self._of("contracts", valleys, "registered_on", first=first, last=last)
        ]  # fmt: skip

    def _deals(self, valleys: Sequence[str], first: date, last: date) -> Rows:
        return [
            {
                "organisation": self.names[row["firm"]], "valley_id": self.valley[row["valley"]], "kind": row["kind"],
                "round": row["round"], "provider": row["provider"], "amount_cny": row["amount_cny"],
                "closed_on": row["closed_on"], "number": row["number"],
            }
            for row in self._of("deals", valleys, "closed_on", first=first, last=last)
        ]  # fmt: skip
