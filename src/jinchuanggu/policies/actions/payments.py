"""Paying what was granted, and getting back what was paid for nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.policies.access_grants import get_application, payable_grants
from jinchuanggu.policies.models import Grant, Payment, Recovery
from jinchuanggu.policies.process.payment_guards import open_recovery
from jinchuanggu.policies.process.subject import case_of


def _grant(actor: Actor, application_id: int) -> Grant:
    """A grant the actor pays. Raises Http404."""
    rows = payable_grants(actor).select_related("application", "budget")
    found = rows.filter(application_id=application_id).first()
    if found is None:
        raise Http404
    return found


def pay(
    actor: Actor,
    *,
    pk: int,
    amount: Decimal | None,
    paid_on: date | None,
    reference: str,
    revision: int | None = None,
) -> Payment:
    """Register a payment for the grant of an application; the move follows from what is left.

    The same voucher with the same amount and day is the same payment: sending it twice changes nothing.
    Raises Refused, Http404.
    """
    get_application(actor, pk)
    grant, reference = _grant(actor, pk), reference.strip()
    same = (
        grant.payments.filter(reference=reference, amount=amount, paid_on=paid_on).first() if amount else None
    )
    if same is not None:
        return same
    event = "pay_rest" if amount is not None and amount == grant.unpaid else "pay_part"
    payload = {"amount": amount, "paid_on": paid_on, "reference": reference}
    try:
        engine.fire(actor, case_of(grant.application), event, payload=payload, revision=revision)
    except IntegrityError as error:
        raise Refused([Refusal(_("凭证号 %(number)s 已登记过") % {"number": reference})]) from error
    return grant.payments.get(reference=reference)


def create_payment(actor: Actor, *, resource: Any, values: dict[str, Any], token: str = "") -> Payment:
    """One row of an imported register of payments. Raises ValidationError naming the grant and the voucher."""
    grant = values["grant"]
    try:
        return pay(
            actor, pk=grant.application_id, amount=values["amount"], paid_on=values["paid_on"],
            reference=str(values["reference"]),
        )  # fmt: skip
    except Refused as refused:
        words = "；".join(str(one.message) for one in refused.refusals)
        raise ValidationError(f"{grant.number} {values['reference']}：{words}") from refused


def recover(
    actor: Actor, *, pk: int, amount: Decimal | None, reason: str, due_on: date | None = None,
    revision: int | None = None,
) -> Recovery:  # fmt: skip
    """Order back what was paid (all of it when no amount is named). Raises Refused, Http404."""
    get_application(actor, pk)
    grant = _grant(actor, pk)
    payload: dict[str, Any] = {} if amount is None else {"amount": amount}
    if due_on is not None:
        if due_on <= timezone.localdate():
            raise Refused([Refusal(_("退回期限应晚于今天"))])
        payload["due_on"] = due_on
    engine.fire(
        actor, case_of(grant.application), "recover", reason=reason, payload=payload, revision=revision
    )
    return Recovery.objects.filter(grant=grant).latest("pk")


def receive(
    actor: Actor, *, pk: int, amount: Decimal | None, received_on: date | None, revision: int | None = None
) -> Recovery:
    """Register money that came back; the last part ends the recovery. Raises Refused, Http404."""
    get_application(actor, pk)
    grant = _grant(actor, pk)
    recovery = open_recovery(grant)
    if recovery is None:
        raise Refused([Refusal(_("没有进行中的追回"), "S3")])
    last = amount is not None and amount == recovery.amount - recovery.received
    payload = {"amount": amount, "received_on": received_on}
    event = "receive_rest" if last else "receive_part"
    engine.fire(actor, case_of(grant.application), event, payload=payload, revision=revision)
    recovery.refresh_from_db()
    return recovery
