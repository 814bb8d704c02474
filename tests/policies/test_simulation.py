"""The simulation screen: its figures are those of an independent recount, in the reader's scope, in few queries."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.engines.rules import RuleSet, evaluate, official
from jinchuanggu.engines.rules.model import Threshold
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies import simulation as simulating
from jinchuanggu.policies.models import RuleEntry, RuleText, Scenario
from jinchuanggu.residents.models import FirmStanding, FirmYear
from jinchuanggu.residents.profile import facts_for
from tests import factories

pytestmark = pytest.mark.django_db

RULES = "tech_sme"
STAFF = "criterion:size_staff.limit"


def firms(count: int, where: Any = None, seed: int = 1) -> list[Organisation]:
    """Firms of which some meet the conditions of a technology SME, some do not, and some left a fact open."""
    where = where or factories.region()
    made = Organisation.objects.bulk_create(
        [
            Organisation(
                name=f"示例企业{where.code}-{seed}-{n:05d}",
                kind="enterprise",
                region=where,
                origin="simulated",
            )
            for n in range(count)
        ]
    )
    year = timezone.localdate().year - 1
    standings, years = [], []
    for n, firm in enumerate(made):
        values: dict[str, Any] = {
            "registered_on": "2015-03-01", "mainland_resident": True, "products_unrestricted": True,
            "no_serious_incident": True, "no_serious_dishonesty": True, "staff_total": str(10 + 13 * n % 600),
            "tech_staff": str((10 + 13 * n % 600) // 5), "assets_cny": "20000000", "costs_cny": "9000000", "ip_class1": str(n % 2),
            "ip_class2": "2", "hnte_valid_until": "1900-01-01", "national_award_top3_5y": False, "rd_body_level": "none",
            "led_standard_5y": False,
        }  # fmt: skip
        if n % 7 == 0:
            del values["products_unrestricted"]
        standings.append(FirmStanding(organisation=firm, values=values))
        years += [
            FirmYear(organisation=firm, year=year - back, values={"revenue_cny": "10000000", "rd_expense_cny": str(700_000 - 1000 * (n % 400))})
            for back in range(3)
        ]  # fmt: skip
    FirmStanding.objects.bulk_create(standings)
    FirmYear.objects.bulk_create(years)
    return made


@pytest.fixture(autouse=True)
def _forget() -> None:
    simulating._kept.clear()


def rule_set() -> RuleSet:
    found = official().in_force(RULES, timezone.localdate())
    assert found is not None
    return found


def by_hand(limit: int) -> RuleSet:
    """The rule set with another limit for the staff, changed without the engine's own turning."""

    def change(criterion: Any) -> Any:
        test = criterion.test
        if criterion.id == "size_staff":
            assert isinstance(test, Threshold)
            return replace(criterion, test=replace(test, limit=Fraction(limit)))
        if hasattr(test, "children"):
            return replace(
                criterion,
                test=replace(
                    test, children=tuple(change(c) if hasattr(c, "test") else c for c in test.children)
                ),
            )
        return criterion

    return replace(rule_set(), criteria=tuple(change(one) for one in rule_set().criteria))


def recount(made: list[Organisation], limit: int, on: date) -> dict[str, set[str]]:
    """Firm by firm with the exact evaluation."""
    moves: dict[str, set[str]] = {"winners": set(), "losers": set(), "uncertain": set()}
    for firm in made:
        facts = facts_for(firm.pk, on)
        was = evaluate(rule_set(), facts, on).verdict.value
        would = evaluate(by_hand(limit), facts, on).verdict.value
        if "not_evidenced" in (was, would):
            moves["uncertain"].add(firm.name)
        elif (was, would) == ("not_met", "met"):
            moves["winners"].add(firm.name)
        elif (was, would) == ("met", "not_met"):
            moves["losers"].add(firm.name)
    return moves


def page(actor: Actor, query: str = "", **headers: str) -> Any:
    return factories.client_of(actor).get(f"{reverse('simulate', args=[RULES])}?{query}", headers=headers)


@pytest.mark.parametrize("limit", [100, 300, 599])
def test_the_figures_are_those_of_an_independent_recount(limit: int) -> None:
    made = firms(50)
    expected = recount(made, limit, timezone.localdate())
    assert expected["losers"] or expected["winners"]
    answer = page(factories.provincial_office(), f"{STAFF}={limit}").context["answer"]
    assert {name: answer[name] for name in expected} == {name: len(firms) for name, firms in expected.items()}
    for name, names in expected.items():
        shown = page(factories.provincial_office(), f"{STAFF}={limit}&show={name}").context["answer"]
        assert {firm["name"] for firm in shown["names"]} <= names
        assert shown["page"]["total"] == len(names)
    for part in answer["parts"]:
        assert sum(row["losers"] for row in part["rows"]) == len(expected["losers"])


def test_the_sentence_says_what_was_turned_and_what_came_of_it() -> None:
    made = firms(50)
    expected = recount(made, 100, timezone.localdate())
    response = page(factories.provincial_office(), f"{STAFF}=100")
    text = response.content.decode()
    assert "从 500 人 降到 100 人" in text
    said = f"新增 {len(expected['winners'])} 家、失去 {len(expected['losers'])} 家，证据不足 {len(expected['uncertain'])} 家"
    assert said in text
    assert response.context["answer"]["changes"]
    plain = page(factories.provincial_office()).context["answer"]
    assert plain["changes"] == ""
    assert "拖动数字看变化" in plain["outcome"]


def test_a_slider_gets_only_what_changes_and_the_address_with_it() -> None:
    firms(20)
    response = page(
        factories.provincial_office(),
        f"v={rule_set().effective_from}&{STAFF}=100&criterion:score_total.limit=60",
        **{"HX-Request": "true"},
    )
    text = response.content.decode()
    assert "<html" not in text
    assert 'id="turn-results" hx-swap-oob="true"' in text
    assert "criterion:score_total" not in response["HX-Push-Url"], (
        "what is as in force stays out of the address"
    )
    assert f"{STAFF}=100" in response["HX-Push-Url"]
    again = factories.client_of(factories.provincial_office()).get(response["HX-Push-Url"])
    assert again.status_code == 200
    assert "<html" in again.content.decode()
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("typed", ["viel", "-5", "1e99", "nan"])
def test_an_impossible_number_is_told_and_nothing_is_computed(typed: str) -> None:
    firms(3)
    response = page(factories.provincial_office(), f"{STAFF}={typed}")
    assert response.status_code == 200
    if typed == "-5":  # possible, if pointless
        return
    assert response.context["answer"] is None
    assert "j-error-summary" in response.content.decode()
    assert f'value="{typed}"' in response.content.decode(), "what was typed stays"


@pytest.mark.parametrize(
    "query",
    ["v=1066-01-01&on=9999-99-99", "criterion:nothing.limit=5", "show=all&page=999999999999", "on=1990-01-01", "pay:2027=300", "pay:x=3"],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(query: str) -> None:
    firms(3)
    assert page(factories.provincial_office(), query).status_code == 200


def test_unknown_rules_and_rules_for_others_are_not_there() -> None:
    client = factories.client_of(factories.provincial_office())
    for name in ("nothing", "valley_recognition.regional"):
        assert client.get(reverse("simulate", args=[name])).status_code == 404
        assert client.get(reverse("simulation_export", args=[name])).status_code == 404
        assert client.post(reverse("simulation_save", args=[name]), {"name": "x"}).status_code == 404


def test_a_city_sees_its_own_firms_only() -> None:
    near, far = factories.region("140300", "阳泉市"), factories.region("140400", "长治市")
    mine = {firm.name for firm in firms(12, near)}
    firms(12, far, seed=2)
    city = page(factories.city_office(near), f"{STAFF}=20&show=losers")
    assert city.context["firms"] == 12
    assert {row["name"] for row in city.context["answer"]["names"]} <= mine
    assert "长治市" not in city.content.decode()
    assert page(factories.provincial_office()).context["firms"] == 24
    other = factories.city_office(far)
    assert all(name not in page(other, f"{STAFF}=20&show=losers").content.decode() for name in mine)


@pytest.mark.parametrize("role", [Role.ENTERPRISE, Role.EXPERT, Role.OPERATOR, Role.MEMBER_UNIT, Role.ADMIN])
def test_others_have_no_business_here(role: str) -> None:
    client = factories.client_of(factories.actor(role, factories.organisation("enterprise")))
    for name, arguments in (("simulation", []), ("simulate", [RULES]), ("simulation_export", [RULES])):
        assert client.get(reverse(name, args=arguments)).status_code == 403


def test_an_auditor_reads_and_keeps_nothing() -> None:
    auditor = factories.actor(
        Role.AUDITOR, factories.organisation("provincial_office", where=factories.province())
    )
    response = page(auditor, f"{STAFF}=20")
    assert response.status_code == 200
    assert "save-scenario" not in response.content.decode()
    client = factories.client_of(auditor)
    assert client.post(reverse("simulation_save", args=[RULES]), {"name": "x"}).status_code == 403


def test_new_facts_are_seen_at_once() -> None:
    made = firms(10)
    office = factories.provincial_office()
    before = page(office).context["answer"]["after"]
    standing = FirmStanding.objects.get(organisation=made[1])
    standing.values["staff_total"] = "5000"
    standing.revision += 1
    standing.save()
    after = page(office).context["answer"]["after"]
    assert after != before


def test_the_number_of_queries_does_not_grow_with_the_firms() -> None:
    office = factories.provincial_office()
    client = factories.client_of(office)
    url = reverse("simulate", args=[RULES])
    counts = []
    for seed, more in ((1, 30), (2, 300)):
        firms(more, seed=seed)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as fresh:
            simulating._kept.clear()
            client.get(f"{url}?{STAFF}=50")
        with CaptureQueriesContext(connection) as kept:
            client.get(f"{url}?{STAFF}=60", headers={"HX-Request": "true"})
        counts.append((len(fresh), len(kept)))
    assert counts[0] == counts[1]
    assert counts[0][1] < 20


@pytest.mark.slow
def test_three_thousand_firms_answer_within_a_blink() -> None:
    firms(3000)
    client = factories.client_of(factories.provincial_office())
    url = reverse("simulate", args=[RULES])
    client.get(url)
    times = []
    for limit in (50, 60, 70, 80, 90):
        started = time.perf_counter()
        assert client.get(f"{url}?{STAFF}={limit}", headers={"HX-Request": "true"}).status_code == 200
        times.append(time.perf_counter() - started)
    assert sorted(times)[2] < 0.2, times


def test_a_scenario_is_kept_once_with_its_outcome_and_in_the_history() -> None:
    firms(20)
    office = factories.provincial_office()
    client = factories.client_of(office)
    query = page(office, f"{STAFF}=40").context["query"]
    for _ in range(2):  # pressed twice
        response = client.post(
            reverse("simulation_save", args=[RULES]), {"name": " 职工 40 人 ", "query": query}
        )
        assert response.status_code == 302
        assert f"{STAFF}=40" in response["Location"]
    scenario = Scenario.objects.get()
    assert (scenario.name, scenario.knobs, scenario.region) == ("职工 40 人", {STAFF: "40"}, None)
    assert scenario.summary["losers"] == page(office, query).context["answer"]["losers"] > 0
    event = AuditEvent.objects.get(verb="scenario.save")
    assert event.target_id == str(scenario.pk)
    other = client.post(
        reverse("simulation_save", args=[RULES]), {"name": "职工 40 人", "query": f"{STAFF}=41"}, follow=True
    )
    assert "同名方案" in other.content.decode()
    empty = client.post(reverse("simulation_save", args=[RULES]), {"name": "  ", "query": query}, follow=True)
    assert "请填写方案名称" in empty.content.decode()
    assert Scenario.objects.count() == 1


def test_scenarios_lie_side_by_side_within_the_scope() -> None:
    near, far = factories.region("140300", "阳泉市"), factories.region("140400", "长治市")
    firms(20, near)
    city, other = factories.city_office(near), factories.city_office(far)
    client = factories.client_of(city)
    for limit in (40, 90):
        client.post(
            reverse("simulation_save", args=[RULES]), {"name": f"上限 {limit}", "query": f"{STAFF}={limit}"}
        )
    ids = list(Scenario.objects.order_by("pk").values_list("pk", flat=True))
    url = f"{reverse('simulation_compare')}?s={ids[0]}&s={ids[1]}"
    compared = client.get(url)
    rows = {row["label"]: row["cells"] for row in compared.context["rows"]}
    assert rows["失去（家）"][0] > rows["失去（家）"][1]
    assert "上限 40" in client.get(reverse("simulation")).content.decode()
    stranger = factories.client_of(other)
    assert stranger.get(url).status_code == 404
    assert "上限 40" not in stranger.get(reverse("simulation")).content.decode()
    assert factories.client_of(factories.provincial_office()).get(url).status_code == 200
    assert "还没有选方案" in client.get(reverse("simulation_compare")).content.decode()


def test_the_export_says_what_the_screen_says(tmp_path: Any) -> None:
    firms(40)
    office = factories.provincial_office()
    shown = page(office, f"{STAFF}=60")
    response = factories.client_of(office).get(shown.context["export_url"])
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"".join(response.streaming_content))
    book = openpyxl.load_workbook(path)
    answer = shown.context["answer"]
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert answer["outcome"] in str(about["结果"])
    moved = list(book["名单"].iter_rows(min_row=2, values_only=True))
    assert sum(row[0] == "失去" for row in moved) == answer["losers"]
    assert sum(row[0] == "证据不足" for row in moved) == answer["uncertain"]
    assert next(book["改动"].iter_rows(min_row=2, values_only=True))[0] == STAFF


def test_made_up_firms_are_said_to_be_made_up_and_real_ones_are_not(tmp_path: Any) -> None:
    made = firms(5)
    office = factories.provincial_office()
    assert "j-sim-ribbon" in page(office).content.decode()
    Organisation.objects.filter(pk__in=[firm.pk for firm in made]).update(origin="real")
    assert "j-sim-ribbon" not in page(office).content.decode()


def test_the_schedule_lowers_what_is_paid_year_by_year() -> None:
    """Whatever measure pays a known amount: 70 % in a year pays seven tenths of it."""
    today = timezone.localdate()
    paying = [
        one
        for one in official().rule_sets
        if one.subject == "firm"
        and one.in_force(today)
        and one.benefit
        and one.benefit.low
        and not one.benefit.steps
    ]
    assert paying, "some measure pays a known amount"
    chosen = paying[0]
    full = simulating.paid(chosen, {today.year + n: Decimal(100) for n in range(5)})
    less = simulating.paid(
        chosen, {today.year: Decimal(100), today.year + 1: Decimal(70), today.year + 2: Decimal(0)}
    )
    from jinchuanggu.engines.rules.simulate import share_in

    assert [share_in(full.benefit, today.year + n) for n in range(3)] == [1, 1, 1]
    assert [share_in(less.benefit, today.year + n) for n in range(3)] == [1, Fraction(7, 10), 0]


def test_the_list_finds_rules_by_name() -> None:
    client = factories.client_of(factories.provincial_office())
    text = client.get(reverse("simulation"), {"q": "科技型中小企业"}).content.decode()
    assert reverse("simulate", args=[RULES]) in text
    assert reverse("simulate", args=["hnte"]) not in text
    assert "没有找到规则" in client.get(reverse("simulation"), {"q": "没有这样的"}).content.decode()


def test_a_rule_of_one_city_is_tried_on_the_firms_of_that_city() -> None:
    """The office sees the whole province; what only one city pays is counted for its firms alone."""
    own, other = factories.region(), factories.region("140500", "晋城市")
    firms(6, own)
    firms(9, other, seed=2)
    office, on = factories.provincial_office(), timezone.localdate()
    assert len(simulating.firms_for(office, on).ids) == 15
    assert len(simulating.firms_for(office, on, place=own).ids) == 6
    assert simulating.place_of(rule_set()) is None
    found = rule_set()
    text = RuleText.objects.create(
        family="here", title="示例", yaml="here", digest="here", level="city", region=own, origin="shipped",
        path="here", status="in_force",
    )  # fmt: skip
    RuleEntry.objects.create(
        text=text,
        rule_set=found.id,
        version=found.version,
        title_zh="示例",
        effective_from=found.effective_from,
    )
    assert simulating.place_of(found) == own
    client = factories.client_of(office)
    page = client.get(reverse("simulate", args=[RULES])).content.decode()
    assert f"{own}范围内 6 家企业" in page
