"""`jcg check`: is this installation fit to run? One line per question, with what to do when the answer is no."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator

import click

from jinchuanggu.commands.setup import start_django

Answer = tuple[bool, str]


def _django() -> Answer:
    from django.core.checks import Error, run_checks

    errors = [message for message in run_checks() if isinstance(message, Error)]
    return not errors, "; ".join(str(error.msg) for error in errors)


def _migrations() -> Answer:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return not plan, f"{len(plan)} 个迁移未执行 · migrations to run" if plan else ""


def _home() -> Answer:
    from django.conf import settings

    probe = settings.HOME / ".write-probe"
    try:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as problem:
        return False, f"{settings.HOME}: {problem.strerror}"
    return True, str(settings.HOME)


def _front_end() -> Answer:
    from django.conf import settings

    manifest = settings.DJANGO_VITE["default"]["manifest_path"]
    return manifest.exists(), "" if manifest.exists() else "前端未构建 · the front end is not built"


def _processes() -> Answer:
    from jinchuanggu.foundation.workflow import registry
    from jinchuanggu.foundation.workflow.definition import files, load

    names = {path.name.split(".v")[0] for path in files()}
    missing = [
        name
        for process in map(load, sorted(names))
        for move in process.moves
        for name in (*move.guards, *move.effects)
        if name not in registry.guards and name not in registry.effects
    ]
    return not missing, f"未登记 · not registered: {missing}" if missing else f"{len(names)}"


def _rules() -> Answer:
    from jinchuanggu.engines import rules

    sets = list(rules.catalogue())
    return bool(sets), f"{len(sets)}"


def _documents() -> Answer:
    from jinchuanggu.foundation.documents import store

    broken = list(store.verify_all())
    return not broken, f"{len(broken)} 个文件被改动或缺失 · files changed or missing" if broken else ""


def _audit() -> Answer:
    from jinchuanggu.foundation.audit.seal import verify

    found = verify()
    return found.intact, f"#{found.broken} {found.why}" if not found.intact else f"{found.count}"


def _demo() -> Answer:
    from django.conf import settings

    unsafe = settings.DEMO and bool(settings.PUBLIC_ADDRESS)
    return not unsafe, "演示模式不得对外 · demo mode with a public address" if unsafe else ""


CHECKS: dict[str, tuple[str, Callable[[], Answer]]] = {
    "settings": ("设置 · settings", _django),
    "state_folder": ("状态目录 · state folder", _home),
    "front_end": ("前端 · front end", _front_end),
    "migrations": ("数据库结构 · database shape", _migrations),
    "processes": ("流程文件 · process files", _processes),
    "rules": ("规则集 · rule sets", _rules),
    "documents": ("文件完整性 · document store", _documents),
    "audit": ("审计链 · audit chain", _audit),
    "demo": ("演示模式 · demo mode", _demo),
}


def answers() -> Iterator[tuple[str, str, bool, str]]:
    """`(id, title, ok, detail)` of every check; one that breaks counts as failed and says why."""
    for key, (title, check_one) in CHECKS.items():
        try:
            ok, detail = check_one()
        except Exception as problem:
            ok, detail = False, f"{type(problem).__name__}: {problem}"
        yield key, title, ok, detail


@click.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 · for machines")
def check(as_json: bool) -> None:
    """配置自检，全部通过退出码为 0，否则为 1 · self-test; exit code 0 when all is well, else 1."""
    start_django()
    found = list(answers())
    if as_json:
        click.echo(json.dumps([dict(zip(("id", "title", "ok", "detail"), row, strict=True)) for row in found],
                              ensure_ascii=False, indent=2))  # fmt: skip
    else:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, show_header=False)
        for _, title, ok, detail in found:
            table.add_row("[green]✓[/]" if ok else "[red]✗[/]", title, detail)
        Console().print(table)
    sys.exit(0 if all(ok for _, _, ok, _ in found) else 1)
