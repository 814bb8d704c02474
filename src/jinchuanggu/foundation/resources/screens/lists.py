"""The list, its total on demand, its workbook, and the suggestions of a reference input."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation import exact_sums
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.resources import export, references
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.listing import Listing
from jinchuanggu.foundation.ui.origin import origin_view


def listing_of(request: HttpRequest, resource: Resource) -> Listing:
    """The list this request asks for, under the reader's hat and choice of data."""
    return Listing(resource, request.actor, request.GET, origin_view(request))


def index(request: HttpRequest, resource: Resource) -> HttpResponse:
    """The list; with `total` the count, which is counted only when somebody asks."""
    listing = listing_of(request, resource)
    total = listing.rows.count() if "total" in request.GET else None
    sums = _sums(listing) if total is not None else []
    if total is not None and request.headers.get("HX-Request"):
        return render(request, "resources/_total.html", {"total": total, "sums": sums})
    actor, access = request.actor, resource.access
    shown = {
        "resource": resource,
        "listing": listing,
        "total": total,
        "sums": sums,
        "names": names_of(resource),
        "search_label": search_label(resource),
        "may_add": actor.role in access.add,
        "may_import": actor.role in access.imports,
        "may_export": actor.role in access.exports,
    }
    response = render(request, "resources/list.html", shown)
    # so that the way back from a record finds the list as it was left
    response.set_cookie(
        f"jcg_list_{resource.name}",
        quote(request.GET.urlencode()[:1500]),
        path=request.path,
        samesite="Lax",
        httponly=True,
    )
    return response


def _sums(listing: Listing) -> list[tuple[str, Decimal]]:
    """`(label, exact sum)` of the columns that the resource adds up."""
    resource = listing.resource
    found = exact_sums.sums(listing.rows, resource.sums)
    return [(str(resource.label_of(path)), value) for path, value in found.items()]


def workbook(request: HttpRequest, resource: Resource) -> FileResponse:
    """The list as shown, as an Excel workbook."""
    listing = listing_of(request, resource)
    name = _("%(label)s-%(day)s.xlsx") % {"label": resource.label, "day": timezone.localdate().isoformat()}
    return FileResponse(export.workbook(listing), as_attachment=True, filename=name, content_type=XLSX)


def options(request: HttpRequest, resource: Resource, field: str) -> HttpResponse:
    """Suggestions for a reference input, from the actor's own options."""
    reference = resource.references.get(field)
    if reference is None:
        raise Http404
    text = (request.GET.get(field) or request.GET.get("q", "")).replace("\x00", "")[:100]
    return render(
        request, "resources/_options.html", {"options": references.suggest(reference, request.actor, text)}
    )


def search_label(resource: Resource) -> str:
    """What the search box looks through."""
    return _("搜索：%(fields)s") % {
        "fields": _("、").join(str(resource.label_of(path)) for path in resource.search)
    }


def names_of(resource: Resource) -> dict[str, str]:
    """The URL names of a resource, for templates."""
    acts = (
        "list",
        "new",
        "detail",
        "edit",
        "history",
        "export",
        "import",
        "import_template",
        "import_run",
        "import_commit",
        "import_errors",
    )
    return {act: f"{resource.name}_{act}" for act in acts}
