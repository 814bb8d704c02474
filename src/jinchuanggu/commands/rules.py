"""``jcg rules``: the official rules as files - list them, run their examples, explain one case, turn their numbers."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jinchuanggu.commands.options import (
    BAD_INPUT,
    EXIT_CODES,
    NOT_APPLICABLE,
    VERDICT_CODES,
    json_option,
    lang_option,
    on_option,
    refuse,
)

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.model import RuleSet
    from jinchuanggu.engines.rules.texts import Lang


@click.group(short_help="规则：列出、测试、解释、模拟 · rules: list, test, explain, simulate")
def rules() -> None:
    """官方规则：列出、运行测试、逐条解释、调参模拟；不需要数据库。

    The official rules: list, run their examples, explain a case, simulate a change; without a database.
    """


@rules.command("list", short_help="列出规则集 · list the rule sets")
@click.option("--subject", help="对象，如 firm、incubator · whose facts they read")
@json_option
@lang_option
def list_sets(subject: str | None, as_json: bool, lang: Lang) -> None:
    """列出全部规则集：编号、版本、有效期、核实程度、审核状态 · ids, versions, dates, confidence, review."""
    from jinchuanggu.engines.rules import catalogue, describe

    found = [one for one in catalogue() if subject is None or one.subject == subject]
    if as_json:
        click.echo(
            json.dumps(
                [{**describe(one), "subject": one.subject} for one in found], ensure_ascii=False, indent=2
            )
        )
        return
    from jinchuanggu.commands.rules_report import show_list

    show_list(found, lang)


@rules.command(
    "test",
    short_help="运行规则自带的测试 · run the examples of the rules",
    epilog="退出码 · exit codes: 0 全部通过 all pass · 1 有未通过 some fail · 2 文件有误 bad file",
)
@click.argument("paths", nargs=-1, type=click.Path())
@json_option
@lang_option
def test(paths: tuple[str, ...], as_json: bool, lang: Lang) -> None:
    """运行规则文件自带的测试；不给 PATHS 时测试随系统提供的全部规则。

    Run the worked examples of rule files and folders; without PATHS those that come with the product.
    """
    from jinchuanggu.commands.rules_report import show_tests
    from jinchuanggu.commands.rules_testing import run_files
    from jinchuanggu.engines.rules.problems import Refused

    problems, results = run_files([Path(path) for path in paths], quiet=as_json)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "passed": sum(one.passed for one in results),
                    "failed": sum(not one.passed for one in results),
                    "problems": [problem.as_dict() for problem in problems],
                    "vectors": [one.as_dict() for one in results],
                },
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        if problems:
            refuse(Refused(problems), False, lang)
        show_tests(results, lang)
    sys.exit(BAD_INPUT if problems else 1 if any(not one.passed for one in results) else 0)


@rules.command(short_help="逐条解释一个对象 · explain one case", epilog=VERDICT_CODES)
@click.argument("rule_set")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--row", type=click.IntRange(1), help="FILE 为工作簿时的行号 · the row, if FILE is a workbook")
@on_option
@json_option
@lang_option
def explain(rule_set: str, file: str, row: int | None, on: date, as_json: bool, lang: Lang) -> None:
    """按规则集 RULE_SET 判断 FILE 中的一个对象，逐条说明数值、要求、差距、条款，以及怎样最省力地达标。

    Judge the one subject in FILE (YAML, JSON, or a row of a workbook): value, limit, distance and article of each
    condition, and the cheapest change that would meet them all. What FILE has to hold: jcg rules facts RULE_SET.
    """
    from jinchuanggu.commands import records
    from jinchuanggu.commands.sheets.problems import BadBook
    from jinchuanggu.engines.rules import cheapest, evaluate, facts_of
    from jinchuanggu.engines.rules.problems import Refused

    chosen = in_force(rule_set, on, lang)
    places: dict[str, tuple[int, int]] = {}
    name = ""
    try:
        if records.is_book(file):
            if row is None:
                raise click.UsageError("工作簿请用 --row 指定一行 · a workbook needs --row")
            inputs = _inputs(chosen)
            record, name = records.read_row(file, row, inputs, on)
        else:
            inputs = _inputs(chosen)
            record, places = records.read_record(file, inputs)
            name = str(record.pop("name", "") or "")
            for key in records.LABELS:
                if key not in inputs:
                    record.pop(key, None)
        facts = facts_of(inputs, record, file=file)
    except Refused as refused:
        refuse(records.placed(refused, file, places), as_json, lang)
        if not as_json:
            click.echo(
                f"事实的名称、单位和写法：jcg rules facts {rule_set}"
                if lang == "zh"
                else f"names, units and forms of the facts: jcg rules facts {rule_set} --lang en",
                err=True,
            )
        sys.exit(BAD_INPUT)
    except BadBook as bad:
        raise click.UsageError(f"{file}: {bad.text.get(lang)}") from bad
    result = evaluate(chosen, facts, on)
    change = cheapest(chosen, facts, on)
    if as_json:
        shown: dict[str, Any] = {**result.as_dict(), "name": name or None}
        shown["cheapest_change"] = change.as_dict() if change else None
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        from jinchuanggu.commands.rules_report import show_explanation

        show_explanation(result, change, name, lang)
    sys.exit(EXIT_CODES[result.verdict.value])


@rules.command(
    "facts", short_help="列出所需的事实，可作填报模板 · the facts it reads, as a record to fill in"
)
@click.argument("rule_set")
@on_option
@json_option
@lang_option
def show_facts(rule_set: str, on: date, as_json: bool, lang: Lang) -> None:
    """列出规则集所需的事实：名称、单位、年度、可选值；输出可存为 YAML 填写后交给 explain。

    The facts a rule set reads, with units, years and codes: a YAML record to fill in for explain.
    """
    from jinchuanggu.commands.rules_facts import as_rows, template

    chosen = in_force(rule_set, on, lang)
    if as_json:
        click.echo(json.dumps(as_rows(chosen, on), ensure_ascii=False, indent=2))
        return
    for line in template(chosen, on, lang):
        click.echo(line)


@rules.command("knobs", short_help="列出可调的数字 · the numbers that can be turned")
@click.argument("rule_set")
@on_option
@json_option
@lang_option
def show_knobs(rule_set: str, on: date, as_json: bool, lang: Lang) -> None:
    """列出规则集里的每个数字及其键，供 simulate --set 使用 · every number of a rule set with its key."""
    from jinchuanggu.engines.rules import knobs
    from jinchuanggu.engines.rules.result import plain

    found = knobs(in_force(rule_set, on, lang))
    if as_json:
        rows = [
            {"key": one.key, "title": one.title.as_dict(), "value": plain(one.value), "unit": one.unit, "kind": str(one.kind)}
            for one in found
        ]  # fmt: skip
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from jinchuanggu.commands.rules_report import show_knobs as show

    show(found, lang)


@rules.command(
    short_help="调参模拟：谁得谁失、花多少 · simulate a change",
    epilog="退出码 · exit codes: 0 已模拟 done · 1 有行未能读取 some rows unreadable · 2 输入有误 bad input",
)
@click.argument("rule_set")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--set", "turns", multiple=True, metavar="KEY=VALUE", help="改动，可多次 · a change, repeatable"
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="结果工作簿 · write a workbook")
@click.option(
    "--map", "mapping", type=click.Path(exists=True, dir_okay=False), help="列名映射 · mapping file"
)
@click.option("--sheet", help="只读这一工作表 · only this sheet")
@on_option
@json_option
@lang_option
def simulate(
    rule_set: str, file: str, turns: tuple[str, ...], output: str | None, mapping: str | None, sheet: str | None,
    on: date, as_json: bool, lang: Lang,
) -> None:  # fmt: skip
    """对 FILE（.xlsx 或 .csv）中的企业，比较规则改动前后：新增、失去、证据不足，按市和领域，逐年支出。

    Compare a rule set before and after a change over the firms in FILE: winners, losers, money.
    """
    from jinchuanggu.commands.rules_simulate import run

    chosen = in_force(rule_set, on, lang)
    sys.exit(
        run(chosen, Path(file), parse_turns(turns), on, Path(output) if output else None,
            Path(mapping) if mapping else None, sheet, as_json, lang)
    )  # fmt: skip


def _inputs(chosen: RuleSet) -> Any:
    """What a record may hold: of a firm everything firms have, else what the rule set declares."""
    from jinchuanggu.engines.rules import firm_inputs

    declared = {name: one for name, one in chosen.inputs.items() if not one.computed}
    return {**firm_inputs(), **declared} if chosen.subject == "firm" else declared


def in_force(rule_set: str, on: date, lang: Lang) -> RuleSet:
    """The version of a rule set on a day; unknown ids and days without any end the command."""
    from jinchuanggu.engines.rules import official
    from jinchuanggu.engines.rules.reading import nearest

    library = official()
    found = library.in_force(rule_set, on)
    if found is not None:
        return found
    versions = library.versions(rule_set)
    if versions:
        days = "、".join(f"{one.effective_from} – {one.effective_to or ''}".rstrip() for one in versions)
        click.echo(
            f"{rule_set}：{on} 当天没有有效的版本；有效期 {days}，可用 --on 指定日期 · "
            f"no version in force on {on}, only {days}; choose a day with --on",
            err=True,
        )
        sys.exit(NOT_APPLICABLE)
    ids = sorted({one.id for one in library.rule_sets})
    near = nearest(rule_set, ids)
    hint = f"，是不是 {near}？ · did you mean {near}?" if near else ""
    raise click.UsageError(f"没有规则集 {rule_set!r} · no such rule set{hint}\n  {', '.join(ids)}")


def parse_turns(turns: tuple[str, ...]) -> dict[str, Any]:
    """`KEY=VALUE` pairs as exact numbers."""
    from decimal import Decimal, InvalidOperation

    found: dict[str, Any] = {}
    for turn in turns:
        key, equal, value = turn.rpartition("=")
        try:
            if not equal:
                raise InvalidOperation
            found[key.strip()] = Decimal(value.strip().replace(",", ""))
        except InvalidOperation:
            raise click.BadParameter(
                f"{turn!r}：应为 KEY=数字 · expected KEY=NUMBER", param_hint="--set"
            ) from None
    return found
