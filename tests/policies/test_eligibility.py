"""What a firm can get: groups, amounts, missing facts, scope, and the price of a page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse

from jinchuanggu.engines.rules import RuleSet, load_text
from jinchuanggu.foundation.notices.models import Notice
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies import eligibility
from jinchuanggu.policies.eligibility import Group, judge, judge_measures
from jinchuanggu.policies.eligibility_batch import batch
from jinchuanggu.policies.models import RuleEntry, RuleText
from jinchuanggu.residents.actions.appeals import answer_appeal, appeals, raise_appeal
from jinchuanggu.residents.models import Appeal
from jinchuanggu.residents.profile import facts_for
from tests import factories
from tests.residents import firms

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)

MEASURE = """
version: "2025-01-01"
vocabulary: firm
paraphrase: true
document:
  title: {{zh: 示例措施, en: Example}}
  number: 示例〔2025〕1号
  chapter: 第一条
  issuer: {{zh: 示例市, en: Example city}}
  issued: 2025-01-01
  url: null
authority: {{zh: 示例市科技局, en: the city office}}
effective_from: 2025-01-01
confidence: searched
source: 示例
review: {{status: draft, reviewer: null, date: null}}
values:
  prize: {{unit: cny, title: {{zh: 奖励, en: Prize}}, constant: {amount}}}
rule_sets:
  - id: {id}
    title: {{zh: 示例奖励 {id}, en: Example prize}}
    subject: firm
    criteria:
      - id: staff
        title: {{zh: 职工不少于 20 人, en: At least 20 staff}}
        clause: 第一条
        article: 职工总数不低于20人
        threshold: {{input: staff_total, operator: ">=", value: 20, unit: persons, wording: 不低于}}
      - id: honest
        title: {{zh: 无失信, en: Honest}}
        clause: 第二条
        article: 未列入失信名单
        is_true: {{input: no_serious_dishonesty}}
    benefit:
      kind: grant
      beneficiary: {{zh: 企业, en: firms}}
      amount: prize
      delivery: {delivery}
      basis: application
      frequency: yearly
      {more}
    vectors:
      - {{id: v, note: met, on: 2026-01-01, given: {{staff_total: 20, no_serious_dishonesty: true}}, expect: {{verdict: met, amount: {amount}}}}}
"""


def measure(name: str, amount: int = 200000, delivery: str = "application", more: str = "") -> RuleSet:
    return load_text(MEASURE.format(id=name, amount=amount, delivery=delivery, more=more), f"{name}.yaml")[0]


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Only these measures are in force."""

    def put(*rule_sets: RuleSet) -> None:
        monkeypatch.setattr("jinchuanggu.policies.rules.measures", lambda on: rule_sets)
        by_id = {one.id: one for one in rule_sets}
        before = eligibility.rules.rule_set_in_force
        monkeypatch.setattr(
            "jinchuanggu.policies.rules.rule_set_in_force",
            lambda name, on: by_id.get(name) or before(name, on),
        )

    return put


def group_of(**facts: Any) -> Group:
    body = firms.firm(**facts)
    return judge(measure("fixture.one"), facts_for(body.pk, ON), ON).group


def test_each_group_is_what_its_name_says() -> None:
    assert group_of(staff_total="25", no_serious_dishonesty=True) is Group.APPLY
    assert group_of(staff_total="18", no_serious_dishonesty=True) is Group.NEAR
    assert group_of(staff_total="25", no_serious_dishonesty=False) in {Group.NEAR, Group.NOT}


def test_an_automatic_measure_is_had_directly() -> None:
    body = firms.firm(staff_total="25", no_serious_dishonesty=True)
    found = judge(measure("fixture.auto", delivery="automatic"), facts_for(body.pk, ON), ON)
    assert found.group is Group.DIRECT


def test_without_credit_status_the_answer_is_information_missing_and_not_yes() -> None:
    """Vector M-T5."""
    body = firms.firm(staff_total="25")
    found = judge(measure("fixture.one"), facts_for(body.pk, ON), ON)
    assert found.group is Group.UNKNOWN
    assert found.missing == ("no_serious_dishonesty",)
    assert not found.waits_for_text


def test_the_higher_of_two_rewards_counts_and_the_other_is_shown_as_dropped(in_force: Any) -> None:
    """Vector M-T2: city 20, district 10, not both."""
    in_force(
        measure("fixture.city", 200000, more="group: title_prize"),
        measure("fixture.district", 100000, more="group: title_prize"),
    )
    body = firms.firm(staff_total="25", no_serious_dishonesty=True)
    found = judge_measures(facts_for(body.pk, ON), ON)
    assert found.choice.taken == ("fixture.city",)
    assert set(found.choice.dropped) == {"fixture.district"}
    assert found.choice.total_high == 200000
    assert [one.rule_set.id for one in found.groups[Group.APPLY]] == ["fixture.city", "fixture.district"]


def test_a_measure_of_another_city_is_nothing_the_firm_can_get(in_force: Any) -> None:
    """It is neither offered nor added up, and its page and the list of firms say the same."""
    here = measure("fixture.own", 50000)
    there = measure("fixture.there", 200000)
    in_force(here, there)
    body = firms.firm("甲示例企业", **{**firms.FACTS, "no_serious_dishonesty": True})
    places = {"fixture.own": body.region, "fixture.there": factories.region("140500", "晋城市")}
    for one in (here, there):
        text = RuleText.objects.create(
            family=one.id, title="示例", yaml=one.id, digest=one.digest, level="city", region=places[one.id],
            origin="shipped", path=one.id, status="in_force",
        )  # fmt: skip
        RuleEntry.objects.create(
            text=text,
            rule_set=one.id,
            version=one.version,
            title_zh="示例",
            effective_from=one.effective_from,
        )
    found = judge_measures(facts_for(body.pk, ON), ON, firm=body)
    assert [one.rule_set.id for one in found.groups[Group.APPLY]] == ["fixture.own"]
    assert [(one.rule_set.id, one.only_in) for one in found.groups[Group.NOT]] == [
        ("fixture.there", "晋城市")
    ]
    assert found.choice.total_high == 50000
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    text = client.get(reverse("eligibility_measure", args=[body.pk, "fixture.there"])).content.decode()
    assert "只适用于晋城市的企业" in text
    assert reverse("grant_apply", args=[body.pk, "fixture.there"]) not in text
    (row,) = batch([body], ON)
    assert row["met"] == 1


def test_the_to_do_list_names_the_few_facts_that_decide_most(in_force: Any) -> None:
    in_force(measure("fixture.one"), measure("fixture.two"))
    body = firms.firm(staff_total="25")
    found = judge_measures(facts_for(body.pk, ON), ON)
    assert [(one.key, one.decides) for one in found.todo] == [("no_serious_dishonesty", 2)]
    assert found.settles == 2


def test_the_page_says_the_answer_first_and_every_measure_opens_to_its_reason(in_force: Any) -> None:
    in_force(measure("fixture.one", 860000), measure("fixture.auto", 30000, delivery="automatic"))
    body = firms.firm("甲示例企业", **{**firms.FACTS, "no_serious_dishonesty": True})
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    text = client.get(reverse("eligibility", args=[body.pk])).content.decode()
    assert "现在可直接享受 1 项、可申请 1 项，合计最多 89 万元" in text
    assert "按已填数据预判" in text
    one = client.get(reverse("eligibility_measure", args=[body.pk, "fixture.one"])).content.decode()
    for words in ("示例市科技局", "示例〔2025〕1号", "2025-01-01", "86", "职工总数不低于20人", "报送"):
        assert words in one
    for name in ("eligibility_print", "eligibility_ladder", "eligibility_finance", "eligibility_listing"):
        assert client.get(reverse(name, args=[body.pk])).status_code == 200


def test_an_enterprise_never_sees_another_and_an_operator_only_its_tenants() -> None:
    city = factories.city_office()
    valley = factories.valley(city)
    operator = factories.actor(Role.OPERATOR, factories.organisation("operator"))
    valley.operator_id = operator.organisation_id
    valley.save()
    tenant, other = firms.firm("谷内企业"), firms.firm("谷外企业")
    firms.resident(tenant, valley.pk)
    names = [
        "eligibility", "eligibility_print", "eligibility_ladder", "eligibility_finance", "eligibility_listing"
    ]  # fmt: skip
    for actor in (factories.actor(Role.ENTERPRISE, tenant), operator):
        client = factories.client_of(actor)
        for name in names:
            assert client.get(reverse(name, args=[tenant.pk])).status_code == 200
            assert client.get(reverse(name, args=[other.pk])).status_code == 404
        assert client.get(reverse("eligibility_measure", args=[other.pk, "hnte"])).status_code == 404
        url = reverse("eligibility_appeal", args=[other.pk, "hnte"])
        assert client.post(url, {"kind": "rule", "text": "这条规则不对"}).status_code == 404
    listed = factories.client_of(operator).get(reverse("eligibility_firms")).content.decode()
    assert "谷内企业" in listed
    assert "谷外企业" not in listed
    own = factories.client_of(factories.actor(Role.ENTERPRISE, tenant))
    assert own.get(reverse("eligibility_firms")).url == reverse("eligibility", args=[tenant.pk])
    assert own.get(reverse("eligibility_measure", args=[tenant.pk, "no.such"])).status_code == 404


def test_the_list_of_firms_costs_the_same_for_two_and_for_twenty(django_assert_max_num_queries: Any) -> None:
    client = factories.client_of(factories.city_office())
    for number in range(2):
        firms.firm(f"示例企业{number}", **firms.FACTS)
    client.get(reverse("eligibility_firms"))
    with django_assert_max_num_queries(24):
        client.get(reverse("eligibility_firms"))
    for number in range(2, 20):
        firms.firm(f"示例企业{number}", **firms.FACTS)
    with django_assert_max_num_queries(24):
        page = client.get(reverse("eligibility_firms"))
    assert page.content.decode().count("示例企业") >= 20


def test_a_page_costs_the_same_with_two_measures_and_with_twenty(
    in_force: Any, django_assert_max_num_queries: Any
) -> None:
    body = firms.firm("甲示例企业", **firms.FACTS)
    client = factories.client_of(factories.actor(Role.ENTERPRISE, body))
    in_force(*(measure(f"fixture.m{number}") for number in range(20)))
    client.get(reverse("eligibility", args=[body.pk]))
    with django_assert_max_num_queries(24):
        client.get(reverse("eligibility", args=[body.pk]))


def test_a_doubt_goes_to_the_responsible_unit_and_its_answer_comes_back() -> None:
    office, city = factories.provincial_office(), factories.city_office()
    body = firms.firm("甲示例企业", **firms.FACTS)
    own = factories.actor(Role.ENTERPRISE, body)
    client = factories.client_of(own)
    url = reverse("eligibility_appeal", args=[body.pk, "hnte"])
    short = client.post(url, {"kind": "rule", "text": "错"})
    assert short.status_code == 422
    assert "5 到 2000 字" in short.content.decode()
    assert client.post(url, {"kind": "rule", "text": "研发费用比例的分档与文件不符"}).status_code == 302
    assert client.post(url, {"kind": "rule", "text": "研发费用比例的分档与文件不符"}).status_code == 302
    appeal = Appeal.objects.get()
    assert appeal.unit_id == office.organisation_id
    assert Notice.objects.filter(person_id=office.person_id, key__startswith="appeal:").count() == 1
    assert client.post(url, {"kind": "datum", "text": "入驻记录的日期不对"}).status_code == 302
    assert Appeal.objects.get(kind="datum").unit_id == city.organisation_id
    with pytest.raises(Http404):
        answer_appeal(city, appeal_id=appeal.pk, answer="我们来答复这一条")
    answered = factories.client_of(office).post(
        reverse("appeal_answer", args=[appeal.pk]), {"answer": "已核对原文，规则将出新版本"}
    )
    assert answered.status_code == 302
    assert "已核对原文" in client.get(reverse("appeals")).content.decode()
    stranger = factories.actor(Role.ENTERPRISE, firms.firm("乙示例企业"))
    assert not appeals(stranger).exists()


def test_a_doubt_without_words_is_refused() -> None:
    body = firms.firm()
    own = factories.actor(Role.ENTERPRISE, body)
    unit = factories.organisation("provincial_office")
    with pytest.raises(ValidationError):
        raise_appeal(own, organisation_id=body.pk, kind="rule", subject="hnte", text=" ", unit=unit)
