"""Policy as code: official conditions as data, judged exactly and explained in full.

The public face. See docs/rules.md for the file formats and for how to add a rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from jinchuanggu.engines.rules.dates import PartialDate
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.facts import Facts, Figure, Item, Judgement, Source, Statement
from jinchuanggu.engines.rules.kleene import Status
from jinchuanggu.engines.rules.library import OFFICIAL, Library, families, official
from jinchuanggu.engines.rules.loader import load, load_text
from jinchuanggu.engines.rules.model import Input, RuleSet
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reasons import FLAGS, REASONS
from jinchuanggu.engines.rules.result import (
    Amount,
    Evidence,
    Finding,
    Gap,
    Note,
    Points,
    Result,
    Verdict,
    Worth,
    describe,
)
from jinchuanggu.engines.rules.texts import Text
from jinchuanggu.engines.rules.valley.facts import OperatorBody, Report, ValleyFacts, Zone
from jinchuanggu.engines.rules.valley.judge import recognition
from jinchuanggu.engines.rules.valley.reading import read_file, read_string
from jinchuanggu.engines.rules.vectors import VectorResult, run

if TYPE_CHECKING:
    from jinchuanggu.engines.rules.changes import Change, ChangeStep, cheapest
    from jinchuanggu.engines.rules.records import facts_of, firm_inputs
    from jinchuanggu.engines.rules.turning import Knob, knobs, turned
    from jinchuanggu.engines.rules.vocabularies import Vocabulary, vocabulary

__all__ = [
    "FLAGS",
    "OFFICIAL",
    "REASONS",
    "Amount",
    "Change",
    "ChangeStep",
    "Evidence",
    "Facts",
    "Figure",
    "Finding",
    "Gap",
    "Input",
    "Item",
    "Judgement",
    "Knob",
    "Library",
    "Note",
    "OperatorBody",
    "PartialDate",
    "Points",
    "Problem",
    "Refused",
    "Report",
    "Result",
    "RuleSet",
    "Source",
    "Statement",
    "Status",
    "Text",
    "ValleyFacts",
    "VectorResult",
    "Verdict",
    "Vocabulary",
    "Worth",
    "Zone",
    "catalogue",
    "cheapest",
    "describe",
    "evaluate",
    "facts_of",
    "families",
    "firm_inputs",
    "knobs",
    "load",
    "load_text",
    "official",
    "read_file",
    "read_string",
    "recognition",
    "rules_test",
    "turned",
    "vocabulary",
]

_LATER = {
    "Change": "changes",
    "ChangeStep": "changes",
    "Knob": "turning",
    "Vocabulary": "vocabularies",
    "cheapest": "changes",
    "facts_of": "records",
    "firm_inputs": "records",
    "knobs": "turning",
    "turned": "turning",
    "vocabulary": "vocabularies",
}
"""What is read only when it is asked for: judging a valley starts without it. No module bears one of these names."""


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(name)
    found = getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found


def catalogue(family: str | None = None) -> tuple[RuleSet, ...]:
    """All official rule sets (of a family), every version, by id and date; ``describe`` tells one's head."""
    return tuple(sorted(official(family).rule_sets, key=lambda rules: (rules.id, rules.effective_from)))


def rules_test(paths: Iterable[Path | str] = (OFFICIAL,)) -> tuple[VectorResult, ...]:
    """Run the test vectors of rule files and folders. Raises Refused for files unsound otherwise."""
    return run(load(paths, check_vectors=False).rule_sets)
