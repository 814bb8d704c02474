"""Running the worked examples of rule sets against the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.model import RuleSet, Vector
from jinchuanggu.engines.rules.result import Result


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
    return (*found, *_scores(result, vector), *_values(result, vector), *_amount(result, vector))


def _scores(result: Result, vector: Vector) -> Iterator[str]:
    for name, wanted in vector.scores.items():
        try:
            points = result.points(name)
        except KeyError:
            yield f"{name}: no such score part"
            continue
        if (points.low, points.high) != wanted:
            yield f"{name}: expected {_span(*wanted)} points, got {_span(points.low, points.high)}"


def _values(result: Result, vector: Vector) -> Iterator[str]:
    for name, wanted in vector.values.items():
        worth = result.values.get(name)
        if worth is None:
            yield f"{name}: no such value"
            continue
        got = worth.value if worth.value is not None else "undefined" if worth.undefined else "unknown"
        if got != wanted:
            why = f" ({worth.reason})" if worth.reason else ""
            yield f"{name}: expected {_shown(wanted)}, got {_shown(got)}{why}"


def _amount(result: Result, vector: Vector) -> Iterator[str]:
    if vector.amount is None:
        return
    amount = result.amount
    if amount is None:
        yield "amount: there is no benefit"
        return
    known = amount.low is not None and amount.high is not None
    got = _span(amount.low, amount.high) if known else f"unknown ({amount.reason})"
    if isinstance(vector.amount, str):
        if known:
            yield f"amount: expected unknown, got {got}"
    elif (amount.low, amount.high) != vector.amount:
        yield f"amount: expected {_span(*vector.amount)}, got {got}"


def _span(low: object, high: object) -> str:
    return _shown(low) if low == high else f"{_shown(low)} … {_shown(high)}"


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
