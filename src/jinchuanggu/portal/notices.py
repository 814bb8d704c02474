"""Public notices, objections to them, and looking an objection up by its receipt."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.codes.working_days import working_days_between
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.portal.forms import ObjectionForm, ReceiptForm
from jinchuanggu.portal.frame import page
from jinchuanggu.programme.actions import notice as deeds
from jinchuanggu.programme.models import PublicNotice

RECEIPT = "objection_receipt"


@require_safe
@public
def notices(request: HttpRequest) -> HttpResponse:
    """What is on notice now, and what was."""
    today = timezone.localdate()
    rows = list(PublicNotice.objects.select_related("valley__region")[:200])
    running = [row for row in rows if deeds.is_running(row)]
    context = {"running": running, "ended": [row for row in rows if row not in running], "today": today}
    return page(request, "portal/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; while it runs anybody may object, and gets a receipt."""
    found = deeds.get_public_notice(pk)
    form, status = ObjectionForm(initial={"token": secrets.token_urlsafe(16)}), 200
    if request.method == "POST":
        form, status = ObjectionForm(request.POST), 422
        if form.is_valid():
            try:
                objection = deeds.raise_objection(request.actor, notice_pk=pk, **form.cleaned_data)
            except ValidationError as problem:
                status = 429 if isinstance(problem, deeds.TooMany) else 422
                _spread(form, problem)
            else:
                request.session[RECEIPT] = objection.receipt
                return redirect("public_receipt")
    return page(request, "portal/notice.html", _context(found, form), status=status)


def _context(found: PublicNotice, form: ObjectionForm) -> dict[str, Any]:
    today, running = timezone.localdate(), deeds.is_running(found)
    return {
        "notice": found,
        "valley": found.valley,
        "paragraphs": [line for line in found.text.splitlines() if line.strip()],
        "running": running,
        "working_days": working_days_between(today, found.ends_on).days if running else None,
        "form": form,
        "simulated": found.valley.origin == "simulated",
        "papers": list(
            Document.objects.filter(valley_id=found.valley_id, kind="public_notice", public=True).order_by(
                "-pk"
            )[:2]
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@public
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of an objection; the receipt number is sent in the body, so that no log keeps it."""
    form, found, asked = ReceiptForm(), None, False
    fresh = request.session.pop(RECEIPT, "") if request.method == "GET" else ""
    if request.method == "POST":
        form = ReceiptForm(request.POST)
        if form.is_valid():
            asked, found = True, deeds.by_receipt(form.cleaned_data["receipt"])
    context = {"form": form, "found": found, "asked": asked, "fresh": fresh}
    return page(request, "portal/receipt.html", context)


def _spread(form: ObjectionForm, problem: ValidationError) -> None:
    if hasattr(problem, "error_dict"):
        for name, texts in problem.message_dict.items():
            form.add_error(name if name in form.fields else None, texts)
    else:
        form.add_error(None, problem)
