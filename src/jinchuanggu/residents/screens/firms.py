"""The firms in scope and how much of their facts is known."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.residents.inputs import data_year
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.scopes import firms
from jinchuanggu.residents.screens.profile import READERS, WRITERS

PAGE = 50


def searched(request: HttpRequest, rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """The rows whose name or credit code holds what was searched for."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return rows.filter(Q(name__icontains=text) | Q(uscc__istartswith=text)) if text else rows


def page_of(
    request: HttpRequest, rows: QuerySet[Organisation], url_name: str
) -> tuple[list[Organisation], dict[str, Any], dict[str, Any]]:
    """`(rows of this page, pagination, search box)` of a list of firms by name."""
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    first = (number - 1) * PAGE
    found = list(rows.select_related("region").order_by("name", "pk")[first : first + PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]

    def address(page: int) -> str:
        query = request.GET.copy()
        query["page"] = str(page)
        return f"{reverse(url_name)}?{query.urlencode()}"

    page = {
        "first": first + 1 if found else 0,
        "last": first + len(found) if found else 0,
        "previous_url": address(number - 1) if number > 1 else "",
        "next_url": address(number + 1) if more else "",
    }
    keep = [(name, value) for name, value in request.GET.items() if name not in {"q", "page"}]
    return found, page, {"name": "q", "value": text, "label": _("搜索企业名称或信用代码"), "keep": keep}


@require_safe
@guard(*READERS)
def firm_profiles(request: HttpRequest) -> HttpResponse:
    """The list; a firm itself has only its own page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.role == Role.ENTERPRISE:
        return redirect("firm_profile", actor.organisation_id)
    rows = searched(request, of_origin(firms(actor), origin_view(request)))
    found, page, search = page_of(request, rows, "firm_profiles")
    last = data_year(timezone.localdate().year)
    ids = [firm.pk for firm in found]
    standings = FirmStanding.objects.filter(organisation_id__in=ids).in_bulk(field_name="organisation_id")
    years = dict(
        FirmYear.objects.filter(organisation_id__in=ids, year=last).values_list("organisation_id", "values")
    )
    context = {
        "rows": [
            {
                "firm": firm,
                "given": len(standings[firm.pk].values) + len(years.get(firm.pk, {}))
                if firm.pk in standings
                else 0,
                "updated": standings[firm.pk].updated_at if firm.pk in standings else None,
            }
            for firm in found
        ],
        "page": page,
        "search": search,
        "search_label": search["label"],
        "year": last,
        "clear_url": reverse("firm_profiles") if search["value"] else "",
        "may_import": actor.role in WRITERS,
        "query": request.GET.urlencode(),
    }
    return render(request, "residents/profiles.html", context)
