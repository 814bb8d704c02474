"""Whose contracts an actor reaches, and whether the seller lived where a contract says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.residents.queries import resident_by
from jinchuanggu.residents.scopes import valley_ids_for


def contracts(actor: Actor) -> QuerySet[TechnologyContract]:
    """The province all; a city and an operator those of their valleys, a city also those of its sellers outside any
    valley; an enterprise what it sold."""
    rows = TechnologyContract.objects.all()
    if actor.province_wide:
        return rows
    if actor.role == Role.ENTERPRISE:
        return rows.filter(seller_id=actor.organisation_id)
    met = Q(valley_id__in=valley_ids_for(actor))
    if actor.city_wide:
        near = Q(seller__region_id=actor.region_id) | Q(seller__region__parent_id=actor.region_id)
        met |= near & Q(valley_id__isnull=True)
    return rows.filter(met)


def judge(actor: Actor, rows: Sequence[Any]) -> list[dict[str, str]]:
    """A contract counts in a valley only if its seller had moved in by the registration. One query."""
    pairs = {(row.valley_id, row.seller_id) for row in rows if row.valley_id is not None}
    entered = resident_by(pairs)
    return [
        {"valley_id": _("卖方登记时未曾入驻该晋创谷；不属于任何谷的合同请留空")}
        if row.valley_id is not None
        and not _by(entered.get((row.valley_id, row.seller_id)), row.registered_on)
        else {}
        for row in rows
    ]


def _by(entered: Any, day: Any) -> bool:
    return entered is not None and entered <= day
