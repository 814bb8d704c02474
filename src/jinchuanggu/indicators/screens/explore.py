"""The pivot table: any indicator by unit and period; the address holds the whole question."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.periods import Period, PeriodKind, span
from jinchuanggu.foundation.access.guards import EVERY_ROLE, guard
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.indicators.definitions import words
from jinchuanggu.indicators.definitions.catalogue import catalogue
from jinchuanggu.indicators.definitions.files import GROUPS
from jinchuanggu.indicators.definitions.library import DIMENSIONS
from jinchuanggu.indicators.explore import files
from jinchuanggu.indicators.explore import table as asking
from jinchuanggu.indicators.explore.chart import chart_of
from jinchuanggu.indicators.models import UnitLevel
from jinchuanggu.indicators.screens.definitions import actor_of
from jinchuanggu.indicators.store.units import names_of

YEARS_BACK = 6


def _asked(request: HttpRequest) -> tuple[asking.Asked, list[Any], dict[str, Any]]:
    known = {key: one for key, one in catalogue().items() if one.source != "published"}
    if any(key not in known for key in request.GET.getlist("key")):
        known = catalogue()
    inside = asking.places(actor_of(request), origin_view(request))
    return asking.read(request.GET, actor_of(request), inside, known), inside, known


@require_safe
@guard(*EVERY_ROLE)
def explore(request: HttpRequest) -> HttpResponse:
    """The question, the table, the chart, the files."""
    asked, inside, known = _asked(request)
    answer = asking.answer(actor_of(request), asked, known)
    pages = -(-answer.units // asking.ROWS)
    address = reverse("explore")
    context = {
        "asked": asked,
        "answer": answer,
        "chart": chart_of(answer),
        "groups": _choices(known, asked),
        "places": _places(inside, asked),
        "levels": [(value, label) for value, label in UnitLevel.choices if not asked.within or value <= asked.within.level],
        "months": _months(asked),
        "kinds": [("month", _("月")), ("quarter", _("季")), ("year", _("年"))],
        "dimensions": [(name, words.dimension_word(name)) for name in DIMENSIONS],
        "by_word": words.dimension_word(asked.breakdown) if asked.breakdown else "",
        "adds_up": any(section.adds_up for section in answer.sections),
        "files": [
            (form.upper() if form != "xlsx" else "Excel", f"{reverse('explore_file', args=[form])}?{asked.address()}")
            for form in ("xlsx", "csv", "json")
        ],
        "page": {
            "first": (asked.page - 1) * asking.ROWS + 1,
            "last": min(asked.page * asking.ROWS, answer.units),
            "total": answer.units,
            "previous_url": f"{address}?{asked.address(page=asked.page - 1)}" if asked.page > 1 else "",
            "next_url": f"{address}?{asked.address(page=asked.page + 1)}" if asked.page < pages else "",
        } if pages > 1 else None,
        "simulated": answer.simulated,
    }  # fmt: skip
    return render(request, "indicators/explore.html", context)


def _choices(known: dict[str, Any], asked: asking.Asked) -> list[dict[str, Any]]:
    by_group: dict[str, list[Any]] = {}
    for one in known.values():
        by_group.setdefault(one.group, []).append({"one": one, "on": one.key in asked.keys})
    order = [*GROUPS, *(name for name in by_group if name not in GROUPS)]
    return [
        {
            "name": words.group_word(name),
            "items": by_group[name],
            "on": any(item["on"] for item in by_group[name]),
        }
        for name in order
        if name in by_group
    ]


def _places(inside: list[Any], asked: asking.Asked) -> list[dict[str, Any]]:
    names = names_of(inside)
    return [
        {
            "pk": unit.pk, "on": asked.within is not None and unit.pk == asked.within.pk,
            "label": names.get(unit.pk, "") + _("（") + str(unit.get_level_display())
            + (_("，模拟") if unit.origin == "simulated" else "") + _("）"),
        }
        for unit in inside
    ]  # fmt: skip


def _months(asked: asking.Asked) -> list[Period]:
    this = Period.of(PeriodKind.MONTH, timezone.localdate())
    first = min(asked.first, this.shift(-12 * YEARS_BACK))
    return list(span(first, max(asked.last, this)))[::-1]


@require_safe
@guard(*EVERY_ROLE)
def explore_file(request: HttpRequest, form: str) -> HttpResponse | FileResponse:
    """Exactly the table of the same address, all its pages. 404 for another kind of file, 413 for too large a one."""
    if form not in files.TYPES:
        raise Http404
    asked, _inside, known = _asked(request)
    try:
        answer = asking.answer(actor_of(request), asked, known, whole=True)
    except ValueError as problem:
        return HttpResponse(str(problem), status=413, content_type="text/plain; charset=utf-8")
    if form == "xlsx":
        body = files.as_workbook(answer, actor_of(request))
    else:
        body = io.BytesIO(files.as_csv(answer) if form == "csv" else files.as_json(answer))
    name = quote(f"{_('指标透视')}-{asked.first}-{asked.last}.{form}")
    response = FileResponse(body, content_type=files.TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
