"""The parts of an official document, free of any layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .errors import LetterError
from .numbers import IssuingNumber, heading_label

Form = Literal["document", "letter", "upward", "plain"]
"""``document`` 下行文、平行文 with red head · ``letter`` 信函格式 · ``upward`` 上行文 with 签发人 ·
``plain`` a report bound without a red head."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A numbered heading; ``run_in`` is body text that follows it on the same line."""

    level: Literal[1, 2, 3, 4]
    text: str
    run_in: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``header`` and every row have the same length; ``widths`` are weights of the columns."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        columns = len(self.header)
        if columns == 0:
            raise LetterError("table.header", "表格应有表头", "tables")
        for position, row in enumerate(self.rows, start=1):
            if len(row) != columns:
                raise LetterError(
                    "table.row", f"表格第{position}行有{len(row)}列，表头有{columns}列", "tables"
                )
        if self.widths and (len(self.widths) != columns or min(self.widths) < 1):
            raise LetterError("table.widths", "列宽的个数应与表头相同且均为正数", "tables")


@dataclass(frozen=True, slots=True)
class KeyValue:
    """Lines of “name：value”."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture drawn from its numbers: ``series`` as (name, values by category), exact text or None where unknown."""

    title: str
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[str | None, ...]], ...]
    unit: str = ""
    kind: Literal["line", "bar"] = "line"

    def __post_init__(self) -> None:
        if not self.categories or not self.series:
            raise LetterError("chart.empty", "图表没有数据", "body")
        for name, values in self.series:
            if len(values) != len(self.categories):
                raise LetterError("chart.values", f"图表系列“{name}”的个数与类别不一致", "body")

    @property
    def described(self) -> str:
        """For readers who cannot see it: title and the last known value of each series."""
        last = [
            f"{name}最新为 {next((v for v in reversed(values) if v is not None), '无数据')}{self.unit}"
            for name, values in self.series
        ]
        return f"{self.title}：{'，'.join(last)}"


Block = Paragraph | Heading | Table | KeyValue | Chart


@dataclass(frozen=True, slots=True)
class Attachment:
    """An annex; one without blocks is only listed, because it travels as a file of its own."""

    title: str
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One official document as GB/T 9704-2012 divides it.

    A newline in title or signature sets a line break.
    """

    issuer: str
    title: str
    body: tuple[Block, ...]
    dated: date
    number: IssuingNumber | None = None
    addressee: str = ""
    attachments: tuple[Attachment, ...] = ()
    signature: str = ""
    note: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    form: Form = "document"
    signer: str = ""
    copy_number: str = ""
    secrecy: str = ""
    urgency: str = ""
    mark: str = ""
    """Printed in a box at the head of every page, e.g. 模拟 for a document made of simulated data."""
    tables: tuple[Table, ...] = ()
    """Tables that follow the text of the body."""

    def __post_init__(self) -> None:
        for name, label in (("issuer", "发文机关"), ("title", "标题")):
            if not getattr(self, name).strip():
                raise LetterError("letter.empty", f"{label}不能为空", name)
        if not self.blocks:
            raise LetterError("letter.empty", "正文不能为空", "body")
        if self.form not in ("document", "letter", "upward", "plain"):
            raise LetterError("letter.form", f"没有“{self.form}”这种公文形式", "form")
        if self.form == "upward" and not self.signer.strip():
            raise LetterError("letter.signer", "上行文应当标注签发人", "signer")
        if self.printed_on is not None and self.printed_on < self.dated:
            raise LetterError("letter.printed", "印发日期不能早于成文日期", "printed_on", "dated")
        if self.copy_number and not (
            len(self.copy_number) == 6 and self.copy_number.isascii() and self.copy_number.isdigit()
        ):
            raise LetterError("letter.copy_number", "份号为6位阿拉伯数字", "copy_number")

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*self.body, *self.tables)

    @property
    def signed_by(self) -> str:
        return self.signature or self.issuer

    @property
    def has_colophon(self) -> bool:
        """版记 exists when somebody gets a copy or the printing is told."""
        return bool(self.copies_to or (self.form != "letter" and (self.printed_by or self.printed_on)))

    @property
    def corner_lines(self) -> tuple[tuple[str, str], ...]:
        """份号, 密级, 紧急程度 as (kind, text), from the top left downward; kinds left out close up."""
        lines = (("copy", self.copy_number), ("secrecy", self.secrecy), ("urgency", self.urgency))
        return tuple((kind, text) for kind, text in lines if text)


def numbered(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, str]]:
    """Each block with its heading label ("" for what is not a heading); a level restarts below its parent."""
    counts = [0, 0, 0, 0]
    for block in blocks:
        if not isinstance(block, Heading):
            yield block, ""
            continue
        label_index = block.level - 1
        if not 0 <= label_index < len(counts):
            raise LetterError("heading.level", f"结构层次只有一至四级，收到 {block.level}", "body")
        counts[label_index] += 1
        counts[label_index + 1 :] = [0] * (len(counts) - label_index - 1)
        yield block, heading_label(block.level, counts[label_index])


def annex_names(letter: Letter) -> tuple[tuple[str, str], ...]:
    """附件说明 as (ordinal, title): no ordinal for a single annex, no punctuation at the end."""
    titles = [annex.title.replace("\n", "").rstrip("。；;，,.") for annex in letter.attachments]
    if len(titles) == 1:
        return (("", titles[0]),)
    return tuple((f"{index}.", title) for index, title in enumerate(titles, start=1))


def annex_label(letter: Letter, index: int) -> str:
    """附件 for the only annex, 附件2 for the second of several; ``index`` counts from 1."""
    return "附件" if len(letter.attachments) == 1 else f"附件{index}"
