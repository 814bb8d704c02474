"""Running the worked examples of rule sets against the engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.model import RuleSet, Vector


@dataclass(frozen=True, slots=True)
class VectorResult:
    """One example and every way in which it came out otherwise than the file says."""

    file: str
    rule_set: str
    version: str
    vector: str
    differences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.differences

    def as_dict(self) -> dict[str, object]:
        return {
            "file": self.file,
            "rule_set": self.rule_set,
            "version": self.version,
            "vector": self.vector,
            "passed": self.passed,
            "differences": list(self.differences),
        }


def run(rule_sets: Iterable[RuleSet]) -> tuple[VectorResult, ...]:
    """Every vector of every rule set."""
    return tuple(
        VectorResult(rules.file, rules.id, rules.version, vector.id, differences(rules, vector))
        for rules in rule_sets
        for vector in rules.vectors
    )


def differences(rule_set: RuleSet, vector: Vector) -> tuple[str, ...]:
    """``criterion.field: expected …, got …`` for each mismatch."""
    result = evaluate(rule_set, vector.given, vector.on)
    found = []
    if vector.verdict is not None and result.verdict.value != vector.verdict.value:
        found.append(f"verdict: expected {vector.verdict}, got {result.verdict}")
    for name, wanted in vector.expected.items():
        try:
            finding = result.finding(name)
        except KeyError:
            found.append(f"{name}: no such criterion")
            continue
        for key, value in wanted.items():
            got = getattr(finding, key)
            if got != value:
                found.append(f"{name}.{key}: expected {_shown(value)}, got {_shown(got)}")
    return tuple(found)


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
