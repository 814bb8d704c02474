"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, path

from jinchuanggu.market.screens.amounts import contract_amount
from jinchuanggu.market.screens.turnover import turnover, turnover_table

urlpatterns: list[URLPattern] = [
    path("market/turnover/", turnover, name="turnover"),
    path("market/turnover/<slug:part>.<slug:form>", turnover_table, name="turnover_table"),
    path("market/contracts/amount/", contract_amount, name="contract_amount"),
]
