"""Screens of notices: the list, opening one, taking note of all."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.foundation.access.guards import signed_in
from jinchuanggu.foundation.notices import actions, queries
from jinchuanggu.foundation.workbench.paging import pages

PAGE = 40


@require_GET
@signed_in
def notices(request: HttpRequest) -> HttpResponse:
    """My notices, newest first; `?unread=1` for the unread ones."""
    rows = queries.mine(request.actor)  # type: ignore[attr-defined]
    unread_only = request.GET.get("unread") == "1"
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return render(
        request,
        "notices/list.html",
        {"notices": found[:PAGE], "pages": pages(request, "before", older), "unread_only": unread_only},
    )


@require_GET
@signed_in
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = queries.get_notice(request.actor, pk)  # type: ignore[attr-defined]
    actions.mark_read(request.actor, notice)  # type: ignore[attr-defined]
    safe = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if safe else "notices")


@require_POST
@signed_in
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark every notice of mine as read."""
    actions.mark_all_read(request.actor)  # type: ignore[attr-defined]
    return redirect("notices")
