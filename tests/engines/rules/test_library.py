"""The shipped rules are read family by family, and only when somebody asks."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from jinchuanggu.engines import rules

ALONE = """
import sys
from datetime import date
from jinchuanggu.engines import rules
from jinchuanggu.engines.rules import loader
read = []
whole = loader.load_text
loader.load_text = lambda text, file, **how: read.append(file) or whole(text, file, **how)
rules.recognition(rules.ValleyFacts("regional"), date(2025, 6, 30))
rules.recognition(rules.ValleyFacts("regional"), date(2025, 6, 30))
late = {"numpy", "jinchuanggu.engines.rules.vocabularies", "jinchuanggu.engines.rules.changes", "django"}
print(len(read), "valley_recognition" in read[0], sorted(late & set(sys.modules)))
"""


def test_judging_a_valley_reads_its_own_rules_once_and_nothing_of_firms() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)
    assert done.stdout.split(maxsplit=2) == ["1", "True", "[]\n"]


def test_a_family_holds_its_own_rule_sets() -> None:
    assert {found.id for found in rules.official("hnte").rule_sets} == {"hnte"}
    assert "hnte" in rules.families()
    with pytest.raises(LookupError):
        rules.official("nothing")
    with pytest.raises(KeyError):
        rules.vocabulary("nothing")
    with pytest.raises(AttributeError):
        rules.nothing  # noqa: B018


def test_every_version_of_every_rule_set_is_in_force_without_a_day_between() -> None:
    library = rules.official()
    for name in {found.id for found in library.rule_sets}:
        versions = library.versions(name)
        for day in {found.effective_from for found in versions}:
            assert sum(found.in_force(day) for found in versions) == 1
            assert library.in_force(name, day) is not None
        assert library.in_force(name, date(1990, 1, 1)) is None


def test_a_code_is_explained_by_its_name() -> None:
    (rule_set,) = rules.official("hnte").versions("hnte")
    result = rules.evaluate(
        rule_set, rules.facts_of(rule_set.inputs, {"hightech_field": "none"}), date(2026, 6, 30)
    )
    assert result.finding("field").explanation.zh == "不属于以上领域，不在范围内"
    assert result.finding("field").value == "none"
