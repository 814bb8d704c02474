"""The public list of decided grants: who received how much under which measure, and no more than that."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.policies.grant_queries import published_grants
from jinchuanggu.portal.frame import page

PAGE = 50


@require_safe
@public
def public_grants(request: HttpRequest) -> HttpResponse:
    """Decisions of one year, the present one by default."""
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else this
    shown = Paginator(published_grants(origin_view(request), year), PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "firm": row["application__organisation__name"],
            "measure": (english() and row["application__title_en"]) or row["application__title_zh"],
            "amount": row["amount"],
            "decided_on": row["decided_on"],
            "region": row["application__region__name"],
            "origin": row["application__origin"],
        }
        for row in shown
    ]
    context = {"rows": rows, "year": year, "years": [this - back for back in range(3)], "shown": shown}
    return page(request, "portal/grants.html", context)
