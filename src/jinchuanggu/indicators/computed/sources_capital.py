"""Figures computed from financing deals, by the month in which the money came."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jinchuanggu.capital import queries
from jinchuanggu.capital.models import FinancingDeal
from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.computed.sources import Records, source


def _deals(rows: QuerySet[FinancingDeal]) -> Records:
    return Records(
        rows,
        valley="valley_id",
        amount="amount_cny",
        dimensions={"field": "field", "kind": "resident_kind"},
        columns=(
            ("number", _("合同编号")),
            ("organisation__name", _("企业")),
            ("kind", _("类别")),
            ("round", _("轮次")),
            ("provider", _("资金方")),
            ("closed_on", _("到账日期")),
            ("amount_cny", _("金额（元）")),
        ),
        resource="financing",
        firm="resident_id",
    )


@source("financing_cny")
def _all(period: Period) -> Records:
    return _deals(queries.deals_closed(period.first_day, period.last_day))


@source("equity_financing_cny")
def _equity(period: Period) -> Records:
    return _deals(queries.equity_closed(period.first_day, period.last_day))


@source("loans_cny")
def _loans(period: Period) -> Records:
    return _deals(queries.loans_closed(period.first_day, period.last_day))
