"""The list of applications: the firm's own, the payer's queue with several decisions at once, the auditor's view."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.policies.access_grants import DECIDERS, READERS, decides
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.grant_queries import PAGE, Chosen, measures_of, page_of
from jinchuanggu.policies.grant_words import state_label, states, title_of
from jinchuanggu.policies.screens.grants_frame import actor_of


def chosen_of(request: HttpRequest) -> Chosen:
    take = request.GET.get
    return Chosen(
        q=take("q", "").strip()[:80], state=take("state", ""), measure=take("measure", "")[:120], way=take("way", ""),
        origin=origin_view(request),
    )  # fmt: skip


def address(chosen: Chosen, **changed: str) -> str:
    keys = {**chosen.keys(), **changed}
    query = urlencode({key: value for key, value in keys.items() if value})
    return f"{reverse('grants')}?{query}" if query else reverse("grants")


@require_safe
@guard(*READERS)
def grants(request: HttpRequest) -> HttpResponse:
    """What this hat has to do with, filtered by the address."""
    return listing(request)


def listing(
    request: HttpRequest, refusals: list[Refusal] | None = None, ticked: tuple[int, ...] = ()
) -> HttpResponse:
    """The list; with `refusals` of a batch the ticked rows stay ticked."""
    actor, chosen = actor_of(request), chosen_of(request)
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
    found = page_of(actor, chosen, number)
    first = (number - 1) * PAGE + 1
    rows = [
        {
            "row": row,
            "title": title_of(row),
            "state": state_label(row.state),
            "due": found.due.get(row.pk),
            "amount": row.grant.amount if hasattr(row, "grant") else row.claimed,
            "decided": hasattr(row, "grant"),
            "tick": row.state == "reviewing" and decides(actor, row),
            "ticked": row.pk in ticked,
            "url": _url(row),
        }
        for row in found.rows
    ]
    context = {
        "rows": rows,
        "refusals": refusals or [],
        "own": actor.role == Role.ENTERPRISE,
        "may_batch": any(one["tick"] for one in rows),
        "filters": _filters(actor, chosen),
        "search": {
            "name": "q", "value": chosen.q, "label": _("搜索单位、措施或兑现编号"),
            "keep": [(k, v) for k, v in chosen.keys().items() if k != "q"],
        },
        "clear_url": reverse("grants") if chosen.keys() else "",
        "eligibility_url": _eligibility(actor),
        "payments_url": reverse("payments_list") if actor.role in (*DECIDERS, Role.AUDITOR) else "",
        "crumbs": [{"label": _("政策兑现"), "url": ""}],
        "page": {
            "first": first if rows else 0, "last": first + len(rows) - 1 if rows else 0,
            "previous_url": address(chosen, page=str(number - 1)) if number > 1 else "",
            "next_url": address(chosen, page=str(number + 1)) if found.more else "",
        },
    }  # fmt: skip
    return render(request, "policies/grants/list.html", context, status=422 if refusals else 200)


def _url(row: Any) -> str:
    """A draft opens where it is written."""
    if row.state == "draft":
        return f"{reverse('grant_apply', args=[row.organisation_id, row.rule_set])}?draft={row.pk}"
    return str(row.get_absolute_url())


def _eligibility(actor: Any) -> str:
    if actor.role != Role.ENTERPRISE:
        return ""
    try:
        return reverse("eligibility", args=[actor.organisation_id])
    except NoReverseMatch:
        return ""


def _filters(actor: Any, chosen: Chosen) -> list[dict[str, Any]]:
    own = actor.role == Role.ENTERPRISE
    everything = [] if own else [("all", _("全部状态"))]
    private = ("draft", "proposed")
    known = [(key, words) for key, words in states() if own or key not in private]
    choices = [
        ("state", _("状态"), [*everything, *known], _("全部") if own else _("办理中")),
        ("measure", _("措施"), measures_of(actor), _("全部")),
        ("way", _("方式"), [("automatic", _("免申即享")), ("application", _("申请"))], _("全部")),
    ]
    shown = []
    for name, label, options, none in choices:
        current = getattr(chosen, name)
        shown.append(
            {
                "label": label, "value": dict(options).get(current, ""), "on": bool(current),
                "options": [
                    {"label": none, "url": address(chosen, **{name: ""}), "on": not current},
                    *({"label": t, "url": address(chosen, **{name: k}), "on": k == current} for k, t in options),
                ],
            }
        )  # fmt: skip
    return shown


@require_POST
@guard(*DECIDERS)
def grant_batch(request: HttpRequest) -> HttpResponse:
    """Grant the ticked ones, all or none; what stands in the way is said for each."""
    pks = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19]
    try:
        done = actions.approve_many(
            actor_of(request), pks=pks, opinion=request.POST.get("opinion", "").strip()[:2000]
        )
    except Refused as refused:
        return listing(request, refused.refusals, tuple(pks))
    messages.success(
        request, ngettext("已同意 %(n)s 件申请", "已同意 %(n)s 件申请", len(done)) % {"n": len(done)}
    )
    return redirect("grants")
