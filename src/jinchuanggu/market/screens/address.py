"""What an address of the turnover page asks for, and the addresses of the same page with something changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation, Origin
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.market.turnover import Asked
from jinchuanggu.residents.scopes import firm_valleys

SHOWN_YEARS = 4


def read(request: HttpRequest) -> Asked:
    """The period, kind of data and valley asked for; this year's by default. Raises Http404 for what there isn't."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    try:
        text = request.GET.get("period", "")
        period = Period.parse(text) if text else Period.of(PeriodKind.YEAR, today)
        period.year_before()
        valley = int(request.GET["valley"]) if request.GET.get("valley") else None
    except ValueError as wrong:
        raise Http404 from wrong
    if valley is not None and (valley >= 2**63 or not firm_valleys(actor).filter(pk=valley).exists()):
        raise Http404
    return Asked(period, _origin(request, actor), valley, today)


def _origin(request: HttpRequest, actor: Actor) -> str:
    """One kind of data: as the frame's switch says, else as the address says, else that of the reader's own body."""
    chosen, asked = origin_view(request), request.GET.get("origin", "")
    if chosen != "both":
        return chosen
    if asked in Origin.values:
        return asked
    own = Organisation.objects.filter(pk=actor.organisation_id).values_list("origin", flat=True).first()
    return own or Origin.REAL


def query(asked: Asked, **changes: Any) -> str:
    """The query of the same page, with some of it changed; None takes a part away."""
    parts: dict[str, Any] = {
        "period": asked.period,
        "origin": asked.origin,
        "valley": asked.valley,
        **changes,
    }
    return urlencode({name: value for name, value in parts.items() if value is not None})


def periods(asked: Asked) -> list[Period]:
    """What one may turn to: the last years, the quarters and months of the year shown that have begun."""
    year = Period(PeriodKind.YEAR, asked.period.year)
    years = [Period(PeriodKind.YEAR, asked.today.year - back) for back in range(SHOWN_YEARS)]
    inside = [part for kind in (PeriodKind.QUARTER, PeriodKind.MONTH) for part in year.parts(kind)]
    return [*years, *(part for part in inside if part.first_day <= asked.today)]
