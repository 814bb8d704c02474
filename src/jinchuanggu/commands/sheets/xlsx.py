"""A plain .xlsx written as a stream: text and numbers, one style each for heads, money and errors.

A hundred thousand firms by sixty columns are six million cells. Written one by one through a general library that is
most of a minute; joined row by row it is a few seconds, in the same few megabytes of memory.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from jinchuanggu.commands.sheets.problems import letter

Cell = str | float | int | None
PLAIN, HEAD, MONEY, BAD = 0, 1, 2, 3
MOST_ROWS = 1_048_576
LONGEST = 32_767
SHARED = 60
"""Texts up to this length are written once and referred to, as long as there are not too many of them."""
MOST_SHARED = 100_000
_UNSEEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_SPECIAL = re.compile("[<>&\\x00-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = f"""{_START}<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.##"/></numFmts>
<fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font>
<font><sz val="11"/><color rgb="FFAD331B"/><name val="Calibri"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>
<fill><patternFill patternType="solid"><fgColor rgb="FFDFECEB"/></patternFill></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf xfId="0"/>
<xf xfId="0" fontId="1" fillId="2" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" fontId="2" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def safe(text: str) -> str:
    """Text as it may stand between tags."""
    if _SPECIAL.search(text):
        text = escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text))
    return text[:LONGEST]


class Page:
    """One sheet; its rows go to a temporary file at once."""

    def __init__(self, book: Book, name: str, heads: Sequence[tuple[str, float]], freeze: int = 0) -> None:
        self.book, self.name, self.rows = book, name[:31], 0
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the book
        self._letters = [letter(at) for at in range(len(heads))]
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>'
            for at, (_, width) in enumerate(heads, start=1)
        )
        corner = f"{letter(freeze)}2"
        split = f'xSplit="{freeze}" ' if freeze else ""
        where = "bottomRight" if freeze else "bottomLeft"
        self._put(
            f'{_START}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane {split}ySplit="1" '
            f'topLeftCell="{corner}" activePane="{where}" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{columns}</cols><sheetData>"
        )
        self.add([words for words, _ in heads], [HEAD] * len(heads))

    @property
    def full(self) -> bool:
        return self.rows >= MOST_ROWS

    def add(self, cells: Iterable[Cell], styles: Sequence[int] | None = None) -> None:
        """One row; None and empty text leave a cell out."""
        self.rows += 1
        row, parts = self.rows, [f'<row r="{self.rows}">']
        shared = self.book.shared
        for at, value in enumerate(cells):
            if value is None or value == "":
                continue
            style = f' s="{styles[at]}"' if styles and styles[at] else ""
            if value.__class__ is str:
                assert isinstance(value, str)
                index = shared.get(value)
                if index is None and len(value) <= SHARED and len(shared) < MOST_SHARED:
                    index = shared[value] = len(shared)
                if index is None:
                    parts.append(
                        f'<c r="{self._letters[at]}{row}"{style} t="inlineStr"><is><t xml:space="preserve">{safe(value)}</t></is></c>'
                    )
                else:
                    parts.append(f'<c r="{self._letters[at]}{row}"{style} t="s"><v>{index}</v></c>')
            else:
                parts.append(f'<c r="{self._letters[at]}{row}"{style}><v>{value!r}</v></c>')
        parts.append("</row>")
        self._put("".join(parts))

    def _put(self, text: str) -> None:
        self._file.write(text.encode())

    def into(self, archive: zipfile.ZipFile, name: str) -> None:
        """Move the sheet into the package."""
        self._put("</sheetData></worksheet>")
        self._file.seek(0)
        with archive.open(name, "w", force_zip64=True) as target:
            while block := self._file.read(2**20):
                target.write(block)
        self._file.close()


class Book:
    """The package; nothing is at ``path`` before ``close``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages: list[Page] = []
        self.shared: dict[str, int] = {}

    def page(self, name: str, heads: Sequence[tuple[str, float]], freeze: int = 0) -> Page:
        found = Page(self, name, heads, freeze)
        self.pages.append(found)
        return found

    def close(self) -> None:
        numbers = range(1, len(self.pages) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(page.name)} sheetId="{at}" r:id="rId{at}"/>'
            for at, page in zip(numbers, self.pages, strict=True)
        )
        kinds = "".join(
            f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
            for at in numbers
        )
        links = "".join(
            f'<Relationship Id="rId{at}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
            for at in numbers
        )
        last = len(self.pages)
        with zipfile.ZipFile(self.path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(
                "[Content_Types].xml",
                f'{_START}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{kinds}'
                f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                f'{_START}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            archive.writestr(
                "xl/workbook.xml",
                f'{_START}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
            )
            archive.writestr(
                "xl/_rels/workbook.xml.rels",
                f'{_START}<Relationships xmlns="{_PACKAGE}/relationships">{links}<Relationship Id="rId{last + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
                f'<Relationship Id="rId{last + 2}" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
            )
            archive.writestr("xl/styles.xml", _STYLES)
            for at, page in zip(numbers, self.pages, strict=True):
                page.into(archive, f"xl/worksheets/sheet{at}.xml")
            with archive.open("xl/sharedStrings.xml", "w") as target:
                target.write(f'{_START}<sst xmlns="{_MAIN}">'.encode())
                for text in self.shared:
                    target.write(f'<si><t xml:space="preserve">{safe(text)}</t></si>'.encode())
                target.write(b"</sst>")
