"""What the library adds to the navigation, the search and the workbench."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jinchuanggu.foundation.access.actor import PUBLIC, SIGNED_IN, Actor
from jinchuanggu.foundation.access.guards import EVERY_ROLE
from jinchuanggu.foundation.navigation import add
from jinchuanggu.foundation.workbench.registry import Figure, Hit, figures, searcher
from jinchuanggu.policies.library_access import READERS, WRITERS, drafts, visible_policies, writable_texts
from jinchuanggu.policies.models import RuleStatus
from jinchuanggu.policies.search import matching, normalised

EVERYONE = EVERY_ROLE | {SIGNED_IN, PUBLIC}

add("policy", _("政策库"), "books", "policies", EVERYONE, order=10)
add("policy", _("规则起草与审核"), "file-code", "rule_drafts", frozenset(map(str, READERS)), order=30)


@searcher("policies", _("政策"), order=40)
def find_policies(actor: Actor, text: str, limit: int) -> Iterable[Hit]:
    """Policies by any of their words."""
    if not normalised(text):
        return []
    rows = matching(visible_policies(actor), text).defer("search_text").order_by("-valid_from", "pk")[:limit]
    return [
        Hit(
            policy.title_zh,
            reverse("policy", args=[policy.pk]),
            policy.number or policy.get_level_display(),
            "books",
        )
        for policy in rows
    ]


@figures(*WRITERS, order=60)
def waiting(actor: Actor) -> Iterable[Figure]:
    """Rules somebody else wrote that wait for this officer."""
    rows = writable_texts(actor).filter(status=RuleStatus.REVIEW).exclude(author_id=actor.person_id)
    number = len([1 for text in rows.only("pk", "writers")[:100] if actor.person_id not in text.writers])
    if number or drafts(actor).exists():
        yield Figure(
            gettext("待审核规则"),
            number,
            gettext("份"),
            reverse("rule_drafts"),
            tone="warn" if number else "",
        )
