"""The generated code says what the exact evaluation says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from jinchuanggu.engines.rules import RuleSet
from jinchuanggu.engines.rules.columns import Population
from jinchuanggu.engines.rules.evaluate import evaluate
from jinchuanggu.engines.rules.model import Ratio, Threshold
from jinchuanggu.engines.rules.quick import explainer
from jinchuanggu.engines.rules.units import decimal_of
from tests.engines.rules.strategies import ON, records, rule_sets

SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(rules=rule_sets(), subjects=st.lists(records(), min_size=1, max_size=4))
@SLOW
def test_it_comes_out_as_the_full_evaluation(rules: RuleSet, subjects: list[dict[str, object]]) -> None:
    population = Population.from_records(rules.inputs, subjects, ON)
    explain = explainer(rules, ON)
    for row, subject in enumerate(subjects):
        note(repr(subject))
        note("\n".join(f"{each.id}: {each.formula}" for each in rules.inputs.values() if each.computed))
        result = evaluate(rules, population.to_facts(row, ON, rules.inputs), ON)
        found = explain(subject)
        assert found.verdict.value == result.verdict.value
        for scheme in result.scores:
            assert tuple(decimal_of(end) for end in found.points(scheme.id)) == (scheme.low, scheme.high)
        amount = result.amount
        known = amount is not None and amount.known
        assert found.amount == ((amount.low, amount.high) if known else None)
        waiting = list(result.tree)
        while waiting:
            finding = waiting.pop()
            waiting.extend(finding.children)
            step = found.step(finding.id)
            assert step.status == finding.status, finding.id
            assert step.text("zh")
            plain = isinstance(step.criterion.test, Threshold | Ratio)
            if plain and finding.status != "not_evidenced":
                assert finding.value == _decimal(step.value)
                assert finding.threshold == _decimal(step.threshold)
                assert finding.distance == (None if step.distance is None else decimal_of(step.distance))


def _decimal(number: object) -> Decimal:
    from jinchuanggu.engines.rules.exact import shown

    return decimal_of(shown(number))  # type: ignore[arg-type]


def test_a_record_of_any_kind_of_number_is_read_as_it_is_written() -> None:
    from jinchuanggu.engines.rules import official

    rules = official("tech_sme").in_force("tech_sme", date(2026, 3, 1))
    assert rules is not None
    explain = explainer(rules, date(2026, 3, 1))
    for staff, share in ((10, 3), (10.0, 3.0), (Decimal("10.0"), Decimal(3))):
        found = explain({"staff_total": staff, "tech_staff": share})
        assert found.value("staff_share") == 30
    assert explain({"staff_total": 0, "tech_staff": 0}).value("staff_share") is None
    # 0.3 is three tenths, as it prints, and 0.3 of 1 is exactly thirty percent
    assert explain({"staff_total": 1, "tech_staff": 0.3}).value("staff_share") == 30
    assert explainer(rules, date(2026, 3, 1)) is explain
