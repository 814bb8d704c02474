"""Numbers that were turned find their place in the rule text, for every number of every shipped rule set."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.engines.rules import knobs, load_text, official
from jinchuanggu.foundation.organisations.models import Person
from jinchuanggu.policies.actions.sync import sync_official
from jinchuanggu.policies.drafting.document import Document
from jinchuanggu.policies.drafting.prefill import taken_out
from jinchuanggu.policies.models import RuleText
from jinchuanggu.policies.simulation_draft import Unplaced, place, with_numbers
from tests import factories

STARTS = date(2027, 1, 1)
FIRMS = [one for one in official().rule_sets if one.subject == "firm"]


@pytest.mark.parametrize("rule_set", FIRMS, ids=lambda one: f"{one.id}@{one.version}")
def test_every_number_of_a_rule_set_has_its_place(rule_set) -> None:  # type: ignore[no-untyped-def]
    text = taken_out(
        Path(rule_set.file).read_text("utf-8"), "draft.yaml", rule_set.id, starts=STARTS, version="next"
    )
    (begun,) = load_text(text, "draft.yaml", check_vectors=False)
    document = Document(text, "draft.yaml")
    for knob in knobs(begun):
        path = place(document, knob.key)
        assert path is not None, knob.key
        # what a file leaves out stands at its default: nothing
        assert Decimal(document.raw(path) or 0) == knob.value, (knob.key, path)


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("tech_sme", "criterion:size_staff.limit", 300),
        ("tech_sme", "score:staff_points.bands[0].points", 18),
        ("tech_sme", "score:staff_points.bands[1].limit", 24),
        ("hnte", "criterion:innovation.limit", 75),
        ("startup_money.jincheng", "value:ceiling.constant", 600_000),
        ("startup_money.jincheng", "value:half_of_capital.percent", 40),
    ],
)
def test_one_number_moves_and_no_other(name: str, key: str, value: int) -> None:
    rule_set = next(one for one in reversed(FIRMS) if one.id == name)
    text = taken_out(
        Path(rule_set.file).read_text("utf-8"), "draft.yaml", name, starts=STARTS, version="next"
    )
    (begun,) = load_text(text, "draft.yaml", check_vectors=False)
    (found,) = load_text(
        with_numbers(text, "draft.yaml", {key: Decimal(value)}, {}), "draft.yaml", check_vectors=False
    )
    before, after = ({one.key: one.value for one in knobs(rules)} for rules in (begun, found))
    assert before.pop(key) != value
    assert after.pop(key) == value
    assert after == before


def test_a_number_without_a_place_is_refused() -> None:
    rule_set = next(one for one in FIRMS if one.id == "tech_sme")
    text = taken_out(
        Path(rule_set.file).read_text("utf-8"), "draft.yaml", rule_set.id, starts=STARTS, version="next"
    )
    with pytest.raises(Unplaced):
        with_numbers(text, "draft.yaml", {"criterion:nothing.limit": Decimal(1)}, {})


def test_a_schedule_becomes_part_of_the_text() -> None:
    rule_set = next(one for one in FIRMS if one.benefit and one.benefit.low and not one.benefit.steps)
    text = taken_out(
        Path(rule_set.file).read_text("utf-8"), "draft.yaml", rule_set.id, starts=STARTS, version="next"
    )
    (found,) = load_text(
        with_numbers(text, "draft.yaml", {}, {2027: Decimal(100), 2028: Decimal(70)}),
        "draft.yaml",
        check_vectors=False,
    )
    assert found.benefit is not None
    assert [(step.start, step.percent) for step in found.benefit.steps] == [
        (date(2027, 1, 1), 100),
        (date(2028, 1, 1), 70),
    ]


@pytest.mark.django_db
def test_an_officer_turns_a_simulation_into_a_draft_and_others_cannot() -> None:
    office = factories.provincial_office()
    sync_official(office)
    client = factories.client_of(office)
    page = client.get(reverse("simulate", args=["tech_sme"]), {"criterion:size_staff.limit": "300"})
    url = page.context["draft_url"]
    assert url
    assert client.get(reverse("simulate", args=["tech_sme"])).context["draft_url"] == "", (
        "nothing is turned yet"
    )
    response = client.post(url, {"query": page.context["query"]})
    draft = RuleText.objects.get(status="draft")
    assert response["Location"] == reverse("rule_draft", args=[draft.pk])
    (found,) = load_text(draft.yaml, "draft.yaml", check_vectors=False)
    assert {knob.key: knob.value for knob in knobs(found)}["criterion:size_staff.limit"] == 300
    assert draft.author == Person.objects.get(pk=office.person_id)
    assert found.effective_from > timezone.localdate()
    nothing = client.post(url, {"query": ""}, follow=True)
    assert "先改动至少一个数字" in nothing.content.decode()
    assert RuleText.objects.filter(status="draft").count() == 1
    city = factories.client_of(factories.city_office())
    assert (
        city.get(reverse("simulate", args=["tech_sme"]), {"criterion:size_staff.limit": "300"}).context[
            "draft_url"
        ]
        == ""
    )
    assert city.post(url, {"query": page.context["query"]}).status_code == 404
