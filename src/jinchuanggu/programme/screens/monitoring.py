"""Yearly monitoring: the years, one year with its ranking, the scheme, the summary of the province."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.letters import render_docx, render_pdf
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.actions import monitoring as actions
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle
from jinchuanggu.programme.monitoring import letters, view, yearly
from jinchuanggu.programme.monitoring.access import visible_reports
from jinchuanggu.programme.monitoring.scheme import current as current_scheme
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.screens.common import actor_of

READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR}
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require_safe
@guard(*READERS)
def monitoring(request: HttpRequest) -> HttpResponse:
    """The years, newest first, each with who filed and what was decided."""
    actor = actor_of(request)
    rows = of_origin(visible_reports(actor), origin_view(request)).select_related("cycle").defer(*view.LONG)
    today = timezone.localdate()
    years: dict[tuple[str, int], tuple[MonitoringCycle, list[AnnualReport]]] = {}
    for row in rows.order_by("origin", "-cycle__year"):
        years.setdefault((row.origin, row.cycle.year), (row.cycle, []))[1].append(row)
    groups: dict[str, list[dict[str, Any]]] = {}
    for (origin, year), (cycle, found) in years.items():
        numbers = yearly.counts(found, cycle.due_on, today)
        told = yearly.told(year, cycle.due_on, numbers, today)
        groups.setdefault(origin, []).append({"cycle": cycle, "told": told, **numbers})
    chosen = settings()
    opens = chosen.opens_on(today.year)
    context = {
        "groups": [{"origin": origin, "title": Origin(origin).label, "years": found} for origin, found in groups.items()],
        "today": today, "basis": view.word(chosen.basis), "this_year": today.year,
        "may_open": actor.role == Role.PROVINCIAL_OFFICE
        and not MonitoringCycle.objects.filter(year=today.year).exists(),
        "opens_on": opens, "opens_later": today < opens, "due_on": chosen.due_on(today.year),
        "crumbs": [{"label": _("年度监测"), "url": ""}],
        "simulated": set(groups) == {"simulated"},
    }  # fmt: skip
    return render(request, "programme/monitoring/years.html", context)


@require_POST
@guard(Role.PROVINCIAL_OFFICE)
def monitoring_open(request: HttpRequest) -> HttpResponse:
    """Open this year's cycle before the clock does; pressing twice opens it once."""
    cycle = actions.open_cycle(actor_of(request), timezone.localdate().year)
    messages.success(request, _("%(year)d 年度监测已启动") % {"year": cycle.year})
    return redirect("monitoring_cycle", cycle.year)


def _cycle(request: HttpRequest, year: int) -> tuple[MonitoringCycle, list[AnnualReport]]:
    """The cycle with the reports in the reader's scope. Raises Http404 when there is none of them."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    rows = of_origin(visible_reports(actor_of(request)), origin_view(request)).filter(cycle__year=year)
    found = list(rows.select_related("valley__region", "cycle").defer(*view.LONG))
    if cycle is None or (not found and not actor_of(request).province_wide):
        raise Http404
    return cycle, found


@require_safe
@guard(*READERS)
def monitoring_cycle(request: HttpRequest, year: int) -> HttpResponse:
    return _show_cycle(request, year)


def _show_cycle(
    request: HttpRequest, year: int, refusals: list[Refusal] | None = None, summary: str | None = None
) -> HttpResponse:
    cycle, rows = _cycle(request, year)
    actor = actor_of(request)
    origins = [origin for origin in ("real", "simulated") if any(row.origin == origin for row in rows)]
    others = (
        visible_reports(actor)
        .filter(cycle__year__in=(year - 1, year + 1))
        .values_list("cycle__year", flat=True)
    )
    office = actor.role == Role.PROVINCIAL_OFFICE
    context = {
        "cycle": cycle, "groups": yearly.groups(actor, cycle, rows), "scheme": view.scheme_words(scheme_of(cycle)),
        "may_publish": office and any(row.state == "scored" for row in rows), "refusals": refusals or [],
        "waiting": [row for row in rows if row.state in ("filed", "scoring")] if office else [],
        "summaries": origins if actor.province_wide else [], "neighbours": sorted(set(others)),
        "typed": cycle.summary if summary is None else summary, "today": timezone.localdate(),
        "crumbs": [*view.crumbs(year=year)[:-1], {"label": str(year), "url": ""}],
        "simulated": origins == ["simulated"],
    }  # fmt: skip
    return render(request, "programme/monitoring/cycle.html", context, status=422 if refusals else 200)


@require_POST
@guard(Role.PROVINCIAL_OFFICE)
def monitoring_publish(request: HttpRequest, year: int) -> HttpResponse:
    """Rank and publish what is scored."""
    summary = request.POST.get("summary", "")[:5000]
    try:
        done = actions.publish_ranking(actor_of(request), year=year, summary=summary)
    except Refused as refused:
        cycle = MonitoringCycle.objects.get(year=year)
        if cycle.published_at and not cycle.reports.filter(state="scored").exists():
            messages.info(request, _("排名此前已公布，没有重复公布"))
            return redirect("monitoring_cycle", year)
        return _show_cycle(request, year, refused.refusals, summary)
    messages.success(request, _("已公布 %(n)d 份报告的评价结果") % {"n": done})
    return redirect("monitoring_cycle", year)


@require_safe
@guard(*READERS)
def monitoring_scheme(request: HttpRequest, year: int) -> HttpResponse:
    """The scheme of a year as fixed when its cycle opened; before that, the one that will be used."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    scheme = scheme_of(cycle) if cycle else current_scheme()
    context = {
        "scheme": view.scheme_words(scheme), "year": year, "cycle": cycle, "digest": cycle.scheme_digest if cycle else "",
        "crumbs": view.crumbs(None, (_("评价方案"), ""), year=year if cycle else None),
    }  # fmt: skip
    return render(request, "programme/monitoring/scheme.html", context)


@require_safe
@guard(*PROVINCE_WIDE)
def monitoring_summary(request: HttpRequest, year: int, origin: str, extension: str) -> HttpResponse:
    """The province's summary of a year as Word or PDF, made from what stands now."""
    cycle = MonitoringCycle.objects.filter(year=year).first()
    if cycle is None or origin not in ("real", "simulated") or extension not in TYPES:
        raise Http404
    with translation.override(letters.CHINESE):
        letter = letters.summary_letter(actor_of(request), cycle, origin)
    return download(letter, extension, f"summary-{year}-{origin}")


def download(letter: Any, extension: str, name: str) -> HttpResponse:
    content = render_docx(letter) if extension == "docx" else render_pdf(letter)
    response = HttpResponse(content, content_type=TYPES[extension])
    response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response
