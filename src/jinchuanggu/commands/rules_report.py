"""The answers of ``jcg rules`` as people read them in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as Line
from rich.tree import Tree

from jinchuanggu.commands.assess_report import MARKS
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.measured import UNDEFINED
from jinchuanggu.engines.rules.model import Confidence, RuleSet, ScorePart
from jinchuanggu.engines.rules.reasons import FLAGS, REASONS
from jinchuanggu.engines.rules.result import Finding, Result, Worth
from jinchuanggu.engines.rules.sureness import how_sure, sure_of
from jinchuanggu.engines.rules.texts import Lang, Text
from jinchuanggu.engines.rules.units import decimal_of, grouped, quantity
from jinchuanggu.engines.rules.vectors import VectorResult

if TYPE_CHECKING:
    from jinchuanggu.engines.rules import Change, Knob, Points

POINTS_FLAGS = ("edge_ambiguous", "needs_review", "judge_outside")
REVIEW = {
    "draft": Text("草稿", "draft"),
    "reviewed": Text("已审核", "reviewed"),
    "in_force": Text("已发布", "in force"),
    "repealed": Text("已废止", "repealed"),
}
HEADS = {"knobs": (Text("键", "key"), Text("名称", "title"), Text("现值", "value"))}


def table(kind: str, lang: Lang) -> Table:
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for at, words in enumerate(HEADS[kind]):
        found.add_column(words.get(lang), overflow="fold", no_wrap=at != 1)
    return found


def console() -> Console:
    return Console(highlight=False, soft_wrap=False)


def show_list(rule_sets: Sequence[RuleSet], lang: Lang) -> None:
    """Two lines each: id, version, days, how sure, reviewed or not; then the title."""
    screen, width = console(), max((len(one.id) for one in rule_sets), default=0)
    for one in rule_sets:
        line = Line(f"{one.id:{width}}  ", style="bold")
        line.append(
            f"{one.version}  {one.effective_from} – {one.effective_to or ''!s:10}  ", style="not bold"
        )
        known = how_sure(one)
        line.append(known.words.get(lang), style="not bold yellow" if known.waits else "not bold")
        line.append(f" · {REVIEW[one.review.status.value].get(lang)}", style="not bold")
        screen.print(line, soft_wrap=True)
        screen.print(Line(f"{'':{width}}  {one.title.get(lang)}", style="dim"), soft_wrap=True)
    ids = len({one.id for one in rule_sets})
    words = (
        f"{ids} 个规则集，{len(rule_sets)} 个版本"
        if lang == "zh"
        else f"{ids} rule sets, {len(rule_sets)} versions"
    )
    screen.print(Line(words))


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
    sure = how_sure(rules).words.get(lang)
    screen.print(
        Line(
            f"{rules.document.title.get(lang)} {rules.document.number}（{rules.version}） · {sure}",
            style="dim",
        )
    )
    tree = Tree(Line("条件" if lang == "zh" else "conditions", style="dim"), guide_style="dim")
    for finding in result.tree:
        _branch(tree, finding, lang)
    screen.print(tree)
    if result.scores:
        scores = Tree(Line("评分" if lang == "zh" else "scores", style="dim"), guide_style="dim")
        steps = next_bands(rules.scores)
        for points in result.scores:
            _points(scores, points, lang, steps)
        screen.print(scores)
    kind = rules.benefit.kind if rules.benefit else None
    if result.amount is not None and kind not in (BenefitKind.TITLE, BenefitKind.SERVICE):
        screen.print(Line(_money(result, lang)))
    if result.values:
        values = Tree(Line("计算值" if lang == "zh" else "values", style="dim"), guide_style="dim")
        for worth in result.values.values():
            values.add(_worth(worth, lang))
        screen.print(values)
    if change is not None:
        head = "最省力的改变：" if lang == "zh" else "cheapest change: "
        screen.print(Line(head + change.text(lang), style="bold"))
    for note in result.notes:
        screen.print(Line(f"· {note.text.get(lang)}", style="dim"))


def _money(result: Result, lang: Lang) -> str:
    """The amount; where the conditions are not met, that it is not due and what it would be."""
    assert result.amount is not None
    amount = result.amount.text.get(lang)
    if not result.amount.known:
        return amount
    if result.amount.due:
        return ("金额：" if lang == "zh" else "amount: ") + amount
    if result.amount.due is False:
        return (
            f"金额：条件不满足，不享受（满足时为 {amount}）"
            if lang == "zh"
            else f"amount: not due ({amount} if met)"
        )
    return (
        f"金额：{amount}（以条件满足为前提）"
        if lang == "zh"
        else f"amount: {amount} (if the conditions are met)"
    )


def _worth(worth: Worth, lang: Lang) -> Line:
    """A named value with its number, or why there is none."""
    line = Line(f"{worth.title.get(lang)}  ")
    if worth.value is not None:
        line.append(quantity(worth.value, worth.unit).get(lang))
    else:
        line.append(
            REASONS[worth.reason].get(lang) if worth.reason in REASONS else worth.reason, style="yellow"
        )
        if worth.missing:
            line.append(("  缺：" if lang == "zh" else "  missing: ") + "、".join(worth.missing), style="dim")
    return line


def _branch(tree: Tree, finding: Finding, lang: Lang, around: str = "") -> None:
    mark, style, word = MARKS[finding.status.value]
    line = Line(f"{mark} {word.get(lang)} ", style=style)
    line.append(finding.title.get(lang), style="default bold" if finding.children else "default")
    if not finding.children:
        line.append(f"  {finding.explanation.get(lang)}", style="default")
    if finding.confidence is not Confidence.SEARCHED:
        line.append(f" [{sure_of(finding.confidence).words.get(lang)}]", style="yellow")
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


def next_bands(parts: Sequence[ScorePart]) -> dict[str, ScorePart]:
    """The parts of schemes that have bands, by id: what a part is short of its next band is read from them."""
    found, waiting = {}, list(parts)
    while waiting:
        part = waiting.pop()
        waiting.extend(part.parts)
        if part.bands:
            found[part.id] = part
    return found


def _to_next(points: Points, part: ScorePart, lang: Lang) -> str:
    """``离 8 分一档差 0.01%``; empty in the best band."""
    better = [band for band in part.bands if band.points > Fraction(points.low)]
    if not better or not isinstance(points.value, Decimal) or points.unit is None:
        return ""
    band = min(better, key=lambda one: abs(one.limit - Fraction(points.value)))  # type: ignore[arg-type]
    short = quantity(decimal_of(abs(band.limit - Fraction(points.value))), points.unit)
    worth = interval(decimal_of(band.points), decimal_of(band.points if band.most is None else band.most))
    return f"；离 {worth.zh}一档差 {short.zh}" if lang == "zh" else f"; {short.en} short of {worth.en}"


def _points(tree: Tree, points: Points, lang: Lang, steps: Mapping[str, ScorePart]) -> None:
    line = Line(f"{points.title.get(lang)}  ")
    line.append(
        interval(points.low, points.high).get(lang),
        style="bold" if points.low == points.high else "bold yellow",
    )
    if points.used is not None:
        best = next((child.title for child in points.children if child.id == points.used), None)
        if best is not None:
            line.append(("  采用：" if lang == "zh" else "  used: ") + best.get(lang), style="dim")
    elif isinstance(points.value, Decimal) and points.unit is not None:
        line.append(f"  ← {quantity(points.value, points.unit).get(lang)}", style="dim")
        if points.id in steps and points.reason == "banded":
            line.append(_to_next(points, steps[points.id], lang), style="dim")
    elif points.reason in UNDEFINED:
        line.append(f"  {REASONS[points.reason].get(lang)}", style="yellow")
    for flag in points.flags:
        if flag in POINTS_FLAGS and (not points.children or points.reason == "judged"):
            line.append(f"  {FLAGS[flag].get(lang)}", style="yellow")
    if points.missing and not points.children:
        line.append(("  缺：" if lang == "zh" else "  missing: ") + "、".join(points.missing), style="dim")
    branch = tree.add(line)
    for child in points.children:
        _points(branch, child, lang, steps)
