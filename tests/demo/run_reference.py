"""What the store should hold after the run, worked out in polars from the simulated frames alone.

Nothing of the product's computing, posting, rolling up or pivoting is used. A figure is keyed by
(indicator, level, place, month, group): places are the keys of valleys, codes of cities and of the province.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import polars as pl

from jinchuanggu.demo.run.filing import filings, final
from jinchuanggu.demo.run.growth import CELLS, Raw
from jinchuanggu.demo.run.records import keep

VALLEY, CITY, PROVINCE = 2, 3, 4
TOP = "sim00"
Key = tuple[str, int, str, int, tuple[str, str] | None]
Figures = dict[Key, Fraction]
FILED = tuple(CELLS)
MOMENTS = ("staff_month_end", "rd_staff_month_end")
SIZES = ((10, "micro"), (100, "small"), (300, "medium"))
DERIVED = {
    "occupancy_percent": ("leased_area_m2", "space_area_m2", 100),
    "rd_intensity_percent": ("rd_expense_cny", "revenue_cny", 100),
    "technology_income_share_percent": ("technology_income_cny", "revenue_cny", 100),
    "revenue_per_head_cny": ("revenue_cny", "staff_month_end", 1),
    "contract_technology_share_percent": ("contract_technology_cny", "contract_turnover_cny", 100),
    "contract_mean_cny": ("contract_turnover_cny", "contracts_registered", 1),
}


class Reference:
    """The frames of a run and everything they add up to."""

    def __init__(self, raw: Raw) -> None:
        self.raw, self.records = raw, keep(raw)
        self.filed = filings(raw)
        self.final = final(self.filed)
        first = raw.months.sort("month").group_by("firm").first()
        begin = first.select("firm", start=pl.col("staff").round(0).clip(lower_bound=1).cast(pl.Int64))
        self.firms = raw.firms.join(begin, on="firm").with_columns(
            size=pl.col("start").map_elements(size, return_dtype=pl.String)
        )
        self.city = {valley.key: valley.city for valley in raw.valleys}

    def figures(self) -> Figures:
        """Every indicator that records or reports give, at every level, month and group."""
        found: Figures = {}
        for key, groups, frame in self._parts():
            self._add(found, key, groups, frame)
        return found

    def _parts(self) -> Iterator[tuple[str, tuple[str, ...], pl.DataFrame]]:
        """(indicator, breakdowns, rows of `valley`, `month`, `value` and the traits)."""
        traits = self.firms.select("firm", "valley", "field", "kind", "size")
        reports = self.final.drop("valley").join(traits, on="firm")
        for cell in FILED:
            yield cell, ("field", "kind", "size"), reports.with_columns(value=pl.col(cell))
        for month in range(self.raw.scale.months):
            yield from self._of_month(month)

    def _of_month(self, month: int) -> Iterator[tuple[str, tuple[str, ...], pl.DataFrame]]:
        period = self.raw.scale.period(month)
        first, end = period.first_day, period.last_day
        here = self.firms.with_columns(month=pl.lit(month), value=pl.lit(1))
        lives = here.filter((pl.col("entered") <= end) & (pl.col("left").is_null() | (pl.col("left") > end)))
        yield "resident_units", ("field", "kind"), lives
        yield "resident_enterprises", ("field", "kind"), lives.filter(pl.col("kind") == "enterprise")
        yield "resident_science_teams", ("field", "kind"), lives.filter(pl.col("kind") == "team")
        yield (
            "sci_tech_firms",
            ("field", "kind"),
            lives.filter((pl.col("kind") == "enterprise") & pl.col("sci_tech")),
        )
        startups = lives.filter((pl.col("kind") == "team") | pl.col("start_up"))
        yield "resident_teams_and_startups", ("field", "kind"), startups
        yield "move_ins", ("field", "kind"), here.filter(pl.col("entered").is_between(first, end))
        yield "move_outs", ("field", "kind"), here.filter(pl.col("left").is_between(first, end))
        reports = self.final.filter(pl.col("month") <= month).sort("month").group_by("firm").last()
        known = lives.join(reports.select("firm", last="staff_month_end"), on="firm", how="left")
        staff = known.with_columns(value=pl.coalesce("last", "start"))
        yield "full_time_staff", ("field", "kind"), staff
        yield from self._rooms(month, lives)
        yield from self._rights(month, here)
        yield from self._money(month, here)

    def _rooms(self, month: int, lives: pl.DataFrame) -> Iterator[tuple[str, tuple[str, ...], pl.DataFrame]]:
        end = self.raw.scale.period(month).last_day
        ready = self.records.spaces.filter(pl.col("completed_on") <= end).with_columns(
            month=pl.lit(month), value=pl.col("area_m2")
        )
        yield "space_area_m2", (), ready
        yield "startup_office_m2", (), ready.filter(pl.col("kind") == "office")
        yield "standard_plant_m2", (), ready.filter(pl.col("kind") == "plant")
        let = self.records.leases.filter(
            (pl.col("starts_on") <= end) & (pl.col("ends_on").is_null() | (pl.col("ends_on") >= end))
        )
        yield "leased_area_m2", (), let.with_columns(month=pl.lit(month), value=pl.col("area_m2"))

    def _rights(self, month: int, here: pl.DataFrame) -> Iterator[tuple[str, tuple[str, ...], pl.DataFrame]]:
        period = self.raw.scale.period(month)
        first, end = period.first_day, period.last_day
        rights = self.records.rights.rename({"kind": "right"}).join(here, on="firm")

        def there(day: pl.Expr) -> pl.Expr:
            return (pl.col("entered") <= day) & (pl.col("left").is_null() | (pl.col("left") > day))

        valid = rights.filter((pl.col("granted_on") <= end) & there(pl.lit(end)))
        yield "ip_valid", ("field", "kind"), valid
        yield "invention_patents", ("field", "kind"), valid.filter(pl.col("right") == "invention")
        for key, day in (("ip_applications", "applied_on"), ("ip_grants", "granted_on")):
            mine = rights.filter(pl.col(day).is_between(first, end) & there(pl.col(day)))
            yield key, ("field", "kind"), mine

    def _money(self, month: int, here: pl.DataFrame) -> Iterator[tuple[str, tuple[str, ...], pl.DataFrame]]:
        period = self.raw.scale.period(month)
        first, end = period.first_day, period.last_day
        signed = self.records.contracts.filter(pl.col("registered_on").is_between(first, end)).with_columns(
            month=pl.lit(month), value=pl.lit(1)
        )
        yield "contracts_registered", ("field",), signed
        yield "contract_turnover_cny", ("field",), signed.with_columns(value=pl.col("turnover_cny"))
        yield "contract_technology_cny", ("field",), signed.with_columns(value=pl.col("technology_cny"))
        out = signed.filter(pl.col("direction") == "outside")
        yield "contract_outflow_cny", ("field",), out.with_columns(value=pl.col("turnover_cny"))
        deals = self.records.deals.filter(pl.col("closed_on").is_between(first, end)).rename({"kind": "deal"})
        money = (
            deals.drop("valley").join(here.drop("value"), on="firm").with_columns(value=pl.col("amount_cny"))
        )
        yield "financing_cny", ("field", "kind"), money
        yield "equity_financing_cny", ("field", "kind"), money.filter(pl.col("deal") == "equity")
        yield "loans_cny", ("field", "kind"), money.filter(pl.col("deal") != "equity")

    def _add(self, found: Figures, key: str, groups: tuple[str, ...], frame: pl.DataFrame) -> None:
        """Sum a part at every level, whole and by each of its groups."""
        if frame.is_empty():
            return
        placed = frame.with_columns(city=pl.col("valley").replace_strict(self.city), top=pl.lit(TOP))
        for level, column in ((VALLEY, "valley"), (CITY, "city"), (PROVINCE, "top")):
            sums = placed.group_by(column, "month").agg(pl.col("value").sum())
            for place, month, value in sums.iter_rows():
                found[key, level, place, month, None] = Fraction(value)
            for group in groups:
                split = placed.group_by(column, "month", group).agg(pl.col("value").sum())
                for place, month, code, value in split.iter_rows():
                    found[key, level, place, month, (group, code)] = Fraction(value)


def size(staff: int) -> str:
    """The band of a head count."""
    return next((code for below, code in SIZES if staff < below), "large")


def derived(figures: Figures) -> Figures:
    """Ratios of sums at every level, month and for the totals, rounded once: half to even, four places."""
    found: Figures = {}
    for key, (over, under, times) in DERIVED.items():
        for (name, level, place, month, group), value in figures.items():
            if name != under or group is not None or not value:
                continue
            top = figures.get((over, level, place, month, None))
            if top is not None:
                found[key, level, place, month, None] = Fraction(round(top / value * times * 10_000), 10_000)
    return found
