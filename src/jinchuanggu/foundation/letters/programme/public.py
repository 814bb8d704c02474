"""Public notices: what is proposed (公示) or decided (公告)."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..errors import LetterError
from ..model import Block, Letter, Paragraph, Table
from ..numbers import chinese_date
from .envelope import Envelope


def public_notice(
    envelope: Envelope,
    *,
    kind: Literal["公示", "公告"],
    subject: str,
    statements: tuple[str, ...],
    starts: date | None = None,
    ends: date | None = None,
    objections_to: str = "",
    table: Table | None = None,
) -> Letter:
    """公示 with a period for objections, or 公告 of a decision. ``subject`` follows 关于 in the title."""
    body: list[Block] = [Paragraph(text.rstrip("。") + "。") for text in statements]
    if table is not None:
        body.append(table)
    if kind == "公示":
        if starts is None or ends is None or ends < starts:
            raise LetterError(
                "notice.period", "公示应写明起止日期，且截止日期不早于起始日期", "starts", "ends"
            )
        body.append(
            Paragraph(
                f"公示期自{chinese_date(starts)}至{chinese_date(ends)}。公示期内，任何单位和个人对公示内容有异议的，"
                f"可以书面形式实名反映并提供依据；以单位名义反映的应加盖公章。{envelope.we}将对反映情况进行核实，并对反映人信息"
                "予以保密。" + (f"受理渠道：{objections_to.rstrip('。')}。" if objections_to else "")
            )
        )
    body.append(Paragraph(f"特此{kind}。"))
    return Letter(**envelope.fields(), form="letter", title=f"关于{subject}的{kind}", body=tuple(body))
