"""Plain records as facts: one value per input, a series as ``{year: number}``; every mistake told at once."""

from __future__ import annotations

from collections.abc import Mapping

from jinchuanggu.engines.rules.facts import Facts
from jinchuanggu.engines.rules.library import Library, official
from jinchuanggu.engines.rules.load_facts import read_facts
from jinchuanggu.engines.rules.load_inputs import alike
from jinchuanggu.engines.rules.model import Input, RuleSet
from jinchuanggu.engines.rules.nodes import TooDeep, TooMany, from_python
from jinchuanggu.engines.rules.problems import Problem, Refused
from jinchuanggu.engines.rules.reading import Reader
from jinchuanggu.engines.rules.texts import same
from jinchuanggu.engines.rules.vocabularies import vocabulary


def facts_of(inputs: Mapping[str, Input], record: Mapping[str, object], *, file: str = "") -> Facts:
    """A record as facts. None, and a year of None, is a fact that is not known.

    Numbers are int, Decimal or float (counting as the decimal it prints as), in the unit of the input; days
    ``date`` or ``YYYY-MM-DD``; a list holds names or mappings with a ``name``; a judgement of experts is the score
    or ``{score, passed}``. Raises Refused with every problem: unknown names, text for a number, half a person.
    """
    try:
        root = from_python(record)
    except TooDeep:
        raise Refused([Problem("too_deep", file, 0, 0, "")]) from None
    except TooMany:
        raise Refused([Problem("too_many", file, 0, 0, "")]) from None
    reader = Reader(file)
    facts = read_facts(reader, root, "", inputs)
    reader.finish()
    return facts


def firm_inputs(library: Library | None = None) -> dict[str, Input]:
    """Every fact of a firm that any rule set asks for: the vocabulary, and what only one rule file reads.

    Raises Refused where two files declare one id for different facts.
    """
    library = library or official()
    found: dict[str, Input] = dict(vocabulary("firm").inputs)
    said: dict[str, RuleSet] = {}
    problems: dict[str, Problem] = {}
    for rule_set in library.rule_sets:
        if rule_set.subject != "firm":
            continue
        for name, declared in rule_set.inputs.items():
            if declared.computed:
                continue
            known = found.setdefault(name, declared)
            if not alike(known, declared) and name not in problems:
                other = said[name].file if name in said else "vocabulary/firm.yaml"
                expected = same(f"{known.type} {known.unit or ''} ({other})")
                got = f"{declared.type} {declared.unit or ''}"
                problems[name] = Problem("duplicate_id", rule_set.file, 0, 0, f"inputs.{name}", expected, got)
            said.setdefault(name, rule_set)
    if problems:
        raise Refused(list(problems.values()))
    return found
