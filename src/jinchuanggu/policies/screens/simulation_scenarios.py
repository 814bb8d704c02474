"""Choosing what to simulate; keeping scenarios, and laying them side by side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.engines.rules.model import RuleSet
from jinchuanggu.engines.rules.sureness import how_sure
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.ui import formats
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.policies import simulation as simulating
from jinchuanggu.policies import simulation_outcome as outcomes
from jinchuanggu.policies import simulation_words as words
from jinchuanggu.policies.actions.simulation import save_scenario
from jinchuanggu.policies.models import Scenario
from jinchuanggu.policies.rules import library
from jinchuanggu.policies.screens.simulation import OFFICERS, READERS, scope_words
from jinchuanggu.policies.simulation_address import LISTS, PAY, Asked, number, read
from jinchuanggu.policies.simulation_desk import scenarios

SIDE_BY_SIDE = 4
SHOWN = 100


@require_safe
@guard(*READERS)
def simulation(request: HttpRequest) -> HttpResponse:
    """Rule sets for firms in force today, those that pay apart; then the scenarios kept so far."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    today = timezone.localdate()
    sought = request.GET.get("q", "").strip()[:60]
    found = [
        one for one in library().rule_sets
        if one.subject == "firm" and one.in_force(today) and (not sought or sought.lower() in f"{one.title.zh}{one.title.en}{one.id}".lower())
    ]  # fmt: skip
    kept = list(scenarios(actor)[:SHOWN])
    titles = {one.id: one.title for one in library().rule_sets}
    for scenario in kept:
        scenario.title = titles.get(scenario.rule_set)  # type: ignore[attr-defined]
        scenario.url = _asked(scenario).url()  # type: ignore[attr-defined]
    context = {
        "groups": [
            {"title": _("给付资金的措施"), "rows": _rows(one for one in found if kind_of(one) == "money")},
            {"title": _("资质与认定"), "rows": _rows(one for one in found if kind_of(one) == "title")},
            {
                "title": _("服务，以及金额待核的措施"),
                "rows": _rows(one for one in found if kind_of(one) == "open"),
            },
        ],
        "any": bool(found),
        "sought": sought,
        "search": {"name": "q", "value": sought, "label": _("搜索规则名称"), "keep": []},
        "scenarios": kept,
        "scope": scope_words(actor),
    }
    return render(request, "policies/simulation_list.html", context)


def kind_of(rule_set: RuleSet) -> str:
    """`money`: it pays a known amount; `title`: it gives a status; `open`: something else, or an amount not known."""
    benefit = rule_set.benefit
    if benefit is None or benefit.kind is BenefitKind.TITLE:
        return "title"
    return "money" if benefit.low is not None else "open"


def _rows(rule_sets: Any) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "title": one.title, "version": one.version, "from": one.effective_from, "to": one.effective_to,
         "issuer": one.document.issuer, "sure": how_sure(one)}
        for one in sorted(rule_sets, key=lambda one: one.title.zh)
    ]  # fmt: skip


def _asked(scenario: Scenario) -> Asked:
    """The address of a scenario, on the day it was tried."""
    numbers = {key: value for key, text in scenario.knobs.items() if (value := number(str(text))) is not None}
    return Asked(
        rule_set=scenario.rule_set,
        version=scenario.effective_from,
        on=scenario.on,
        today=timezone.localdate(),
        turns={key: value for key, value in numbers.items() if not key.startswith(PAY)},
        pay={int(key.removeprefix(PAY)): value for key, value in numbers.items() if key.startswith(PAY)},
    )


@require_POST
@guard(*OFFICERS)
def simulation_save(request: HttpRequest, rule_set: str) -> HttpResponse:
    """Keep the scenario of the address in `query` under a name, with what comes out today."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = read(rule_set, QueryDict(request.POST.get("query", "")[:20_000]), timezone.localdate())
    found = simulating.rule_set_of(asked)
    if found is None or found.subject != "firm":
        raise Http404
    turn = simulating.turn(found, asked, "zh")
    kept = asked.only(turn.turns, turn.pay)
    try:
        if turn.problems:
            raise ValidationError({"name": _("有的数字不能用，请先改正")})
        view = origin_view(request)
        summary = _summary(turn, kept, actor, view)
        numbers: dict[str, Decimal] = {
            **turn.turns,
            **{f"{PAY}{year}": value for year, value in turn.pay.items()},
        }
        scenario = save_scenario(
            actor, name=request.POST.get("name", ""), rule_set=found, on=asked.on, numbers=numbers,
            summary={**summary, "origin": Origin.SIMULATED if simulating.simulated(actor, view) else Origin.REAL},
        )  # fmt: skip
    except ValidationError as problem:
        messages.error(request, _("；").join(problem.messages))
        return redirect(kept.url())
    messages.success(
        request, _("已保存方案“%(name)s”，可在“政策模拟”里与其他方案比较") % {"name": scenario.name}
    )
    return redirect(kept.url())


def _summary(turn: simulating.Turn, asked: Asked, actor: Actor, view: str) -> dict[str, Any]:
    """What came out, as plain data."""
    firms = simulating.firms_for(actor, asked.on, view, simulating.place_of(turn.before))
    outcome = outcomes.run(turn.before, turn.after, firms.population, asked.on)
    return {
        "firms": len(firms.ids),
        "before": outcome.before.counts()["met"],
        "after": outcome.after.counts()["met"],
        **{name: outcome.count(name) for name in LISTS},
        "years": [year.as_dict() for year in outcome.years],
    }


@require_safe
@guard(*READERS)
def simulation_compare(request: HttpRequest) -> HttpResponse:
    """Up to four scenarios side by side, all tried anew on today's firms so that they can be compared."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    wanted = [int(pk) for pk in request.GET.getlist("s") if pk.isdecimal() and len(pk) < 12][:SIDE_BY_SIDE]
    kept = scenarios(actor).in_bulk(wanted)
    if any(pk not in kept for pk in wanted):
        raise Http404
    columns = [_column(kept[pk], actor, origin_view(request)) for pk in dict.fromkeys(wanted)]
    usable = [column for column in columns if column["outcome"]]
    labels = [
        ("title", _("规则")), ("changes", _("改动")), ("after", _("改后满足（家）")), ("winners", _("新增（家）")),
        ("losers", _("失去（家）")), ("uncertain", _("证据不足（家）")), ("first", _("首年支出")), ("total", _("五年合计")), ("more_money", _("多支出")),
    ]  # fmt: skip
    context = {
        "columns": columns,
        "rows": [
            {
                "label": label,
                "cells": [column.get(key, "") for column in columns],
                "number": key not in ("title", "changes"),
            }
            for key, label in labels
        ],
        "chart": {
            "title": _("新增与失去"),
            "kind": "bar",
            "horizontal": True,
            "unit": _("家"),
            "categories": [column["name"] for column in usable],
            "series": [
                {"name": _("新增"), "values": [column["winners"] for column in usable], "tone": "met"},
                {"name": _("失去"), "values": [column["losers"] for column in usable], "tone": "final"},
            ],
            "description": _("各方案的新增与失去"),
        }
        if usable
        else None,
        "crumbs": [{"label": _("政策模拟"), "url": reverse("simulation")}],
        "scope": scope_words(actor),
        "simulated": simulating.simulated(actor, origin_view(request)),
    }
    return render(request, "policies/simulation_compare.html", context)


def _column(scenario: Scenario, actor: Actor, view: str) -> dict[str, Any]:
    asked = replace(_asked(scenario), on=timezone.localdate())
    found: RuleSet | None = simulating.rule_set_of(asked)
    column: dict[str, Any] = {
        "name": scenario.name,
        "scenario": scenario,
        "url": asked.url(),
        "outcome": None,
    }
    if found is None:
        return {**column, "title": scenario.rule_set, "changes": _("规则已不存在")}
    turn = simulating.turn(found, asked, "en" if formats.english() else "zh")
    column |= {
        "title": found.title.en if formats.english() else found.title.zh,
        "changes": words.changes(turn) or _("未改动"),
    }
    if turn.problems:
        return {**column, "changes": _("；").join(turn.problems.values())}
    firms = simulating.firms_for(actor, asked.on, view, simulating.place_of(turn.before))
    outcome = outcomes.run(turn.before, turn.after, firms.population, asked.on)
    money = words.money(turn, outcome.years)
    total = money["total"] if money else None
    return column | {
        "outcome": outcome,
        "after": outcome.after.counts()["met"],
        **{name: outcome.count(name) for name in LISTS},
        "first": money["first"]["after"] if money else formats.NOTHING,
        "total": total["after"] if total else formats.NOTHING,
        "more_money": (total or money["first"])["more"] if money else formats.NOTHING,
    }
