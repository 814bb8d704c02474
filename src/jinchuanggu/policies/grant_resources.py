"""The register of payments as a declared screen: list, export, and the import of what the treasury paid."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Reference, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.foundation.ui.formats import money
from jinchuanggu.policies.access_grants import payable_grants, visible_grants
from jinchuanggu.policies.actions.payments import create_payment
from jinchuanggu.policies.models import Grant, Payment

PAYERS = frozenset({Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE})


def _scope(actor: Actor) -> Any:
    return Payment.objects.filter(grant__in=visible_grants(actor).order_by().values("pk"))


def _checks(actor: Actor, payment: Payment) -> dict[str, str]:
    """A row alone; rows that are too much together are refused when they are written."""
    if payment.pk is not None or payment.amount is None or payment.grant_id is None:
        return {}
    grant, found = payment.grant, {}
    if payment.amount > grant.unpaid:
        found["amount"] = gettext("超过未拨余额 %(left)s") % {"left": money(grant.unpaid)}
    if payment.paid_on is not None and payment.paid_on < grant.decided_on:
        found["paid_on"] = gettext("不能早于决定日期 %(day)s") % {"day": grant.decided_on}
    return found


def _no_change(actor: Actor, *, resource: Resource, pk: int, values: dict[str, Any], **_rest: Any) -> None:
    """What was paid was paid; a mistake is put right by a recovery, not by writing over it."""
    raise ValidationError(gettext("已登记的拨付不能修改；有误的请办理追回"))


payments = register(
    Resource(
        name="payments",
        model=Payment,
        label=_("拨付登记"),
        answers=_("哪一笔政策资金何时拨给了谁；财政拨付结果可用 Excel 导入。"),
        icon="cash",
        group="policy",
        order=32,
        scope=_scope,
        columns=(
            Column("grant", label=_("兑现编号")),
            Column("grant__application__organisation__name", label=_("单位")),
            Column("grant__application__title_zh", label=_("措施")),
            Column("amount", format="money"),
            Column("paid_on", sortable=True),
            Column("reference", format="code"),
            Column("origin", shown=False),
        ),
        search=("grant__number", "reference", "grant__application__organisation__name"),
        filters=(Filter("paid_on"), Filter("amount")),
        sections=(
            Section(_("拨付"), ("grant", "amount", "paid_on", "reference")),
            Section(_("来源"), ("origin",)),
        ),
        form=("grant", "amount", "paid_on", "reference"),
        references={
            "grant": Reference(payable_grants, Grant.objects.all, label="number", lookups=("number",))
        },
        labels={"grant__number": _("兑现编号"), "grant__application__organisation__name": _("单位")},
        help={"grant": _("决定通知上的编号，如 DX2026-000042"), "amount": _("单位：元")},
        messages={
            "payment_is_positive": ("amount", _("金额应大于 0")),
            "payment_reference_once": ("reference", _("该凭证号已登记过")),
        },
        keys=(("grant", "reference"),),
        checks=_checks,
        create=create_payment,
        update=_no_change,
        access=Access(view=PAYERS | {Role.AUDITOR}, add=PAYERS, imports=PAYERS),
    )
)
