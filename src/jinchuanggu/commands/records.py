"""The facts of one subject out of a file: a YAML or JSON record, or one row of a workbook."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from jinchuanggu.commands.sheets.problems import BadBook
from jinchuanggu.engines.rules.model import Input
from jinchuanggu.engines.rules.nodes import Kind, Node, Scalar, Sequence
from jinchuanggu.engines.rules.nodes import Mapping as Entries
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import Reader
from jinchuanggu.engines.rules.source import MAX_BYTES, decode, parse, read_text
from jinchuanggu.engines.rules.texts import same

BOOKS = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
LABELS = ("name", "uscc")
"""Keys of a record that no rule reads."""


def is_book(file: str) -> bool:
    return file.lower().endswith(BOOKS)


def read_record(file: str, inputs: Mapping[str, Input]) -> tuple[dict[str, Any], dict[str, tuple[int, int]]]:
    """The record, and line and column of each key. `-` is standard input. Raises Refused."""
    if file == "-":
        name, text = "<stdin>", decode(sys.stdin.buffer.read(MAX_BYTES + 1), "<stdin>")
    else:
        name, text = file, read_text(Path(file))
    root, problems = parse(text, name)
    reader = Reader(name, problems)
    if not isinstance(root, Entries):
        reader.mapping(root, "", tuple(inputs))
    reader.finish()
    assert isinstance(root, Entries)
    places = {key.raw: (value.line or key.line, value.column or key.column) for key, value in root.entries}
    return {key.raw: _plain(value, reader, key.raw) for key, value in root.entries}, places


def _plain(node: Node, reader: Reader, path: str) -> Any:
    if isinstance(node, Entries):
        # the years of a series are numbers; the attributes of an item are names
        found: dict[Any, Any] = {}
        for key, value in node.entries:
            number = key.raw.isdecimal() and len(key.raw) == 4
            found[int(key.raw) if number else key.raw] = _plain(value, reader, f"{path}.{key.raw}")
        return found
    if isinstance(node, Sequence):
        return [_plain(item, reader, path) for item in node.items]
    assert isinstance(node, Scalar)
    if node.kind is Kind.NULL:
        return None
    if node.kind is Kind.BOOLEAN:
        return node.raw == "true"
    if node.kind is Kind.NUMBER:
        return reader.number(node, path, negative=True)
    return node.raw


def placed(refused: Refused, file: str, places: Mapping[str, tuple[int, int]]) -> Refused:
    """The same problems with the lines of the file they came from."""

    def at(problem: Problem) -> Problem:
        key = problem.path.replace("@", ".").replace("[", ".").split(".")[0]
        if problem.line or key not in places:
            return replace(problem, file=problem.file or file)
        line, column = places[key]
        return replace(problem, file=file, line=line, column=column)

    return Refused([at(problem) for problem in refused.problems])


def read_row(file: str, row: int, inputs: Mapping[str, Input], on: date) -> tuple[dict[str, Any], str]:
    """One row of a workbook by its Excel number, and the name in it. Raises Refused, BadBook."""
    from jinchuanggu.commands.sheets.batch import read
    from jinchuanggu.commands.sheets.books import open_book
    from jinchuanggu.commands.sheets.heads import Heads

    for sheet in open_book(Path(file), Heads(inputs, on.year - 1)):
        for numbers, rows in sheet.chunks(2000):
            if row not in numbers:
                continue
            index = numbers.index(row)
            batch = read(sheet, [row], [rows[index]], inputs, on.year - 1)
            if batch.bad:
                raise Refused(
                    [
                        Problem("number", f"{file}!{one.sheet}", one.row, 0, f"{one.column} {one.head}",
                                expected=one.text, got=one.value)
                        for one in batch.bad[0]
                    ]
                )  # fmt: skip
            return batch.record(0), batch.label("name", 0)
    raise BadBook(same(f"--row {row}: 没有这一行 · no such row"))
