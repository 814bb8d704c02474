"""`jcg`, the command line of the same code.

Exit codes: 0 done (assess: every condition met) · 1 a check failed (assess: not met) · 2 bad input or usage ·
3 not evidenced · 4 not applicable · 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import importlib

import click

# Commands live in modules of their own and are imported when called, so `jcg assess` never loads Django.
COMMANDS = {
    "demo": (
        "jinchuanggu.commands.serve:demo",
        "装入演示省份并启动（网页与后台） · load the demo province and serve it",
    ),
    "serve": ("jinchuanggu.commands.serve:serve", "启动网页服务与后台作业 · start web server and worker"),
    "assess": ("jinchuanggu.commands.assess:assess", "按认定条件核验一个谷的描述文件 · check a valley file"),
    "rules": (
        "jinchuanggu.commands.rules:rules",
        "规则：列出、测试、解释、模拟 · rules: list, test, explain, simulate",
    ),
    "eligible": (
        "jinchuanggu.commands.eligible:eligible",
        "一表企业能得什么、差什么 · what the firms of a workbook can get",
    ),
    "check": ("jinchuanggu.commands.check:check", "配置自检 · configuration self-test"),
    "audit": ("jinchuanggu.commands.audit:audit", "审计链 · the audit chain"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="jinchuanggu")
def main() -> None:
    """晋创谷：省级创新计划的开源操作系统 · the operating system of a provincial innovation programme."""


if __name__ == "__main__":
    main()
