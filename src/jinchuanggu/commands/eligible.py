"""``jcg eligible``: a workbook of firms in, for each what it is, what it can get and what it lacks out."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jinchuanggu.commands.options import lang_option, on_option

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.texts import Lang

DONE, SOME_BAD, BAD_INPUT = 0, 1, 2


@click.command(
    short_help="一表企业能得什么、差什么 · what the firms of a workbook can get",
    epilog="退出码 · exit codes: 0 每行都已判断 every row judged · 1 有行或列未能采用，其余已判断 some rows or "
    "columns could not be used, the others were · 2 文件或用法有误 bad file or usage",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="结果工作簿 .xlsx · the answer"
)
@click.option(
    "--map",
    "mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="列名映射 YAML · mapping file",
)
@click.option("--sets", help="只判断这些规则集，逗号分隔 · only these rule sets, by commas")
@click.option("--sheet", help="只读这一工作表 · only this sheet")
@click.option(
    "--explain",
    type=click.IntRange(0, 10_000),
    default=20,
    show_default=True,
    help="逐条说明前几家 · explain the first N firms",
)
@click.option(
    "--print-mapping", is_flag=True, help="只显示认出的列，不计算 · show what was recognised and stop"
)
@on_option
@lang_option
def eligible(
    file: Path, output: Path | None, mapping: Path | None, sets: str | None, sheet: str | None, explain: int,
    print_mapping: bool, on: date, lang: Lang,
) -> None:  # fmt: skip
    """读 FILE（.xlsx 或 .csv）里的企业，写出每家的梯次、差距、各项政策与金额、最佳组合。

    列名可用输入编号、中文名称，可带年份和单位，如“营业收入2024（万元）”；也可用 --map 指定。

    Read the firms in FILE and write for each its rung, what it lacks, measures with amounts, the best combination.
    """
    from jinchuanggu.commands.eligible_run import Job, show_mapping
    from jinchuanggu.commands.sheets.problems import BadBook
    from jinchuanggu.engines.rules.problems import Refused

    if not print_mapping and output is None:
        raise click.UsageError("请用 -o 指定结果文件 · name the answer with -o")
    if output is not None and output.resolve() == file.resolve():
        raise click.UsageError("结果文件不能就是输入文件 · the answer must not overwrite the input")
    wanted = [one.strip() for one in sets.split(",") if one.strip()] if sets else None
    try:
        job = Job.open(file, on, lang, mapping=mapping, sheet=sheet, sets=wanted, explain=explain)
        if print_mapping:
            show_mapping(job)
            sys.exit(SOME_BAD if job.doubtful else DONE)
        assert output is not None
        sys.exit(job.run(output))
    except Refused as refused:
        click.echo(refused.render(lang), err=True)
        sys.exit(BAD_INPUT)
    except BadBook as bad:
        click.echo(f"{file}: {bad.text.get(lang)}", err=True)
        sys.exit(BAD_INPUT)
    except OSError as problem:
        click.echo(f"{output}: {problem.strerror}", err=True)
        sys.exit(BAD_INPUT)
