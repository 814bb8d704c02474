"""One rule set: its conditions, what it gives, its examples, its versions and its machine form."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.sureness import how_sure
from jinchuanggu.foundation.access.guards import public
from jinchuanggu.foundation.ui.formats import day as day_words
from jinchuanggu.policies.entries import OPEN
from jinchuanggu.policies.library_access import may_write, visible_texts
from jinchuanggu.policies.models import Article, ArticleRule, RuleEntry
from jinchuanggu.policies.rule_changes import changes
from jinchuanggu.policies.rule_view import conditions, examples, gives, lang
from jinchuanggu.policies.rule_workbook import workbook
from jinchuanggu.policies.rules import COUNTED, library
from jinchuanggu.policies.screens.library_common import actor_of, crumbs, sure_chip


def _asked(request: HttpRequest) -> date:
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:  # a day no month has
        return timezone.localdate()


def _version(rule_set: str, on: date) -> tuple[RuleSet, list[RuleSet]]:
    """The version in force on a day, else the nearest one; and all of them. Raises Http404."""
    versions = list(library().versions(rule_set))
    if not versions:
        raise Http404
    begun = [rules for rules in versions if rules.effective_from <= on]
    return (begun[-1] if begun else versions[0]), versions


def _entry(request: HttpRequest, rules: RuleSet) -> RuleEntry | None:
    """The library's record of a version; None where the library was never brought up to the shipped files."""
    return (
        RuleEntry.objects.filter(
            rule_set=rules.id, effective_from=rules.effective_from, superseded=False, text__status__in=COUNTED,
            text__in=visible_texts(actor_of(request)),
        ).select_related("text__policy", "text__region", "text__reviewer").first()
    )  # fmt: skip


@require_safe
@public
def rule_set(request: HttpRequest, rule_set: str) -> HttpResponse:
    """The version that counts on `?on=` (today without it)."""
    actor, on = actor_of(request), _asked(request)
    rules, versions = _version(rule_set, on)
    entry = _entry(request, rules)
    results = examples(rules)
    context = {
        "rules": rules,
        "entry": entry,
        "text": entry.text if entry else None,
        "title": rules.title.get(lang()),
        "gives": gives(rules),
        "in_force": rules.in_force(on),
        "on": on,
        "asked": "on" in request.GET,
        "conditions": [{"row": row, "sure": sure_chip(row.sure)} for row in conditions(rules)],
        "examples": results,
        "failing": sum(bool(one.differences) for one in results),
        "sure": sure_chip(how_sure(rules)),
        "versions": _versions(rules, versions),
        "articles": Article.objects.filter(pk__in=ArticleRule.objects.filter(rule_set=rules.id).values("article_id"))
        .select_related("version__policy").order_by("version__policy_id", "order")[:60],
        "unknown": rules.confidence in OPEN,
        "may_write": entry is not None and may_write(actor, entry.text),
        "crumbs": crumbs((_("规则"), reverse("rule_sets")), (rules.title.get(lang()), "")),
    }  # fmt: skip
    return render(request, "policies/rule_set.html", context)


def _versions(current: RuleSet, versions: list[RuleSet]) -> list[dict[str, Any]]:
    rows = []
    for before, rules in zip([None, *versions], versions, strict=False):
        rows.append(
            {
                "rules": rules,
                "current": rules is current,
                "url": f"{reverse('rule_set', args=[rules.id])}?on={rules.effective_from}",
                "diff": reverse("rule_set_diff", args=[rules.id, before.effective_from, rules.effective_from])
                if before
                else "",
            }
        )
    return rows


@require_safe
@public
def rule_set_diff(request: HttpRequest, rule_set: str, old: date, new: date) -> HttpResponse:
    """Two versions, named by their first days."""
    found = {rules.effective_from: rules for rules in library().versions(rule_set)}
    if old not in found or new not in found:
        raise Http404
    before, after = found[old], found[new]
    title = after.title.get(lang())
    context = {
        "name": title,
        "rows": changes(before, after),
        "old_label": _("%(day)s 起") % {"day": day_words(old)},
        "new_label": _("%(day)s 起") % {"day": day_words(new)},
        "crumbs": crumbs(
            (_("规则"), reverse("rule_sets")),
            (title, reverse("rule_set", args=[rule_set])),
            (_("版本比对"), ""),
        ),
    }
    return render(request, "policies/rule_diff.html", context)


@require_safe
@public
def rule_set_yaml(request: HttpRequest, rule_set: str) -> HttpResponse:
    """The machine form as a file: what the engine reads, to the character."""
    rules, _versions_of = _version(rule_set, _asked(request))
    entry = _entry(request, rules)
    if entry is None:
        raise Http404
    return download(entry.text.yaml.encode(), f"{rules.id}-{rules.effective_from}.yaml", "application/yaml")


@require_safe
@public
def rule_set_xlsx(request: HttpRequest, rule_set: str) -> HttpResponse:
    """The same for reading, as a workbook."""
    rules, _versions_of = _version(rule_set, _asked(request))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(workbook(rules), f"{rules.id}-{rules.effective_from}.xlsx", kind)


def download(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
