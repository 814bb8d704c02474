"""Effects of paying, stopping and recovering; each runs inside the transaction of its move."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.registry import Attempt, Refusal, effect
from jinchuanggu.policies import grant_use
from jinchuanggu.policies.models import Grant, Payment, Recovery
from jinchuanggu.policies.process.payment_guards import open_recovery


def _locked(attempt: Attempt) -> Grant:
    rows = Grant.objects.select_for_update(of=("self",)).select_related("budget")
    return rows.get(application=attempt.subject)


def _stale() -> StaleCase:
    return StaleCase([Refusal(_("此事项已被他人办理，请刷新后再试"))])


@effect
def book_payment(attempt: Attempt) -> None:
    """One payment; whether it is the last one must be what the move says."""
    grant, amount = _locked(attempt), attempt.payload.get("amount")
    if amount is None or amount > grant.unpaid:
        raise Refused([Refusal(_("拨付金额超过未拨余额"), "S3")])
    if (amount == grant.unpaid) != (attempt.event == "pay_rest"):
        raise _stale()
    payment = Payment.objects.create(
        grant=grant, amount=amount, paid_on=attempt.payload["paid_on"],
        reference=str(attempt.payload["reference"]).strip(), origin=attempt.subject.origin,
    )  # fmt: skip
    grant.paid += amount
    grant.save(update_fields=["paid"])
    grant_use.book_paid(grant.budget, amount)
    attempt.payload["due_on"] = attempt.subject.pay_by
    record(attempt.actor, "payment.booked", payment, detail={"amount": amount, "paid": grant.paid})


@effect
def release_rest(attempt: Attempt) -> None:
    """What is not paid yet will not be paid; the budget has it back."""
    grant = _locked(attempt)
    rest = grant.unpaid
    if rest <= 0:
        return
    grant.due = grant.paid
    grant.save(update_fields=["due"])
    grant_use.release(grant.budget, rest)
    record(attempt.actor, "grant.released", grant, detail={"amount": rest}, reason=attempt.reason)


@effect
def order_recovery(attempt: Attempt) -> None:
    grant, amount = _locked(attempt), attempt.payload.get("amount")
    amount = grant.paid - grant.ordered if amount is None else amount
    if amount <= 0 or grant.ordered + amount > grant.paid:
        raise Refused([Refusal(_("追回金额超过已拨付金额"), "S3")])
    recovery = Recovery.objects.create(
        grant=grant, amount=amount, reason=attempt.reason, ordered_on=timezone.localdate()
    )
    grant.ordered += amount
    grant.save(update_fields=["ordered"])
    record(attempt.actor, "recovery.ordered", recovery, detail={"amount": amount}, reason=attempt.reason)


@effect
def book_receipt(attempt: Attempt) -> None:
    grant, amount = _locked(attempt), attempt.payload.get("amount")
    recovery = open_recovery(grant)
    if recovery is None or amount is None or recovery.received + amount > recovery.amount:
        raise Refused([Refusal(_("到账金额超过应追回的余额"), "S3")])
    last = recovery.received + amount == recovery.amount
    if last != (attempt.event == "receive_rest"):
        raise _stale()
    recovery.received += amount
    recovery.received_on = attempt.payload["received_on"] if last else None
    recovery.save(update_fields=["received", "received_on"])
    grant.recovered += amount
    grant.save(update_fields=["recovered"])
    grant_use.book_recovered(grant.budget, amount)
    record(
        attempt.actor, "recovery.received", recovery, detail={"amount": amount, "received": recovery.received}
    )
