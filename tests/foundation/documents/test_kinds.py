"""Files are told by content; names only have to agree."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from jinchuanggu.foundation.documents import kinds
from jinchuanggu.foundation.documents.kinds import clean_name, recognise
from tests.foundation.documents import files


@pytest.mark.parametrize(
    ("name", "data", "extension"),
    [
        ("方案.pdf", files.PDF, "pdf"),
        ("图.png", files.PNG, "png"),
        ("图.JPEG", files.JPG, "jpg"),
        ("报告.docx", files.docx(), "docx"),
        ("表.xlsx", files.xlsx(), "xlsx"),
        ("说明.txt", "正文，含标点。\n".encode(), "txt"),
        ("数据.csv", "\ufeff名称,数\n甲,1 < 2\n".encode(), "csv"),
    ],
)
def test_accepted(name: str, data: bytes, extension: str) -> None:
    assert recognise(io.BytesIO(data), name).extension == extension


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("页.html", b"<!DOCTYPE html><html></html>", "HTML"),
        ("图.svg", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "HTML/SVG"),
        ("页.txt", b"\xef\xbb\xbf  <script>alert(1)</script>", "网页"),
        ("页.csv", b"a,b\n<svg onload=x>", "网页"),
        ("程序.exe", b"MZ\x90\x00", "EXE"),
        ("程序.pdf", b"MZ\x90\x00", "EXE"),
        ("图.pdf", files.PNG, "PNG"),
        ("方案.docx", files.PDF, "PDF"),
        ("报告.docx", files.xlsx(), "XLSX"),
        ("包.zip", files.zipped({"a.txt": b"a"}), "ZIP"),
        ("包.docx", files.zipped({"a.txt": b"a"}), "ZIP"),
        ("宏.docx", files.docx(**{"word/vbaProject.bin": b"x"}), "宏"),
        ("坏.docx", files.docx()[:-20], "损坏"),
        ("半.pdf", b"%PDF-1.7\nno end", "不完整"),
        ("空.pdf", b"", "空"),
        ("国标.txt", "中文内容".encode("gb18030"), "UTF-8"),
        ("二进制.txt", b"abc\x00def", "不是文本"),
        ("无后缀", files.PDF, "PDF"),
    ],
)
def test_refused_with_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        recognise(io.BytesIO(data), name)
    assert words in refused.value.messages[0]


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "MAX_UNPACKED", 1000)
    with pytest.raises(ValidationError, match="过大"):
        recognise(io.BytesIO(files.docx(**{"word/media/big.bin": b"0" * 5000})), "大.docx")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\王\\方案 v2.pdf", "方案 v2.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "abSet-Cookie x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_names_are_made_safe(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_keeps_anything_dangerous(name: str) -> None:
    kept = clean_name(name)
    assert kept
    assert len(kept) <= 300
    assert not set(kept) & set('/\\\r\n\x00"<>:|?*')


@given(st.binary(max_size=400), st.sampled_from(["a.pdf", "a.docx", "a.txt", "a.png", "a"]))
def test_junk_is_refused_in_words_or_accepted_but_never_crashes(data: bytes, name: str) -> None:
    with suppress(ValidationError):
        assert recognise(io.BytesIO(data), name).extension in kinds.MEDIA_TYPES
