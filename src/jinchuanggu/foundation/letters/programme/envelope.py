"""What every letter of the programme shares: who sends, under which number, when, to whom copies go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ..numbers import IssuingNumber

OFFICE = "晋创谷创新驱动平台建设省级工作专班办公室"
WORK_PLAN = "《山西省人民政府办公厅关于印发晋创谷创新驱动平台建设工作方案的通知》（晋政办发〔2024〕40号）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """``contact`` and ``phone`` become 附注; ``mark`` (模拟) is printed at the head of every page."""

    issuer: str
    dated: date
    number: IssuingNumber | None = None
    signature: str = ""
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    contact: str = ""
    phone: str = ""
    public: bool = False
    mark: str = ""

    @property
    def note(self) -> str:
        """附注: whom to call, else whether the document is public."""
        if self.contact:
            return f"联系人：{self.contact}" + (f"，联系电话：{self.phone}" if self.phone else "")
        return "此件公开发布" if self.public else ""

    @property
    def we(self) -> str:
        """How the issuer speaks of itself, as documents do: 我市, 我厅, 我委, 我办."""
        endings = (
            ("人民政府", "我市"),
            ("办公室", "我办"),
            ("委员会", "我委"),
            ("管委会", "我委"),
            ("厅", "我厅"),
        )
        return next((word for ending, word in endings if self.issuer.endswith(ending)), "我单位")

    def fields(self) -> dict[str, Any]:
        """The keyword arguments of `Letter` that come from here."""
        return {
            "issuer": self.issuer,
            "dated": self.dated,
            "number": self.number,
            "signature": self.signature,
            "copies_to": self.copies_to,
            "printed_by": self.printed_by,
            "printed_on": self.printed_on,
            "note": self.note,
            "mark": self.mark,
        }


def valley_name(place: str) -> str:
    """阳泉 → 晋创谷·阳泉; a full name stays as it is."""
    return place if place.startswith("晋创谷") else f"晋创谷·{place}"


def joined(names: tuple[str, ...]) -> str:
    return "、".join(names)
