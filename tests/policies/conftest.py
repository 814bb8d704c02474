"""Tests of this room stand on their own measures where they say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jinchuanggu.engines.rules import Library
from jinchuanggu.policies import rules


@pytest.fixture
def own_rules_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the rules a test publishes: quick, and whatever is shipped cannot change its outcome."""
    rules._compiled.cache_clear()
    monkeypatch.setattr(rules, "official", lambda *_: Library(()))
    yield
    rules._compiled.cache_clear()
