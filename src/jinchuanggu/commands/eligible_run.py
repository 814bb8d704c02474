"""The work of ``jcg eligible``: block by block from the sheet to the answer, with progress and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text as Line

from jinchuanggu.commands.sheets import mapping as mappings
from jinchuanggu.commands.sheets.batch import Batch, read
from jinchuanggu.commands.sheets.books import Sheet, open_book
from jinchuanggu.commands.sheets.columns import population
from jinchuanggu.commands.sheets.heads import Column, Heads, Use
from jinchuanggu.commands.sheets.judging import Judge, Judged
from jinchuanggu.commands.sheets.problems import CellProblem
from jinchuanggu.commands.sheets.rungs import Rungs
from jinchuanggu.commands.sheets.writing import Report, column_words
from jinchuanggu.engines.rules import facts_of, firm_inputs, official
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.model import Input, RuleSet
from jinchuanggu.engines.rules.reading import nearest
from jinchuanggu.engines.rules.texts import Lang

BLOCK = 16_384
TOLD = 20
"""So many bad cells are told in the terminal; all of them stand in the answer."""


@dataclass(slots=True)
class Totals:
    """Counts over all blocks, by rule set id: met, not met, open, amounts low and high."""

    firms: int = 0
    rows: int = 0
    bad: int = 0
    verdicts: dict[str, list[int]] = field(default_factory=dict)
    money: dict[str, list[float]] = field(default_factory=dict)
    rungs: dict[str, int] = field(default_factory=dict)
    best: list[float] = field(default_factory=lambda: [0.0, 0.0])

    def add(self, judged: Judged, rungs: Sequence[str]) -> None:
        for name, columns in judged.found.items():
            counts = self.verdicts.setdefault(name, [0, 0, 0])
            for at, verdict in enumerate((1, 0, -1)):
                counts[at] += int(np.count_nonzero(columns.verdict == verdict))
            if columns.amount_low is not None and columns.amount_high is not None:
                money = self.money.setdefault(name, [0.0, 0.0])
                met = columns.verdict == 1
                money[0] += float(np.nansum(columns.amount_low[met]))
                money[1] += float(np.nansum(columns.amount_high[met]))
        for rung in rungs:
            self.rungs[rung] = self.rungs.get(rung, 0) + 1
        self.firms += len(rungs)
        self.best[0] += float(judged.best_low.sum())
        self.best[1] += float(judged.best_high.sum())


@dataclass(slots=True)
class Job:
    """One file to be judged."""

    file: Path
    on: date
    lang: Lang
    inputs: dict[str, Input]
    sheets: list[Sheet]
    rule_sets: list[RuleSet]
    explain: int
    totals: Totals = field(default_factory=Totals)

    @classmethod
    def open(
        cls, file: Path, on: date, lang: Lang, *, mapping: Path | None = None, sheet: str | None = None,
        sets: list[str] | None = None, explain: int = 0,
    ) -> Job:  # fmt: skip
        """Read rules, mapping and heads. Raises Refused, BadBook; UsageError for unknown rule sets."""
        inputs = firm_inputs()
        heads = Heads(inputs, on.year - 1)
        meant = mappings.read(mapping, heads) if mapping else {}
        return cls(
            file,
            on,
            lang,
            inputs,
            open_book(file, heads, mapped=meant, sheet=sheet),
            chosen(sets, on),
            explain,
        )

    @property
    def zh(self) -> bool:
        return self.lang == "zh"

    @property
    def bad_columns(self) -> list[tuple[Sheet, Column]]:
        return [
            (sheet, column) for sheet in self.sheets for column in sheet.columns
            if column.use in (Use.UNKNOWN, Use.REFUSED)
        ]  # fmt: skip

    @property
    def doubtful(self) -> bool:
        return any(column.doubtful for _, column in self.bad_columns)

    def run(self, output: Path) -> int:
        """Judge every row and write the answer; gives the exit code."""
        started = perf_counter()
        console = Console(stderr=True, highlight=False)
        self._tell_columns(console)
        titles = [one for one in self.rule_sets if is_title(one)]
        measures = [one for one in self.rule_sets if not is_title(one)]
        rungs = Rungs(self.on, self.lang)
        judge = Judge(titles, measures, self.on)
        report = Report(output, titles, measures, self.on, self.lang)
        told: list[CellProblem] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            for sheet in self.sheets:
                task = bar.add_task(sheet.name, total=max(sheet.height, 1))
                for numbers, rows in sheet.chunks(BLOCK):
                    batch = read(sheet, numbers, rows, self.inputs, self.on.year - 1)
                    self._block(batch, judge, rungs, report)
                    problems = [one for index in sorted(batch.bad) for one in batch.bad[index]]
                    report.problems(problems)
                    told += problems[: max(TOLD - len(told), 0)]
                    self.totals.rows += len(batch)
                    self.totals.bad += len(batch.bad)
                    bar.advance(task, len(rows))
        self._finish(report, titles, measures)
        self._summary(console, told, output, perf_counter() - started)
        return 1 if self.totals.bad or self.doubtful else 0

    def _block(self, batch: Batch, judge: Judge, rungs: Rungs, report: Report) -> None:
        people = population(batch, self.inputs)
        judged = judge.judge(people)
        graded = rungs.grade(people)
        report.block(batch, judged, graded.rungs, graded.following, graded.distances, graded.advices)
        self.totals.add(judged, graded.rungs)
        for at, index in enumerate(batch.good):
            if self.explain <= 0:
                break
            self.explain -= 1
            facts = facts_of(self.inputs, batch.record(index))
            report.explain(
                batch.numbers[index], batch.label("name", index), rungs.lines(facts, graded.next_ids[at])
            )

    def _finish(self, report: Report, titles: Sequence[RuleSet], measures: Sequence[RuleSet]) -> None:
        zh, totals = self.zh, self.totals
        rows: list[list[Any]] = [
            [f"{'梯次' if zh else 'rung'}：{rung}", count] for rung, count in totals.rungs.items()
        ]
        for one in (*titles, *measures):
            rows.append(
                [
                    one.title.get(self.lang),
                    *totals.verdicts.get(one.id, [0, 0, 0]),
                    *totals.money.get(one.id, []),
                ]
            )
        words = "最佳合法组合合计" if zh else "best legal combinations together"
        rows.append([words, totals.firms, None, None, *totals.best])
        report.totals(rows)
        report.about(
            [
                ("来源" if zh else "source", self.file.name),
                ("判断日" if zh else "day", f"{self.on}（{'数据年度' if zh else 'data year'} {self.on.year - 1}）"),
                ("行数" if zh else "rows", f"{totals.rows:,}（{'已判断' if zh else 'judged'} {totals.firms:,}，{'有错' if zh else 'bad'} {totals.bad:,}）"),
                ("性质" if zh else "nature", "按表中数据预判，以主管部门认定为准；待核的规则以原文为准" if zh else "an opinion on the figures given; the authority decides"),
            ],
            self.sheets,
        )  # fmt: skip
        report.close()

    def _tell_columns(self, console: Console) -> None:
        for sheet, column in self.bad_columns:
            console.print(
                Line(
                    f"! {sheet.name}!{column.letter} {column.head}：{column_words(column, self.lang)}",
                    style="yellow",
                )
            )

    def _summary(self, console: Console, told: Sequence[CellProblem], output: Path, seconds: float) -> None:
        for one in told:
            console.print(Line(f"! {one.render(self.lang)}", style="yellow"))
        if self.totals.bad > 0:
            more = "全部见结果的“错误”表" if self.zh else "all of them are in the sheet of errors"
            console.print(Line(more))
        totals = self.totals
        words = (
            f"{totals.rows:,} 行：已判断 {totals.firms:,}，有错 {totals.bad:,}；{len(self.rule_sets)} 个规则集；{seconds:.1f} 秒 → {output}"
            if self.zh
            else f"{totals.rows:,} rows: {totals.firms:,} judged, {totals.bad:,} bad; {len(self.rule_sets)} rule sets; {seconds:.1f} s → {output}"
        )
        console.print(Line(("✗ " if totals.bad else "✓ ") + words, style="bold"))


def is_title(rules: RuleSet) -> bool:
    """Whether what it gives is a status, not money or a service."""
    return rules.benefit is None or rules.benefit.kind is BenefitKind.TITLE


def chosen(sets: list[str] | None, on: date) -> list[RuleSet]:
    """The rule sets for firms in force on a day, titles first; or those named."""
    found = {one.id: one for one in official().rule_sets if one.subject == "firm" and one.in_force(on)}
    if sets is None:
        return sorted(found.values(), key=lambda one: (not is_title(one), one.id))
    for name in sets:
        if name not in found:
            near = nearest(name, list(found))
            hint = f"，是不是 {near}？ · did you mean {near}?" if near else ""
            raise click.UsageError(
                f"没有在 {on} 有效的企业规则集 {name!r} · no such rule set for firms{hint}"
            )
    return [found[name] for name in dict.fromkeys(sets)]


def show_mapping(job: Job) -> None:
    """What each column was taken for."""
    zh = job.zh
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for words in (("工作表", "sheet"), ("列", "column"), ("表头", "head"), ("认作", "taken as")):
        table.add_column(words[0] if zh else words[1], overflow="fold")
    for sheet in job.sheets:
        for column in sheet.columns:
            bad = column.use in (Use.UNKNOWN, Use.REFUSED)
            table.add_row(
                sheet.name,
                column.letter,
                Line(column.head),
                Line(column_words(column, job.lang), style="yellow" if bad else ""),
            )
    Console(highlight=False).print(table)
