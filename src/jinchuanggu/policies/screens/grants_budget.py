"""Budgets: what each has left, and what a policy costs by year as its support steps down."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.jobs import jobs
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import english, number
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.policies import rules
from jinchuanggu.policies.access_grants import DECIDERS, get_budget, visible_budgets
from jinchuanggu.policies.grant_forecast import Year, years_of
from jinchuanggu.policies.grant_terms import terms_on
from jinchuanggu.policies.grant_words import title_of
from jinchuanggu.policies.models import Budget, BudgetUse, Grant, Policy
from jinchuanggu.policies.screens.grants_frame import actor_of

READERS = (*DECIDERS, Role.AUDITOR)
WAN = Decimal(10_000)
SHOWN = 100


def policy_title(policy: Policy) -> str:
    return policy.title_en if english() and policy.title_en else policy.title_zh


def figures_of(budget: Budget) -> dict[str, Any]:
    """Budget, committed, paid, recovered, left, in yuan, and how far it is used, in percent."""
    use = getattr(budget, "use", None) or BudgetUse(budget=budget, ceiling=budget.amount_cny)
    left = budget.amount_cny - use.committed
    share = int(use.committed * 100 / budget.amount_cny) if budget.amount_cny else 100
    return {
        "budget": budget, "title": policy_title(budget.policy), "amount": budget.amount_cny, "committed": use.committed,
        "paid": use.paid, "unpaid": use.committed - use.paid, "recovered": use.recovered, "left": left,
        "share": min(share, 100),
    }  # fmt: skip


@require_safe
@guard(*READERS)
def grant_budgets(request: HttpRequest) -> HttpResponse:
    """Every budget this hat may see, by year."""
    rows = visible_budgets(actor_of(request)).select_related("policy", "use")
    years = sorted(set(rows.order_by().values_list("year", flat=True)), reverse=True)
    asked = request.GET.get("year", "")
    this = timezone.localdate().year
    year = (
        int(asked)
        if asked.isdecimal() and len(asked) == 4
        else (this if this in years or not years else years[0])
    )
    shown = [figures_of(row) for row in rows.filter(year=year).order_by("policy__title_zh")[:SHOWN]]
    total = {
        key: sum((row[key] for row in shown), Decimal(0)) for key in ("amount", "committed", "paid", "left")
    }
    context = {
        "rows": shown,
        "year": year,
        "total": total,
        "years": [
            {"label": str(one), "url": f"?year={one}", "active": one == year, "count": None} for one in years
        ],
        "origin": origin_view(request),
        "crumbs": [{"label": _("预算执行"), "url": ""}],
    }
    return render(request, "policies/grants/budgets.html", context)


@require_safe
@guard(*READERS)
def grant_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """One policy's budget of a year: what it is used for, and the years to come under the step-down."""
    actor = actor_of(request)
    budget = get_budget(actor, pk)
    today = timezone.localdate()
    years = years_of(budget.policy, today)
    grants = (
        Grant.objects.filter(budget=budget)
        .select_related("application__organisation")
        .order_by("-decided_on", "-pk")
    )
    states = Grant.objects.filter(budget=budget).aggregate(
        n=Count("pk"), waiting=Count("pk", filter=Q(application__state__in=("granted", "paying")))
    )
    context = {
        **figures_of(budget),
        "years": years,
        "siblings": list(Budget.objects.filter(policy=budget.policy).order_by("-year")[:10]),
        "chart": _chart(policy_title(budget.policy), years, today.year),
        "grants": [{"row": g, "title": title_of(g.application)} for g in grants[:SHOWN]],
        "counts": states,
        "automatic": _automatic(actor, budget) if actor.role in DECIDERS else [],
        "simulated": any(g.application.origin == "simulated" for g in grants[:1]),
        "crumbs": [
            {"label": _("预算执行"), "url": reverse("grant_budgets")},
            {"label": str(budget.year), "url": ""},
        ],
    }
    return render(request, "policies/grants/budget.html", context)


def _chart(title: str, years: list[Year], this: int) -> dict[str, Any]:
    """Budget, payments and forecast by year, in 10 000 yuan, for components/chart.html."""

    def wan(value: Decimal | None) -> float | None:
        return None if value is None else float((value / WAN).quantize(Decimal("0.0001")))

    told = _("；").join(
        f"{one.year}：{number((one.forecast if one.forecast is not None else one.paid) / WAN)}"
        for one in years
    )
    return {
        "title": _("分年度预算、实际拨付与退坡预测"),
        "subtitle": title,
        "kind": "bar",
        "unit": _("万元"),
        "categories": [str(one.year) for one in years],
        "series": [
            {"name": _("预算"), "values": [wan(one.budget) for one in years], "tone": "quiet"},
            {
                "name": _("实际拨付"),
                "values": [wan(one.paid) if one.year <= this else None for one in years],
                "tone": "accent",
            },
            {"name": _("退坡预测"), "values": [wan(one.forecast) for one in years], "tone": "attention"},
        ],
        "description": _("按年度的预算、实际拨付和退坡预测（万元）：%(told)s") % {"told": told},
    }


def _automatic(actor: Any, budget: Budget) -> list[dict[str, str]]:
    """The automatic measures of this policy that are open today."""
    today = timezone.localdate()
    found = []
    for measure in rules.measures(today):
        if measure.benefit is None or measure.benefit.delivery != "automatic":
            continue
        terms = terms_on(measure.id, today)
        if terms is not None and terms.policy is not None and terms.policy.pk == budget.policy_id:
            found.append({"id": measure.id, "title": measure.title.en if english() else measure.title.zh})
    return found


@require_POST
@guard(*DECIDERS)
def grant_propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Look through the firms and offer an automatic measure to those that meet it (免申即享)."""
    actor = actor_of(request)
    budget = get_budget(actor, pk)
    wanted = request.POST.get("measure", "")
    chosen = next((one for one in _automatic(actor, budget) if one["id"] == wanted), None)
    if chosen is None:
        raise Http404
    job = jobs.run(
        actor, kind="propose", title=_("免申即享：%(title)s") % {"title": chosen["title"]},
        function="policies.propose", parameters={"rule_set": wanted},
    )  # fmt: skip
    messages.success(request, _("已开始核对企业，符合条件的将收到免申即享推送"))
    return redirect("job", job.pk)
