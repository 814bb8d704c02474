"""What is behind one value: records, filings, reports or parts; the sum at the foot is the value."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import EVERY_ROLE, guard
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.jobs.jobs import run
from jinchuanggu.indicators.access import get_unit
from jinchuanggu.indicators.computed.sources import records_of, sources
from jinchuanggu.indicators.definitions import words
from jinchuanggu.indicators.definitions.access import KEEPERS
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.evidence import records as evidence_records
from jinchuanggu.indicators.evidence import values
from jinchuanggu.indicators.evidence.behind import Behind, Slice, behind, settled, value_of
from jinchuanggu.indicators.evidence.workbook import workbook
from jinchuanggu.indicators.links import indicator_url, parse_group, records_url
from jinchuanggu.indicators.screens.definitions import actor_of, crumbs
from jinchuanggu.indicators.store.pivot import pivot
from jinchuanggu.indicators.store.units import names_of


def slice_of(request: HttpRequest, key: str) -> Slice:
    """The slice that an address names, the unit through the actor's scope. Raises Http404 for anything else."""
    one = catalogue().get(key)
    if one is None:
        raise Http404
    try:
        unit = int(request.GET.get("unit", ""))
        period = Period.parse(request.GET.get("period", ""))
        group = parse_group(request.GET.get("group", "").replace("\x00", ""))
    except ValueError as problem:
        raise Http404 from problem
    if not 0 < unit < 2**63 or period.kind < one.kind:
        raise Http404
    return Slice(one, get_unit(actor_of(request), unit), period, group)


def _after(request: HttpRequest) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@require_safe
@guard(*EVERY_ROLE)
def indicator_records(request: HttpRequest, key: str) -> HttpResponse:
    """One value and everything it is made of, as far as the reader may see it."""
    asked = slice_of(request, key)
    at, actor, one = settled(asked), actor_of(request), asked.indicator
    cell, kind, name = value_of(asked), behind(at), names_of([asked.unit]).get(asked.unit.pk, "")
    context: dict[str, Any] = {
        "one": one,
        "at": at,
        "unit_name": name,
        "cell": cell,
        "value": cell.value if cell else None,
        "kind": str(kind),
        "group": _group_words(at),
        "moved": at.period if at.period != asked.period else None,
        "source": words.source_chip(one),
        "children": values.children(actor, asked) if asked.unit.level > 2 else [],
        "reports": values.reports(at),
        "breakdowns": [] if asked.group else list(_breakdowns(asked)),
        "whole_url": records_url(key, asked.unit.pk, asked.period) if asked.group else "",
        "earlier": _step(asked, -1),
        "later": _step(asked, 1),
        "may_compute": actor.role in KEEPERS and key in sources(),
        "simulated": asked.unit.origin == "simulated",
        "workbook_url": f"{reverse('indicator_workbook', args=[key])}?{_keys(request)}",
        "crumbs": crumbs((one.name, indicator_url(key)), (f"{name} {asked.period}", "")),
    }
    context |= _evidence(request, actor, at, kind)
    total = context["listing"].total if "listing" in context else None
    if cell is None and kind is Behind.RECORDS:
        context["value"] = total or None  # nothing kept and nothing listed: unknown, not zero
    context["undated"] = key in sources() and records_of(key, at.period).undated
    context["stale"] = (
        kind is Behind.RECORDS and cell is not None and cell.value is not None and (total or 0) != cell.value
    )
    return render(request, "indicators/records.html", context)


def _evidence(request: HttpRequest, actor: Actor, at: Slice, kind: Behind) -> dict[str, Any]:
    if kind is Behind.PARTS:
        tokens = words.formula_tokens(at.indicator, catalogue())
        return {"parts": values.parts(at), "tokens": tokens}
    if kind is Behind.NOTHING:
        return {}
    after = _after(request)
    listing: Any = (
        evidence_records.evidence_of(actor, at).listing(after)
        if kind is Behind.RECORDS
        else values.listing(actor, at, after)
    )
    here = reverse("indicator_records", args=[at.indicator.key])
    pages = {
        "first_url": f"{here}?{_keys(request)}" if after else "",
        "next_url": f"{here}?{_keys(request, after=str(listing.after))}" if listing.after else "",
    }
    several = kind is Behind.VALUES and at.period.kind > at.indicator.kind
    return {"listing": listing, "pages": pages, "several": several, "summed": _summed(at)}


def _summed(at: Slice) -> bool:
    """Whether the lines add up to the value: averages and counts of different things over units do not."""
    return at.indicator.aggregation in ("sum", "distinct") and not (
        at.period.kind > at.indicator.kind and at.indicator.over_time != "sum"
    )


def _keys(request: HttpRequest, **more: str) -> str:
    keys = {name: request.GET[name] for name in ("unit", "period", "group") if request.GET.get(name)}
    return urlencode(keys | more)


def _group_words(at: Slice) -> str:
    if at.group is None:
        return ""
    return f"{words.dimension_word(at.group[0])}{_('：')}{words.code_word(*at.group)}"


def _breakdowns(at: Slice) -> Any:
    """The value by each of the indicator's dimensions, where it is kept so."""
    for dimension in at.indicator.breakdowns:
        cells = pivot(
            [at.indicator.key], level=at.unit.level, units=[at.unit.pk], periods=(at.period, at.period),
            kind=max(at.period.kind, at.indicator.kind), breakdown=dimension,
        )  # fmt: skip
        rows = [
            {
                "label": words.code_word(dimension, cell.group or ""),
                "value": cell.value,
                "url": records_url(at.indicator.key, at.unit.pk, at.period, (dimension, cell.group or "")),
            }
            for cell in sorted(cells, key=lambda cell: -(cell.value or 0))
            if cell.value is not None
        ]
        if rows and at.unit.level > 1:
            yield {"name": words.dimension_word(dimension), "rows": rows}


def _step(at: Slice, steps: int) -> dict[str, str]:
    period = at.period.shift(steps)
    return {"label": str(period), "url": records_url(at.indicator.key, at.unit.pk, period, at.group)}


@require_safe
@guard(*EVERY_ROLE)
def indicator_workbook(request: HttpRequest, key: str) -> HttpResponse | FileResponse:
    """The same list, whole, as an Excel workbook; the same rows that the page shows to this reader."""
    at = settled(slice_of(request, key))
    name = f"{at.indicator.name}-{names_of([at.unit]).get(at.unit.pk, '')}-{at.period}.xlsx"
    return FileResponse(
        workbook(actor_of(request), at, behind(at)), as_attachment=True, filename=name, content_type=XLSX
    )


@require_POST
@guard(*sorted(KEEPERS))
def recompute(request: HttpRequest) -> HttpResponse:
    """Have the computed figures of a period computed anew, as a job with progress."""
    try:
        period = Period.parse(request.POST.get("period", ""))
    except ValueError as problem:
        raise Http404 from problem
    key = request.POST.get("key", "")
    if key and key not in sources():
        raise Http404
    job = run(
        actor_of(request), kind="indicators", title=_("重新计算 %(period)s 指标") % {"period": period},
        function="indicators.compute", parameters={"period": str(period), "keys": [key] if key else None},
    )  # fmt: skip
    messages.success(request, _("已开始重新计算"))
    return redirect("job", job.pk)
