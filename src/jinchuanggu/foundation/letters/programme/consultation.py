"""The provincial office asks member units for their opinion."""

from __future__ import annotations

from datetime import date

from ..model import Attachment, Block, Heading, Letter, Paragraph, Table
from ..numbers import chinese_date
from .envelope import Envelope, joined, valley_name

_FORM = Table(
    ("序号", "方案章节", "修改意见", "理由和依据"),
    tuple((str(i), "", "", "") for i in range(1, 6)),
    widths=(2, 5, 8, 6),
)


def consultation_letter(
    envelope: Envelope,
    *,
    valley: str,
    city: str,
    units: tuple[str, ...],
    deadline: date,
    points: tuple[str, ...] = (),
    reply_to: str = "",
) -> Letter:
    """征求意见函 to ``units``; ``points`` are what is asked, ``deadline`` is the last day of reply."""
    name = valley_name(valley)
    body: list[Block] = [
        Paragraph(
            f"{city}报送了《{name}创新驱动平台建设方案》。为做好方案审核工作，增强政策衔接和部门协同，"
            "现征求你单位意见，并就有关事项函告如下。"
        ),
    ]
    if points:
        body += [Heading(1, "征求意见的重点")]
        body += [Heading(3, point.rstrip("。；;") + "。") for point in points]
        body += [Heading(1, "反馈要求")]
    reply = f"送{reply_to}" if reply_to else f"反馈{envelope.we}"
    body += [
        Paragraph(
            f"请结合职能提出明确意见，填写反馈意见表，加盖公章后于{chinese_date(deadline)}前{reply}。"
            f"没有修改意见的，也请书面复函；逾期未反馈的，{envelope.we}将作催办提醒并如实记录。"
        ),
        Paragraph("专此函达，请予支持。"),
    ]
    return Letter(
        **envelope.fields(),
        form="letter",
        title=f"关于征求{name}创新驱动平台建设方案意见的函",
        addressee=joined(units),
        body=tuple(body),
        attachments=(Attachment(f"{name}创新驱动平台建设方案"), Attachment("反馈意见表", (_FORM,))),
    )
