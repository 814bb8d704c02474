"""The library: policies and rule sets as lists, one policy as a page, two of its versions side by side."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.rules.sureness import sure_of
from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.ui.formats import day as day_words
from jinchuanggu.policies import library_queries as queries
from jinchuanggu.policies.entries import MONEY, OPEN
from jinchuanggu.policies.library_access import WRITERS, get_policy, may_write
from jinchuanggu.policies.library_queries import LibraryFilter
from jinchuanggu.policies.models import Level
from jinchuanggu.policies.policy_view import PolicyView, version_changes
from jinchuanggu.policies.rules import sure_of_entry
from jinchuanggu.policies.screens.library_common import (
    actor_of,
    crumbs,
    entry_title,
    kind_words,
    page_number,
    policy_state,
    sure_chip,
    tabs,
)


@require_safe
@public
def policies(request: HttpRequest) -> HttpResponse:
    """Every policy this reader may open."""
    actor, chosen, number = actor_of(request), LibraryFilter.read(request.GET), page_number(request)
    found = queries.policy_page(actor, chosen, number)
    for policy in found.rows:
        policy.state = policy_state(policy, chosen.day)
        policy.sure = sure_chip(sure_of(policy.confidence))
        for entry in policy.rules:
            entry.shown = entry_title(entry)
    passages = queries.passages(found.rows, chosen.q)
    for policy in found.rows:
        policy.passage = passages.get(policy.pk, "")
    context = {
        **_list(chosen, "policies", number, found, search=_("搜索名称、文号、条文、规则")),
        "rows": found.rows,
        "filters": _chips(chosen, "policies", regions=True, units=queries.units_named(actor)),
        "tabs": tabs("policies", actor),
        "may_write": actor.role in WRITERS,
        "crumbs": crumbs(),
    }
    return render(request, "policies/library.html", context)


@require_safe
@public
def rule_sets(request: HttpRequest) -> HttpResponse:
    """Every rule set of the library with the version that counts on a day."""
    actor, chosen, number = actor_of(request), LibraryFilter.read(request.GET), page_number(request)
    found = queries.rule_page(actor, chosen, number)
    kinds = kind_words()
    for entry in found.rows:
        entry.sure = sure_chip(sure_of_entry(entry))
        entry.title = entry_title(entry)
        entry.kind_label = kinds.get(entry.benefit_kind, "")
        entry.no_amount = entry.benefit_kind in MONEY
        entry.unknown = entry.confidence in OPEN
        entry.mine = may_write(actor, entry.text)
    context = {
        **_list(chosen, "rule_sets", number, found, search=_("搜索规则名称或编号")),
        "rows": found.rows,
        "filters": _chips(chosen, "rule_sets", regions=True, units=[]),
        "tabs": tabs("rule_sets", actor),
        "may_write": actor.role in WRITERS,
        "crumbs": crumbs((_("规则"), "")),
    }
    return render(request, "policies/rule_sets.html", context)


def _list(
    chosen: LibraryFilter, name: str, number: int, found: queries.Found, *, search: str
) -> dict[str, Any]:
    first = (number - 1) * queries.PAGE + 1
    keep = [(key, value) for key, value in chosen.keys().items() if key != "q"]
    return {
        "chosen": chosen,
        "search": {"name": "q", "value": chosen.q, "label": search, "keep": keep},
        "day_keep": [(key, value) for key, value in chosen.keys().items() if key != "on"],
        "clear_url": reverse(name) if chosen.keys() else "",
        "page": {
            "first": first if found.rows else 0,
            "last": first + len(found.rows) - 1 if found.rows else 0,
            "previous_url": _address(name, {**chosen.keys(), "page": str(number - 1)}) if number > 1 else "",
            "next_url": _address(name, {**chosen.keys(), "page": str(number + 1)}) if found.more else "",
        },
    }


def _address(name: str, keys: dict[str, str]) -> str:
    return reverse(name) + (f"?{urlencode(keys)}" if keys else "")


def _chips(chosen: LibraryFilter, name: str, *, regions: bool, units: list[str]) -> list[dict[str, Any]]:
    """Filters as components/filters.html shows them."""
    choices: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("level", _("层级"), [(value, str(label)) for value, label in Level.choices]),
        ("kind", _("给什么"), [(key or "none", label) for key, label in kind_words().items()]),
        ("state", _("状态"), [("valid", _("有效")), ("coming", _("尚未生效")), ("ended", _("已失效"))]),
        ("sure", _("核实"), [("open", _("待核")), ("sure", _("有出处"))]),
    ]
    if regions and (named := queries.regions_named()):
        choices.append(("region", _("区划"), [(region.code, region.name) for region in named]))
    if units:
        choices.append(("unit", _("责任单位"), [(unit, unit) for unit in units]))
    chips = []
    for key, label, options in choices:
        current = getattr(chosen, key)
        everything = {"label": _("全部"), "url": _address(name, chosen.but(**{key: ""})), "on": not current}
        if key == "state" and name == "rule_sets":
            everything, options = {}, options  # one of the three always holds for a rule set
        listed = [
            {"label": title, "url": _address(name, chosen.but(**{key: value})), "on": value == current}
            for value, title in options
        ]
        chips.append(
            {
                "label": label, "value": dict(options).get(current, current), "on": bool(current),
                "options": [everything, *listed] if everything else listed,
            }
        )  # fmt: skip
    return chips


@require_safe
@public
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """One policy: what it gives to whom, its articles with the rules that carry them out, its money."""
    actor = actor_of(request)
    found = get_policy(actor, pk)
    view = PolicyView.of(actor, found)
    context = {
        "policy": found,
        "view": view,
        "state": policy_state(found),
        "sure": sure_chip(sure_of(found.confidence)),
        "may_write": view.writable,
        "crumbs": crumbs((view.title, "")),
    }
    return render(request, "policies/policy.html", context)


@require_safe
@public
def policy_diff(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """Two versions of a policy: its articles as texts, its rules by their numbers."""
    actor = actor_of(request)
    found = get_policy(actor, pk)
    versions = {version.number: version for version in found.versions.filter(number__in=(old, new))}
    if old not in versions or new not in versions:
        raise Http404
    texts, rules = version_changes(versions[old], versions[new])
    labels = [
        _("第 %(n)s 版（%(day)s 起）") % {"n": number, "day": day_words(versions[number].effective_from)}
        for number in (old, new)
    ]
    title = found.title
    context = {
        "policy": found, "name": title, "texts": texts, "rules": rules, "old_label": labels[0], "new_label": labels[1],
        "crumbs": crumbs((title, reverse("policy", args=[pk])), (_("版本比对"), "")),
    }  # fmt: skip
    return render(request, "policies/version_diff.html", context)
