"""The province map: the same valleys and filters as the list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.programme.queries import ValleyFilter, map_marks
from jinchuanggu.programme.screens.common import actor_of, crumbs
from jinchuanggu.programme.screens.valleys import address, filter_chips, search_box


@require_safe
@public
def valley_map(request: HttpRequest) -> HttpResponse:
    """Valleys on the map of the province, with the list as its twin."""
    chosen = ValleyFilter.read(request.GET, origin_view(request))
    data = map_marks(actor_of(request), chosen.origin, chosen)
    context = {
        "map": data,
        "count": len(data["valleys"]),
        "real": sum(not mark["simulated"] for mark in data["valleys"]),
        "filters": filter_chips(chosen, "valley_map"),
        "search": search_box(chosen),
        "clear_url": reverse("valley_map") if chosen.keys() else "",
        "list_url": address(chosen),
        "crumbs": crumbs(),
    }
    return render(request, "programme/valley_map.html", context)
