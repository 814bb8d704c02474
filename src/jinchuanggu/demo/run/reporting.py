"""The monthly, quarterly and yearly reports: filed by operators, checked by them, locked by the city - by the actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
import polars as pl

from jinchuanggu.demo.run.filing import filings, final, restated
from jinchuanggu.demo.run.forms import Cells, city_cells, quarter_cells, year_cells
from jinchuanggu.demo.run.growth import CELLS, Raw, begun
from jinchuanggu.demo.world import World
from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.computed.computing import compute
from jinchuanggu.indicators.filings import actions as acts
from jinchuanggu.indicators.filings.findings import findings_many
from jinchuanggu.indicators.forms.library import form_for
from jinchuanggu.indicators.models import Filing, UnitLevel
from jinchuanggu.programme.actions import figures as figure_actions
from jinchuanggu.residents.models import Resident

MONTH, YEAR, QUARTER, CITY = "firm_month", "firm_year", "valley_quarter", "city_year"
WHY_OUT = "当月集中确认一笔大额合同收入，已附合同与发票（模拟）。"
WHY = "经与企业核对，数据属实（模拟）。"
WHY_AGAIN = "补记一份漏报的销售合同，申请更正（模拟）。"
RESTATED_AFTER = 2
"""Months after the first report in which the restated one is mended."""


class Reporter:
    """Knows what each firm reports and who acts for its valley."""

    def __init__(self, world: World, raw: Raw) -> None:
        self.world, self.raw = world, raw
        self.filed = filings(raw)
        self.final = final(self.filed)
        first = self.filed.filter(pl.col("version") == 1)
        self.first: dict[tuple[str, int, bool], pl.DataFrame] = {
            (str(valley), int(month), bool(late)): rows
            for (valley, month, late), rows in first.group_by("valley", "month", "late")
        }
        self.mended = self.filed.filter(pl.col("version") == 2)
        self.mended_month = restated(raw, self.final)[1]
        self.names: dict[int, str] = dict(raw.firms.select("firm", "name").iter_rows())
        self.residents: dict[int, int] = {}

    def operator(self, valley: str) -> Actor:
        return self.world.actor(Role.OPERATOR, f"o-{valley}")

    def city(self, valley: str) -> Actor:
        return self.world.city(self.world.data.valleys[valley])

    def pk(self, valley: str) -> int:
        return int(self.world.valleys[valley].pk)

    def open(self, form: str, period: Period) -> None:
        """As the clock does on the first day after a period."""
        mine = [self.pk(valley.key) for valley in self.raw.valleys if valley.key in self.world.valleys]
        acts.open_filings(SYSTEM_ACTOR, form=form, period=period, valley_ids=mine)

    def month(self, at: int, *, late: bool) -> None:
        """What the firms of every valley report in time, or too late."""
        period = self.raw.scale.period(at)
        for valley in self.raw.valleys:
            rows = self.first.get((valley.key, at, late))
            if rows is not None:
                self._send(MONTH, valley.key, period, self._rows(rows))

    def has_late(self, at: int) -> bool:
        return any((valley.key, at, True) in self.first for valley in self.raw.valleys)

    def lock(self, form: str, period: Period) -> None:
        """The cities lock what the operators passed."""
        for valley in self.raw.valleys:
            if valley.key in self.world.valleys:
                acts.lock_many(self.city(valley.key), form=form, period=period, valley_id=self.pk(valley.key))

    def judge(self) -> None:
        """The cities take over what the records give and have their valleys judged by it."""
        for valley in self.raw.valleys:
            if valley.key in self.world.valleys:
                figure_actions.recompute(self.city(valley.key), valley_id=self.pk(valley.key))

    def _rows(self, rows: pl.DataFrame) -> dict[int, Cells]:
        self._learn(rows["firm"].to_list())
        return {
            self.residents[row["firm"]]: {cell: Decimal(row[cell]) for cell in CELLS}
            for row in rows.iter_rows(named=True)
        }

    def _learn(self, firms: list[int]) -> None:
        """The residents of firms met for the first time."""
        fresh = {self.names[firm]: firm for firm in firms if firm not in self.residents}
        rows = Resident.objects.filter(organisation__name__in=fresh).values_list("pk", "organisation__name")
        for pk, name in rows if fresh else ():
            self.residents[fresh[name]] = pk

    def _send(self, form: str, valley: str, period: Period, rows: dict[int, Cells]) -> None:
        """Fill in, send, explain what the checks found odd, send again, pass on to the city."""
        operator, pk = self.operator(valley), self.pk(valley)
        acts.file_rows(operator, form=form, period=period, valley_id=pk, rows=rows)
        sent = acts.submit_many(operator, form=form, period=period, valley_id=pk)
        if sent.refused:
            odd = [filing for filing, _why in sent.refused]
            words = self._explanations(form, period, odd)
            acts.file_rows(
                operator, form=form, period=period, valley_id=pk, rows={resident: {} for resident in words},
                explanations=words,
            )  # fmt: skip
            again = acts.submit_many(operator, filing_ids=[filing.pk for filing in odd])
            assert not again.refused, again.refused
        acts.pass_many(operator, form=form, period=period, valley_id=pk)

    def _explanations(self, form: str, period: Period, listed: Sequence[Filing]) -> dict[int, dict[str, str]]:
        """A word for every soft finding, by what the filing's unit stands for."""
        found = findings_many(form_for(form, period), listed)
        return {
            filing.unit.ref_id: {
                finding.id: WHY_OUT if finding.id.startswith("growth") else WHY
                for finding in found[filing.pk]
                if not finding.hard
            }
            for filing in listed
        }

    def _one(self, actor: Actor, filing: Filing, cells: Cells) -> None:
        """Fill in and send one filing, with a word on whatever is odd about it."""
        filing.refresh_from_db()
        kept = acts.save_cells(actor, filing_id=filing.pk, cells=cells, revision=filing.revision)
        words = self._explanations(filing.form, Period.numbered(filing.period), [kept])[kept.unit.ref_id]
        if words:
            acts.save_cells(actor, filing_id=filing.pk, cells={}, explanations=words, revision=kept.revision)
        acts.submit(actor, filing_id=filing.pk)

    def restate(self) -> None:
        """The one report that is mended after it was locked, with its reason; both versions are kept."""
        row = self.mended.row(0, named=True)
        filing = Filing.objects.get(
            form=MONTH, period=self.raw.scale.period(row["month"]).number, unit__level=UnitLevel.FIRM,
            unit__ref_id=self.residents[row["firm"]],
        )  # fmt: skip
        operator, city = self.operator(row["valley"]), self.city(row["valley"])
        acts.reopen(city, filing_id=filing.pk, reason=WHY_AGAIN)
        self._one(operator, filing, {cell: Decimal(row[cell]) for cell in CELLS})
        acts.pass_check(operator, filing_id=filing.pk)
        acts.lock(city, filing_id=filing.pk)

    def quarter(self, at: int) -> None:
        """The operators' report of the quarter that ends with a month."""
        period = self.raw.scale.period(at).within(PeriodKind.QUARTER)
        self.open(QUARTER, period)
        for number, valley in enumerate(self.raw.valleys):
            if begun(self.raw.scale, valley) > at:
                continue
            cells = quarter_cells(at, np.random.default_rng([self.raw.scale.seed, 51, number, at]))
            operator, city = self.operator(valley.key), self.city(valley.key)
            for filing in Filing.objects.filter(
                form=QUARTER, period=period.number, valley_id=self.pk(valley.key)
            ):
                self._one(operator, filing, cells)
                acts.lock(city, filing_id=filing.pk)

    def cities(self, year: int) -> None:
        """The growth figures of each city for a year, locked by the provincial office."""
        period = Period(PeriodKind.YEAR, year)
        self.open(CITY, period)
        for at, code in enumerate(dict.fromkeys(valley.city for valley in self.raw.valleys)):
            actor = self.world.actor(Role.CITY_OFFICE, f"city_office-{code}")
            region = self.world.regions[code]
            for filing in Filing.objects.filter(form=CITY, period=period.number, region=region):
                self._one(actor, filing, city_cells(year, at))
                acts.lock(self.world.office, filing_id=filing.pk)

    def year(self, year: int) -> None:
        """The firms' report of a year: the sums of its months as they stand, with what only the year asks."""
        period = Period(PeriodKind.YEAR, year)
        self.open(YEAR, period)
        for valley in self.raw.valleys:
            if valley.key in self.world.valleys and (rows := dict(self._year_rows(valley.key, period))):
                self._send(YEAR, valley.key, period, rows)
        self.lock(YEAR, period)
        compute(SYSTEM_ACTOR, period)

    def _year_rows(self, valley: str, period: Period) -> Iterator[tuple[int, Cells]]:
        months = [at for at in range(self.raw.scale.months) if self.raw.scale.period(at).year == period.year]
        mine = self.final.filter((pl.col("valley") == valley) & pl.col("month").is_in(months)).sort("month")
        sums = mine.group_by("firm", maintain_order=True).agg(
            *(pl.col(cell).sum() for cell in CELLS[:6]), *(pl.col(cell).last() for cell in CELLS[6:])
        )
        asked = Filing.objects.filter(form=YEAR, period=period.number, valley_id=self.pk(valley))
        open_ = set(asked.values_list("unit__ref_id", flat=True))
        self._learn(sums["firm"].to_list())
        for row in sums.iter_rows(named=True):
            if (pk := self.residents[row["firm"]]) in open_:
                yield pk, year_cells(row)
