"""Many firms as columns: the same facts as one by one, in a handful of queries, whatever their number."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from jinchuanggu.demo.firm_facts import Known, draw
from jinchuanggu.engines.rules import evaluate, official
from jinchuanggu.engines.rules.columns import evaluate_columns
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.residents import inputs
from jinchuanggu.residents.actions.profile import import_profiles
from jinchuanggu.residents.population import CITY, FIELD, population, read_records
from jinchuanggu.residents.profile import facts_for, record_for
from tests import factories
from tests.residents import firms

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)


def some(number: int) -> list[Organisation]:
    """Firms with made-up facts; the first in residence, with revenue filed there."""
    random = Random(7)
    made = [factories.organisation("enterprise", f"示例企业{at:03}") for at in range(number)]
    import_profiles(
        firms.SYSTEM_ACTOR,
        rows=[(one.pk, draw(random, Known("新材料"), ON)) for one in made],
        on=date(2026, 3, 20),
    )
    row = firms.resident(made[0])
    firms.filed_revenue(row, 2025, "1234567")
    firms.filed_revenue(row, 2019, "7654321")
    return made


def test_columns_judge_as_the_single_firm_is_judged() -> None:
    made = some(30)
    found = population([one.pk for one in made], ON)
    assert found.ids == tuple(one.pk for one in made)
    for name in ("tech_sme", "innovative_sme", "measure.sx.startup_money"):
        rule_set = official().in_force(name, ON)
        assert rule_set is not None
        verdict = evaluate_columns(rule_set, found.population, ON).verdict
        words = {1: "met", 0: "not_met", -1: "not_evidenced"}
        for at, one in enumerate(made):
            alone = evaluate(rule_set, facts_for(one.pk, ON), ON).verdict.value
            assert words[int(verdict[at])] == alone, (name, one.name)


def test_records_are_those_of_the_single_firm() -> None:
    made = some(12)
    heads, records = read_records([one.pk for one in made], ON)
    assert all(records[one.pk] == record_for(one.pk, ON) for one in made)
    assert heads[made[0].pk] == ("示例企业000", "阳泉市", "新材料")


def test_labels_name_city_and_field() -> None:
    made = some(2)
    found = population(Organisation.objects.filter(pk__in=[one.pk for one in made]), ON)
    assert found.labels[CITY] == ("阳泉市", "阳泉市")
    assert found.labels[FIELD] == ("新材料", "新材料")


def test_the_number_of_queries_does_not_depend_on_the_number_of_firms(
    django_assert_num_queries: Any,
) -> None:
    made = some(20)
    for part in (made[:1], made):
        with django_assert_num_queries(6):
            population([one.pk for one in part], ON)


def test_a_fact_that_only_an_officers_rule_asks_for_is_asked_of_firms(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jinchuanggu.engines.rules import Library, load_text
    from tests.policies.test_eligibility import MEASURE

    text = MEASURE.format(id="fixture.new", amount=10000, delivery="application", more="").replace(
        "values:",
        "inputs:\n  robots_count: {type: number, unit: count, title: {zh: 机器人数, en: Robots}}\nvalues:",
    )
    text = text.replace(
        'input: staff_total, operator: ">=", value: 20, unit: persons',
        'input: robots_count, operator: ">=", value: 20, unit: count',
    )
    text = text.replace("staff_total: 20,", "robots_count: 20,")
    library = Library((*official().rule_sets, *load_text(text, "new.yaml")))
    monkeypatch.setattr(inputs, "_source", lambda: library)
    monkeypatch.setattr(inputs, "_known", None)
    inputs.refresh()
    assert "robots_count" in inputs.typed_inputs()
    assert [one.zh for one in inputs.readers_of("robots_count")] == ["示例奖励 fixture.new"]
