"""Every verb that an action seals has words on the screens, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR, Actor
from jinchuanggu.foundation.audit import verbs
from jinchuanggu.foundation.resources.registry import VERBS, resources

SOURCE = Path(verbs.__file__).resolve().parents[2]
SEALED = re.compile(r'(?:\bact|\brecord)\(\s*[\w.]+,\s*"([a-z_]+\.[a-z_]+)"')


def sealed() -> set[str]:
    found = {verb for path in SOURCE.rglob("*.py") for verb in SEALED.findall(path.read_text("utf-8"))}
    return (found - {"plan.file"}) | {f"{name}.{verb}" for name in resources for verb in VERBS}


def test_the_search_finds_the_actions() -> None:
    assert {"plan.save", "milestone.warn", "document.add", "residents.create"} <= sealed()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_sealed_verb_has_words(language: str) -> None:
    with translation.override(language):
        assert [verb for verb in sorted(sealed()) if verbs.title(verb) == verb] == []


def test_the_history_shows_no_role_by_its_key() -> None:
    assert SYSTEM_ACTOR.label == "系统"
    assert Actor().label == "公众"
    assert Actor(role="signed_in", name="zhang").label == "zhang · 未任职"


def test_a_name_is_kept_in_one_language_whatever_the_actor_reads() -> None:
    actor = Actor(role="operator", name="亓筠川")
    kept = actor.label
    with translation.override("en"):
        assert actor.label == kept == "亓筠川 · 运营团队"
