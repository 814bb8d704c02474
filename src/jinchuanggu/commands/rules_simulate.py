"""The work of ``jcg rules simulate``: the firms of a workbook under a rule set as it is and as it would be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text as Line

from jinchuanggu.commands.options import refuse
from jinchuanggu.commands.sheets import mapping as mappings
from jinchuanggu.commands.sheets.batch import read
from jinchuanggu.commands.sheets.books import open_book
from jinchuanggu.commands.sheets.columns import population
from jinchuanggu.commands.sheets.heads import Heads
from jinchuanggu.commands.sheets.problems import BadBook, CellProblem
from jinchuanggu.commands.sheets.xlsx import MONEY, PLAIN, Book
from jinchuanggu.engines.rules import Refused, firm_inputs, knobs, turned
from jinchuanggu.engines.rules.columns import Population
from jinchuanggu.engines.rules.model import Input, RuleSet
from jinchuanggu.engines.rules.simulate import Cost
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import quantity
from jinchuanggu.policies import simulation_outcome as outcomes
from jinchuanggu.policies.simulation_outcome import MOVES, Outcome

TITLES = {
    "winners": Text("新增", "gained"),
    "losers": Text("失去", "lost"),
    "more": Text("多得", "paid more"),
    "less": Text("少得", "paid less"),
    "uncertain": Text("证据不足", "not evidenced"),
}
VERDICTS = {1: Text("满足", "met"), 0: Text("不满足", "not met"), -1: Text("证据不足", "not evidenced")}
DONE, SOME_BAD, BAD_INPUT = 0, 1, 2
TOLD = 20


def run(
    rules: RuleSet, file: Path, turns: Mapping[str, Decimal], on: date, output: Path | None, mapping: Path | None,
    sheet: str | None, as_json: bool, lang: Lang,
) -> int:  # fmt: skip
    """Print (or write) what the change does; gives the exit code."""
    if rules.subject != "firm":
        raise click.UsageError(f"{rules.id}：对象不是企业 · its subject is no firm")
    inputs = {**firm_inputs(), **{name: one for name, one in rules.inputs.items() if not one.computed}}
    try:
        after = turned(rules, turns) if turns else rules
        firms = Firms(file, inputs, on, mapping, sheet)
    except Refused as refused:
        refuse(refused, as_json, lang)
        return BAD_INPUT
    except BadBook as bad:
        click.echo(f"{file}: {bad.text.get(lang)}", err=True)
        return BAD_INPUT
    outcome = outcomes.run(rules, after, firms.population, on)
    for problem in firms.problems[:TOLD]:
        click.echo(f"! {problem.render(lang)}", err=True)
    if firms.problems:
        click.echo(
            f"! {len(firms.bad_rows)} 行未能读取，其余已模拟 · rows unreadable, the others simulated",
            err=True,
        )
    if as_json:
        found = {**outcome.simulation.as_dict(), "set": {key: str(value) for key, value in turns.items()},
                 "moves": {name: outcome.count(name) for name in MOVES}, "unreadable": len(firms.bad_rows)}  # fmt: skip
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        show(rules, turns, outcome, firms, lang)
    if output is not None:
        write(output, rules, turns, outcome, firms, lang)
        click.echo(f"→ {output}", err=True)
    return SOME_BAD if firms.problems else DONE


class Firms:
    """All firms of a file as one population, with names and labels. Raises Refused, BadBook."""

    def __init__(
        self, file: Path, inputs: Mapping[str, Input], on: date, mapping: Path | None, sheet: str | None
    ) -> None:
        heads = Heads(inputs, on.year - 1)
        meant = mappings.read(mapping, heads) if mapping else {}
        parts: list[Population] = []
        self.names: list[str] = []
        self.rows: list[int] = []
        self.labels: dict[str, list[str]] = {"city": [], "field": []}
        self.problems: list[CellProblem] = []
        self.bad_rows: list[int] = []
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
            for one in open_book(file, heads, mapped=meant, sheet=sheet):
                task = bar.add_task(one.name, total=max(one.height, 1))
                for numbers, rows in one.chunks(16_384):
                    batch = read(one, numbers, rows, inputs, on.year - 1)
                    parts.append(population(batch, inputs))
                    for index in batch.good:
                        self.names.append(batch.label("name", index))
                        self.rows.append(numbers[index])
                        self.labels["field"].append(batch.label("field", index) or "—")
                        city = (
                            batch.values["city"][index]
                            if "city" in batch.values
                            else batch.label("city", index)
                        )
                        options = inputs["city"].options if "city" in inputs else {}
                        self.labels["city"].append(options[city].zh if city in options else city or "—")
                    self.problems += [problem for index in sorted(batch.bad) for problem in batch.bad[index]]
                    self.bad_rows += [numbers[index] for index in batch.bad]
                    bar.advance(task, len(rows))
        self.population = Population.concat(parts) if parts else Population(0, {})


def between(low: Decimal, high: Decimal, lang: Lang) -> str:
    words = quantity(high, "cny").get(lang)
    return words if low == high else f"{quantity(low, 'cny').get(lang)} – {words}"


def changes(rules: RuleSet, turns: Mapping[str, Decimal], lang: Lang) -> list[str]:
    known = {knob.key: knob for knob in knobs(rules)}
    return [
        f"{known[key].title.get(lang)}：{quantity(known[key].value, known[key].unit).get(lang)} → {quantity(value, known[key].unit).get(lang)}"
        for key, value in turns.items()
    ]


def show(rules: RuleSet, turns: Mapping[str, Decimal], outcome: Outcome, firms: Firms, lang: Lang) -> None:
    """The answer first, then by city and field, then the years."""
    console, zh = Console(highlight=False), lang == "zh"
    console.print(
        Line(
            f"{rules.title.get(lang)} · {outcome.simulation.on} · {firms.population.n:,} {'家' if zh else 'firms'}",
            style="bold",
        )
    )
    for line in changes(rules, turns, lang) or ["未改动" if zh else "nothing changed"]:
        console.print(Line(f"  {line}"))
    before, after = outcome.before.counts(), outcome.after.counts()
    parts = [
        f"{TITLES[name].get(lang)} {outcome.count(name):,}"
        for name in MOVES
        if name in ("winners", "losers", "uncertain") or outcome.count(name)
    ]
    console.print(Line(("；" if zh else "; ").join(parts), style="bold"))
    for key, words in (("met", VERDICTS[1]), ("not_met", VERDICTS[0]), ("not_evidenced", VERDICTS[-1])):
        console.print(Line(f"  {words.get(lang)} {before[key]:,} → {after[key]:,}"))
    for name, title in (("city", "按市" if zh else "by city"), ("field", "按领域" if zh else "by field")):
        rows = outcome.by(firms.labels[name]) if firms.population.n else []
        if len(rows) < 2 and (not rows or rows[0]["label"] == "—"):
            continue
        table = Table(title=title, title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="dim")
        for head in (
            "",
            "改前" if zh else "before",
            "改后" if zh else "after",
            *(TITLES[m].get(lang) for m in MOVES),
        ):
            table.add_column(head, justify="left" if not head else "right")
        for row in rows[:30]:
            table.add_row(row["label"], *(f"{row[key]:,}" for key in ("before", "after", *MOVES)))
        console.print(table)
    for year in outcome.years:
        console.print(Line(_year(year, lang)))
    if outcome.years and outcomes.once(rules):
        console.print(
            Line(
                "（每家只给一次：各年是全部在当年兑付的金额）"
                if zh
                else "(given once: each year as if all were paid in it)",
                style="dim",
            )
        )


def _year(year: Cost, lang: Lang) -> str:
    spans = [between(side.low, side.high, lang) if side else "—" for side in (year.before, year.after)]
    open_ = (
        f"（{TITLES['uncertain'].get(lang)} ≤ {quantity(year.after.open, 'cny').get(lang)}）"
        if year.after and year.after.open
        else ""
    )
    return f"{year.year}  {spans[0]} → {spans[1]} {open_}".rstrip()


def write(
    path: Path, rules: RuleSet, turns: Mapping[str, Decimal], outcome: Outcome, firms: Firms, lang: Lang
) -> None:  # fmt: skip
    """A workbook: what was changed, the tables, the years, and every firm that moves."""
    zh, book = lang == "zh", Book(path)
    page = book.page(
        "说明" if zh else "about", [("项目" if zh else "item", 24), ("内容" if zh else "content", 80)]
    )
    page.add(["规则" if zh else "rules", f"{rules.title.get(lang)}（{rules.id} {rules.version}）"])
    page.add(["判断日" if zh else "day", str(outcome.simulation.on)])
    for line in changes(rules, turns, lang):
        page.add(["改动" if zh else "change", line])
    before, after = outcome.before.counts(), outcome.after.counts()
    for key, words in (("met", VERDICTS[1]), ("not_met", VERDICTS[0]), ("not_evidenced", VERDICTS[-1])):
        page.add([words.get(lang), f"{before[key]:,} → {after[key]:,}"])
    for name in MOVES:
        page.add([TITLES[name].get(lang), outcome.count(name)])
    heads = [
        ("改前" if zh else "before", 12),
        ("改后" if zh else "after", 12),
        *((TITLES[m].get(lang), 12) for m in MOVES),
    ]
    for name, title in (("city", "按市" if zh else "by city"), ("field", "按领域" if zh else "by field")):
        page = book.page(title, [(title, 24), *heads])
        for row in outcome.by(firms.labels[name]) if firms.population.n else []:
            page.add([row["label"], *(row[key] for key in ("before", "after", *MOVES))])
    page = book.page("每年支出" if zh else "years", [
        ("年度" if zh else "year", 10), *((f"{side}{end}（元）", 18) for side in (("改前", "改后") if zh else ("before ", "after ")) for end in (("下限", "上限") if zh else ("from", "to"))),
    ])  # fmt: skip
    for year in outcome.years:
        page.add([year.year, *_ends(year.before), *_ends(year.after)], [PLAIN, *[MONEY] * 4])
    page = book.page("名单" if zh else "firms", [
        ("名单" if zh else "list", 12), ("行" if zh else "row", 8), ("企业" if zh else "firm", 36), ("市" if zh else "city", 14),
        ("领域" if zh else "field", 16), ("改前" if zh else "before", 12), ("改后" if zh else "after", 12),
    ])  # fmt: skip
    for name in MOVES:
        for at in np.flatnonzero(outcome.mask(name)).tolist():
            if page.full:
                break
            verdicts = (VERDICTS[int(side.verdict[at])].get(lang) for side in (outcome.before, outcome.after))
            page.add(
                [
                    TITLES[name].get(lang),
                    firms.rows[at],
                    firms.names[at],
                    firms.labels["city"][at],
                    firms.labels["field"][at],
                    *verdicts,
                ]
            )
    book.close()


def _ends(money: Any) -> list[float | None]:
    return [None, None] if money is None else [float(money.low), float(money.high)]
