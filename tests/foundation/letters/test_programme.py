"""The letters of the programme say what they must, and every one of them can be set in both formats."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest

from jinchuanggu.foundation.letters import (
    Heading,
    IssuingNumber,
    KeyValue,
    Layout,
    Letter,
    LetterError,
    Paragraph,
    Table,
    render_docx,
    render_pdf,
)
from jinchuanggu.foundation.letters.programme import (
    OFFICE,
    Envelope,
    acceptance_letter,
    approval_request,
    assessment_report,
    consultation_letter,
    filing_letter,
    plaque_decision,
    public_notice,
    return_letter,
)

DAY = date(2026, 7, 5)


def envelope(issuer: str = OFFICE, code: str = "晋创谷办函") -> Envelope:
    return Envelope(issuer=issuer, number=IssuingNumber(code, 2026, 3), dated=DAY, mark="模拟")


CITY = envelope("阳泉市人民政府", "阳政函")
DEPARTMENT = envelope("山西省科学技术厅", "晋科请")
LETTERS: dict[str, Letter] = {
    "filing": filing_letter(
        CITY,
        valley="阳泉",
        kind="区域综合类",
        zone="阳泉高新区",
        fields=("新型储能",),
        universities=("太原理工大学",),
        argued_on=date(2026, 2, 10),
        measures=(("总体规划面积", "12.6平方公里"),),
    ),
    "consultation": consultation_letter(
        envelope(),
        valley="阳泉",
        city="阳泉市人民政府",
        units=("省教育厅", "省财政厅"),
        deadline=date(2026, 7, 20),
        points=("重点领域是否衔接",),
    ),
    "return": return_letter(
        envelope(), valley="阳泉", addressee="阳泉市人民政府", reasons=(("缺少证明材料", "请补充合同"),)
    ),
    "acceptance": acceptance_letter(
        envelope(),
        valley="阳泉",
        city="阳泉市人民政府",
        filed_under=IssuingNumber("阳政函", 2026, 18),
        starts=date(2026, 8, 1),
        ends=date(2029, 7, 31),
    ),
    "assessment": assessment_report(
        envelope(),
        valley="阳泉",
        assessed_on=date(2026, 6, 30),
        conditions=[
            ("总体规划面积", "12.6平方公里", "不小于10平方公里", "满足", "批复"),
            ("人员", "—", "—", "证据不足", ""),
        ],
        scores=[("专家甲", Decimal("86.5"), "清晰"), ("专家乙", Decimal(82), ""), ("专家丙", None, "")],
        conclusion="建议补充证据",
    ),
    "approval": approval_request(
        DEPARTMENT, valley="阳泉", city="阳泉市", signer="张某某", assessed_on=DAY, summary="评估合格"
    ),
    "plaque": plaque_decision(
        envelope(), valley="阳泉", kind="区域综合类", city="阳泉市人民政府", plaque_number="JCG-2026-003"
    ),
    "notice": public_notice(
        envelope(),
        kind="公示",
        subject="拟认定晋创谷·阳泉",
        statements=("现予公示",),
        starts=DAY,
        ends=date(2026, 7, 12),
    ),
}


def words(letter: Letter) -> str:
    parts = [letter.title, letter.addressee]
    for block in letter.blocks:
        match block:
            case Paragraph():
                parts.append(block.text)
            case Heading():
                parts.append(block.text + block.run_in)
            case KeyValue():
                parts += [f"{name}：{value}" for name, value in block.items]
            case Table():
                parts += [cell for row in block.rows for cell in row]
    return "\n".join(parts)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "filing",
            ("阳泉市人民政府关于报送晋创谷·阳泉", "2026年2月10日", "我市", "总体规划面积：12.6平方公里"),
        ),
        ("consultation", ("省教育厅、省财政厅", "2026年7月20日前", "我办")),
        ("return", ("缺少证明材料。请补充合同。", "特此通知。")),
        ("acceptance", ("（阳政函〔2026〕18号）收悉", "2026年8月1日至2029年7月31日")),
        ("assessment", ("满足1项", "证据不足1项", "平均分为84.25分", "1名专家未评分，不计入平均分")),
        ("approval", ("妥否，请批示。", "我厅")),
        ("plaque", ("关于认定挂牌“晋创谷·阳泉”的决定", "标牌编号：JCG-2026-003")),
        ("notice", ("公示期自2026年7月5日至2026年7月12日", "特此公示。")),
    ],
)
def test_what_each_letter_says(name: str, said: tuple[str, ...]) -> None:
    text = words(LETTERS[name])
    assert all(phrase in text for phrase in said), text
    assert not re.search(r"。。|，。|None|[\[\]]", text)


@pytest.mark.parametrize("name", LETTERS)
def test_each_letter_is_set_in_both_formats_with_its_mark(name: str) -> None:
    pytest.importorskip("weasyprint")
    pypdf = pytest.importorskip("pypdf")
    letter = LETTERS[name]
    for page in pypdf.PdfReader(BytesIO(render_pdf(letter))).pages:
        assert "模拟" in page.extract_text().replace(" ", "")
    archive = ZipFile(BytesIO(render_docx(letter, Layout(28.99, own_page=False, keep=False))))
    headers = [archive.read(part).decode() for part in archive.namelist() if "/header" in part]
    assert headers
    assert all("模拟" in header for header in headers)


def test_forms() -> None:
    assert LETTERS["filing"].form == "letter"
    assert (LETTERS["approval"].form, LETTERS["approval"].signer) == ("upward", "张某某")
    request = filing_letter(
        CITY,
        valley="阳泉",
        kind="区域综合类",
        zone="园区",
        fields=("甲", "乙"),
        universities=("某大学",),
        signer="王某",
    )
    assert request.form == "upward"
    assert request.title.endswith("的请示")
    assert "妥否，请批示。" in words(request)


def test_a_return_without_reasons_and_a_notice_without_period_are_refused() -> None:
    with pytest.raises(LetterError):
        return_letter(envelope(), valley="阳泉", addressee="阳泉市人民政府", reasons=())
    with pytest.raises(LetterError):
        public_notice(envelope(), kind="公示", subject="某事", statements=("现予公示",))
