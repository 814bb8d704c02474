"""Letters the tests share."""

from __future__ import annotations

from datetime import date
from typing import Any

from jinchuanggu.foundation.letters import IssuingNumber, Letter, Paragraph


def letter(**changes: Any) -> Letter:
    fields: dict[str, Any] = {
        "issuer": "山西省科学技术厅",
        "number": IssuingNumber("晋科发", 2026, 8),
        "title": "关于做好平台建设工作的通知",
        "addressee": "各设区市科技局",
        "body": (Paragraph("请认真贯彻执行。"),),
        "dated": date(2026, 7, 5),
    }
    return Letter(**(fields | changes))
