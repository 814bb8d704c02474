"""The Word file read back, as XML and by other programs."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from jinchuanggu.foundation.letters import Attachment, Heading, Layout, Paragraph, Table, render_docx

from .samples import letter

docx = pytest.importorskip("docx")
PLAIN = Layout(28.99, own_page=False, keep=False)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(layout: Layout = PLAIN, **changes: Any) -> Any:
    return docx.Document(BytesIO(render_docx(letter(**changes), layout)))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_margins_and_grid() -> None:
    document = opened()
    section = document.sections[0]
    sides = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = section._sectPr.find(f"{W}docGrid")
    assert grid.get(f"{W}type") == "linesAndChars"
    pitch, extra = int(grid.get(f"{W}linePitch")) / 20, int(grid.get(f"{W}charSpace")) / 4096
    assert int(225 / 25.4 * 72 // pitch) == 22
    assert int(156 / 25.4 * 72 // (16 + extra)) == 28
    assert document.settings.element.find(f"{W}mirrorMargins") is not None
    assert document.settings.odd_and_even_pages_header_footer


@pytest.mark.parametrize(
    ("style", "face", "size"),
    [
        ("Normal", "仿宋_GB2312", 16),
        ("公文正文", "仿宋_GB2312", 16),
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Heading 3", "仿宋_GB2312", 16),
        ("公文版记", "仿宋_GB2312", 14),
        ("公文页码", "宋体", 14),
    ],
)
def test_styles_name_the_chinese_face(style: str, face: str, size: int) -> None:
    found = opened().styles[style]
    fonts = found.element.rPr.rFonts
    assert fonts.get(f"{W}eastAsia") == fonts.get(f"{W}ascii") == face
    assert fonts.get(f"{W}eastAsiaTheme") is None
    assert found.font.size.pt == size


def test_the_order_of_a_document() -> None:
    document = opened(
        body=(Heading(1, "总体要求"), Heading(2, "目标。", "三年建成。"), Paragraph("正文。")),
        attachments=(Attachment("方案", (Paragraph("内容。"),)), Attachment("名单")),
        note="此件公开发布",
    )
    texts = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    head, tail = texts[:4], texts[9:]
    assert head == [
        "山西省科学技术厅文件",
        "晋科发〔2026〕8号",
        "关于做好平台建设工作的通知",
        "各设区市科技局：",
    ]
    assert texts[4:9] == ["一、总体要求", "（一）目标。三年建成。", "正文。", "附件：1.\t方案", "\t2.\t名单"]
    assert tail == ["山西省科学技术厅", "2026年7月5日", "（此件公开发布）", "附件1", "方案", "内容。"]


def test_red_head_and_red_rule() -> None:
    xml = part(render_docx(letter(), PLAIN), "word/document.xml")
    assert re.search(r'<w:bottom [^>]*w:color="E60012"', xml)
    assert opened().styles["公文发文机关标志"].font.color.rgb.__str__() == "E60012"


def test_footers_differ_by_side_and_hold_the_page_field() -> None:
    section = opened().sections[0]
    for footer, side in ((section.footer, 2), (section.even_page_footer, 0)):
        line = footer.paragraphs[0]
        assert "PAGE" in line._p.xml
        assert line.text.startswith("— ")
        assert line.alignment == side


def test_simulated_is_in_every_header() -> None:
    for form in ("document", "letter"):
        section = opened(form=form, mark="模拟").sections[0]
        headers = [section.header, section.even_page_header]
        if form == "letter":
            headers.append(section.first_page_header)
        assert all("模拟" in header.paragraphs[0].text for header in headers)


def test_letter_form_has_double_red_rules() -> None:
    section = opened(form="letter").sections[0]
    assert "thickThinSmallGap" in section.first_page_header._element.xml
    assert "thinThickSmallGap" in section.first_page_footer._element.xml
    assert "PAGE" not in section.first_page_footer._element.xml


def test_版记_has_three_rules_and_may_have_an_even_page_without_number() -> None:
    copies = {"copies_to": ("省委各部门",), "printed_by": "厅办公室", "printed_on": date(2026, 7, 9)}
    document = opened(Layout(28.99, own_page=True, keep=False), **copies)
    framed = [p for p in document.paragraphs if p._p.xpath("w:pPr/w:framePr")]
    rules = [p.paragraph_format.line_spacing.mm for p in framed if 'w:fill="000000"' in p._p.xml]
    assert rules == pytest.approx([0.35, 0.25, 0.35], abs=0.01)
    assert [p.text for p in framed if p.text] == ["抄送：省委各部门。", "厅办公室\t2026年7月9日印发"]
    assert document.sections[-1].start_type.name == "EVEN_PAGE"
    assert "PAGE" not in document.sections[-1].even_page_footer._element.xml


def test_tables_repeat_their_header() -> None:
    document = opened(tables=(Table(("条件", "结论"), (("面积", "满足"),), "核验表", (3, 1)),))
    table = document.tables[0]
    assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["条件", "结论"], ["面积", "满足"]]


def test_markup_is_text_and_properties_are_filled() -> None:
    document = opened(title="<script>&amp;", mark="模拟")
    assert any(paragraph.text == "<script>&amp;" for paragraph in document.paragraphs)
    core = document.core_properties
    assert (core.title, core.author) == ("<script>&amp;", "山西省科学技术厅")
    assert core.subject == "晋科发〔2026〕8号"
    assert "仿宋_GB2312" in core.comments
    assert "模拟" in core.keywords


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_another_program_sets_the_same_grid(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    source = tmp_path / "letter.docx"
    source.write_bytes(render_docx(letter(body=(Paragraph("晋" * 28 * 60),), mark="模拟")))
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    page = pypdf.PdfReader(tmp_path / "letter.pdf").pages[1]
    assert "".join(page.extract_text().split()).count("晋") == 616
    assert "模拟" in page.extract_text()
