"""Figures computed from grants and payments: each in the valley where the firm lived on the day.

A firm in several valleys counts in the one it entered last, so that no payment is added up twice.
"""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.computed.sources import Records, source
from jinchuanggu.policies.access_grants import visible_grants
from jinchuanggu.policies.models import Grant, Payment
from jinchuanggu.residents.models import Resident
from jinchuanggu.residents.record_queries import residency_of, there_on


def _lived(rows: QuerySet[Any], firm: str, day: str) -> QuerySet[Any]:
    residency = Resident.objects.filter(
        there_on(OuterRef(day)), organisation_id=OuterRef(firm)
    ).order_by("-entered_on", "-pk")  # fmt: skip
    return rows.annotate(
        valley_id=Subquery(residency.values("valley_id")[:1]), **residency_of(residency)
    ).filter(valley_id__isnull=False)


@source("policy_paid_cny")
def _paid(period: Period) -> Records:
    rows = Payment.objects.filter(paid_on__range=(period.first_day, period.last_day))
    return Records(
        _lived(rows, "grant__application__organisation_id", "paid_on"),
        valley="valley_id",
        amount="amount",
        dimensions={"field": "field", "kind": "resident_kind"},
        columns=(
            ("grant__number", _("兑现编号")),
            ("grant__application__organisation__name", _("单位")),
            ("grant__application__title_zh", _("措施")),
            ("paid_on", _("拨付日期")),
            ("amount", _("拨付金额（元）")),
            ("reference", _("拨付凭证号")),
        ),
        resource="payments",
        firm="resident_id",
    )


@source("policy_grants")
def _decided(period: Period) -> Records:
    rows = Grant.objects.filter(decided_on__range=(period.first_day, period.last_day))
    return Records(
        _lived(rows, "application__organisation_id", "decided_on"),
        valley="valley_id",
        dimensions={"field": "field", "kind": "resident_kind"},
        columns=(
            ("number", _("兑现编号")),
            ("application__organisation__name", _("单位")),
            ("application__title_zh", _("措施")),
            ("amount", _("金额（元）")),
            ("decided_on", _("决定日期")),
        ),
        key="application_id",
        scope=visible_grants,
        page="grant",
        firm="resident_id",
    )
