"""The catalogue of indicators, and one indicator with its values and what asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import EVERY_ROLE, guard
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.indicators.definitions import words
from jinchuanggu.indicators.definitions.access import AUTHORS, KEEPERS
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.files import GROUPS
from jinchuanggu.indicators.definitions.library import Indicator
from jinchuanggu.indicators.definitions.view import IndicatorView
from jinchuanggu.indicators.models import Source


def crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("指标目录"), "url": reverse("indicators")},
        *({"label": label, "url": url} for label, url in further),
    ]


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_safe
@guard(*EVERY_ROLE)
def indicators(request: HttpRequest) -> HttpResponse:
    """Every indicator in force by group, and how many of them nobody types."""
    source, q = request.GET.get("source", ""), request.GET.get("q", "").replace("\x00", "").strip()[:60]
    source = source if source in Source.values else ""
    known = catalogue()
    today = timezone.localdate()
    in_force = {key: one for key, one in known.items() if one.valid_on(today)}
    # what only pages publish would bury the rest: it is listed when asked for
    rows = [
        one for one in known.values()
        if (one.source == source if source else one.source != "published" or q) and _matches(one, q)
    ]  # fmt: skip
    context = {
        "share": words.untyped(in_force),
        "groups": list(_grouped(rows, in_force)),
        "search": {
            "name": "q",
            "value": q,
            "label": _("搜索名称、口径、代码"),
            "keep": [("source", source)] if source else [],
        },
        "filters": [_source_filter(source, q)],
        "clear_url": reverse("indicators") if source or q else "",
        "may_write": actor_of(request).role in AUTHORS,
        "may_compute": actor_of(request).role in KEEPERS,
        "crumbs": crumbs(),
    }
    return render(request, "indicators/catalogue.html", context)


def _matches(one: Indicator, q: str) -> bool:
    text = " ".join((one.key, *one.title.values(), *one.counts.values())).casefold()
    return all(part in text for part in q.casefold().split())


def _grouped(rows: Iterable[Indicator], in_force: dict[str, Indicator]) -> Iterable[dict[str, Any]]:
    by_group: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        by_group.setdefault(one.group, []).append(
            {
                "one": one,
                "source": words.source_chip(one),
                "sure": words.sure_chip(one),
                "period": words.period_word(one),
                "level": words.level_word(one.level),
                "aggregation": words.aggregation_word(one),
                "closed": one.key not in in_force,
            }
        )
    order = [*GROUPS, *(name for name in by_group if name not in GROUPS)]
    for name in order:
        if name in by_group:
            yield {"id": f"group-{name or 'none'}", "name": words.group_word(name), "rows": by_group[name]}


def _source_filter(source: str, q: str) -> dict[str, Any]:
    def address(value: str) -> str:
        keys = {key: text for key, text in (("source", value), ("q", q)) if text}
        return reverse("indicators") + (f"?{urlencode(keys)}" if keys else "")

    options = [{"label": _("全部"), "url": address(""), "on": not source}]
    options += [
        {"label": str(label), "url": address(value), "on": value == source} for value, label in Source.choices
    ]
    chosen = dict(Source.choices).get(source, "")
    return {"label": _("来源"), "value": str(chosen), "on": bool(source), "options": options}


@require_safe
@guard(*EVERY_ROLE)
def indicator(request: HttpRequest, key: str) -> HttpResponse:
    """One indicator: what it counts, its formula, its newest values, their course, and the forms that ask for it."""
    known = catalogue()
    one = known.get(key)
    if one is None:
        raise Http404
    actor = actor_of(request)
    view = IndicatorView(actor, one, known, origin_view(request), request.GET.get("unit", ""))
    context = {
        "one": one,
        "view": view,
        "source": words.source_chip(one),
        "sure": words.sure_chip(one),
        "title_lang": "" if english() else "zh",
        "may_edit": actor.role in AUTHORS and not one.shipped,
        "may_compute": actor.role in KEEPERS and view.computed,
        "crumbs": crumbs((one.name, "")),
    }
    return render(request, "indicators/indicator.html", context)
