"""The recognition check as people read it in a terminal: the answer first, then why, then what to do."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.reasons import FLAGS
from jinchuanggu.engines.rules.result import Finding, Result
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.valley.vocabulary import KINDS

MARKS = {
    "met": ("✓", "green", Text("满足", "met")),
    "not_met": ("✗", "red", Text("不满足", "not met")),
    "not_evidenced": ("?", "yellow", Text("证据不足", "not evidenced")),
    "not_applicable": ("–", "blue", Text("不适用", "not applicable")),
}
WORDS = {
    "on": Text("核验日", "as of"),
    "unnamed": Text("（未命名）", "(unnamed)"),
    "rules": Text("依据", "under"),
    "result": Text("结果", "result"),
    "criterion": Text("条件", "criterion"),
    "why": Text("说明", "why"),
    "evidence": Text("证据", "evidence"),
    "expert": Text("专家评判（不计入结论）", "Judged by experts (outside the verdict)"),
    "advice": Text("下一步", "What to do"),
    "notes": Text("说明", "Notes"),
    "more": Text("另有 {n} 份", "{n} more"),
}


def show(result: Result, lang: Lang, console: Console | None = None) -> None:
    """Print a result; every text that came from the file is printed as text, never as markup."""
    console = console or Console(highlight=False)
    _head(console, result, lang)
    if result.rule_set is not None:
        for group in result.tree:
            if not group.expert:
                _group(console, group, lang)
        if result.expert:
            console.print(Line(WORDS["expert"].get(lang), style="bold"))
            console.print(Padding(_table(result.expert, lang), (0, 0, 1, 2)))
        _advice(console, result, lang)
    console.print(Line(WORDS["notes"].get(lang), style="bold"))
    notes = _rows()
    for note in result.notes:
        notes.add_row("  ·", Line(note.text.get(lang)))
    console.print(notes)


def _rows() -> Table:
    """A mark and a text that wraps beside it."""
    rows = Table.grid(padding=(0, 1))
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    return rows


def _head(console: Console, result: Result, lang: Lang) -> None:
    kind = KINDS[result.kind].get(lang) if result.kind in KINDS else ""
    title = Line(result.name or WORDS["unnamed"].get(lang), style="bold")
    title.append(f"  {kind} · {WORDS['on'].get(lang)} {result.on}", style="not bold")
    console.print(title)
    mark, style, word = MARKS[result.verdict.value]
    verdict = Line(f"{mark} {word.get(lang)}", style=f"bold {style}")
    if result.rule_set is not None:
        counts = "  ".join(f"{MARKS[status][2].get(lang)} {result.count(status)}" for status in Status)
        verdict.append(f"   {counts}", style="not bold default")
    console.print(verdict)
    if result.rule_set is not None:
        document = result.rule_set.document
        under = (
            f"{WORDS['rules'].get(lang)} {document.number} {document.chapter}（{result.rule_set.version}）"
        )
        console.print(Line(under, style="dim"))
    console.print()


def _group(console: Console, group: Finding, lang: Lang) -> None:
    mark, style, _ = MARKS[group.status]
    head = Line(f"{mark} ", style=f"bold {style}")
    head.append(f"{group.clause} {group.title.get(lang)}", style="bold default")
    console.print(head)
    console.print(Padding(_table(tuple(group.leaves()), lang), (0, 0, 1, 2)))


def _table(findings: tuple[Finding, ...], lang: Lang) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(ratio=3, overflow="fold")
    table.add_column(ratio=5, overflow="fold")
    table.add_column(ratio=4, overflow="fold", style="dim")
    for finding in findings:
        mark, style, word = MARKS[finding.status]
        table.add_row(
            Line(f"{mark} {word.get(lang)}", style=style),
            Line(finding.title.get(lang)),
            Line(finding.explanation.get(lang)),
            Line(_evidence(finding, lang)),
        )
    return table


def _evidence(finding: Finding, lang: Lang) -> str:
    """The chosen report in short: its date and source, how many others there are, what to beware of."""
    chosen = [piece for piece in finding.evidence if piece.chosen and (piece.date or piece.source)]
    parts = []
    if chosen:
        latest = chosen[-1]
        parts.append(" ".join(filter(None, (latest.date, latest.source.title if latest.source else None))))
        if others := len(finding.evidence) - 1:
            parts.append(WORDS["more"].get(lang).replace("{n}", str(others)))
    parts.extend(FLAGS[flag].get(lang) for flag in finding.flags if flag in FLAGS)
    return ("；" if lang == "zh" else "; ").join(parts)


def _advice(console: Console, result: Result, lang: Lang) -> None:
    """What to do: what fails comes before what is not known, and what asks for the same is said once."""
    steps: dict[tuple[str, str], list[str]] = {}
    for finding in sorted(result.criteria, key=lambda found: found.status is not Status.NOT_MET):
        if finding.advice is not None:
            steps.setdefault((finding.status, finding.advice.get(lang)), []).append(finding.title.get(lang))
    if not steps:
        return
    console.print(Line(WORDS["advice"].get(lang), style="bold"))
    rows = _rows()
    for (status, advice), titles in steps.items():
        mark, style, _ = MARKS[status]
        named = f"{'、'.join(titles)}：" if lang == "zh" else f"{', '.join(titles)}: "
        rows.add_row(Line(f"  {mark}", style=style), Line(named + advice))
    console.print(rows)
    console.print()
