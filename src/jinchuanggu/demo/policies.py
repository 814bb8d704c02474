"""The policy library of the demo: the shipped rules, the real documents with what public pages state, one open draft."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

import yaml

from jinchuanggu.demo.world import World
from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.organisations.models import Person
from jinchuanggu.policies.actions.editor import save_draft, start_version
from jinchuanggu.policies.actions.policies import add_article, change_policy, register_policy
from jinchuanggu.policies.actions.sync import sync_official
from jinchuanggu.policies.drafting import edits
from jinchuanggu.policies.models import Policy, RuleEntry

DRAFTED = "measure.sx.rent_relief"
"""A measure known by name only, which the officer of the demo has begun to complete."""


def load_library() -> None:
    """The shipped rules and the real documents; nothing in them is simulated."""
    sync_official(SYSTEM_ACTOR)
    data = yaml.safe_load(files("jinchuanggu.demo").joinpath("data/policies.yaml").read_text("utf-8"))
    known = set(RuleEntry.objects.values_list("rule_set", flat=True))
    for row in data["policies"]:
        _document(row, known)


def _document(row: dict[str, Any], known: set[str]) -> None:
    values = {
        "number": row["number"], "level": row["level"], "unit_text": row["unit"], "gives_zh": row["gives"]["zh"],
        "gives_en": row["gives"]["en"], "source_title": row["source"]["title"], "source_url": row["source"]["url"],
        "confidence": row["confidence"],
    }  # fmt: skip
    for key in ("title", "issuer"):
        if key in row:
            values |= {f"{key}_zh": row[key]["zh"], f"{key}_en": row[key]["en"]}
    values |= {key: row[key] for key in ("valid_from", "valid_to") if key in row}
    if "issued" in row:
        values["issued_on"] = row["issued"]
    policy = Policy.objects.filter(number=row["number"]).first()
    if policy is None:
        policy = register_policy(SYSTEM_ACTOR, values=values)
    else:
        change_policy(SYSTEM_ACTOR, policy_id=policy.pk, values=values)
    for article in row["articles"]:
        add_article(
            SYSTEM_ACTOR, policy_id=policy.pk, number=article["number"], heading=article["heading"], text=article["text"],
            confidence=article["confidence"], rule_sets=tuple(name for name in article.get("rules", ()) if name in known),
        )  # fmt: skip


def begin_draft(world: World) -> None:
    """The provincial officer completes a measure: the amount is typed, the examples still have to follow."""
    _second_account()
    entry = RuleEntry.objects.filter(rule_set=DRAFTED, superseded=False).order_by("-effective_from").first()
    if entry is None:
        return
    text = start_version(world.office, entry_id=entry.pk, starts=max(entry.effective_from, date(2024, 1, 1)))
    typed = {
        "amount:0:choice": "range",
        "amount:0:low": "0",
        "amount:0:high": "100000",
        "f:source": "演示草稿：待见到条文后填写",
    }
    save_draft(
        world.office,
        text_id=text.pk,
        revision=text.revision,
        yaml=edits.applied(text.yaml, f"{DRAFTED}.yaml", typed),
    )


def _second_account() -> None:
    """A door for the second officer of the province, who reviews what the first wrote."""
    person = Person.objects.filter(email="office2@example.invalid", user__isnull=True).first()
    if person is not None:
        user = User.objects.create(username="policy", is_demo=True)
        user.set_unusable_password()
        user.save()
        person.user = user
        person.save(update_fields=["user"])
