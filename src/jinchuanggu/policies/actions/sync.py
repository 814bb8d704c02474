"""The rule files that come with the product, mirrored in the library: policies, versions, articles, rules."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from jinchuanggu.engines.rules import OFFICIAL, RuleSet, official
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.policies import rules as rule_library
from jinchuanggu.policies.entries import digest_of, entry_for, level_of
from jinchuanggu.policies.models import (
    Article,
    ArticleRule,
    Level,
    Policy,
    PolicyVersion,
    RecordOrigin,
    RuleEntry,
    RuleStatus,
    RuleText,
)
from jinchuanggu.policies.search import reindex


def sync_official(actor: Actor) -> list[str]:
    """Bring the library up to the shipped files; returns the paths that were new or had changed.

    Idempotent: nothing changed writes nothing. Which days a newer authored text took from a shipped one is kept.
    """
    groups = [
        (file, list(found)) for file, found in groupby(official().rule_sets, key=lambda rules: rules.file)
    ]
    known = dict(RuleText.objects.filter(origin=RecordOrigin.SHIPPED).values_list("path", "digest"))
    fresh = []
    for file, rule_sets in groups:
        path, yaml = _relative(file), Path(file).read_text(encoding="utf-8")
        if known.get(path) != digest_of(yaml):
            fresh.append((path, yaml, rule_sets))
    if not fresh:
        return []
    with transaction.atomic():
        policies = {_mirror(*one) for one in fresh}
        reindex(Policy.objects.filter(pk__in=policies))
        rule_library.bump()
        record(actor, "rules.sync", detail={"files": [path for path, _yaml, _sets in fresh]})
    return [path for path, _yaml, _sets in fresh]


def _relative(file: str) -> str:
    path = Path(file)
    return path.relative_to(OFFICIAL).as_posix() if path.is_relative_to(OFFICIAL) else path.name


def _mirror(path: str, yaml: str, rule_sets: list[RuleSet]) -> int:
    """One file; returns the id of its policy."""
    first = rule_sets[0]
    policy = _policy(path, first)
    text, _new = RuleText.objects.update_or_create(
        path=path,
        origin=RecordOrigin.SHIPPED,
        defaults={
            "policy": policy,
            "region": policy.region,
            "level": policy.level,
            "family": path.partition("/")[0],
            "title": first.title.zh if len(rule_sets) == 1 else first.document.title.zh,
            "yaml": yaml,
            "digest": digest_of(yaml),
            "status": RuleStatus.IN_FORCE,
        },
    )
    closed = {
        row.rule_set: row for row in RuleEntry.objects.filter(text=text)
    }  # what an authored successor took stays taken
    RuleEntry.objects.filter(text=text).delete()
    rows = [entry_for(text, rules, order) for order, rules in enumerate(rule_sets)]
    taken = set(
        RuleEntry.objects.filter(
            text__origin=RecordOrigin.AUTHORED,
            text__status__in=rule_library.COUNTED,
            rule_set__in=[rules.id for rules in rule_sets],
        ).values_list("rule_set", flat=True)
    )
    for row in rows:
        if row.rule_set in taken and (before := closed.get(row.rule_set)):
            row.effective_to, row.superseded = before.effective_to, before.superseded
    RuleEntry.objects.bulk_create(rows)
    mirror_articles(policy, rule_sets)
    return policy.pk


def _policy(path: str, rules: RuleSet) -> Policy:
    """The policy of a file's document: by number and title, else a new one."""
    document = rules.document
    found = Policy.objects.filter(number=document.number, title_zh=document.title.zh).first()
    if found is None and "〔" in document.number:
        found = Policy.objects.filter(number=document.number).first()
    if found is not None:
        return found
    level = level_of(rules)
    region = _region(rules) if level == Level.CITY else None
    return Policy.objects.create(
        code=_free_code(slugify(path.rsplit(".", 1)[0].replace("/", "-"))),
        title_zh=document.title.zh[:200],
        title_en=document.title.en[:300],
        number=document.number[:80],
        issuer_zh=document.issuer.zh[:200],
        issuer_en=document.issuer.en[:300],
        issued_on=document.issued,
        level=level,
        region=region,
        unit_text=rules.authority.zh[:200],
        valid_from=rules.effective_from,
        valid_to=rules.effective_to,
        source_title=rules.source[:300],
        source_url=(document.url or "")[:500],
        confidence=rules.confidence,
        origin=RecordOrigin.SHIPPED,
    )


def _region(rules: RuleSet) -> Region | None:
    """The city a rule set applies to: by its code, as published or by the statistical one."""
    code = rules.applies_to.get("region", "")
    return Region.objects.filter(Q(code=code) | Q(stat_code=code)).order_by("pk").first() if code else None


def _free_code(code: str) -> str:
    taken = set(Policy.objects.filter(code__startswith=code[:70]).values_list("code", flat=True))
    number, found = 1, code[:80]
    while found in taken:
        number += 1
        found = f"{code[:70]}-{number}"
    return found


def version_of(policy: Policy, rules: RuleSet) -> PolicyVersion:
    """The version of the wording that a rule set belongs to: the one with its first day, else a new one."""
    found = PolicyVersion.objects.filter(policy=policy, effective_from=rules.effective_from).first()
    if found is not None:
        return found
    numbers = PolicyVersion.objects.filter(policy=policy).order_by("-number").values_list("number", flat=True)
    return PolicyVersion.objects.create(
        policy=policy,
        number=(numbers.first() or 0) + 1,
        effective_from=rules.effective_from,
        effective_to=rules.effective_to,
        note=rules.document.chapter[:300],
    )


def mirror_articles(policy: Policy, rule_sets: Iterable[RuleSet]) -> None:
    """The provisions a file quotes, each once, linked to the criteria that carry it out."""
    for rules in rule_sets:
        version = version_of(policy, rules)
        known = {(row.number, row.text): row for row in version.articles.all()}
        order = len(known)
        for criterion in rules.walk():
            key = (criterion.clause[:120], criterion.article)
            if not key[1]:
                continue
            if key not in known:
                order += 1
                known[key] = Article.objects.create(
                    version=version,
                    number=key[0],
                    heading=_heading(version, key[0], criterion.title.zh),
                    text=key[1],
                    paraphrase=getattr(rules, "paraphrase", False),
                    confidence=criterion.confidence,
                    order=order,
                )
            ArticleRule.objects.get_or_create(article=known[key], rule_set=rules.id, criterion=criterion.id)


def _heading(version: PolicyVersion, number: str, title: str) -> str:
    """The title of the criterion, numbered on when one clause holds several of that name."""
    taken = set(version.articles.filter(number=number).values_list("heading", flat=True))
    heading, again = title[:190], 1
    while heading in taken:
        again += 1
        heading = f"{title[:190]}（{again}）"
    return heading
