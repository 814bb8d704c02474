"""The firms in scope with their rung and what they can have: one batch of columns for a page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.policies import eligibility_words as words
from jinchuanggu.policies import rules
from jinchuanggu.policies.eligibility_batch import batch
from jinchuanggu.residents.actions.appeals import answer_appeal, appeals
from jinchuanggu.residents.models import Appeal
from jinchuanggu.residents.scopes import firms
from jinchuanggu.residents.screens.firms import page_of, searched
from jinchuanggu.residents.screens.profile import READERS

SHOWN = 100


@require_safe
@guard(*READERS)
def eligibility_firms(request: HttpRequest) -> HttpResponse:
    """The list; a firm itself goes to its own page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor.role == Role.ENTERPRISE:
        return redirect("eligibility", actor.organisation_id)
    rows = searched(request, of_origin(firms(actor), origin_view(request)))
    found, page, search = page_of(request, rows, "eligibility_firms")
    origins = {firm.pk: firm.origin for firm in found}
    context = {
        "rows": [{**row, "origin": origins[row["pk"]]} for row in batch(found, timezone.localdate())],
        "page": page,
        "search": search,
        "search_label": search["label"],
        "clear_url": reverse("eligibility_firms") if search["value"] else "",
    }
    return render(request, "policies/eligibility_firms.html", context)


@require_safe
@guard(*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR, Role.ENTERPRISE, Role.MEMBER_UNIT)
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Doubts about rules and data: those of this firm, or those this unit must answer."""
    return _list(request)


def _list(request: HttpRequest, typed: dict[int, str] | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = list(appeals(actor)[:SHOWN])
    rows = [_row(one, actor.organisation_id, (typed or {}).get(one.pk, "")) for one in found]
    context = {"rows": rows, "waiting": sum(one.answered_at is None for one in found)}
    return render(request, "policies/appeals.html", context, status=status)


def _row(one: Appeal, reader: int | None, typed: str) -> dict[str, Any]:
    found = rules.library().versions(one.subject)
    answered = one.answered_at is not None
    return {
        "pk": one.pk,
        "title": words.say(found[-1].title) if found else one.subject,
        "kind": one.get_kind_display(),
        "state": _("已答复") if answered else _("等待答复"),
        "tone": "met" if answered else "attention",
        "icon": "circle-check" if answered else "clock",
        "firm": one.organisation.name,
        "unit": one.unit.name,
        "url": reverse("eligibility_measure", args=[one.organisation_id, one.subject]),
        "version": one.version,
        "text": one.text,
        "raised_by": one.raised_by,
        "raised_at": one.raised_at,
        "answer": one.answer,
        "answered_by": one.answered_by,
        "answered_at": one.answered_at,
        "may_answer": not answered and one.unit_id == reader,
        "typed": typed,
    }


@require_POST
@guard(Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.MEMBER_UNIT)
def appeal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a doubt, once."""
    text = request.POST.get("answer", "")
    try:
        answer_appeal(request.actor, appeal_id=pk, answer=text)  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
        return _list(request, {pk: text}, 422)
    messages.success(request, _("已答复并通知企业"))
    return redirect("appeals")
