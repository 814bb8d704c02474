"""What an address of the turnover page asks for, and the addresses of the same page with something changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils import timezone

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Organisation, Origin
from jinchuanggu.foundation.resources.filters import NOTHING
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.market.models import ContractKind, Direction
from jinchuanggu.market.turnover import DIMENSIONS, Asked, shown_as
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
        only = {name: _key(actor, name, request.GET[name]) for name in DIMENSIONS if request.GET.get(name)}
    except ValueError as wrong:
        raise Http404 from wrong
    return Asked(period, _origin(request, actor), today, only)


def _key(actor: Actor, dimension: str, text: str) -> Any:
    """The group that a text of the address means. Raises ValueError for none, or a valley out of scope."""
    if dimension == "field":
        return "" if text == NOTHING else text.replace("\x00", "")[:40]
    if dimension == "kind":
        return ContractKind(text).value
    if dimension == "direction":
        return Direction(text).value
    if text == shown_as(dimension, None):
        return None
    if abs(pk := int(text)) >= 2**63 or not firm_valleys(actor).filter(pk=pk).exists():
        raise ValueError(text)
    return pk


def _origin(request: HttpRequest, actor: Actor) -> str:
    """One kind of data: as the frame's switch says, else as the address says, else that of the reader's own body."""
    chosen, asked = origin_view(request), request.GET.get("origin", "")
    if chosen != "both":
        return chosen
    if asked in Origin.values:
        return asked
    own = Organisation.objects.filter(pk=actor.organisation_id).values_list("origin", flat=True).first()
    return own or Origin.REAL


def query(asked: Asked, *, only: Mapping[str, Any] | None = None, **changes: Any) -> str:
    """The query of the same page, with some of it changed; `only` replaces what it is narrowed to."""
    narrowed = asked.only if only is None else only
    parts = {"period": asked.period, "origin": asked.origin, **changes}
    return urlencode({**parts, **{name: shown_as(name, key) for name, key in narrowed.items()}})


def periods(asked: Asked) -> list[Period]:
    """What one may turn to: the last years, the quarters and months of the year shown that have begun."""
    year = Period(PeriodKind.YEAR, asked.period.year)
    years = [Period(PeriodKind.YEAR, asked.today.year - back) for back in range(SHOWN_YEARS)]
    inside = [part for kind in (PeriodKind.QUARTER, PeriodKind.MONTH) for part in year.parts(kind)]
    return [*years, *(part for part in inside if part.first_day <= asked.today)]
