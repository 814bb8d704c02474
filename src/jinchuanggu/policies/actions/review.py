"""Deciding on a draft: another person than its writers returns it or puts it in force."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.policies import rules as rule_library
from jinchuanggu.policies.actions.editor import officers_only
from jinchuanggu.policies.actions.sync import mirror_articles
from jinchuanggu.policies.drafting.check import strictly
from jinchuanggu.policies.drafting.document import Document
from jinchuanggu.policies.entries import digest_of, entry_for
from jinchuanggu.policies.library_access import get_own_text
from jinchuanggu.policies.models import RuleEntry, RuleStatus, RuleText
from jinchuanggu.policies.ownership import check_ids
from jinchuanggu.policies.publishing import Closing, closings
from jinchuanggu.policies.search import reindex
from jinchuanggu.policies.telling import tell_author


def _under_review(actor: Actor, text_id: int) -> RuleText:
    """The text, locked. Raises Http404, ValidationError, and PermissionDenied for those who wrote in it."""
    get_own_text(actor, text_id)
    text = RuleText.objects.select_for_update().get(pk=text_id)
    if text.status != RuleStatus.REVIEW:
        raise ValidationError(_("这份规则不在审核中"))
    if actor.person_id == text.author_id or actor.person_id in text.writers:
        raise PermissionDenied(_("编写人不能审核自己编写的规则"))
    return text


def return_draft(actor: Actor, *, text_id: int, reason: str) -> RuleText:
    """Back to its author, with the reason. Raises ValidationError, PermissionDenied, Http404."""
    officers_only(actor)
    if not reason.strip():
        raise ValidationError({"reason": _("退回须说明理由")})
    with transaction.atomic():
        text = _under_review(actor, text_id)
        with act(actor, "rule.return", text, reason=reason.strip()):
            text.status, text.review_note, text.decided_at = RuleStatus.DRAFT, reason.strip(), timezone.now()
            text.save(update_fields=["status", "review_note", "decided_at", "saved_at"])
        tell_author(text)
    return text


def publish(actor: Actor, *, text_id: int, note: str = "") -> RuleText:
    """Put a reviewed text in force from the day it names; the versions before it end.

    The reviewer's name and the day are written into the text before it is closed for good. Raises Refused,
    ValidationError, PermissionDenied, Http404; then nothing has changed.
    """
    officers_only(actor)
    with transaction.atomic():
        rule_library.lock()  # two texts of one rule set published at once would not see each other
        text = _under_review(actor, text_id)
        file = rule_library.authored_file(text)
        check_ids(actor, strictly(text.yaml, file))
        today = timezone.localdate()
        stamped = Document(text.yaml, file).changed(
            {"review/status": "in_force", "review/reviewer": actor.name, "review/date": today.isoformat()}
        )
        rule_sets = strictly(stamped, file)
        closed = closings(rule_sets)
        with act(actor, "rule.publish", text, reason=note.strip()) as deed:
            text.yaml, text.digest = stamped, digest_of(stamped)
            text.status, text.reviewer_id, text.decided_at = (
                RuleStatus.IN_FORCE,
                actor.person_id,
                timezone.now(),
            )
            text.review_note = note.strip()
            text.save()
            deed.detail["rule_sets"] = [f"{rules.id} {rules.effective_from}" for rules in rule_sets]
        RuleEntry.objects.bulk_create(entry_for(text, rules, order) for order, rules in enumerate(rule_sets))
        for closing in closed:
            _close(actor, closing)
        _link(text, rule_sets)
        rule_library.bump()
        tell_author(text)
    return text


def _close(actor: Actor, closing: Closing) -> None:
    """End an older version; a text all of whose rule sets have ended or been taken is replaced."""
    row = closing.entry
    if closing.wholly:
        row.superseded = True
    else:
        row.effective_to = rule_library.day_before(closing.rules.effective_from)
    row.save(update_fields=["superseded", "effective_to"])
    record(
        actor, "rule.close", row.text,
        changes={"effective_to": [None, str(row.effective_to or "")], "superseded": [False, row.superseded]},
        detail={"rule_set": row.rule_set},
    )  # fmt: skip
    if not RuleEntry.objects.filter(text=row.text, superseded=False, effective_to__isnull=True).exists():
        RuleText.objects.filter(pk=row.text_id).update(status=RuleStatus.REPLACED)


def _link(text: RuleText, rule_sets: tuple[RuleSet, ...]) -> None:
    """The articles the new text quotes, for the page of its policy."""
    if text.policy is None:
        return
    mirror_articles(text.policy, rule_sets)
    reindex([text.policy])
