"""A workbook or CSV file as sheets of rows, streamed: the head is looked for in the first rows."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from jinchuanggu.commands.sheets.heads import Column, Heads, Use
from jinchuanggu.commands.sheets.problems import BadBook
from jinchuanggu.engines.rules.texts import Text

HEAD_WITHIN = 10
MAX_UNPACKED = 4 * 2**30
"""More than any sheet of a million firms; a file that unpacks into more is refused unread."""
Row = list[Any]


@dataclass(slots=True)
class Sheet:
    """One sheet with a recognised head in row ``head_row`` (Excel numbering)."""

    name: str
    head_row: int
    heads: tuple[str, ...]
    columns: tuple[Column, ...]
    height: int
    _rows: Iterator[tuple[int, Row]] = field(repr=False)

    def chunks(self, size: int) -> Iterator[tuple[list[int], list[Row]]]:
        """``(Excel row numbers, rows)`` of the rows below the head that are not empty, ``size`` at a time."""
        while block := list(islice(self._rows, size)):
            yield [number for number, _ in block], [row for _, row in block]


def open_book(
    path: Path, heads: Heads, *, mapped: dict[str, Any] | None = None, sheet: str | None = None
) -> list[Sheet]:
    """The sheets in which a head was recognised. Raises BadBook."""
    if not path.is_file():
        raise BadBook(Text("文件不存在", "no such file"))
    try:
        sheets = list(_csv(path) if path.suffix.lower() in (".csv", ".txt", ".tsv") else _xlsx(path))
    except BadBook:
        raise
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the reader is native code: even its panics must end as words
        raise BadBook(
            Text("不是可读取的 .xlsx 或 .csv 文件；请另存为 .xlsx 再试", "not a readable .xlsx or .csv file")
        ) from error
    if sheet is not None:
        names = [name for name, _, _ in sheets]
        sheets = [one for one in sheets if one[0] == sheet]
        if not sheets:
            raise BadBook(
                Text(
                    f"没有工作表“{sheet}”；有：{'、'.join(names)}",
                    f"no sheet {sheet!r}; there are {', '.join(names)}",
                )
            )
    found = [
        one
        for one in (_headed(name, rows, height, heads, mapped or {}) for name, rows, height in sheets)
        if one
    ]
    if not found:
        raise BadBook(
            Text(f"前 {HEAD_WITHIN} 行里没有认出表头；列名可用编号、中文名称，或用 --map 指定",
                 f"no head recognised in the first {HEAD_WITHIN} rows; use ids or titles, or --map")
        )  # fmt: skip
    return found


def _xlsx(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, Row]], int]]:
    import python_calamine as calamine

    if path.suffix.lower() in (".xlsx", ".xlsm"):
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
                raise BadBook(Text("文件解开后过大", "the file unpacks into too much"))
    workbook = calamine.CalamineWorkbook.from_path(str(path))
    for meta in workbook.sheets_metadata:
        if meta.typ != calamine.SheetTypeEnum.WorkSheet or meta.visible != calamine.SheetVisibleEnum.Visible:
            continue
        source = workbook.get_sheet_by_name(meta.name)
        if source.start is None:
            continue
        yield meta.name, _numbered(source), source.total_height


def _numbered(source: Any) -> Iterator[tuple[int, Row]]:
    first_row, first_column = source.start
    pad: Row = [""] * first_column
    for number, values in enumerate(source.iter_rows(), start=first_row + 1):
        yield number, pad + values if pad else values


def _csv(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, Row]], int]]:
    encoding = _encoding(path)
    text = io.open(path, encoding=encoding, newline="")  # noqa: SIM115, UP020 - closed with the process, read lazily
    sample = text.read(8192)
    text.seek(0)
    first = sample.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    with path.open("rb") as raw:
        height = sum(block.count(b"\n") for block in iter(lambda: raw.read(2**20), b"")) + 1
    rows: Iterator[tuple[int, Row]] = enumerate(csv.reader(text, delimiter=delimiter), start=1)
    yield path.stem, rows, height


def _encoding(path: Path) -> str:
    """UTF-8 where it is that, else what Excel in China writes."""
    try:
        with path.open(encoding="utf-8") as handle:
            while handle.read(2**20):
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _headed(
    name: str, rows: Iterator[tuple[int, Row]], height: int, heads: Heads, mapped: dict[str, Any]
) -> Sheet | None:
    first = list(islice(rows, HEAD_WITHIN))
    best: tuple[int, int, tuple[Column, ...]] | None = None
    for index, (_, values) in enumerate(first):
        columns = heads.read(values, mapped, hints=False)
        hits = sum(column.use is not Use.UNKNOWN for column in columns)
        if hits and (best is None or hits > best[0]):
            best = (hits, index, columns)
    if best is None or not any(column.use is Use.INPUT for column in best[2]):
        return None
    index = best[1]
    number, values = first[index]
    columns = heads.read(values, mapped)
    rest = _filled([*first[index + 1 :]], rows)
    return Sheet(
        name,
        number,
        tuple("" if v is None else str(v) for v in values),
        columns,
        max(height - number, 0),
        rest,
    )


def _filled(first: list[tuple[int, Row]], rows: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Rows with anything in them."""
    for source in (first, rows):
        for number, values in source:
            if any(v is not None and v != "" for v in values):
                yield number, values
