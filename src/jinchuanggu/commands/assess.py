"""``jcg assess``: check a valley described in a file against the official conditions, without a database."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import click

from jinchuanggu.commands.options import (
    BAD_INPUT,
    EXIT_CODES,
    VERDICT_CODES,
    json_option,
    lang_option,
    on_option,
    refuse,
)

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.result import Result
    from jinchuanggu.engines.rules.texts import Lang
    from jinchuanggu.engines.rules.valley.facts import ValleyFacts


@click.command(
    short_help="按认定条件核验一个谷的描述文件 · check a valley file",
    epilog=VERDICT_CODES,
)
@click.argument("file", type=click.Path(allow_dash=True))
@on_option
@json_option
@lang_option
def assess(file: str, on: date, as_json: bool, lang: Lang) -> None:
    """按官方认定条件核验文件所描述的谷。FILE 为 YAML 或 JSON，“-” 表示标准输入。

    Check the valley described in FILE (YAML or JSON; "-" reads standard input) by the official conditions.
    """
    from jinchuanggu.engines.rules.problems import Refused
    from jinchuanggu.engines.rules.valley.judge import recognition

    try:
        result = recognition(_read(file), on)
    except Refused as refused:
        refuse(refused, as_json, lang)
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


def _show(result: Result, lang: Lang) -> None:
    from jinchuanggu.commands.assess_report import show  # rich is needed only here

    show(result, lang)
