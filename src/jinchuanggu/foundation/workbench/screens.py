"""The workbench, the search, and the switches of the frame."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.foundation.access.actor import HAT_SESSION_KEY, from_membership
from jinchuanggu.foundation.access.guards import public, signed_in
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.audit.queries import recent, shown
from jinchuanggu.foundation.ui import origin
from jinchuanggu.foundation.ui.context import THEMES
from jinchuanggu.foundation.workbench import queries, registry

YEAR = 60 * 60 * 24 * 365


def _back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To `next`, else to where the reader came from, if that is an address of this site."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return redirect(address)
    return redirect(otherwise)


@require_GET
@signed_in
def workbench(request: HttpRequest) -> HttpResponse:
    """What waits for me, what changed since yesterday, my figures, my quick acts."""
    actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    since = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    return render(
        request,
        "workbench/workbench.html",
        {
            "today": today,
            "waiting": queries.waiting(actor, today, origin=origin.origin_view(request)),
            "changes": shown(recent(actor, since=since), actor),
            "figures": registry.figures_for(actor),
            "acts": registry.acts_for(actor),
        },
    )


@require_GET
@signed_in
def search(request: HttpRequest) -> HttpResponse:
    """Everything the reader may open that matches, grouped by room."""
    text = request.GET.get("q", "").strip()[:100]
    groups = queries.search(request.actor, text)  # type: ignore[attr-defined]
    return render(
        request,
        "workbench/search.html",
        {
            "q": text,
            "groups": groups,
            "found": sum(len(group.hits) for group in groups),
            "too_short": 0 < len(text) < queries.MIN_LENGTH,
            "least": queries.MIN_LENGTH,
        },
    )


@require_POST
@signed_in
def switch_hat(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own hats from now on."""
    wanted = request.POST.get("hat", "")
    hat = next((hat for hat in getattr(request, "hats", []) if str(hat.pk) == wanted), None)
    if hat is None:
        raise Http404
    before = request.actor  # type: ignore[attr-defined]
    if hat.pk != before.membership_id:
        request.session[HAT_SESSION_KEY] = hat.pk
        actor = from_membership(hat, address=before.address, agent=before.agent)
        with transaction.atomic():
            record(
                actor, "account.switch_hat", hat, changes={"membership_id": [before.membership_id, hat.pk]}
            )
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # the page one came from may be closed to the new hat, so the default is the new hat's workbench
    return redirect(target if target and safe else "workbench")


@require_POST
@public
def origin_switch(request: HttpRequest) -> HttpResponse:
    """Show real data, simulated data, or both."""
    value = request.POST.get("origin", "")
    if value in origin.CHOICES:
        request.session[origin.SESSION_KEY] = value
    return _back(request, "/")


@require_POST
@public
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's theme in a cookie."""
    response = _back(request, "/")
    value = request.POST.get("theme", "")
    if value in THEMES:
        response.set_cookie("jcg_theme", value, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
