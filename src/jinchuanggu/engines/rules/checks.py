"""Checks that need a whole file, or all files: ids, references, cycles, vectors, overlapping versions."""

from __future__ import annotations

from collections.abc import Iterable

from jinchuanggu.engines.rules.load_inputs import cyclic
from jinchuanggu.engines.rules.model import Joined, Ref, RuleSet
from jinchuanggu.engines.rules.nodes import Kind, Scalar
from jinchuanggu.engines.rules.problems import Problem
from jinchuanggu.engines.rules.reading import Reader, nearest
from jinchuanggu.engines.rules.texts import Text, same
from jinchuanggu.engines.rules.vectors import differences


def check_file(reader: Reader, rule_sets: Iterable[RuleSet], *, check_vectors: bool) -> None:
    """Ids and references of every rule set; their vectors only when all else is sound."""
    listed = tuple(rule_sets)
    for rule_set in listed:
        _check_ids(reader, rule_set)
        _check_references(reader, rule_set)
    if check_vectors and not reader.problems:
        for rule_set in listed:
            _check_vectors(reader, rule_set)


def _at(line: int, column: int = 1) -> Scalar:
    return Scalar(Kind.NULL, "", line, column)


def _check_ids(reader: Reader, rule_set: RuleSet) -> None:
    seen: dict[str, int] = {}
    for criterion in rule_set.walk():
        if criterion.id in seen:
            got = f"{criterion.id}（{seen[criterion.id]}）"
            reader.problem("duplicate_id", _at(criterion.line), f"{rule_set.id}.{criterion.id}", got=got)
        seen.setdefault(criterion.id, criterion.line)
    names: set[str] = set()
    for vector in rule_set.vectors:
        if vector.id in names:
            reader.problem(
                "duplicate_id", _at(vector.line, vector.column), f"{rule_set.id}.vectors", got=vector.id
            )
        names.add(vector.id)


def _check_references(reader: Reader, rule_set: RuleSet) -> None:
    criteria = {criterion.id: criterion for criterion in rule_set.walk()}
    edges: dict[str, tuple[str, ...]] = {}
    for criterion in criteria.values():
        if not isinstance(criterion.test, Joined):
            continue
        edges[criterion.id] = tuple(child.id for child in criterion.test.children)
        for child in criterion.test.children:
            if isinstance(child, Ref) and child.id not in criteria:
                path = f"{rule_set.id}.{criterion.id}"
                near = nearest(child.id, criteria)
                reader.problem("unknown_criterion", _at(criterion.line), path, got=child.id, suggestion=near)
    for name in cyclic(edges):
        reader.problem("cycle", _at(criteria[name].line), f"{rule_set.id}.{name}", got=name)


def _check_vectors(reader: Reader, rule_set: RuleSet) -> None:
    for vector in rule_set.vectors:
        if vector.on < rule_set.effective_from or not rule_set.in_force(vector.on):
            expected = same(f"{rule_set.effective_from} … {rule_set.effective_to or ''}")
            path = f"{rule_set.id}.vectors({vector.id}).on"
            reader.problem(
                "date", _at(vector.line, vector.column), path, expected=expected, got=str(vector.on)
            )
        if found := differences(rule_set, vector):
            path = f"{rule_set.id}.vectors({vector.id})"
            reader.problem("vector", _at(vector.line, vector.column), path, got="; ".join(found))


def check_together(rule_sets: Iterable[RuleSet]) -> list[Problem]:
    """Two versions of one rule set must never be in force on one day."""
    problems = []
    by_id: dict[str, list[RuleSet]] = {}
    for rule_set in rule_sets:
        for other in by_id.setdefault(rule_set.id, []):
            first, second = sorted((other, rule_set), key=lambda found: found.effective_from)
            if first.effective_to is None or second.effective_from <= first.effective_to:
                expected = Text(
                    f"{first.version} 的 effective_to 早于 {second.effective_from}",
                    f"effective_to of {first.version} before {second.effective_from}",
                )
                got = f"{other.version}（{other.file}:{other.line}）"
                problems.append(
                    Problem("overlap", rule_set.file, rule_set.line, 1, rule_set.id, expected, got)
                )
        by_id[rule_set.id].append(rule_set)
    return problems
