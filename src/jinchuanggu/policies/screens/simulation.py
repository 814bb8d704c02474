"""What a changed rule would do: turn the numbers of a rule set and see the firms move."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui import formats
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.policies import simulation as simulating
from jinchuanggu.policies import simulation_outcome as outcomes
from jinchuanggu.policies import simulation_words as words
from jinchuanggu.policies.library_access import writable_texts
from jinchuanggu.policies.rules import entry_of
from jinchuanggu.policies.simulation_address import LISTS, Asked, read
from jinchuanggu.policies.simulation_knobs import sections

READERS = (Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE, Role.AUDITOR)
OFFICERS = (Role.PROVINCIAL_OFFICE, Role.CITY_OFFICE)
ROWS = 20


@require_safe
@guard(*READERS)
def simulate(request: HttpRequest, rule_set: str) -> HttpResponse:
    """The screen; asked for by a slider, only the answer and what follows from it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = read(rule_set, request.GET, timezone.localdate())
    found = simulating.rule_set_of(asked)
    if found is None or found.subject != "firm":
        raise Http404
    turn = simulating.turn(found, asked, "en" if formats.english() else "zh")
    unread = {key: _("“%(typed)s”不是可用的数") % {"typed": typed} for key, typed in asked.unread.items()}
    problems = {**turn.problems, **unread}
    kept = asked.only(turn.turns, turn.pay)
    place = simulating.place_of(found)
    firms = simulating.firms_for(actor, asked.on, origin_view(request), place)
    swap = (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )
    context: dict[str, Any] = {
        "rule_set": found,
        "on": asked.on,
        "show": asked.show,
        "firms": len(firms.ids),
        "problems": [f"{_title(turn, key)}：{text}" for key, text in problems.items()],
        "here": reverse("simulate", args=[rule_set]),
        "query": kept.query(),
        "export_url": kept.url("simulation_export"),
        "may_save": actor.role in OFFICERS,
        "swap": swap,
        "draft_url": _draft_url(actor, found) if turn.turns or turn.pay else "",
        "answer": None if problems else answer(turn, firms, kept),
    }
    if swap:
        response = render(request, "policies/_simulation_swap.html", context)
        if not problems:
            response["HX-Push-Url"] = kept.url()
    else:
        context |= {
            "sections": sections(turn.knobs, asked, problems, turn.schedule),
            "scope": str(place) if place else scope_words(actor),
            "plain_url": kept.url(numbers=False),
            "save_url": reverse("simulation_save", args=[rule_set]),
            "crumbs": [{"label": _("政策模拟"), "url": reverse("simulation")}],
            "simulated": simulating.simulated(actor, origin_view(request)),
        }
        response = render(request, "policies/simulation.html", context)
    response["Vary"] = "HX-Request"
    return response


def answer(turn: simulating.Turn, firms: Any, asked: Asked) -> dict[str, Any]:
    """Everything the screen says about one outcome."""
    outcome = outcomes.run(turn.before, turn.after, firms.population, asked.on)
    return {
        "changes": words.changes(turn),
        "outcome": words.outcome_words(turn, outcome),
        "after": outcome.after.counts(),
        "met_note": _("改前 %(n)s 家") % {"n": formats.number(outcome.before.counts()["met"])},
        **{name: outcome.count(name) for name in LISTS},
        "paid": turn.before.benefit is not None and turn.before.benefit.low is not None,
        "chart": words.before_after_chart(outcome),
        "money": words.money(turn, outcome.years),
        "no_money": words.no_money(turn),
        "parts": _parts(outcome, firms),
        **_names(outcome, firms, asked),
    }


def _parts(outcome: outcomes.Outcome, firms: Any) -> list[dict[str, Any]]:
    found = []
    for key, title, head in (("city", _("按所在市"), _("所在市")), ("field", _("按领域"), _("领域"))):
        rows = outcome.by(firms.labels[key])
        chart = words.moves_chart(_("新增与失去：%(by)s") % {"by": title}, rows)
        found.append(
            {"key": key, "title": title, "head": head, "rows": rows, "chart": chart, "table": _("明细：%(by)s") % {"by": title}, "chart_id": f"chart-{key}",
             "size": "small" if chart and len(chart["categories"]) < 5 else ""}
        )  # fmt: skip
    return found


def _names(outcome: outcomes.Outcome, firms: Any, asked: Asked) -> dict[str, Any]:
    """The chosen list, a page of it, with what each firm was and would be."""
    titles = list_titles()
    tabs = [
        {"label": titles[name], "count": outcome.count(name), "on": name == asked.show,
         "url": f"{asked.url(show=name)}#names"}
        for name in LISTS
        if name not in ("more", "less") or outcome.count(name) or name == asked.show
    ]  # fmt: skip
    rows = outcome.mask(asked.show).nonzero()[0]
    start = (asked.page - 1) * ROWS
    chosen = [int(row) for row in rows[start : start + ROWS]]
    return {
        "tabs": tabs,
        "names": [firm_row(outcome, firms, row) for row in chosen],
        "page": {
            "first": start + 1 if chosen else 0,
            "last": start + len(chosen),
            "total": len(rows),
            "previous_url": f"{asked.url(page=asked.page - 1)}#names" if asked.page > 1 else "",
            "next_url": f"{asked.url(page=asked.page + 1)}#names" if start + ROWS < len(rows) else "",
        },
    }


def list_titles() -> dict[str, str]:
    return {
        "winners": _("新增"),
        "losers": _("失去"),
        "more": _("多得"),
        "less": _("少得"),
        "uncertain": _("证据不足"),
    }


def firm_row(outcome: outcomes.Outcome, firms: Any, row: int) -> dict[str, Any]:
    said = {"met": _("满足"), "not_met": _("不满足"), "not_evidenced": _("证据不足")}
    before, after = (outcomes.WORDS[int(side.verdict[row])] for side in (outcome.before, outcome.after))
    return {
        "name": firms.names[row],
        "city": firms.labels["city"][row],
        "field": firms.labels["field"][row],
        "before": before,
        "before_words": said[before],
        "after": after,
        "after_words": said[after],
        "url": _firm_url(firms.ids[row]),
    }


def _title(turn: simulating.Turn, key: str) -> str:
    knob = next((knob for knob in turn.knobs if knob.key == key), None)
    if knob is None:
        return key
    return str(knob.title.en if formats.english() else knob.title.zh)


def scope_words(actor: Actor) -> str:
    """Whose firms these are: the province's, or the actor's own region's."""
    if actor.province_wide:
        return _("全省")
    region = Region.objects.filter(pk=actor.region_id).first()
    return str(region) if region else _("本单位")


def _draft_url(actor: Actor, found: RuleSet) -> str:
    """Where the numbers become a draft; empty for who may not write this rule set."""
    if actor.role not in OFFICERS:
        return ""
    entry = entry_of(found)
    if entry is None or not writable_texts(actor).filter(pk=entry.text.pk).exists():
        return ""
    return reverse("rule_draft_from_simulation", args=[found.id])


def _firm_url(pk: int) -> str:
    try:
        return reverse("eligibility", args=[pk])
    except NoReverseMatch:
        return ""
