"""Guards of the building stage and of applying for recognition."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.programme import judging
from jinchuanggu.programme.models import Valley


@guard
def operator_is_named(attempt: Attempt) -> Refusal | None:
    """A third-party team that is a body of its own runs the valley (二（三）2)."""
    valley = attempt.subject
    url = reverse("building", args=[valley.pk])
    if valley.operator_id is None:
        return Refusal(_("尚未明确专业化、市场化、实体化的第三方运营团队"), "P2", url)
    if valley.operator.legal_person is not True:
        return Refusal(_("运营机构“%(name)s”未登记为独立法人") % {"name": valley.operator}, "P2", url)
    return None


@guard
def shortfall_is_explained(attempt: Attempt) -> Refusal | None:
    """With every condition met nothing is asked; otherwise the application says why it comes all the same."""
    if str(attempt.payload.get("shortfall_reason", "")).strip():
        return None
    return shortfall(attempt.subject, judging.judge(attempt.subject))


def shortfall(valley: Valley, result: dict[str, Any]) -> Refusal | None:
    """What an application without a reason is refused with, None when every condition is met."""
    if result["verdict"] == judging.MET:
        return None
    return Refusal(
        _("建设条件 %(short)s，申请须书面说明差距") % {"short": short_of(result["counts"])},
        "P2",
        reverse("application", args=[valley.pk]),
    )


def short_of(counts: dict[str, int]) -> str:
    """How many conditions are missed and how many unknown; what is zero is left out."""
    told = (
        (counts["not_met"], _("%(n)s 项不满足")),
        (counts["not_evidenced"], _("%(n)s 项证据不足")),
    )
    return _("、").join(words % {"n": number} for number, words in told if number)
