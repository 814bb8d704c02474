"""``jcg assess``: check a valley described in a file against the official conditions, without a database."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.problems import Refused
    from jinchuanggu.engines.rules.result import Result
    from jinchuanggu.engines.rules.texts import Lang
    from jinchuanggu.engines.rules.valley.facts import ValleyFacts

SHANGHAI = timezone(timedelta(hours=8))

MET, NOT_MET, BAD_INPUT, NOT_EVIDENCED, NOT_APPLICABLE = 0, 1, 2, 3, 4
EXIT_CODES = {
    "met": MET,
    "not_met": NOT_MET,
    "not_evidenced": NOT_EVIDENCED,
    "not_applicable": NOT_APPLICABLE,
}


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date:
    """The day given, or today in Shanghai."""
    if value is None:
        return datetime.now(SHANGHAI).date()
    from jinchuanggu.engines.rules.dates import PartialDate

    try:
        found = PartialDate.parse(value)
    except ValueError:
        found = None
    if found is None or found.month is None or found.day is None:
        raise click.BadParameter(f"{value!r}：应为 YYYY-MM-DD · expected YYYY-MM-DD")
    return date(found.year, found.month, found.day)


@click.command(
    short_help="按认定条件核验一个谷的描述文件 · check a valley file",
    epilog="退出码 · exit codes: 0 全部满足 met · 1 不满足 not met · 2 输入有误 bad input · "
    "3 证据不足 not evidenced · 4 不适用 not applicable",
)
@click.argument("file", type=click.Path(allow_dash=True))
@click.option(
    "--on", callback=_day, metavar="DATE", help="核验日 YYYY-MM-DD，默认今天 · the day, default today"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 · language"
)
def assess(file: str, on: date, as_json: bool, lang: Lang) -> None:
    """按官方认定条件核验文件所描述的谷。FILE 为 YAML 或 JSON，“-” 表示标准输入。

    Check the valley described in FILE (YAML or JSON; "-" reads standard input) by the official conditions.
    """
    from jinchuanggu.engines.rules.problems import Refused
    from jinchuanggu.engines.rules.valley.judge import recognition

    try:
        result = recognition(_read(file), on)
    except Refused as refused:
        _refuse(refused, as_json, lang)
        sys.exit(BAD_INPUT)
    if as_json:
        click.echo(json.dumps(result.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(result, lang)
    sys.exit(EXIT_CODES[result.verdict.value])


def _read(file: str) -> ValleyFacts:
    from jinchuanggu.engines.rules.source import MAX_BYTES, decode
    from jinchuanggu.engines.rules.valley.reading import read_file, read_string

    if file == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        return read_string(decode(data, "<stdin>"), "<stdin>")
    return read_file(file)


def _refuse(refused: Refused, as_json: bool, lang: Lang) -> None:
    """Every problem at once: to standard error for people, as JSON to standard output for machines."""
    if as_json:
        problems = [problem.as_dict() for problem in refused.problems]
        click.echo(json.dumps({"error": "bad_input", "problems": problems}, ensure_ascii=False, indent=2))
        return
    number = len(refused.problems)
    head = f"输入有 {number} 处问题：" if lang == "zh" else f"{number} problem(s) in the input:"
    click.echo(head, err=True)
    click.echo(refused.render(lang), err=True)


def _show(result: Result, lang: Lang) -> None:
    from jinchuanggu.commands.assess_report import show  # rich is needed only here

    show(result, lang)
