"""Writing rules: drafts, saving, submitting. What is in force is never edited - a draft of a new version is begun."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.source import decode
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.drafting import prefill
from jinchuanggu.policies.drafting.check import strictly, too_long
from jinchuanggu.policies.entries import OPEN, digest_of, level_of
from jinchuanggu.policies.library_access import (
    PUBLIC_STATES,
    WRITERS,
    get_own_policy,
    get_own_text,
    writable_texts,
)
from jinchuanggu.policies.models import Level, Policy, RuleEntry, RuleStatus, RuleText
from jinchuanggu.policies.ownership import check_ids, clean_id
from jinchuanggu.policies.publishing import check_place
from jinchuanggu.policies.telling import tell_reviewers


class EditConflict(Exception):
    """Somebody else saved the draft after the writer's page was opened. `text` is what is stored now."""

    def __init__(self, text: RuleText) -> None:
        super().__init__("draft changed meanwhile")
        self.text = text


def officers_only(actor: Actor) -> None:
    if actor.role not in WRITERS or actor.person_id is None:
        raise PermissionDenied


def start_version(actor: Actor, *, entry_id: int, starts: date | None = None) -> RuleText:
    """A draft of a new version of a rule set that is in the library.

    A measure known by name only is completed from its own first day; anything else begins tomorrow or on `starts`.
    An open draft of the same rule set by the same person is opened instead of a second one. Raises Http404.
    """
    officers_only(actor)
    entry = (
        RuleEntry.objects.select_related("text__policy")
        .filter(pk=entry_id, text__in=writable_texts(actor))
        .first()
    )
    if entry is None or entry.text.status not in PUBLIC_STATES:
        raise Http404
    open_draft = RuleText.objects.filter(
        status=RuleStatus.DRAFT, family=entry.rule_set, author_id=actor.person_id, based_on=entry.text
    ).first()
    if open_draft is not None:
        return open_draft
    today = timezone.localdate()
    first = starts or (
        entry.effective_from if entry.confidence in OPEN else date.fromordinal(today.toordinal() + 1)
    )
    yaml = prefill.taken_out(
        entry.text.yaml, f"{entry.rule_set}.yaml", entry.rule_set, starts=first, version=today.isoformat()
    )
    return _create(
        actor, yaml, family=entry.rule_set, title=entry.title_zh, policy=entry.text.policy, region=entry.text.region,
        level=entry.text.level, based_on=entry.text,
    )  # fmt: skip


def start_measure(
    actor: Actor, *, rule_set: str, title: str, title_en: str = "", policy_id: int | None = None
) -> RuleText:
    """A draft of a measure that isn't in the library yet. Raises ValidationError by field, Http404."""
    officers_only(actor)
    policy = get_own_policy(actor, policy_id) if policy_id else None
    region = (
        Region.objects.get(pk=actor.region_id) if actor.role == Role.CITY_OFFICE else policy and policy.region
    )
    rule_set, title = clean_id(rule_set, region if actor.role == Role.CITY_OFFICE else None), title.strip()
    if not title:
        raise ValidationError({"title": _("请填写措施名称")})
    yaml = prefill.blank(
        rule_set=rule_set, title=title[:200], title_en=title_en.strip()[:300], starts=timezone.localdate(),
        number=policy.number if policy else "", issuer=policy.issuer_zh if policy else "",
        issuer_en=policy.issuer_en if policy else "",
    )  # fmt: skip
    level = Level.CITY if region else policy.level if policy else Level.PROVINCE
    return _create(
        actor,
        yaml,
        family=rule_set,
        title=title[:200],
        policy=policy,
        region=region or None,
        level=level,
        based_on=None,
    )


def upload(actor: Actor, *, name: str, data: bytes, policy_id: int | None = None) -> RuleText:
    """A rule file as a draft. A bad one is refused with every problem (file, line, reason) and nothing changes.

    Its examples are run when it is submitted. Raises Refused, ValidationError, Http404.
    """
    officers_only(actor)
    policy = get_own_policy(actor, policy_id) if policy_id else None
    text = decode(data, name).replace("\r\n", "\n")
    rule_sets = strictly(text, name)
    check_ids(actor, rule_sets)
    region = (
        Region.objects.get(pk=actor.region_id)
        if actor.role == Role.CITY_OFFICE
        else policy.region
        if policy
        else None
    )
    based_on = (
        RuleText.objects.filter(entries__rule_set=rule_sets[0].id, status__in=PUBLIC_STATES)
        .order_by("-pk")
        .first()
    )
    return _create(
        actor, text, family=rule_sets[0].id, title=_title(rule_sets), policy=policy or (based_on.policy if based_on else None),
        region=region or (based_on.region if based_on else None), level=_level(rule_sets, region), based_on=based_on,
        verb="rule.upload", detail={"file": name[:200]},
    )  # fmt: skip


def _title(rule_sets: tuple[RuleSet, ...]) -> str:
    first = rule_sets[0]
    return (first.title.zh if len(rule_sets) == 1 else first.document.title.zh)[:200]


def _level(rule_sets: tuple[RuleSet, ...], region: Region | None) -> str:
    return Level.CITY if region else level_of(rule_sets[0])


def _create(
    actor: Actor,
    yaml: str,
    *,
    family: str,
    title: str,
    policy: Policy | None,
    region: Region | None,
    level: str,
    based_on: RuleText | None,
    verb: str = "rule.draft",
    detail: dict[str, str] | None = None,
) -> RuleText:
    with act(actor, verb, detail=detail) as deed:
        text = RuleText.objects.create(
            policy=policy, region=region, level=level, family=family[:80], title=title, yaml=yaml,
            digest=digest_of(yaml), based_on=based_on, author_id=actor.person_id, saved_by_id=actor.person_id,
            writers=[actor.person_id],
        )  # fmt: skip
        deed.target = text
    return text


def save_draft(actor: Actor, *, text_id: int, revision: int, yaml: str) -> RuleText:
    """Store a draft as written, sound or not. An unchanged text writes nothing.

    Raises Http404, ValidationError (not a draft; too long), EditConflict.
    """
    officers_only(actor)
    get_own_text(actor, text_id)
    yaml = yaml.replace("\r\n", "\n").replace("\x00", "")
    if problem := too_long(yaml, "draft"):
        raise ValidationError(problem.message())
    with transaction.atomic():
        text = RuleText.objects.select_for_update().get(pk=text_id)
        if text.status != RuleStatus.DRAFT:
            raise ValidationError(_("只有草稿可以修改；已发布的规则请起草新版本"))
        if text.yaml == yaml:
            return text
        if text.revision != revision:
            raise EditConflict(text)
        before = text.digest
        text.yaml, text.digest, text.revision = yaml, digest_of(yaml), revision + 1
        text.saved_by_id = actor.person_id
        if actor.person_id not in text.writers:
            text.writers = [*text.writers, actor.person_id]
        text.save(update_fields=["yaml", "digest", "revision", "saved_by", "saved_at", "writers"])
        record(
            actor,
            "rule.save",
            text,
            changes={"digest": [before, text.digest]},
            detail={"revision": text.revision},
        )
    return text


def submit_draft(actor: Actor, *, text_id: int, revision: int) -> RuleText:
    """Give a draft to another person for review. It must be sound, its examples must hold, and it must fit in.

    Raises Refused with every problem, ValidationError, EditConflict, Http404.
    """
    officers_only(actor)
    get_own_text(actor, text_id)
    with transaction.atomic():
        text = RuleText.objects.select_for_update().get(pk=text_id)
        if text.status != RuleStatus.DRAFT:
            raise ValidationError(_("这份规则不在起草中，不能再提交"))
        if text.revision != revision:
            raise EditConflict(text)
        rule_sets = strictly(text.yaml, f"{text.family}.yaml")
        check_ids(actor, rule_sets)
        check_place(rule_sets)
        with act(actor, "rule.submit", text):
            text.status, text.submitted_at, text.title = RuleStatus.REVIEW, timezone.now(), _title(rule_sets)
            text.review_note = ""
            text.save(update_fields=["status", "submitted_at", "title", "review_note", "saved_at"])
        tell_reviewers(text)
    return text


def withdraw_draft(actor: Actor, *, text_id: int) -> RuleText:
    """The author gives a draft up, or takes it back from review. Raises Http404, ValidationError."""
    officers_only(actor)
    get_own_text(actor, text_id)
    with transaction.atomic():
        text = RuleText.objects.select_for_update().get(pk=text_id)
        if text.author_id != actor.person_id:
            raise PermissionDenied
        if text.status not in (RuleStatus.DRAFT, RuleStatus.REVIEW):
            raise ValidationError(_("这份规则已经办结，不能撤回"))
        with act(actor, "rule.withdraw", text):
            # from review it comes back to be written on; a draft is given up
            text.status = RuleStatus.DRAFT if text.status == RuleStatus.REVIEW else RuleStatus.WITHDRAWN
            text.save(update_fields=["status", "saved_at"])
    return text
