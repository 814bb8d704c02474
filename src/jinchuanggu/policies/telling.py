"""Whom the steps of a draft are told: those who may review it, then its author."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from jinchuanggu.foundation.notices.actions import notify
from jinchuanggu.foundation.organisations.models import Membership
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.models import RuleStatus, RuleText


def reviewers(text: RuleText) -> set[int]:
    """People who may decide on a draft: officers of the province, of its city, and none of its writers."""
    hats = Membership.objects.in_force(timezone.localdate()).filter(role=Role.PROVINCIAL_OFFICE)
    found = set(hats.values_list("person_id", flat=True))
    if text.region_id:
        own = Membership.objects.in_force(timezone.localdate()).filter(
            role=Role.CITY_OFFICE, organisation__region_id=text.region_id
        )
        found |= set(own.values_list("person_id", flat=True))
    return found - set(text.writers)


def tell_reviewers(text: RuleText) -> None:
    notify(
        reviewers(text),
        text={"zh": f"规则“{text.title}”待审核", "en": f"A rule waits for review: {text.title}"},
        url=reverse("rule_draft", args=[text.pk]),
    )


def tell_author(text: RuleText) -> None:
    """What became of it."""
    came = {
        RuleStatus.DRAFT: ("已退回", "was returned"),
        RuleStatus.IN_FORCE: ("已发布", "was put in force"),
    }[RuleStatus(text.status)]
    if text.author_id:
        notify(
            [text.author_id],
            text={"zh": f"您起草的规则“{text.title}”{came[0]}", "en": f"Your rule {text.title} {came[1]}"},
            url=reverse("rule_draft", args=[text.pk]),
        )
