"""One click into every role, in demo mode only."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from jinchuanggu.demo import clock
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
    return render(request, "demo/accounts.html", {"doors": doors, "today": timezone.localdate()})


@public
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a demo account; refused for any other account."""
    _demo_only()
    user = get_object_or_404(User, username=request.POST.get("username", ""), is_demo=True, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("workbench")


@public
@require_POST
def move_clock(request: HttpRequest) -> HttpResponse:
    """Move the demo's day forward by 1 to 400 days, so that periods end while one watches."""
    _demo_only()
    try:
        days = int(request.POST.get("days", ""))
        if days > 400:
            raise ValueError
        clock.move(days)
    except ValueError:
        messages.error(request, _("请填写 1 至 400 之间的天数"))
    else:
        messages.success(request, _("演示时钟已拨到 %(day)s") % {"day": timezone.localdate()})
    return redirect("demo_accounts")
