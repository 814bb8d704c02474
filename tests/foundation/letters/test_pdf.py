"""The PDF measured from outside, by a reader that had no part in making it."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from jinchuanggu.foundation.letters import Attachment, Heading, Letter, Paragraph, Table, lay_out, render_pdf

from .samples import letter

pytest.importorskip("weasyprint")
pytest.importorskip("pypdf")
import pypdf

POINTS_PER_MM = 72 / 25.4


def read(source: Letter) -> Any:
    return pypdf.PdfReader(BytesIO(render_pdf(source)))


def placed(page: Any) -> list[tuple[str, float, float]]:
    """Every piece of text with the place of its origin in mm from the top left of the page."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((text.strip(), x / POINTS_PER_MM, 297 - y / POINTS_PER_MM))

    page.extract_text(visitor_text=visit)
    return found


def flat(page: Any) -> str:
    return "".join(page.extract_text().split())


def test_a_full_page_has_22_lines_of_28_characters() -> None:
    reader = read(letter(body=(Paragraph("晋" * 28 * 60),)))
    lines = [text for text, _, _ in placed(reader.pages[1]) if set(text) == {"晋"}]
    assert len(lines) == 22
    assert {len(line) for line in lines} == {28}
    assert flat(reader.pages[1]).count("晋") == 616


def test_the_type_area_keeps_the_margins_on_both_sides_of_the_sheet() -> None:
    reader = read(letter(body=(Paragraph("晋" * 28 * 60),)))
    assert [round(float(side) / POINTS_PER_MM) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    for page, left in ((reader.pages[1], 26), (reader.pages[2], 28)):
        body = [(x, y) for text, x, y in placed(page) if set(text) == {"晋"}]
        assert min(x for x, _ in body) == pytest.approx(left, abs=0.3)
        tops = sorted(y for _, y in body)
        assert 37 < tops[0] < 37 + 10.3
        assert 262 - 10.3 < tops[-1] < 262
        assert (tops[-1] - tops[0]) / 21 == pytest.approx(225 / 22, abs=0.01)


def test_page_numbers_stand_7_mm_under_the_type_area_outside() -> None:
    reader = read(letter(body=(Paragraph("晋" * 28 * 60),)))
    for index, side in ((0, "right"), (1, "left")):
        folio = [item for item in placed(reader.pages[index]) if "—" in item[0]]
        assert "".join(flat(reader.pages[index]).split())[-3:] == f"—{index + 1}—"
        _, x, y = folio[0]
        assert (x > 150) == (side == "right")
        assert 262 + 7 < y < 262 + 7 + 5


def test_the_head_of_a_document() -> None:
    page = read(letter()).pages[0]
    text = flat(page)
    assert text.startswith("山西省科学技术厅文件晋科发〔2026〕8号")
    name = next(y for words, _, y in placed(page) if words.startswith("山西省科学技术厅文件"))
    # 35 mm below the top of the type area begins the name, whose foot is one character lower.
    assert 37 + 35 + 11 < name < 37 + 35 + 17
    assert text.index("各设区市科技局：") < text.index("请认真贯彻执行。") < text.index("2026年7月5日")


def test_an_upward_document_names_its_signer() -> None:
    text = flat(read(letter(form="upward", signer="张某某")).pages[0])
    assert "晋科发〔2026〕8号签发人：张某某" in text


def test_a_letter_has_no_文件_and_no_number_on_its_first_page() -> None:
    page = read(letter(form="letter", copies_to=("省政府办公厅",))).pages[0]
    text = flat(page)
    assert "文件" not in text
    assert "—1—" not in text
    assert "抄送：省政府办公厅。" in text


def test_annexes_align_and_follow_on_pages_of_their_own() -> None:
    annexes = (Attachment("建设方案", (Heading(1, "总体要求"), Paragraph("内容。"))), Attachment("论证意见"))
    reader = read(letter(attachments=annexes))
    first = {text: x for text, x, _ in placed(reader.pages[0])}
    names = [x for text, x in first.items() if text in ("建设方案", "论证意见")]
    assert "附件：1.建设方案2.论证意见" in flat(reader.pages[0])
    assert len(set(map(round, names))) <= 1
    assert flat(reader.pages[1]).startswith("附件1建设方案一、总体要求")


def test_版记_ends_an_even_page_without_a_number_of_its_own() -> None:
    reader = read(
        letter(
            copies_to=("省委各部门", "各新闻单位"), printed_by="省科技厅办公室", printed_on=date(2026, 7, 9)
        )
    )
    assert len(reader.pages) == 2
    text = flat(reader.pages[1])
    assert text == "抄送：省委各部门，各新闻单位。省科技厅办公室2026年7月9日印发"
    assert max(y for _, _, y in placed(reader.pages[1])) == pytest.approx(262, abs=4)


@pytest.mark.parametrize("lines", range(1, 10))
def test_a_signature_never_stands_on_a_page_without_text(lines: int) -> None:
    source = letter(body=tuple(Paragraph(f"第{n}段正文。") for n in range(lines)))
    reader = read(source)
    page = next(flat(page) for page in reader.pages if "2026年7月5日" in flat(page))
    assert "段正文。" in page
    assert not any("此页无正文" in flat(page) for page in reader.pages)


def test_the_pitch_gives_way_before_text_is_moved() -> None:
    pitches = {lay_out(letter(body=(Paragraph("晋" * 28 * lines),)))[0].pitch for lines in range(26, 34)}
    assert len(pitches) > 1


def test_simulated_is_printed_on_every_page() -> None:
    reader = read(letter(mark="模拟", body=(Paragraph("晋" * 28 * 40),)))
    assert len(reader.pages) > 1
    for page in reader.pages:
        where = [y for text, _, y in placed(page) if text in ("模拟", "模 拟")]
        assert where
        assert where[0] < 30
    assert "模拟" in reader.metadata["/Keywords"]


def test_markup_is_text() -> None:
    evil = "<script>alert(1)</script>&amp;"
    source = letter(
        title=evil,
        addressee=evil,
        mark='"}</style><b>',
        body=(Paragraph(evil), Heading(1, evil)),
        tables=(Table((evil,), ((evil,),), evil),),
        note=evil,
        signature=evil,
    )
    page = read(source).pages[0]
    assert flat(page).count("<script>alert(1)</script>&amp;") >= 3
    assert '"}</style><b>' in flat(page)


def test_the_file_is_tagged_titled_and_carries_its_fonts() -> None:
    reader = read(letter())
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert reader.metadata.title == "关于做好平台建设工作的通知"
    assert reader.metadata.author == "山西省科学技术厅"
    assert "仿宋" in str(reader.metadata.subject)
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
