"""Money that came to firms as a declared screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.resources.declare import Access, Column, Filter, Resource, Section
from jinchuanggu.foundation.resources.registry import register
from jinchuanggu.residents.queries import resident_by
from jinchuanggu.residents.record_resources import FIRM, not_ahead, own_firm
from jinchuanggu.residents.resources import KEEPERS, READERS
from jinchuanggu.residents.scopes import FIRM_VALLEY, firm_valleys, firms, valley_ids_for

WRITERS = KEEPERS | {Role.ENTERPRISE}


def deals(actor: Actor) -> QuerySet[FinancingDeal]:
    """The province all; a city and an operator those of their valleys, a city also those of its firms outside any;
    an enterprise its own."""
    rows = FinancingDeal.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(organisation_id=actor.organisation_id)
    own = rows.filter(valley_id__in=valley_ids_for(actor))
    if actor.city_wide:
        own |= rows.filter(valley_id__isnull=True, organisation__in=firms(actor))
    return own


def judge(actor: Actor, rows: Sequence[Any]) -> list[dict[str, str]]:
    """Money counts in a valley only if the firm had moved in by the day it came. One query."""
    entered = resident_by((row.valley_id, row.organisation_id) for row in rows if row.valley_id is not None)
    told: list[dict[str, str]] = []
    for row in rows:
        first = entered.get((row.valley_id, row.organisation_id))
        late = row.valley_id is not None and (first is None or first > row.closed_on)
        told.append(
            {"valley_id": gettext("企业到账时未曾入驻该晋创谷；不属于任何谷的请留空")} if late else {}
        )
    return told


def _initial(actor: Actor) -> dict[str, Any]:
    ids = list(firm_valleys(actor).values_list("pk", flat=True)[:2])
    return {**own_firm(actor), **({"valley_id": ids[0]} if len(ids) == 1 else {})}


financing = register(
    Resource(
        name="financing",
        model=FinancingDeal,
        label=_("融资"),
        answers=_("哪些企业拿到了股权投资、贷款或担保，何时到账，多少钱。"),
        icon="coins",
        group="capital",
        order=20,
        scope=deals,
        columns=(
            Column("number", format="code"),
            Column("organisation"),
            Column("valley_id"),
            Column("kind"),
            Column("round"),
            Column("provider"),
            Column("amount_cny", sortable=True, format="money", label=_("金额")),
            Column("closed_on", sortable=True),
            Column("origin", shown=False),
        ),
        search=("number", "organisation__name", "organisation__uscc", "provider"),
        filters=(Filter("valley_id"), Filter("kind"), Filter("closed_on"), Filter("amount_cny")),
        sections=(
            Section(_("谁拿到了钱"), ("organisation", "valley_id")),
            Section(
                _("这笔钱"), ("kind", "round", "provider", "amount_cny", "closed_on", "number", "origin")
            ),
        ),
        form=("organisation", "valley_id", "kind", "round", "provider", "amount_cny", "closed_on", "number"),
        references={"organisation": FIRM, "valley_id": FIRM_VALLEY},
        labels={"organisation__name": _("企业"), "organisation__uscc": _("统一社会信用代码")},
        help={
            "amount_cny": _("以元为单位，最多两位小数"),
            "round": _("股权融资填，如天使轮、A 轮"),
            "valley_id": _("到账时入驻的晋创谷；不属于任何谷的留空"),
            "number": _("合同或协议编号，不能重复"),
        },
        tidy={"number": str.strip},
        sums=("amount_cny",),
        messages={"deal_has_amount": ("amount_cny", _("金额应大于 0"))},
        checks=lambda actor, deal: not_ahead(deal, "closed_on"),
        judge=judge,
        initial=_initial,
        keys=(("number",),),
        sort="-closed_on",
        access=Access(view=READERS | {Role.ENTERPRISE}, add=WRITERS, change=WRITERS, imports=WRITERS),
    )
)
