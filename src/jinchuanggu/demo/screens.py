"""One click into every role, in demo mode only."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.demo.accounts import ACCOUNTS
from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Membership


def _demo_only() -> None:
    if not settings.DEMO or settings.PUBLIC_ADDRESS:
        raise Http404


@public
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """The doors: every demo account with its organisation and what to try."""
    _demo_only()
    hats = {
        hat.person.user.username: hat
        for hat in Membership.objects.filter(person__user__is_demo=True)
        .select_related("person__user", "organisation")
        .order_by("-pk")
    }
    doors = [(account, hats[account.username]) for account in ACCOUNTS if account.username in hats]
    return render(request, "demo/accounts.html", {"doors": doors})


@public
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo account; refused for any other account."""
    _demo_only()
    user = get_object_or_404(User, username=request.POST.get("username", ""), is_demo=True, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("workbench")
