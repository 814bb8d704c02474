"""Checks that need a whole file, or all files: ids, references, cycles, vectors, overlapping versions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise

from jinchuanggu.engines.rules.load_inputs import cyclic
from jinchuanggu.engines.rules.load_scores import walk
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
    parts: set[str] = set()
    for part in walk(rule_set.scores):
        if part.id in parts:
            reader.problem("duplicate_id", _at(rule_set.line), f"{rule_set.id}.scores", got=part.id)
        parts.add(part.id)
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
    """Of one rule set exactly one version is in force on every day from the first to the last."""
    by_id: dict[str, list[RuleSet]] = {}
    for rule_set in rule_sets:
        by_id.setdefault(rule_set.id, []).append(rule_set)
    problems = []
    for versions in by_id.values():
        listed = sorted(versions, key=lambda found: found.effective_from)
        for before, after in pairwise(listed):
            if before.effective_to is None or after.effective_from <= before.effective_to:
                code = "overlap"
            elif after.effective_from > before.effective_to + timedelta(days=1):
                code = "gap"
            else:
                continue
            eve = after.effective_from - timedelta(days=1)
            expected = Text(
                f"{before.version} 的 effective_to 为 {eve}", f"effective_to of {before.version} to be {eve}"
            )
            got = f"{before.effective_to or '…'}（{before.file}:{before.line}）"
            problems.append(Problem(code, after.file, after.line, 1, after.id, expected, got))
    return problems
