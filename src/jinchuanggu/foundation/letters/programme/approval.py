"""The provincial office asks the provincial government to agree to a recognition."""

from __future__ import annotations

from datetime import date

from ..model import Attachment, Heading, Letter, Paragraph
from ..numbers import chinese_date
from .envelope import WORK_PLAN, Envelope, valley_name


def approval_request(
    envelope: Envelope,
    *,
    valley: str,
    city: str,
    signer: str,
    assessed_on: date,
    summary: str,
    proposal: str = "",
    addressee: str = "省人民政府",
) -> Letter:
    """上报省政府的请示. ``summary`` says how the assessment went; one request, one matter."""
    name = valley_name(valley)
    wish = proposal or f"同意认定{name}为创新驱动平台，并挂牌“{name}”"
    body = (
        Paragraph(
            f"{city}按照{WORK_PLAN}要求，先行启动{name}创新驱动平台建设，已提出认定申请。"
            f"{envelope.we}按程序组织了评估，现就有关事项请示如下。"
        ),
        Heading(1, "评估情况"),
        Paragraph(f"{chinese_date(assessed_on)}，省级工作专班办公室组织开展评估。{summary.rstrip('。')}。"),
        Heading(1, "有关建议"),
        Paragraph(
            f"鉴于上述情况，建议{wish.rstrip('。')}。挂牌后，{envelope.we}将把该平台纳入年度监测考核，"
            "督促建设主体巩固提升建设成效。"
        ),
        Paragraph("妥否，请批示。"),
    )
    return Letter(
        **envelope.fields(),
        form="upward",
        signer=signer,
        addressee=addressee,
        body=body,
        title=f"{envelope.issuer}关于认定{name}创新驱动平台的请示",
        attachments=(Attachment(f"{name}创新驱动平台评估报告"),),
    )
