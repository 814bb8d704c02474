"""The provincial office agrees that the city builds first."""

from __future__ import annotations

from datetime import date

from ..model import Block, Heading, Letter, Paragraph
from ..numbers import IssuingNumber, chinese_date
from .envelope import WORK_PLAN, Envelope, valley_name


def acceptance_letter(
    envelope: Envelope,
    *,
    valley: str,
    city: str,
    filed_under: IssuingNumber | None,
    starts: date,
    ends: date,
    advice: tuple[str, ...] = (),
) -> Letter:
    """同意先行建设的复函.

    ``starts`` and ``ends`` bound the building stage; ``filed_under`` is the number of the city's letter.
    """
    name = valley_name(valley)
    number = f"（{filed_under}）" if filed_under else ""
    body: list[Block] = [
        Paragraph(
            f"《关于报送{name}创新驱动平台建设方案的函》{number}收悉。根据{WORK_PLAN}，经研究，现函复如下。"
        ),
        Heading(
            1,
            "同意先行启动建设。",
            f"原则同意按照建设方案先行启动{name}创新驱动平台建设，"
            f"建设期自{chinese_date(starts)}至{chinese_date(ends)}。",
        ),
        Heading(
            1,
            "落实建设主体责任。",
            "请健全推进机制，明确任务分工和进度安排，由专业化、市场化、实体化的第三方"
            "团队负责运营，配套相应政策措施，确保建设方案落地见效。",
        ),
    ]
    if advice:
        body.append(Heading(1, "采纳完善意见"))
        body += [Heading(3, item.rstrip("。；;") + "。") for item in advice]
    body.append(
        Heading(
            1,
            "做好报告和认定申请。",
            "每年12月底前书面报告年度建设情况；具备建设条件后，"
            f"按程序向{envelope.we}提出认定申请。先行建设不等同于认定，未经认定不得挂牌。",
        )
    )
    body.append(Paragraph("专此函复。"))
    return Letter(
        **envelope.fields(),
        form="letter",
        title=f"关于同意{name}创新驱动平台先行建设的复函",
        addressee=city,
        body=tuple(body),
    )
