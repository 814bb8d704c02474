"""`jcg audit`: prove that the record of deeds is whole, and take its head to a safe place."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from jinchuanggu.commands.setup import start_django


@click.group()
def audit() -> None:
    """审计链 · the audit chain."""


def _exported(path: Path | None) -> dict[str, Any] | None:
    if path is None:
        return None
    try:
        found = json.loads(path.read_text("utf-8"))
        return {"number": int(found["number"]), "digest": str(found["digest"])}
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise click.UsageError(f"无法读取导出的链头 · cannot read the exported head: {problem}") from problem


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 · for machines")
@click.option(
    "--against", type=click.Path(path_type=Path), help="与先前导出的链头比对 · compare with an exported head"
)
def verify(as_json: bool, against: Path | None) -> None:
    """核验整条链；完好退出码 0，损坏为 1 并指出第一条 · walk the chain; exit code 1 names the first broken
    record.
    """
    exported = _exported(against)
    start_django()
    from jinchuanggu.foundation.audit import seal

    found = seal.verify(exported=exported)
    if as_json:
        click.echo(json.dumps({"intact": found.intact, "count": found.count, "head": found.head,
                               "broken": found.broken, "why": found.why}, ensure_ascii=False))  # fmt: skip
    elif found.intact:
        click.echo(f"完好 · intact: {found.count} 条记录 · records, 链头 · head {found.head}")
    else:
        click.echo(f"损坏 · broken: 第 {found.broken} 条记录 · record {found.broken}: {found.why}", err=True)
    sys.exit(0 if found.intact else 1)


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 · for machines")
def head(as_json: bool) -> None:
    """显示链头，供另处保存 · print the head, to be kept elsewhere."""
    start_django()
    from jinchuanggu.foundation.audit import seal

    found = seal.head()
    click.echo(json.dumps(found) if as_json else f"#{found['number']} {found['digest']}")
