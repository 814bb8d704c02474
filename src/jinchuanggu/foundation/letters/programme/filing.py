"""The city government files its construction plan."""

from __future__ import annotations

from datetime import date

from ..model import Attachment, Block, Heading, KeyValue, Letter, Paragraph
from ..numbers import chinese_date
from .envelope import OFFICE, WORK_PLAN, Envelope, joined, valley_name


def filing_letter(
    envelope: Envelope,
    *,
    valley: str,
    kind: str,
    zone: str,
    fields: tuple[str, ...],
    universities: tuple[str, ...],
    argued_on: date | None = None,
    measures: tuple[tuple[str, str], ...] = (),
    attachments: tuple[str, ...] = ("建设方案", "专家咨询论证意见"),
    addressee: str = OFFICE,
    signer: str = "",
) -> Letter:
    """市政府报送建设方案的函; with ``signer`` the same text goes up as 请示.

    ``kind`` 区域综合类 or 省域专业类 · ``argued_on`` day of the expert argument · ``measures`` planned values
    as (name, value with unit).
    """
    name = valley_name(valley)
    argued = (
        f"，并于{chinese_date(argued_on)}组织专家进行了咨询论证，根据论证意见作了修改完善"
        if argued_on
        else ""
    )
    body: list[Block] = [
        Paragraph(
            f"为推动科技成果加快转化为新质生产力，按照{WORK_PLAN}要求，{envelope.we}组织有关部门编制了"
            f"《{name}创新驱动平台建设方案》{argued}。现将有关情况函报如下。".replace(
                "函报", "报告" if signer else "函报"
            )
        ),
        Heading(1, "平台定位"),
        Paragraph(
            f"{name}为{kind}创新驱动平台，依托{zone}建设，共建高校为{joined(universities)}，"
            f"聚焦{joined(fields)}{'等领域' if len(fields) > 1 else '领域'}。"
        ),
    ]
    if measures:
        body += [Heading(1, "主要规划指标"), KeyValue(measures)]
    body += [
        Heading(1, "组织保障"),
        Paragraph(
            f"{envelope.we}已组建工作专班，明确责任分工，将平台建设列入重要规划和年度工作计划，并将按照建设方案"
            "统筹做好先行建设、运营团队遴选和政策配套等工作。"
        ),
        Paragraph("妥否，请批示。" if signer else "现随函报送建设方案及有关材料，请予审核支持。"),
    ]
    verb, species = ("审核", "请示") if signer else ("报送", "函")
    title = f"{envelope.issuer}关于{verb}{name}创新驱动平台建设方案的{species}"
    names = tuple(Attachment(f"{name}创新驱动平台{item}") for item in attachments)
    return Letter(
        **envelope.fields(),
        title=title,
        addressee=addressee,
        body=tuple(body),
        attachments=names,
        form="upward" if signer else "letter",
        signer=signer,
    )
