"""How the technology turnover of a contract comes about, while somebody fills in its form."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.market import amounts
from jinchuanggu.market.models import TechnologyContract
from jinchuanggu.residents.resources import KEEPERS

MONEY = ("turnover_cny", *amounts.DEDUCTIONS)
LONGEST = 20
MOST = 10**14


@require_safe
@guard(*KEEPERS)
def contract_amount(request: HttpRequest) -> HttpResponse:
    """The fragment for what the form holds now; nothing is stored."""
    given = request.GET
    contract = TechnologyContract(
        kind=given.get("kind", ""),
        basis=given.get("basis", ""),
        registered_on=_day(given.get("registered_on", "")),
        carrier_sets=_count(given.get("carrier_sets", "")),
        technology_cny=_money(given.get("technology_cny", "")),
        **{name: _money(given.get(name, "")) for name in MONEY},
    )
    return render(
        request, "market/_amount_lines.html", {"contract": contract, "amount": amounts.derive(contract)}
    )


def _money(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").strip()) if len(text) <= LONGEST else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and 0 <= value < MOST else None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
