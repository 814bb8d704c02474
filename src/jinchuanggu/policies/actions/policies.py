"""Registering policies, their articles and their yearly budgets."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import act
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.grant_use import check_amount
from jinchuanggu.policies.library_access import WRITERS, get_own_policy
from jinchuanggu.policies.models import Article, ArticleRule, Budget, Level, Policy, PolicyVersion
from jinchuanggu.policies.search import reindex

FIELDS = (
    "title_zh", "title_en", "number", "issuer_zh", "issuer_en", "issued_on", "level", "unit_text", "gives_zh", "gives_en",
    "valid_from", "valid_to", "repealed_on", "published", "source_title", "source_url", "confidence",
)  # fmt: skip


def _officer(actor: Actor) -> None:
    if actor.role not in (*WRITERS, SYSTEM):
        raise PermissionDenied


def register_policy(actor: Actor, *, values: Mapping[str, Any], region_id: int | None = None) -> Policy:
    """A new policy with its first version. A city officer's is of the city's level and region.

    `values`: the FIELDS. Raises ValidationError by field, PermissionDenied.
    """
    _officer(actor)
    given = {name: values[name] for name in FIELDS if name in values}
    if actor.role == Role.CITY_OFFICE:
        given["level"], region_id = Level.CITY, actor.region_id
    policy = Policy(**given, region_id=region_id, code=_code(str(given.get("title_en") or "policy")))
    _check(policy)
    with act(actor, "policy.create") as deed:
        policy.save()
        deed.target = policy
        if policy.valid_from:
            PolicyVersion.objects.create(
                policy=policy, number=1, effective_from=policy.valid_from, effective_to=policy.valid_to
            )
        reindex([policy])
    return policy


def change_policy(actor: Actor, *, policy_id: int, values: Mapping[str, Any]) -> Policy:
    """Correct the record of a policy. Its articles and rules have their own acts. Raises Http404, ValidationError."""
    _officer(actor)
    policy = Policy.objects.get(pk=policy_id) if actor.role == SYSTEM else get_own_policy(actor, policy_id)
    with act(actor, "policy.update", policy):
        for name in FIELDS:
            if name in values and not (name == "level" and actor.role == Role.CITY_OFFICE):
                setattr(policy, name, values[name])
        _check(policy)
        policy.save()
        if policy.valid_from and not policy.versions.exists():
            PolicyVersion.objects.create(
                policy=policy, number=1, effective_from=policy.valid_from, effective_to=policy.valid_to
            )
        reindex([policy])
    return policy


def _check(policy: Policy) -> None:
    errors: dict[str, str] = {}
    if not policy.title_zh.strip():
        errors["title_zh"] = _("请填写政策名称")
    if policy.valid_from and policy.valid_to and policy.valid_to < policy.valid_from:
        errors["valid_to"] = _("失效日不能早于生效日")
    same = Policy.objects.filter(number=policy.number, title_zh=policy.title_zh).exclude(pk=policy.pk)
    if policy.number and same.exists():
        errors["number"] = _("这份文件已经登记")
    if errors:
        raise ValidationError(errors)


def _code(words: str) -> str:
    base = slugify(words)[:60] or "policy"
    taken = set(Policy.objects.filter(code__startswith=base).values_list("code", flat=True))
    return next(code for n in range(1, 100_000) if (code := base if n == 1 else f"{base}-{n}") not in taken)


def add_article(
    actor: Actor,
    *,
    policy_id: int,
    number: str,
    heading: str,
    text: str,
    paraphrase: bool = True,
    confidence: str = "searched",
    rule_sets: tuple[str, ...] = (),
) -> Article:
    """One article of the newest version, linked to the rule sets that carry it out. Raises ValidationError, Http404.

    The same article (number and heading) said again replaces its text.
    """
    _officer(actor)
    policy = Policy.objects.get(pk=policy_id) if actor.role == SYSTEM else get_own_policy(actor, policy_id)
    if not number.strip() or not text.strip():
        raise ValidationError(_("请填写条款号和内容"))
    with act(actor, "policy.articles", policy, detail={"article": f"{number} {heading}".strip()}):
        version = policy.versions.order_by("-number").first()
        if version is None:
            if policy.valid_from is None:
                raise ValidationError(_("请先填写政策的生效日"))
            version = PolicyVersion.objects.create(policy=policy, number=1, effective_from=policy.valid_from)
        article, _new = Article.objects.update_or_create(
            version=version, number=number.strip()[:120], heading=heading.strip()[:200],
            defaults={"text": text.strip(), "paraphrase": paraphrase, "confidence": confidence},
        )  # fmt: skip
        if not article.order:
            article.order = version.articles.count()
            article.save(update_fields=["order"])
        for name in rule_sets:
            ArticleRule.objects.get_or_create(article=article, rule_set=name, criterion="")
        reindex([policy])
    return article


def new_version(actor: Actor, *, policy_id: int, effective_from: Any, note: str = "") -> PolicyVersion:
    """A further wording of a policy; the one before ends the day before. Its articles are copied to be changed.

    Raises ValidationError, Http404.
    """
    from jinchuanggu.policies.rules import day_before

    _officer(actor)
    policy = Policy.objects.get(pk=policy_id) if actor.role == SYSTEM else get_own_policy(actor, policy_id)
    last = policy.versions.order_by("-number").first()
    if last is not None and effective_from <= last.effective_from:
        raise ValidationError(_("新版本须晚于 %(day)s 生效") % {"day": last.effective_from})
    with act(actor, "policy.update", policy, detail={"version": str(effective_from)}):
        version = PolicyVersion.objects.create(
            policy=policy,
            number=(last.number if last else 0) + 1,
            effective_from=effective_from,
            note=note[:300],
        )
        if last is not None:
            last.effective_to = day_before(effective_from)
            last.save(update_fields=["effective_to"])
            for article in list(last.articles.all()):
                links = list(article.rules.all())
                article.pk, article.version = None, version
                article._state.adding = True
                article.save()
                ArticleRule.objects.bulk_create(
                    ArticleRule(article=article, rule_set=link.rule_set, criterion=link.criterion)
                    for link in links
                )
    return version


def set_budget(actor: Actor, *, policy_id: int, year: int, amount_cny: Decimal, source: str = "") -> Budget:
    """What may be spent on a policy in a year, in yuan. Raises ValidationError by field, Http404."""
    _officer(actor)
    policy = Policy.objects.get(pk=policy_id) if actor.role == SYSTEM else get_own_policy(actor, policy_id)
    errors = {}
    if not 2000 <= year <= 2100:
        errors["year"] = _("年度应在 2000 与 2100 之间")
    if not amount_cny.is_finite() or amount_cny < 0 or amount_cny >= Decimal(10) ** 14:
        errors["amount_cny"] = _("预算应为不小于 0 的金额")
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        budget = Budget.objects.filter(policy=policy, year=year).first()
        if budget is not None:
            check_amount(budget, amount_cny)
        with act(actor, "policy.budget", budget) as deed:
            budget = budget or Budget(policy=policy, year=year)
            budget.amount_cny, budget.source = amount_cny.quantize(Decimal("0.01")), source.strip()[:300]
            budget.save()
            deed.target = budget
    return budget
