"""Figures computed from registered technology contracts, by the month of registration and the valley of the seller."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.indicators.computed.sources import Records, source
from jinchuanggu.market import queries
from jinchuanggu.market.models import Direction


def _contracts(period: Period, amount: str = "", *, outside: bool = False) -> Records:
    rows = queries.contracts_registered(period.first_day, period.last_day)
    if outside:
        rows = rows.filter(direction=Direction.OUTSIDE)
    return Records(
        rows,
        valley="valley_id",
        amount=amount,
        dimensions={"field": "field"},
        columns=(
            ("number", _("登记编号")),
            ("title", _("合同名称")),
            ("kind", _("合同类别")),
            ("seller__name", _("卖方")),
            ("buyer_name", _("买方")),
            ("registered_on", _("登记日期")),
            ("turnover_cny", _("合同成交额（元）")),
            ("technology_cny", _("技术交易额（元）")),
        ),
        resource="contracts",
        firm="resident_id",
    )


@source("contracts_registered")
def _number(period: Period) -> Records:
    return _contracts(period)


@source("contract_turnover_cny")
def _turnover(period: Period) -> Records:
    return _contracts(period, "turnover_cny")


@source("contract_technology_cny")
def _technology(period: Period) -> Records:
    return _contracts(period, "technology_cny")


@source("contract_outflow_cny")
def _outflow(period: Period) -> Records:
    return _contracts(period, "turnover_cny", outside=True)
