"""What stands in the way of paying and recovering."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, guard
from jinchuanggu.policies.models import Grant, Recovery


def _grant(attempt: Attempt) -> Grant:
    return Grant.objects.get(application=attempt.subject)


def open_recovery(grant: Grant) -> Recovery | None:
    """The recovery that is not fully received."""
    return Recovery.objects.filter(grant=grant, received_on__isnull=True).first()


def _day(day: Any, first: Any) -> list[Refusal]:
    if day is None:
        return [Refusal(_("请填写日期"))]
    if day > timezone.localdate():
        return [Refusal(_("日期不能晚于今天"))]
    if day < first:
        return [Refusal(_("日期不能早于决定日期 %(day)s") % {"day": first})]
    return []


@guard
def payment_is_within(attempt: Attempt) -> list[Refusal] | None:
    """Never above the grant; with a voucher, on a day between the decision and today. Asked without a payment:
    nothing."""
    if "amount" not in attempt.payload:
        return None
    grant, amount, found = _grant(attempt), attempt.payload["amount"], []
    if amount is None or amount <= 0:
        found.append(Refusal(_("拨付金额应大于 0")))
    elif amount > grant.unpaid:
        found.append(
            Refusal(
                _("拨付 %(amount)s 超过未拨余额 %(left)s（已同意 %(due)s，已拨 %(paid)s）")
                % {
                    "amount": money(amount), "left": money(grant.unpaid),
                    "due": money(grant.due), "paid": money(grant.paid),
                },
                "S3",
            )
        )  # fmt: skip
    reference = str(attempt.payload.get("reference", "")).strip()
    if not reference:
        found.append(Refusal(_("请填写拨付凭证号")))
    elif grant.payments.filter(reference=reference).exists():
        found.append(Refusal(_("凭证号 %(number)s 已登记过") % {"number": reference}))
    return [*found, *_day(attempt.payload.get("paid_on"), grant.decided_on)] or None


@guard
def recovery_is_within(attempt: Attempt) -> list[Refusal] | None:
    grant = _grant(attempt)
    left = grant.paid - grant.ordered
    if left <= 0:
        return [Refusal(_("已拨付的金额已全部列入追回"), "S3")]
    if "amount" not in attempt.payload:
        return None
    amount = attempt.payload["amount"]
    if amount is None or amount <= 0 or amount > left:
        return [Refusal(_("追回金额应大于 0 且不超过 %(left)s") % {"left": money(left)}, "S3")]
    return None


@guard
def receipt_is_within(attempt: Attempt) -> list[Refusal] | None:
    if "amount" not in attempt.payload:
        return None
    recovery = open_recovery(_grant(attempt))
    if recovery is None:
        return [Refusal(_("没有进行中的追回"), "S3")]
    amount, left = attempt.payload["amount"], recovery.amount - recovery.received
    found = []
    if amount is None or amount <= 0 or amount > left:
        found.append(Refusal(_("到账金额应大于 0 且不超过 %(left)s") % {"left": money(left)}, "S3"))
    return [*found, *_day(attempt.payload.get("received_on"), recovery.ordered_on)] or None
