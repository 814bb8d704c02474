"""What the pages of the library and of the editor share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.sureness import Sure
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.policies.library_access import READERS
from jinchuanggu.policies.models import Policy, RuleEntry, RuleStatus
from jinchuanggu.policies.rule_view import lang


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def entry_title(entry: RuleEntry) -> str:
    return entry.title_en if lang() == "en" and entry.title_en else entry.title_zh


def kind_words() -> dict[str, str]:
    """What a rule set gives, in a word; the blank one judges only."""
    return {
        "grant": _("奖补"), "relief": _("减免"), "finance": _("融资"), "service": _("服务与权益"), "title": _("资质"),
        "": _("认定条件"),
    }  # fmt: skip


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    # longer than any list here, and more digits than the database can count to
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("政策库"), "url": reverse("policies")},
        *({"label": label, "url": url} for label, url in further),
    ]


def tabs(current: str, actor: Actor) -> list[dict[str, Any]]:
    """Policies, rules and - for officers - what is being written."""
    names = [("policies", _("政策")), ("rule_sets", _("规则"))]
    if actor.role in READERS:
        names.append(("rule_drafts", _("起草与审核")))
    return [{"label": label, "url": reverse(name), "active": name == current} for name, label in names]


def sure_chip(sure: Sure) -> dict[str, str]:
    """How sure we are, as components/status.html takes it."""
    looks = {
        Sure.CHECKED: ("met", "circle-check"),
        Sure.SOURCED: ("quiet", "file-text"),
        Sure.SINGLE: ("quiet", "help-circle"),
    }
    tone, icon = looks.get(sure, ("attention", "alert-circle"))
    return {"label": sure.words.get(lang()), "tone": tone, "icon": icon}


def policy_state(policy: Policy, on: date | None = None) -> dict[str, str]:
    """Whether a policy counts on a day."""
    on = on or timezone.localdate()
    if policy.repealed_on and policy.repealed_on <= on:
        return {"label": _("已废止"), "tone": "quiet", "icon": "ban"}
    if policy.valid_from and policy.valid_from > on:
        return {"label": _("尚未生效"), "tone": "active", "icon": "clock"}
    if policy.valid_to and policy.valid_to < on:
        return {"label": _("已失效"), "tone": "quiet", "icon": "circle-minus"}
    return {"label": _("有效"), "tone": "met", "icon": "circle-check"}


def text_state(status: str) -> dict[str, str]:
    """Where a rule text stands."""
    looks = {
        RuleStatus.DRAFT: ("active", "pencil"),
        RuleStatus.REVIEW: ("attention", "hourglass"),
        RuleStatus.IN_FORCE: ("met", "circle-check"),
        RuleStatus.REPLACED: ("quiet", "history"),
        RuleStatus.WITHDRAWN: ("quiet", "ban"),
    }
    tone, icon = looks[RuleStatus(status)]
    return {"label": str(RuleStatus(status).label), "tone": tone, "icon": icon}
