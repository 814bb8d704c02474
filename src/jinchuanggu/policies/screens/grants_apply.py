"""Applying for a measure: everything known is filled in, the amount is computed, the firm checks and sends."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.documents.queries import of_subject
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.policies.access_grants import get_own_firm
from jinchuanggu.policies.actions import grants as actions
from jinchuanggu.policies.actions.grants import Entries
from jinchuanggu.policies.forms.grants import ApplyForm
from jinchuanggu.policies.grant_standing import Standing, budget_of, left_of, rivals, standing_of
from jinchuanggu.policies.grant_terms import Terms, payer_region, settings, terms_shown
from jinchuanggu.policies.grant_words import result_shown, state_words, title_of
from jinchuanggu.policies.models import GrantApplication
from jinchuanggu.policies.models.grants import RELEASED
from jinchuanggu.policies.process.grant_guards import closed, unmet
from jinchuanggu.policies.process.subject import case_of
from jinchuanggu.policies.screens.grants_frame import actor_of, crumbs, mend, revision_of


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.ENTERPRISE)
def grant_apply(request: HttpRequest, organisation: int, rule_set: str) -> HttpResponse:
    """One measure for one firm: the draft if there is one, else a new form filled in from what is known."""
    firm = get_own_firm(actor_of(request), organisation)
    terms = terms_shown(rule_set, timezone.localdate())
    if terms is None:
        raise Http404
    if (
        terms.automatic
        and not terms.needs_event
        and (answer := _automatic(request, firm, rule_set)) is not None
    ):
        return answer
    draft = _draft(request, firm, rule_set)
    ranged = terms.benefit.low != terms.benefit.high
    form = ApplyForm(
        request.POST or None,
        request.FILES or None,
        terms=terms,
        ranged=ranged,
        initial=_initial(draft, firm, terms),
    )
    if request.method == "POST" and not terms.automatic and form.is_valid():
        answer, draft = _save(request, firm, rule_set, form, draft)
        if answer is not None:
            return answer
    context = page(request, firm, terms, draft, form)
    return render(request, "policies/grants/apply.html", context, status=422 if form.errors else 200)


def _automatic(request: HttpRequest, firm: Organisation, rule_set: str) -> HttpResponse | None:
    """免申即享: what was offered is confirmed on its own page; asked for, it is offered at once if it can be."""
    rows = GrantApplication.objects.filter(organisation=firm, rule_set=rule_set).exclude(state__in=RELEASED)
    found = rows.order_by("-pk").first()
    if found is None and request.method == "POST":
        found = actions.propose(firm.pk, rule_set)
        if found is None:
            messages.error(request, _("现有数据还不能免申即享，原因见下"))
    return redirect("grant", found.pk) if found is not None else None


def _draft(request: HttpRequest, firm: Organisation, rule_set: str) -> GrantApplication | None:
    """The draft asked for, or the only one there is. Raises Http404 for one that is not the firm's."""
    rows = GrantApplication.objects.filter(organisation=firm, rule_set=rule_set, state="draft")
    rows = rows.select_related("organisation__region__parent")
    asked = request.POST.get("draft") or request.GET.get("draft", "")
    if asked:
        found = rows.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
        if found is None and request.method != "POST":
            raise Http404
        return found
    return rows.first() if request.GET.get("new") is None else None


def _initial(draft: GrantApplication | None, firm: Organisation, terms: Terms) -> dict[str, Any]:
    """What the draft holds; a new form claims the most there is."""
    names = ("event_on", "event_ref", "claimed", "note")
    if draft is not None:
        return {name: getattr(draft, name) for name in names}
    now = standing_of(GrantApplication(organisation=firm, rule_set=terms.rule_set.id)).now
    return {"claimed": now.high} if now is not None and now.known else {}


def _save(
    request: HttpRequest, firm: Organisation, rule_set: str, form: ApplyForm, draft: GrantApplication | None
) -> tuple[HttpResponse | None, GrantApplication | None]:
    """Keep what was typed, then send it when asked to; a refusal leaves the draft and says why."""
    actor, data = actor_of(request), form.cleaned_data
    entries = Entries(**{k: data[k] for k in ("event_on", "event_ref", "claimed", "note") if data.get(k)})
    try:
        draft = actions.save_draft(
            actor, organisation_id=firm.pk, rule_set=rule_set, entries=entries,
            application_id=draft.pk if draft else None,
        )  # fmt: skip
        for field, kind in (("proof", "event_proof"), ("paper", "grant_paper")):
            if data.get(field):
                _keep(form, field, actor, draft, kind, data[field])
        if form.errors:
            return None, draft
        if "send" not in request.POST:
            messages.success(request, _("已保存并重新核算"))
            return redirect(f"{request.path}?draft={draft.pk}"), draft
        actions.submit(
            actor, pk=draft.pk, committed=bool(data["committed"]),
            revision=revision_of(request) if request.POST.get("draft") else None, seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except ValidationError as error:
        params = getattr(error, "params", None)
        if getattr(error, "code", "") == "second" and params:
            messages.info(request, _("本期已申请过这项措施，这是已提交的申请"))
            return redirect("grant", params["pk"]), draft
        mend(form, error)
    except Refused as refused:
        mend(form, refused)
    else:
        messages.success(request, _("申请已提交"))
        return redirect("grant", draft.pk), draft
    return None, draft


def _keep(form: ApplyForm, field: str, actor: Any, draft: GrantApplication, kind: str, file: Any) -> None:
    try:
        actions.add_paper(actor, pk=draft.pk, kind=kind, file=file)
    except ValidationError as error:
        form.add_error(field, error.messages)


def page(
    request: HttpRequest, firm: Organisation, terms: Terms, draft: GrantApplication | None, form: ApplyForm
) -> dict[str, Any]:
    """Context of the form: verdict, amount and how it came about, what stands in the way, what happens next."""
    application = draft or GrantApplication(
        organisation=firm, rule_set=terms.rule_set.id, level=terms.level, region=payer_region(terms, firm),
        policy=terms.policy,
    )  # fmt: skip
    standing = standing_of(application)
    now, today = standing.now, timezone.localdate()
    period = terms.period(standing.on, application.event_ref)
    budget = budget_of(application, today.year)
    others = list(rivals(application, terms, period)) if draft else _others(application, terms, period)
    return {
        "firm": firm,
        "terms": terms,
        "title": terms.rule_set.title,
        "draft": draft,
        "form": form,
        "standing": standing,
        "now": now,
        "result": result_shown(now.result if now else None),
        "facts": now.facts if now else [],
        "values": values_of(now.result) if now else [],
        "blockers": blockers(application, standing, bool(draft)),
        "earlier": earlier(firm, terms),
        "taken": None if draft or terms.needs_event else taken(firm, terms, period),
        "rivals": [{"title": title_of(o), "state": state_words(o.state), "row": o} for o in others],
        "documents": of_subject(draft) if draft else [],
        "case": case_of(draft) if draft else None,
        "seen": now.digest if now else "",
        "budget_left": left_of(budget) if budget else None,
        "budget": budget,
        "payer": payer_region(terms, firm),
        "pay_days": settings()["payment"]["working_days"],
        "pay_basis": settings()["payment"]["basis"],
        "simulated": firm.origin == "simulated",
        "crumbs": crumbs((terms.rule_set.title.en if english() else terms.rule_set.title.zh, "")),
    }


def _others(application: GrantApplication, terms: Terms, period: str) -> list[GrantApplication]:
    application.pk = 0  # not kept yet: nothing to leave out
    found = list(rivals(application, terms, period))
    application.pk = None
    return found


def blockers(application: GrantApplication, standing: Standing, kept: bool) -> list[str]:
    """What already stands in the way before anything is typed, in words."""
    if standing.shown is None:
        return []
    found = closed(application, standing.shown, standing.on, in_force=standing.terms is not None)
    if not kept and standing.shown.by_event and application.event_on is None:
        found = found[1:]  # the day of the event is asked in the form
    now = standing.now
    if standing.shown.benefit.low is None:
        found.append(_("金额待核：尚未查到文件规定的数额，系统不推算，暂不能申请"))
    elif now is not None and now.low is None:
        found.append(_("计算金额所需的数据不全，请先补齐企业情况"))
    if now is not None and not now.met:
        found += unmet(now.result)
    return found


def earlier(firm: Organisation, terms: Terms) -> list[GrantApplication]:
    """The firm's other applications for this measure that count."""
    rows = GrantApplication.objects.filter(organisation=firm, rule_set=terms.rule_set.id)
    return list(rows.exclude(state__in=(*RELEASED, "draft", "opened")).order_by("-pk")[:5])


def taken(firm: Organisation, terms: Terms, period: str) -> GrantApplication | None:
    """What stands in the place of a second application of this period."""
    rows = GrantApplication.objects.filter(organisation=firm, rule_set=terms.rule_set.id, period=period)
    return rows.exclude(state__in=(*RELEASED, "draft", "opened")).first()


def values_of(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The named values of a result in their order: how the amount came about."""
    return [one for one in (result.get("values") or {}).values() if one.get("value") is not None]
