"""The cockpit: the reader's own place, any place below, the wall, and the table behind each panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.cockpit import address, places
from jinchuanggu.cockpit.alerts import alerts as find_alerts
from jinchuanggu.cockpit.alerts import counted
from jinchuanggu.cockpit.options import indicator_groups, months
from jinchuanggu.cockpit.page import Page, Panel
from jinchuanggu.cockpit.panels import affairs, coming, figures, ranking, trend
from jinchuanggu.cockpit.settings import settings
from jinchuanggu.cockpit.standing import standings
from jinchuanggu.cockpit.tables import WRITERS
from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.indicators.models import Unit, UnitLevel
from jinchuanggu.programme.queries import map_marks

READERS = PROVINCE_WIDE | CITY_WIDE | {Role.MEMBER_UNIT, Role.OPERATOR, Role.ENTERPRISE}


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _page(request: HttpRequest, unit: Unit) -> Page:
    actor = _actor(request)
    place = places.place_of(actor, unit)
    asked = address.read(request.GET, place.origin)
    today = timezone.localdate()
    newest = Period.of(PeriodKind.MONTH, today).shift(-1)
    at = min(asked.at, newest) if asked.at else newest
    return Page(actor, asked, place, at, newest, today)


@require_safe
@guard(*READERS)
def cockpit(request: HttpRequest) -> HttpResponse:
    """The reader's own place, in the kind of data asked for."""
    actor = _actor(request)
    asked = address.read(request.GET, places.own_origin(actor, origin_view(request)))
    home = places.home_of(actor, asked)
    if home is None:
        return render(request, "cockpit/empty.html", {"origin": asked.origin})
    return _render(request, _page(request, home))


@require_safe
@guard(*READERS)
def cockpit_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Any place that the reader may see."""
    unit = places.may_open(_actor(request), pk)
    page, wanted = _page(request, unit), request.GET.get("origin")
    if wanted in address.ORIGINS and wanted != page.place.origin:
        return redirect(f"{reverse('cockpit')}?origin={wanted}")
    return _render(request, page)


def _render(request: HttpRequest, page: Page) -> HttpResponse:
    context = _context(request, page)
    return render(request, "cockpit/wall.html" if page.asked.wall else "cockpit/page.html", context)


def _context(request: HttpRequest, page: Page) -> dict[str, Any]:
    found = find_alerts(page)
    first = figures.figures(page)
    ranked = standings(page)
    panels: list[Panel | None] = []
    if page.province_or_city:
        panels += [ranking.places(page, ranked), ranking.ranking(page, ranked)]
        panels += [
            trend.trend(page),
            trend.breakdown(page),
            affairs.alerts(page, found),
            affairs.funnel(page),
        ]
        panels += [affairs.firms(page), affairs.filled(page), affairs.budget(page)]
    elif page.place.level == UnitLevel.VALLEY:
        panels += [trend.trend(page), trend.breakdown(page), affairs.alerts(page, found), affairs.firms(page)]
        panels += [affairs.filled(page), ranking.ranking(page, ranked)]
    else:
        panels += [trend.trend(page)]
    shown = [panel for panel in panels if panel is not None and not (page.published and _empty(panel))]
    marks = map_marks(page.actor, page.place.origin) if any(panel.kind == "map" for panel in shown) else None
    for panel in shown:
        panel.extra["downloads"] = [(form, page.download(panel.name, form)) for form in WRITERS]
        if panel.kind == "map" and marks is not None:
            panel.extra["map"] = _map(page, panel, marks)
    first.extra["downloads"] = [(form, page.download("figures", form)) for form in WRITERS]
    return {
        "page": page,
        "place": page.place,
        "first": first,
        "panels": shown,
        "answer": _answer(page, found, panels),
        "alerts": found,
        "simulated": not page.real,
        "months": months(page),
        "groups": indicator_groups(page),
        "breakdowns": _breakdowns(page),
        "crumbs": [{"label": _("驾驶舱"), "url": reverse("cockpit")}]
        + [
            {"label": name, "url": f"{url}?{page.asked.query()}" if url else ""}
            for name, url in page.place.up
        ]
        + [{"label": page.place.name, "url": ""}],
        "other_origin": _other(page),
        "wall_url": page.url(wall=True),
        "plain_url": page.url(wall=False),
        "coming_url": f"{reverse('cockpit_panel', args=[page.place.unit.pk, 'coming'])}?{page.asked.query()}",
        "coming": page.place.level >= UnitLevel.VALLEY and bool(page.place.kept) and not page.published,
        "settings": settings(),
        "can_rank_cities": page.place.level == UnitLevel.PROVINCE,
    }


def _empty(panel: Panel) -> bool:
    """A drawing without anything to draw: in the real province, where little is published, it only takes room."""
    if panel.name not in ("trend", "breakdown", "firms"):
        return False
    return panel.chart is None or all(
        value is None for series in panel.chart["series"] for value in series["values"]
    )


def _map(page: Page, panel: Panel, marks: dict[str, Any]) -> dict[str, Any]:
    regions = [
        {key: region[key] for key in ("code", "label", "value", "text", "url")}
        for region in panel.extra["regions"]
    ]
    return {**marks, "regions": regions, "indicator": {"label": page.indicator.name, "no_data": _("未公开")}}


def _answer(page: Page, found: list[Any], panels: list[Panel | None]) -> str:
    """One line: what the chosen indicator did, and what wants attention."""
    line = next((panel.words for panel in panels if panel is not None and panel.name == "trend"), "")
    if page.published and page.province_or_city:
        line = _("%(n)d 个真实晋创谷，只用公开报道的数字。") % {"n": len(page.place.valleys)}
    else:
        line = f"{page.indicator.name} {line}" if line else ""
    if not page.place.kept or (page.published and not found):
        return line
    return line + (_("有 %(n)s 项预警。") % {"n": counted(found)} if found else _("没有预警。"))


def _breakdowns(page: Page) -> list[dict[str, Any]]:
    names = {"field": _("领域"), "kind": _("类别"), "size": _("规模")}
    return [
        {"value": key, "label": names[key], "on": page.asked.group == key}
        for key in page.indicator.breakdowns
        if key in names
    ]


def _other(page: Page) -> dict[str, str] | None:
    """The switch between real and simulated, for who sees a whole province."""
    if not page.place.whole:
        return None
    other = "simulated" if page.real else "real"
    label = _("看模拟数据") if page.real else _("看真实数据")
    return {"url": f"{reverse('cockpit')}?origin={other}", "label": label}


BUILDERS: dict[str, Callable[[Page], Panel | None]] = {
    "figures": figures.figures,
    "places": lambda page: ranking.places(page, standings(page)) if page.province_or_city else None,
    "ranking": lambda page: ranking.ranking(page, standings(page)),
    "trend": trend.trend,
    "breakdown": trend.breakdown,
    "alerts": lambda page: affairs.alerts(page, find_alerts(page)),
    "funnel": affairs.funnel,
    "firms": affairs.firms,
    "filled": affairs.filled,
    "budget": affairs.budget,
    "coming": coming.coming,
}


@require_safe
@guard(*READERS)
def cockpit_table(request: HttpRequest, pk: int, panel: str, form: str) -> HttpResponse:
    """One panel's table as a file: the very table of the page."""
    page = _page(request, places.may_open(_actor(request), pk))
    built = BUILDERS[panel](page) if panel in BUILDERS and form in WRITERS else None
    if built is None:
        raise Http404
    write, media = WRITERS[form]
    response = HttpResponse(write(built.table), content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{panel}-{page.at}.{form}"'
    return response


@require_safe
@guard(*READERS)
def cockpit_panel(request: HttpRequest, pk: int, panel: str) -> HttpResponse:
    """One panel by itself, for those that take longer than a page may."""
    page = _page(request, places.may_open(_actor(request), pk))
    built = BUILDERS[panel](page) if panel in BUILDERS else None
    if built is None:
        raise Http404
    built.extra["downloads"] = [(form, page.download(panel, form)) for form in WRITERS]
    return render(request, "cockpit/_panel.html", {"page": page, "panel": built})
