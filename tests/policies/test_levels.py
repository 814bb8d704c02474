"""Whose measure it is, told by one function: the policy's word, then the text's, then the name of the rule set."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from jinchuanggu.policies.entries import level_in
from jinchuanggu.policies.models import Policy, RuleText


@pytest.mark.parametrize(
    ("policy", "text", "told"),
    [
        ("province", "city", "province"),
        (None, "province", "province"),
        (None, "", "city"),
        (None, None, "city"),
    ],
)
def test_the_level_of_a_measure(policy: str | None, text: str | None, told: str) -> None:
    rules = cast(Any, SimpleNamespace(id="measure.sim.anything", applies_to={}))
    above = Policy(level=policy) if policy is not None else None
    assert level_in(rules, None if text is None else RuleText(level=text, policy=above)) == told
