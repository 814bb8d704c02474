"""The public pages: the province at a glance, the valleys, plaque check, about."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.core.paginator import EmptyPage, Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.indicators.definitions.library import indicators
from jinchuanggu.portal import queries
from jinchuanggu.portal.forms import PlaqueForm
from jinchuanggu.portal.frame import page
from jinchuanggu.programme.labels import display_name, state_label, verdict_label
from jinchuanggu.programme.models import Plaque, PublicNotice
from jinchuanggu.programme.queries import map_marks


def _origin(request: HttpRequest) -> str:
    """Real, simulated or both: by the address, else by the reader's switch."""
    wanted = request.GET.get("origin", "")
    return wanted if wanted in queries.ORIGINS else origin_view(request)


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """How many valleys there are, where, and what their published figures show."""
    origin = _origin(request)
    real, simulated = queries.overview("real"), queries.overview("simulated")
    context = {
        "map": map_marks(request.actor, origin, public_pages=True),
        "real": real,
        "simulated_overview": simulated,
        "figures": queries.figure_counts(),
        "demo": settings.DEMO,
        "origin": origin,
        "notices": list(PublicNotice.objects.select_related("valley").filter(withdrawn_at__isnull=True)[:3]),
    }
    return page(request, "portal/home.html", context)


@require_safe
@public
def valleys(request: HttpRequest) -> HttpResponse:
    """Every published valley with its state, plaque day and verdict."""
    origin = _origin(request)
    rows = (
        queries.public_valleys(origin)
        .select_related("region")
        .defer("story")
        .order_by("region__code", "name")
    )
    q = request.GET.get("q", "").strip()[:60]
    if q:
        rows = (
            rows.filter(name__icontains=q)
            | rows.filter(name_en__icontains=q)
            | rows.filter(region__name__icontains=q)
        )
    pages = Paginator(rows, queries.PAGE)
    number = request.GET.get("page", "1")
    try:
        shown = pages.page(int(number) if number.isdecimal() else 1)
    except EmptyPage:
        shown = pages.page(pages.num_pages)
    found = list(shown.object_list)
    for valley in found:
        valley.shown_name = display_name(valley)
        valley.shown_state = state_label(valley.state)
        valley.verdict_words = verdict_label(valley.verdict)
    context = {
        "rows": found,
        "shown": shown,
        "q": q,
        "origin": origin,
        "origins": queries.ORIGINS,
        "total": pages.count,
    }
    return page(request, "portal/valleys.html", context)


@require_safe
@public
def valley(request: HttpRequest, pk: int) -> HttpResponse:
    """One valley: published facts, conditions with their evidence, plaque."""
    found = queries.get_public_valley(pk)
    figures = queries.public_figures([found])
    context: dict[str, Any] = {
        "valley": found,
        "name": display_name(found),
        "state": state_label(found.state),
        "simulated": found.origin == "simulated",
        "result": queries.public_verdict(found, figures),
        "reports": _reports(figures),
        "universities": list(found.universities.all()),
        "zones": list(found.zones.all()),
        "plaque": Plaque.objects.filter(valley=found).first(),
        "notices": list(found.public_notices.all()),
        "papers": list(Document.objects.filter(valley_id=pk, public=True).order_by("-pk")),
        "draws": list(found.assessments.filter(drawn_at__isnull=False).only("pk", "drawn_at")),
    }
    return page(request, "portal/valley.html", context)


def _reports(figures: list[Any]) -> list[dict[str, Any]]:
    """Figures by indicator in the order of the conditions; several reports of one figure side by side."""
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for figure in figures:
        found[figure.indicator].append(figure)
    return [
        {"indicator": known, "figures": found[key]} for key, known in indicators().items() if key in found
    ]


@require_safe
@public
def plaque(request: HttpRequest) -> HttpResponse:
    """Is a plaque genuine? By its number."""
    asked = "number" in request.GET
    form = PlaqueForm(request.GET if asked else None)
    found = queries.find_plaque(form.cleaned_data["number"]) if asked and form.is_valid() else None
    context = {"form": form, "asked": asked and form.is_valid(), "plaque": found}
    return page(request, "portal/plaque.html", context)


@require_safe
@public
def about(request: HttpRequest) -> HttpResponse:
    """What this is, where the figures come from, what is public and what isn't."""
    return page(request, "portal/about.html", {"figures": queries.figure_counts()})
