"""What a workbook may be, judged on the archive itself before any reader builds tables from it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from jinchuanggu.foundation.exchange.problems import BadFile

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_RATIO = 200
MAX_PARTS = 2000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
INLINE_ROWS = 500
"""More rows than this are worked on by a job."""
ANNOTATED_CELLS = 400_000
"""A larger workbook is handed back as a list of its failed rows, because editing it in place takes too much memory."""

_PLACE = re.compile(rb"""\br\s*=\s*["']\$?([A-Za-z]{1,4})\$?(\d{1,10})["']""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d{1,10})["']""")


def inspect(path: Path) -> None:
    """Refuse what is no workbook or would unpack into more than a workbook. Raises BadFile."""
    if path.stat().st_size > MAX_BYTES:
        raise BadFile(_("文件超过 %(size)d MB，请分成几份") % {"size": MAX_BYTES // 2**20})
    try:
        with zipfile.ZipFile(path) as archive:
            _members(archive)
            for name in archive.namelist():
                if name.lower().startswith("xl/worksheets/") and name.lower().endswith(".xml"):
                    with archive.open(name) as part:
                        _extent(part)
    except BadFile:
        raise
    except Exception as error:  # a damaged archive fails in a dozen ways, all of them the file's
        raise BadFile(_not_xlsx()) from error


def _not_xlsx() -> str:
    return _(
        "这不是可读取的 .xlsx 工作簿；请用 Excel 或 WPS 另存为 .xlsx 后再上传（不支持 .xls、.csv 和加密文件）"
    )


def _members(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename.lower() for part in parts}
    if "[content_types].xml" not in names or not any(n.startswith("xl/workbook.") for n in names):
        raise BadFile(_not_xlsx())
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if (
        len(parts) > MAX_PARTS
        or unpacked > MAX_UNPACKED
        or (unpacked > 2**24 and unpacked / packed > MAX_RATIO)
    ):
        raise BadFile(_("文件解开后过大，未读取；请删去图片、附件和空白行列后再上传"))
    if any(part.flag_bits & 1 for part in parts):
        raise BadFile(_("文件已加密，请去掉密码后再上传"))


def _extent(part: IO[bytes]) -> None:
    """A cell far away makes a reader build the whole rectangle up to it, so the farthest one is looked for first."""
    rest, read = b"", 0
    while block := part.read(2**20):
        read += len(block)
        if read > MAX_UNPACKED:
            raise BadFile(_("文件解开后过大，未读取；请删去图片、附件和空白行列后再上传"))
        text = rest + block
        for match in _PLACE.finditer(text):
            if _number(match[1]) > MAX_COLUMNS:
                raise BadFile(_("第 %(column)s 列有内容，超过 %(max)d 列的上限") % {
                    "column": match[1].decode(), "max": MAX_COLUMNS})  # fmt: skip
            if int(match[2]) > MAX_ROWS + 20:
                raise too_many()
        for match in _ROW.finditer(text):
            if int(match[1]) > MAX_ROWS + 20:
                raise too_many()
        rest = text[-200:]


def too_many() -> BadFile:
    return BadFile(_("超过 %(max)s 行的上限（或很远处有零散单元格），请分成几份") % {"max": f"{MAX_ROWS:,}"})


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
