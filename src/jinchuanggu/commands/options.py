"""What the commands about rules share: the day, the language, exit codes, and how bad input is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.problems import Refused
    from jinchuanggu.engines.rules.texts import Lang

SHANGHAI = timezone(timedelta(hours=8))

MET, NOT_MET, BAD_INPUT, NOT_EVIDENCED, NOT_APPLICABLE = 0, 1, 2, 3, 4
EXIT_CODES = {
    "met": MET,
    "not_met": NOT_MET,
    "not_evidenced": NOT_EVIDENCED,
    "not_applicable": NOT_APPLICABLE,
}
VERDICT_CODES = (
    "退出码 · exit codes: 0 全部满足 met · 1 不满足 not met · 2 输入有误 bad input · "
    "3 证据不足 not evidenced · 4 不适用 not applicable"
)
Command = TypeVar("Command", bound=Callable[..., Any])


def day(_: click.Context, __: click.Parameter, value: str | None) -> date:
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


def on_option(command: Command) -> Command:
    return click.option(
        "--on", callback=day, metavar="DATE", help="核验日 YYYY-MM-DD，默认今天 · the day, default today"
    )(command)


def lang_option(command: Command) -> Command:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 · language"
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")(command)


def refuse(refused: Refused, as_json: bool, lang: Lang) -> None:
    """Every problem at once: to standard error for people, as JSON to standard output for machines."""
    if as_json:
        problems = [problem.as_dict() for problem in refused.problems]
        click.echo(json.dumps({"error": "bad_input", "problems": problems}, ensure_ascii=False, indent=2))
        return
    number = len(refused.problems)
    head = f"输入有 {number} 处问题：" if lang == "zh" else f"{number} problem(s) in the input:"
    click.echo(head, err=True)
    click.echo(refused.render(lang), err=True)
