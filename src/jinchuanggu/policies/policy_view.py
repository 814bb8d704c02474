"""What the page of a policy shows, gathered in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.model import Criterion, Joined, Ref
from jinchuanggu.engines.rules.sureness import Sure, sure_of
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.policies.library_access import writable_policies
from jinchuanggu.policies.models import (
    Article,
    ArticleRule,
    Budget,
    Policy,
    PolicyVersion,
    RuleEntry,
)
from jinchuanggu.policies.rule_changes import changes
from jinchuanggu.policies.rule_view import examples, gives, lang
from jinchuanggu.policies.rules import COUNTED, library


@dataclass(slots=True)
class RuleLine:
    """A rule set under an article or a policy."""

    id: str
    title: str
    url: str
    criteria: list[str]
    held: int
    failing: int
    open: bool
    entry: RuleEntry | None = None
    says: str = ""
    rules: RuleSet | None = None


@dataclass(slots=True)
class ArticleLine:
    article: Article
    sure: Sure
    rules: list[RuleLine]


@dataclass(slots=True)
class PolicyView:
    """`sentence`: what it gives to whom; written by an officer, else made of its rules."""

    title: str
    issuer: str
    sentence: str
    versions: list[PolicyVersion]
    articles: list[ArticleLine]
    rules: list[RuleLine]
    budgets: list[Budget]
    writable: bool
    pairs: list[tuple[PolicyVersion, str]] = field(default_factory=list)

    @classmethod
    def of(cls, actor: Actor, policy: Policy) -> PolicyView:
        versions = list(policy.versions.all())
        entries = list(
            RuleEntry.objects.filter(text__policy=policy, text__status__in=COUNTED, superseded=False)
            .select_related("text").defer("text__yaml").order_by("order", "effective_from")
        )  # fmt: skip
        current = versions[-1] if versions else None
        links = list(ArticleRule.objects.filter(article__version=current)) if current else []
        lines = _rule_lines(
            [*(entry.rule_set for entry in entries), *(link.rule_set for link in links)], entries
        )
        mine = list(dict.fromkeys(entry.rule_set for entry in entries))
        rules = [lines[name] for name in mine if name in lines]
        written = policy.gives_en if lang() == "en" and policy.gives_en else policy.gives_zh
        return cls(
            policy.title, policy.issuer_en if lang() == "en" and policy.issuer_en else policy.issuer_zh, written or _made_sentence(rules), versions, _article_lines(current, links, lines), rules,
            list(policy.budgets.all()), writable_policies(actor).filter(pk=policy.pk).exists(), _pairs(policy, versions),
        )  # fmt: skip


def _rule_lines(names: list[str], entries: list[RuleEntry]) -> dict[str, RuleLine]:
    """Each rule set once, by the version that counts today, else its newest."""
    today, found = timezone.localdate(), library()
    newest = {entry.rule_set: entry for entry in sorted(entries, key=lambda row: row.effective_from)}
    lines: dict[str, RuleLine] = {}
    for name in dict.fromkeys(names):
        versions = found.versions(name)
        rules: RuleSet | None = found.in_force(name, today) or (versions[-1] if versions else None)
        if rules is None:
            continue
        results = examples(rules)
        failing = sum(bool(one.differences) for one in results)
        entry = newest.get(name)
        lines[name] = RuleLine(
            name, rules.title.get(lang()), reverse("rule_set", args=[name]), [], len(results) - failing, failing,
            entry.pending if entry else False, entry, gives(rules), rules,
        )  # fmt: skip
    return lines


def _article_lines(
    version: PolicyVersion | None, links: list[ArticleRule], lines: dict[str, RuleLine]
) -> list[ArticleLine]:
    if version is None:
        return []
    by_article: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for link in links:
        by_article[link.article_id][link.rule_set] += [link.criterion] if link.criterion else []
    found = []
    for article in version.articles.all():
        rules = []
        for name, criteria in by_article[article.pk].items():
            if line := lines.get(name):
                rules.append(
                    RuleLine(
                        line.id,
                        line.title,
                        line.url,
                        _titles(line.rules, criteria),
                        line.held,
                        line.failing,
                        line.open,
                        line.entry,
                    )
                )
        found.append(ArticleLine(article, sure_of(article.confidence), rules))
    return found


def _titles(rules: RuleSet | None, linked: list[str]) -> list[str]:
    """What the linked criteria are called, in their order; parts of a linked one are not named again."""
    if rules is None:
        return []
    found: list[str] = []
    waiting: list[Criterion | Ref] = list(reversed(rules.criteria))
    while waiting:
        one = waiting.pop()
        if isinstance(one, Ref):
            continue
        if one.id in linked:
            found.append(one.title.get(lang()))
        elif isinstance(one.test, Joined):
            waiting += reversed(one.test.children)
    return found


def _made_sentence(rules: list[RuleLine]) -> str:
    said = [line.says for line in rules if line.says]
    if not said:
        return _("规定认定或评价的条件，不直接给予资金。") if rules else ""
    if len(said) == 1:
        return said[0]
    return _("含 %(n)s 项措施，其中 %(open)s 项金额待核。") % {
        "n": len(said), "open": sum(line.open for line in rules if line.says),
    }  # fmt: skip


def _pairs(policy: Policy, versions: list[PolicyVersion]) -> list[tuple[PolicyVersion, str]]:
    """Each version with the address of its difference to the one before."""
    return [
        (version, reverse("policy_diff", args=[policy.pk, before.number, version.number]) if before else "")
        for before, version in zip([None, *versions], versions, strict=False)
    ]


def version_changes(
    old: PolicyVersion, new: PolicyVersion
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Differences of the articles as texts, and of the rules that carry them out."""
    texts = [{(a.number, a.heading): a.text for a in version.articles.all()} for version in (old, new)]
    rows = [
        {"label": " ".join(filter(None, key)), "old": texts[0].get(key), "new": texts[1].get(key), "changed": True, "text": key in texts[0] and key in texts[1]}
        for key in dict.fromkeys((*texts[0], *texts[1]))
        if texts[0].get(key) != texts[1].get(key)
    ]  # fmt: skip
    found, names = (
        library(),
        ArticleRule.objects.filter(article__version__in=(old, new)).values_list("rule_set", flat=True),
    )
    rules = []
    for name in sorted(set(names)):
        a, b = found.in_force(name, old.effective_from), found.in_force(name, new.effective_from)
        if a is not None and b is not None and a is not b:
            rules.append({"title": b.title.get(lang()), "rows": changes(a, b)})
    return rows, rules
