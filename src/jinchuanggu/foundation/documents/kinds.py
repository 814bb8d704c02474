"""What a file is, told by its bytes. Its name only has to agree."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import puremagic
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
ACCEPTED = "PDF, DOCX, XLSX, PNG, JPG, TXT, CSV"
ACCEPT_ATTRIBUTE = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg,.txt,.csv"
SAME = {"jpeg": "jpg"}
# an office file unpacks to a few times its size; far more is a bomb
MAX_UNPACKED = 400 * 1024 * 1024
MAX_MEMBERS = 20_000
HEAD = 8192
MARKUP = re.compile(rb"<\s*(!doctype|html|svg|script|\?xml|head|body|iframe|math)", re.IGNORECASE)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class FileKind:
    extension: str
    media_type: str


def _refuse(message: str, code: str = "file_type") -> ValidationError:
    return ValidationError(message, code=code)


def clean_name(name: str) -> str:
    """The last part of a file name without anything a disk, a header or a page could trip over; at most 150
    letters.
    """
    name = PurePosixPath(name.replace("\\", "/")).name
    name = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]', "", name).strip(
        " ."
    )
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    stem = stem[: 150 - len(extension) - 1].strip(" .") or "file"
    return f"{stem}.{extension}" if extension else stem


def _extension(name: str) -> str:
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    return SAME.get(extension, extension)


def _office(source: BinaryIO) -> str | None:
    """ "docx", "xlsx" or None for another zip. Raises `ValidationError` for one that must not be kept."""
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_UNPACKED:
                raise _refuse(_("文件解压后过大，不能接收"))
            if any(member.flag_bits & 0x1 for member in members):
                raise _refuse(_("文件已加密，请去除密码后上传"))
            if any(
                name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) for name in names
            ):
                raise _refuse(_("文件含有宏或可执行内容，请另存为不含宏的文档后上传"))
            if "[Content_Types].xml" not in names:
                return None
            kind = "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None
            if kind and (damaged := archive.testzip()):
                raise _refuse(_("文件已损坏（%(part)s），请重新导出后上传") % {"part": damaged})
            return kind
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError) as problem:
        raise _refuse(_("文件已损坏，无法读取，请重新导出后上传")) from problem


def _text(source: BinaryIO, extension: str) -> str:
    import codecs

    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := source.read(1024 * 1024):
            if CONTROLS.search(decoder.decode(chunk)):
                raise _refuse(_("文件内容不是文本，不能接收。可接收：%(kinds)s") % {"kinds": ACCEPTED})
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise _refuse(_("文本文件须为 UTF-8 编码，请在保存时选择“UTF-8”")) from problem
    return extension


def _by_content(source: BinaryIO, extension: str) -> str:
    source.seek(0)
    head = source.read(HEAD)
    if not head:
        raise _refuse(_("文件是空的"), "file_empty")
    if head.startswith(b"%PDF-"):
        source.seek(0, 2)
        source.seek(max(0, source.tell() - 2048))
        if b"%%EOF" not in source.read():
            raise _refuse(_("PDF 文件不完整，请重新导出后上传"))
        return "pdf"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"PK\x03\x04"):
        office = _office(source)
        if office:
            return office
    elif extension in {"txt", "csv"}:
        if MARKUP.search(head.lstrip(b"\xef\xbb\xbf")):
            raise _refuse(_("文件内容是网页或图形代码，不能接收。可接收：%(kinds)s") % {"kinds": ACCEPTED})
        return _text(source, extension)
    raise _refuse(
        _("不能接收这种文件（%(found)s）。可接收：%(kinds)s") % {"found": _guess(head), "kinds": ACCEPTED}
    )


def _guess(head: bytes) -> str:
    """What a refused file seems to be, for the message."""
    if MARKUP.search(head):
        return "HTML/SVG"
    for start, kind in ((b"MZ", "EXE"), (b"PK", "ZIP")):
        if head.startswith(start):
            return kind
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return _("未知类型")
    return found[0].extension.lstrip(".").upper() or found[0].name if found else _("未知类型")


def recognise(source: BinaryIO, name: str) -> FileKind:
    """The kind of a file by its content, which its name must not contradict. Raises `ValidationError` in
    user's words.
    """
    extension = _extension(name)
    found = _by_content(source, extension)
    if extension != found:
        raise _refuse(
            _("文件名以 .%(named)s 结尾，内容却是 %(found)s，请改正文件名后上传")
            % {"named": extension or "?", "found": found.upper()}
        )
    return FileKind(found, MEDIA_TYPES[found])
