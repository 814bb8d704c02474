"""The provincial office sends a plan or an application back with reasons."""

from __future__ import annotations

from datetime import date

from ..errors import LetterError
from ..model import Block, Heading, Letter, Paragraph
from ..numbers import chinese_date
from .envelope import Envelope, valley_name


def return_letter(
    envelope: Envelope,
    *,
    valley: str,
    addressee: str,
    reasons: tuple[tuple[str, str], ...],
    resubmit_by: date | None = None,
    subject: str = "建设方案",
) -> Letter:
    """退回修改通知. ``reasons`` as (what is wrong, what is asked for); none raises `LetterError`."""
    if not reasons:
        raise LetterError("return.reasons", "退回修改应当逐条说明理由", "reasons")
    name = valley_name(valley)
    body: list[Block] = [
        Paragraph(
            f"你单位报送的{name}创新驱动平台{subject}收悉。经审核，尚有下列事项需要补充完善，现予退回。"
        ),
        Heading(1, "需要修改完善的事项"),
    ]
    for problem, request in reasons:
        body.append(Heading(2, problem.rstrip("。") + "。", request.rstrip("。") + "。" if request else ""))
    when = f"于{chinese_date(resubmit_by)}前" if resubmit_by else "及时"
    body += [
        Heading(1, "有关要求"),
        Paragraph(
            f"请对照上述意见逐条修改，附修改说明，{when}重新报送。此次退回不影响你单位继续开展前期工作；"
            "对退回理由有不同意见的，可书面说明并附依据。"
        ),
        Paragraph("特此通知。"),
    ]
    return Letter(
        **envelope.fields(),
        form="letter",
        title=f"关于退回修改{name}创新驱动平台{subject}的通知",
        addressee=addressee,
        body=tuple(body),
    )
