"""The table of all units of a form and a period: checked together, passed, locked or returned together."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.jobs.models import Job
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import say
from jinchuanggu.indicators.filings import bulk
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.batch_view import key_cells, lines, ordered, ready
from jinchuanggu.indicators.filings.batches import counted, joined
from jinchuanggu.indicators.filings.words import PROCESS, period_words, place_words, state_words
from jinchuanggu.indicators.forms.library import form_for, forms
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.places import Place, directory
from jinchuanggu.indicators.screens.filing import actor_of
from jinchuanggu.indicators.store.units import names_of

READERS = (*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR)
ACTORS = (Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
PAGE = 100
MOST = 1000
"""More units than this are not laid out in one table; a valley has to be chosen."""
STATES = ("draft", "checking", "reviewing", "returned", "reopened", "locked")


def form_and_period(form: str, period: str) -> tuple[Form, Period]:
    """From the address. Raises Http404 for what doesn't fit."""
    try:
        found = Period.parse(period)
        known = form_for(form, found)
    except (ValueError, KeyError):
        raise Http404 from None
    if known.period is not found.kind:
        raise Http404
    return known, found


def valley_of(request: HttpRequest, source: str = "GET") -> Place | None:
    """The valley the address names, through the reader's scope. Raises Http404."""
    text = getattr(request, source).get("valley", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise Http404
    place = directory().places([int(text)]).get(int(text))
    if place is None:
        raise Http404
    return place


@require_safe
@guard(*READERS)
def filing_batch(request: HttpRequest, form: str, period: str) -> HttpResponse:
    """One form of one period."""
    return show(request, form, period)


def show(
    request: HttpRequest,
    form: str,
    period: str,
    refusals: list[str] | None = None,
    ticked: set[int] | None = None,
) -> HttpResponse:
    """The table; with `refusals` the ticked rows stay ticked."""
    actor, today = actor_of(request), timezone.localdate()
    known, when = form_and_period(form, period)
    place = valley_of(request)
    base = filings_for(actor).filter(form=known.id, period=when.number)
    if place is not None:
        base = base.filter(valley_id=place.id)
        if not base.exists() and not directory().visible(actor).filter(pk=place.id).exists():
            raise Http404
    elif base.order_by()[: MOST + 1].count() > MOST:  # too many for one table: choose a place first
        return redirect(reverse("filings") + _query({"form": known.id, "period": str(when)}))
    state = request.GET.get("state", "") if request.GET.get("state", "") in STATES else ""
    rows = base.filter(state=state) if state else base
    filings, findings = ordered(known, list(rows.select_related("unit").order_by("pk")[:MOST]))
    number = _page_number(request)
    start = (number - 1) * PAGE
    acts = _acts(actor, known, filings, findings)
    shown = filings[start : start + PAGE]
    own_address = reverse("filing_batch", args=[known.id, str(when)])
    keys = {"valley": str(place.id) if place else "", "state": state}
    several = {row.valley_id for row in filings}
    context: dict[str, Any] = {
        "title": known.name,
        "period": period_words(when),
        "place": place_words(place),
        "sentence": _sentence(base, today),
        "refusals": refusals or [],
        "rows": lines(known, shown, today, findings, ticked or set(), [act["state"] for act in acts]),
        "heads": [{"label": cell.name, "short": cell.name, "unit": cell.unit_label} for cell in key_cells(known)],
        "acts": acts,
        "act_url": reverse("filing_bulk", args=[known.id, str(when)]) + _query(keys),
        "many_places": len(several) > 1,
        "filters": _filters(actor, own_address, keys),
        "clear_url": own_address + _query({"valley": keys["valley"]}) if state else "",
        "list_url": reverse("filings"),
        "completeness_url": reverse("completeness") + _query({"form": known.id, "period": str(when)}),
        "template_url": "",
        "upload_url": "",
        "crumbs": [
            {"label": _("数据报送"), "url": reverse("filings")},
            {"label": f"{known.name} {period_words(when)}", "url": ""},
        ],
        "page": {
            "first": start + 1 if shown else 0, "last": start + len(shown), "total": len(filings),
            "previous_url": own_address + _query(keys | {"page": str(number - 1)}) if number > 1 else "",
            "next_url": own_address + _query(keys | {"page": str(number + 1)}) if len(filings) > start + PAGE else "",
        },
    }  # fmt: skip
    only = place.id if place else next(iter(several)) if len(several) == 1 else None
    if known.level == "firm" and only:
        context["template_url"] = reverse("filing_template", args=[known.id, str(when)]) + f"?valley={only}"
        if actor.role == Role.OPERATOR:
            context["upload_url"] = reverse("filing_upload", args=[known.id, str(when)]) + f"?valley={only}"
    return render(request, "indicators/filings/batch.html", context, status=422 if refusals else 200)


def _query(keys: dict[str, str]) -> str:
    query = urlencode({key: value for key, value in keys.items() if value})
    return f"?{query}" if query else ""


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def _sentence(base: Any, today: Any) -> str:
    from jinchuanggu.indicators.filings.batches import Batch

    found = [
        Batch(**one) for one in counted(base, today, "form", "period", "valley_id", "region_id", "origin")
    ]
    kinds = [
        joined([one for one in found if one.origin == origin])
        for origin in sorted({one.origin for one in found})
    ]
    if len(kinds) < 2:
        return kinds[0].words if kinds else ""
    # real and simulated are never added up
    return " ".join(
        _("%(kind)s：%(words)s") % {"kind": Origin(one.origin).label, "words": one.words} for one in kinds
    )


def _acts(
    actor: Actor, form: Form, filings: list[Filing], findings: dict[int, list[Any]]
) -> list[dict[str, Any]]:
    """What this hat may do with several at once, with how many of them are ready for it."""
    process, variant, found = load(PROCESS), form.level, []
    for event in ("pass_check", "lock", "return_filing"):
        for state in dict.fromkeys(row.state for row in filings):
            move = process.move(state, event, variant)
            if (
                move is None
                or actor.role not in move.by
                or process.states[state].held_by(variant) != actor.role
            ):
                continue
            can = [row for row in filings if row.state == state and ready(findings.get(row.pk, ()))]
            found.append({"event": event, "label": say(move.title), "state": state, "ready": len(can)})
    return found


def _filters(actor: Actor, address: str, keys: dict[str, str]) -> list[dict[str, Any]]:
    places = sorted(directory().places(list(directory().mine(actor).values_list("pk", flat=True))).values(),
                    key=lambda one: one.id) if actor.role != Role.OPERATOR else []  # fmt: skip
    choices = {"state": (_("状态"), [(key, state_words(key)) for key in STATES])}
    if len(places) > 1:
        choices["valley"] = (_("晋创谷"), [(str(one.id), place_words(one)) for one in places])
    return [
        {
            "label": label, "value": dict(options).get(keys[name], ""), "on": bool(keys[name]),
            "options": [
                {"label": _("全部"), "url": address + _query(keys | {name: ""}), "on": not keys[name]},
                *({"label": said, "url": address + _query(keys | {name: key}), "on": key == keys[name]}
                  for key, said in options),
            ],
        }
        for name, (label, options) in choices.items()
    ]  # fmt: skip


@require_POST
@guard(*ACTORS)
def filing_bulk_act(request: HttpRequest, form: str, period: str) -> HttpResponse:
    """Pass, lock or return the ticked ones, or all that nothing stands against; the result has a page."""
    actor = actor_of(request)
    known, when = form_and_period(form, period)
    place = valley_of(request)
    event, _sep, which = request.POST.get("do", "").partition(":")
    if event not in bulk.EVENTS or which not in ("ticked", "ready"):
        raise Http404
    pks = {int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19}
    reason = request.POST.get("reason", "").strip()[:500]
    refusals = []
    if which == "ticked" and not pks:
        refusals.append(_("还没有勾选单位"))
    if event == "return_filing" and not reason:
        refusals.append(_("退回须写明理由"))
    if refusals:
        return show(request, form, period, refusals, pks)
    job = bulk.act_on(
        actor, form=known, period=when, valley_id=place.id if place else None, event=event,
        pks=pks if which == "ticked" else None, reason=reason,
    )  # fmt: skip
    return redirect("filing_result", job.pk)


@require_safe
@guard(*ACTORS)
def filing_result(request: HttpRequest, job_id: int) -> HttpResponse:
    """What an act on several came to; it stays."""
    job = Job.objects.filter(pk=job_id, kind=bulk.KIND, membership_id=actor_of(request).membership_id).first()
    if job is None or job.membership_id is None:
        raise Http404
    summary = job.summary
    refused = summary.get("refused", [])
    rows = Filing.objects.filter(pk__in=[pk for pk, _reasons in refused]).select_related("unit").in_bulk()
    names = names_of([row.unit for row in rows.values()])
    context = {
        "job": job, "open": job.open, "done": summary.get("done", 0), "asked": summary.get("asked", 0),
        "who": actor_of(request).label,
        "refused": [
            {"unit": names.get(rows[pk].unit_id, ""), "url": rows[pk].get_absolute_url(), "reasons": reasons}
            for pk, reasons in refused if pk in rows
        ],
        "back": summary.get("back", reverse("filings")),
        "crumbs": [{"label": _("数据报送"), "url": reverse("filings")}, {"label": job.title, "url": ""}],
    }  # fmt: skip
    return render(request, "indicators/filings/result.html", context)


__all__ = ["filing_batch", "filing_bulk_act", "filing_result", "forms"]
