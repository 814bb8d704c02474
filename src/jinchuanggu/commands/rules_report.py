"""The answers of ``jcg rules`` as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Line
from rich.tree import Tree

from jinchuanggu.commands.assess_report import MARKS
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.model import Confidence, RuleSet
from jinchuanggu.engines.rules.result import Finding, Result
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import grouped, quantity
from jinchuanggu.engines.rules.vectors import VectorResult

if TYPE_CHECKING:
    from jinchuanggu.engines.rules import Change, Knob, Points

CONFIDENCE = {
    Confidence.SEARCHED: Text("已核", "checked"),
    Confidence.SEARCHED_SINGLE: Text("待复核", "one source"),
    Confidence.RECALLED: Text("待核", "to be checked"),
    Confidence.UNKNOWN: Text("待核（原文未见）", "to be checked (text not seen)"),
}
REVIEW = {
    "draft": Text("草稿", "draft"),
    "reviewed": Text("已审核", "reviewed"),
    "in_force": Text("已发布", "in force"),
    "repealed": Text("已废止", "repealed"),
}
HEADS = {
    "list": (
        Text("规则集", "rule set"), Text("版本", "version"), Text("有效期", "in force"),
        Text("核实", "confidence"), Text("审核", "review"),
    ),
    "knobs": (Text("键", "key"), Text("名称", "title"), Text("现值", "value")),
}  # fmt: skip


def table(kind: str, lang: Lang) -> Table:
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for at, words in enumerate(HEADS[kind]):
        found.add_column(words.get(lang), overflow="fold", no_wrap=at > 0 if kind == "list" else at != 1)
    return found


def console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def show_list(rule_sets: Sequence[RuleSet], lang: Lang) -> None:
    rows = table("list", lang)
    for one in rule_sets:
        sure = one.confidence is Confidence.SEARCHED
        rows.add_row(
            Line(one.id).append(f"\n{one.title.get(lang)}", style="dim"),
            one.version,
            f"{one.effective_from} – {one.effective_to or ''}",
            Line(CONFIDENCE[one.confidence].get(lang), style="" if sure else "yellow"),
            REVIEW[one.review.status.value].get(lang),
        )  # fmt: skip
    screen = console()
    screen.print(rows)
    ids = len({one.id for one in rule_sets})
    screen.print(
        Line(
            f"{ids} 个规则集，{len(rule_sets)} 个版本"
            if lang == "zh"
            else f"{ids} rule sets, {len(rule_sets)} versions"
        )
    )


def show_tests(results: Sequence[VectorResult], lang: Lang) -> None:
    screen = console()
    failed = [one for one in results if not one.passed]
    for one in failed:
        screen.print(
            Line(f"✗ {one.file}: {one.rule_set}@{one.version} {one.vector}", style="red"), soft_wrap=True
        )
        for difference in one.differences:
            screen.print(Line(f"    {difference}"), soft_wrap=True)
    passed = len(results) - len(failed)
    sets = len({(one.rule_set, one.version) for one in results})
    words = (
        f"{sets} 个规则集，{passed} 个测试通过，{len(failed)} 个未通过"
        if lang == "zh"
        else f"{sets} rule sets, {passed} passed, {len(failed)} failed"
    )
    screen.print(Line(("✗ " if failed else "✓ ") + words, style="bold red" if failed else "bold green"))


def show_knobs(found: Sequence[Knob], lang: Lang) -> None:
    rows = table("knobs", lang)
    for one in found:
        rows.add_row(one.key, Line(one.title.get(lang)), Line(quantity(one.value, one.unit).get(lang)))
    console().print(rows)


def show_explanation(result: Result, change: Change | None, name: str, lang: Lang) -> None:
    """The answer, the tree of conditions, scores, amount, and the cheapest way to pass."""
    screen = console()
    rules = result.rule_set
    assert rules is not None
    mark, style, word = MARKS[result.verdict.value]
    title = Line(f"{name}  " if name else "", style="bold")
    title.append(f"{rules.title.get(lang)} · {result.on}", style="bold" if not name else "")
    screen.print(title)
    screen.print(Line(f"{mark} {word.get(lang)}", style=f"bold {style}"))
    unsure = "" if rules.confidence is Confidence.SEARCHED else f" · {CONFIDENCE[rules.confidence].get(lang)}"
    screen.print(
        Line(
            f"{rules.document.title.get(lang)} {rules.document.number}（{rules.version}）{unsure}",
            style="dim",
        )
    )
    tree = Tree(Line("条件" if lang == "zh" else "conditions", style="dim"), guide_style="dim")
    for finding in result.tree:
        _branch(tree, finding, lang)
    screen.print(tree)
    if result.scores:
        scores = Tree(Line("评分" if lang == "zh" else "scores", style="dim"), guide_style="dim")
        for points in result.scores:
            _points(scores, points, lang)
        screen.print(scores)
    kind = rules.benefit.kind if rules.benefit else None
    if result.amount is not None and kind not in (BenefitKind.TITLE, BenefitKind.SERVICE):
        screen.print(Line(("金额：" if lang == "zh" else "amount: ") + result.amount.text.get(lang)))
    if change is not None:
        head = "最省力的改变：" if lang == "zh" else "cheapest change: "
        screen.print(Line(head + change.text(lang), style="bold"))
    for note in result.notes:
        screen.print(Line(f"· {note.text.get(lang)}", style="dim"))


def _branch(tree: Tree, finding: Finding, lang: Lang, around: str = "") -> None:
    mark, style, word = MARKS[finding.status.value]
    line = Line(f"{mark} {word.get(lang)} ", style=style)
    line.append(finding.title.get(lang), style="default bold" if finding.children else "default")
    if not finding.children:
        line.append(f"  {finding.explanation.get(lang)}", style="default")
    if finding.confidence is not Confidence.SEARCHED:
        line.append(f" [{CONFIDENCE[finding.confidence].get(lang)}]", style="yellow")
    line.append(f"  {finding.clause}", style="dim default")
    branch = tree.add(line)
    if (
        finding.article and finding.article != around
    ):  # what a condition shares with the one around it is said once
        branch.add(Line(finding.article, style="dim"))
    for child in finding.children:
        _branch(branch, child, lang, finding.article)


def interval(low: Any, high: Any, unit: str = "points") -> Text:
    """``78–86 分``, or one number where both agree."""
    if low == high:
        return quantity(low, unit)
    words = quantity(high, unit)
    return Text(f"{grouped(low)}–{words.zh}", f"{grouped(low)}–{words.en}")


def _points(tree: Tree, points: Points, lang: Lang) -> None:
    line = Line(f"{points.title.get(lang)}  ")
    line.append(
        interval(points.low, points.high).get(lang),
        style="bold" if points.low == points.high else "bold yellow",
    )
    if points.missing and not points.children:
        line.append(("  缺：" if lang == "zh" else "  missing: ") + "、".join(points.missing), style="dim")
    branch = tree.add(line)
    for child in points.children:
        _points(branch, child, lang)
