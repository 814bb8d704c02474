"""When the unmet conditions of a valley will be met: parts for its verdict tree, or a page of its own without script."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import guard, inline_styles
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.outlooks import outlooks
from jinchuanggu.programme.screens.common import actor_of, crumbs, valley_context

READERS = PROVINCE_WIDE | CITY_WIDE | {Role.OPERATOR, Role.MEMBER_UNIT}


@require_safe
@guard(*READERS)
@inline_styles
def valley_outlook(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who may open the inner file; a forecast rests on the monthly reports in it."""
    valley = get_file(actor_of(request), pk)
    rows = outlooks(valley)
    if request.headers.get("HX-Request"):
        return render(request, "programme/_outlook.html", {"outlooks": rows})
    context = valley_context(request, valley, "conditions")
    context |= {"outlooks": rows, "crumbs": crumbs((_("何时达到条件"), ""), valley=valley)}
    return render(request, "programme/outlook.html", context)
