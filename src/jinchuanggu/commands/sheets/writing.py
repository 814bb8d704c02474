"""The answers as a workbook, written row by row in constant memory: results, errors, totals, what the words mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from jinchuanggu.commands.sheets.batch import Batch
from jinchuanggu.commands.sheets.books import Sheet
from jinchuanggu.commands.sheets.heads import Use
from jinchuanggu.commands.sheets.judging import MET, NOT_MET, OPEN, Judged
from jinchuanggu.commands.sheets.problems import CellProblem
from jinchuanggu.commands.sheets.xlsx import BAD, MONEY, PLAIN, Book, Cell, Page
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.sureness import how_sure
from jinchuanggu.engines.rules.texts import Lang, Text

VERDICTS = {
    MET: Text("满足", "met"),
    NOT_MET: Text("不满足", "not met"),
    OPEN: Text("证据不足", "not evidenced"),
}
FIXED = (
    Text("工作表", "sheet"), Text("行", "row"), Text("企业名称", "name"), Text("统一社会信用代码", "USCC"),
    Text("领域", "field"), Text("错误", "error"), Text("当前梯次", "rung"), Text("下一梯次", "next rung"),
    Text("差距", "distance"), Text("建议", "advice"), Text("可享合计（元，下限）", "total, from (yuan)"),
    Text("可享合计（元，上限）", "total, to (yuan)"), Text("因不可兼得未计入", "left out: cannot be combined"),
)  # fmt: skip


class Report:
    """The workbook while it is written."""

    def __init__(
        self, path: Path, titles: Sequence[RuleSet], measures: Sequence[RuleSet], on: date, lang: Lang
    ) -> None:
        self.book = Book(path)
        self.titles, self.measures, self.on, self.lang = list(titles), list(measures), on, lang
        self.number = 1
        self.styles = [PLAIN] * 10 + [MONEY, MONEY, PLAIN] + [PLAIN] * len(titles) + [MONEY] * len(measures)
        self.results = self._results()
        self.errors = self._page(Text("错误", "errors"), [
            (Text("工作表", "sheet"), 14), (Text("行", "row"), 8), (Text("列", "column"), 8), (Text("表头", "head"), 28),
            (Text("值", "value"), 24), (Text("应怎样", "what would be right"), 60),
        ])  # fmt: skip
        self.explained: Page | None = None

    def _page(self, name: Text, columns: Sequence[tuple[Text, int]], freeze: int = 0) -> Page:
        heads = [(words.get(self.lang), width) for words, width in columns]
        return self.book.page(name.get(self.lang), heads, freeze)

    def _results(self) -> Page:
        widths = (10, 7, 30, 22, 14, 30, 16, 16, 40, 50, 18, 18, 30)
        columns = list(zip(FIXED, widths, strict=True))
        columns += [(one.title, 16) for one in self.titles]
        columns += [(Text(f"{one.title.zh}（元）", f"{one.title.en} (yuan)"), 16) for one in self.measures]
        name = (
            Text("结果", "results")
            if self.number == 1
            else Text(f"结果{self.number}", f"results{self.number}")
        )
        return self._page(name, columns, 3)

    def _add(self, cells: list[Cell], styles: Sequence[int]) -> None:
        if self.results.full:
            self.number += 1
            self.results = self._results()
        self.results.add(cells, styles)

    def block(
        self, batch: Batch, judged: Judged, rungs: Sequence[str], following: Sequence[str],
        distances: Sequence[str], advices: Sequence[str],
    ) -> None:  # fmt: skip
        """Every row of a block, in its order: judged, or with its errors. All sequences follow ``batch.good``."""
        verdicts = {key: words.get(self.lang) for key, words in VERDICTS.items()}
        found = [self._title_cells(judged, one, verdicts) for one in self.titles]
        found += [self._measure_cells(judged, one) for one in self.measures]
        # by firm instead of by rule set
        by_firm = list(zip(*found, strict=True)) if found else [()] * len(batch.good)
        low, high = judged.best_low.round(2).tolist(), judged.best_high.round(2).tolist()
        wrong = [BAD] * len(FIXED)
        at = 0
        for index, number in enumerate(batch.numbers):
            head: list[Cell] = [
                batch.sheet, number, batch.label("name", index), batch.label("uscc", index), batch.label("field", index),
            ]  # fmt: skip
            if index in batch.bad:
                said = "；".join(
                    f"{one.column} {one.head}：{one.text.get(self.lang)}" for one in batch.bad[index]
                )
                self._add([*head, said], wrong)
                continue
            self._add(
                [*head, None, rungs[at], following[at], distances[at], advices[at], low[at], high[at],
                 judged.dropped.get(at), *by_firm[at]],
                self.styles,
            )  # fmt: skip
            at += 1

    def _title_cells(self, judged: Judged, rules: RuleSet, verdicts: dict[int, str]) -> list[str]:
        """`满足`, or with the points where the rules score: `不满足 62 分`, `证据不足 58–74 分`."""
        columns = judged.found[rules.id]
        words = [verdicts[verdict] for verdict in columns.verdict.tolist()]
        scheme = next(iter(columns.score_low), None)
        if scheme is None:
            return words
        unit = " 分" if self.lang == "zh" else " points"
        low, high = columns.score_low[scheme].tolist(), columns.score_high[scheme].tolist()
        return [
            f"{word} {lo:g}{unit}" if lo == hi else f"{word} {lo:g}–{hi:g}{unit}"
            for word, lo, hi in zip(words, low, high, strict=True)
        ]

    def _measure_cells(self, judged: Judged, rules: RuleSet) -> list[Any]:
        """The amount where it is due (the upper one of a range); words where it is not known; empty where not met."""
        columns = judged.found[rules.id]
        open_ = "信息不足" if self.lang == "zh" else "more facts needed"
        if columns.amount_high is None:
            known = rules.benefit is not None and rules.benefit.kind.value in ("grant", "relief")
            zh, en = ("可享（金额待核）", "due (amount to be checked)") if known else ("可享", "due")
            due = zh if self.lang == "zh" else en
            table = {MET: due, NOT_MET: "", OPEN: open_}
            return [table[verdict] for verdict in columns.verdict.tolist()]
        unsure = "可享（金额信息不足）" if self.lang == "zh" else "due (facts for the amount missing)"
        return [
            (round(amount, 2) if amount == amount else unsure)
            if verdict == MET
            else open_
            if verdict == OPEN
            else ""
            for verdict, amount in zip(columns.verdict.tolist(), columns.amount_high.tolist(), strict=True)
        ]

    def problems(self, found: Sequence[CellProblem]) -> None:
        """Rows of the sheet of errors."""
        for one in found:
            if not self.errors.full:
                self.errors.add(
                    [one.sheet, one.row, one.column, one.head, one.value, one.text.get(self.lang)]
                )

    def explain(self, row: int, name: str, lines: Sequence[tuple[str, str, str, str]]) -> None:
        """Conditions of one firm: rule set, condition, verdict, why."""
        if self.explained is None:
            self.explained = self._page(Text("逐条说明", "explanations"), [
                (Text("行", "row"), 8), (Text("企业名称", "name"), 30), (Text("规则", "rules"), 24),
                (Text("条件", "condition"), 40), (Text("结论", "verdict"), 12), (Text("说明", "why"), 80),
            ], 2)  # fmt: skip
        for line in lines:
            self.explained.add([row, name, *line])

    def totals(self, rows: Sequence[Sequence[Cell]]) -> None:
        """One line per rule set: how many meet it, do not, are open; the amounts together."""
        page = self._page(Text("汇总", "totals"), [
            (Text("规则", "rules"), 44), (Text("满足", "met"), 12), (Text("不满足", "not met"), 12),
            (Text("证据不足", "not evidenced"), 12), (Text("金额合计（元，下限）", "amounts, from (yuan)"), 22),
            (Text("金额合计（元，上限）", "amounts, to (yuan)"), 22),
        ])  # fmt: skip
        for row in rows:
            page.add(
                [round(cell, 2) if isinstance(cell, float) else cell for cell in row],
                [PLAIN] * 4 + [MONEY] * 2,
            )

    def about(self, lines: Sequence[tuple[str, str]], sheets: Sequence[Sheet]) -> None:
        """Where the workbook comes from, which rules were used, and what became of each column."""
        page = self._page(Text("说明", "about"), [(Text("项目", "item"), 40), (Text("内容", "content"), 110)])
        for line in lines:
            page.add(line)
        for one in (*self.titles, *self.measures):
            until = f" – {one.effective_to}" if one.effective_to else ""
            source = f"{one.document.title.get(self.lang)} {one.document.number}"
            sure = how_sure(one).words.get(self.lang)
            page.add(
                [one.title.get(self.lang), f"{one.id} · {source} · {one.effective_from}{until} · {sure}"]
            )
        for sheet in sheets:
            for column in sheet.columns:
                page.add([f"{sheet.name}!{column.letter} {column.head}", column_words(column, self.lang)])

    def close(self) -> None:
        self.book.close()


def column_words(column: Any, lang: Lang) -> str:
    """What became of a column, in words."""
    zh = lang == "zh"
    note = f"（{column.note.get(lang)}）" if column.note else ""
    if column.use in (Use.INPUT, Use.LABEL):
        year = f" {column.year}" if column.year else ""
        times = f" ×{column.factor}" if column.factor != 1 else ""
        return f"→ {column.name}{year}{times}{note}"
    words = {
        Use.UNKNOWN: ("未识别，未采用", "not recognised, not used"),
        Use.REFUSED: ("未采用", "not used"),
        Use.UNUSED: ("未采用", "not used"),
    }[column.use]
    return f"{words[0] if zh else words[1]}{note}"
