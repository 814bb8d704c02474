"""Tests of this room stand on their own measures where they say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jinchuanggu.engines import rules as engine
from jinchuanggu.engines.rules import Library
from jinchuanggu.policies import rules
from jinchuanggu.residents import inputs


@pytest.fixture
def own_rules_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the rules a test publishes: quick, and whatever is shipped cannot change its outcome."""
    rules._compiled.cache_clear()
    inputs.read_inputs.cache_clear()
    monkeypatch.setattr(rules, "official", lambda *_: Library(()))
    monkeypatch.setattr(engine, "firm_inputs", lambda *_: dict(engine.vocabulary("firm").inputs))
    yield
    inputs.read_inputs.cache_clear()
    rules._compiled.cache_clear()
