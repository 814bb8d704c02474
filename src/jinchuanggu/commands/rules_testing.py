"""Running the worked examples of rule files one by one, with progress; a bad file does not hide the others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from jinchuanggu.engines.rules.checks import check_together
from jinchuanggu.engines.rules.library import OFFICIAL
from jinchuanggu.engines.rules.loader import load_text
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.source import read_text
from jinchuanggu.engines.rules.vectors import VectorResult, run

KINDS = (".yaml", ".yml", ".json")


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The rule files of files and folders; of none: those that come with the product."""
    found: list[Path] = []
    for path in list(paths) or [OFFICIAL]:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix in KINDS)
        else:
            found.append(path)
    return found


def run_files(paths: Iterable[Path], *, quiet: bool = False) -> tuple[list[Problem], list[VectorResult]]:
    """Problems of the files, and the result of every example of the files that could be read."""
    problems: list[Problem] = []
    results: list[VectorResult] = []
    read: list[RuleSet] = []
    files = files_of(paths)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("规则文件 · rule files", total=len(files))
        for path in files:
            bar.update(task, description=path.name)
            try:
                sets = load_text(read_text(path), str(path), check_vectors=False)
                read.extend(sets)
                results.extend(run(sets))
            except Refused as refused:
                problems.extend(refused.problems)
            bar.advance(task)
    problems.extend(check_together(read))
    return problems, results
