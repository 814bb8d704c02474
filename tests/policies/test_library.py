"""The library: the shipped rules mirrored once, searched in Chinese, read by everybody, kept by its officers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.policies import library_access, rules
from jinchuanggu.policies.actions.policies import add_article, new_version, register_policy, set_budget
from jinchuanggu.policies.actions.sync import sync_official
from jinchuanggu.policies.models import Article, ArticleRule, Budget, Policy, RuleEntry, RuleText, SearchToken
from jinchuanggu.policies.search import matching, normalised, reindex, tokens
from tests.factories import client_of
from tests.policies.library import KNOWN, UNKNOWN, Offices, offices, use_shipped

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> Iterator[Offices]:
    use_shipped(monkeypatch)
    yield offices()
    rules._compiled.cache_clear()


def test_shipped_files_are_mirrored_once(people: Offices) -> None:
    texts = RuleText.objects.filter(origin="shipped")
    assert {text.path for text in texts} >= {
        "innovative_sme/2022-08-01.yaml",
        "innovative_sme/2026-04-01.yaml",
    }
    counted = [
        model.objects.count() for model in (Policy, RuleText, RuleEntry, Article, ArticleRule, SearchToken)
    ]
    events = AuditEvent.objects.filter(verb="rules.sync").count()
    assert sync_official(SYSTEM_ACTOR) == []
    assert counted == [
        m.objects.count() for m in (Policy, RuleText, RuleEntry, Article, ArticleRule, SearchToken)
    ]
    assert AuditEvent.objects.filter(verb="rules.sync").count() == events == 1


def test_a_changed_file_is_brought_up_to_date(people: Offices) -> None:
    RuleText.objects.filter(path="innovative_sme/2022-08-01.yaml").update(digest="0" * 64, yaml="old")
    assert sync_official(SYSTEM_ACTOR) == ["innovative_sme/2022-08-01.yaml"]
    assert RuleText.objects.get(path="innovative_sme/2022-08-01.yaml").yaml != "old"
    assert RuleEntry.objects.filter(rule_set=KNOWN).count() == 2


def test_every_shipped_criterion_with_an_article_is_linked(people: Offices) -> None:
    for found in rules.library().rule_sets:
        linked = set(ArticleRule.objects.filter(rule_set=found.id).values_list("criterion", flat=True))
        assert {one.id for one in found.walk() if one.article} <= linked


def test_a_city_policy_is_of_its_city(people: Offices) -> None:
    policy = Policy.objects.get(rule_texts__path="measures_city/taiyuan/2024-05-14.yaml")
    assert (policy.level, policy.region.code if policy.region else "") == ("city", "140100")


def test_the_library_answers_for_any_day(people: Offices) -> None:
    before = rules.rule_set_in_force(KNOWN, date(2025, 1, 1))
    after = rules.rule_set_in_force(KNOWN, date(2026, 5, 1))
    assert before is not None
    assert after is not None
    assert before.effective_from < after.effective_from
    assert rules.rule_set_in_force(KNOWN, date(2010, 1, 1)) is None
    assert all(
        one.benefit is not None and one.in_force(date(2025, 1, 1)) for one in rules.measures(date(2025, 1, 1))
    )


def test_the_library_costs_one_query_while_nothing_changes(people: Offices) -> None:
    rules.library()
    with CaptureQueriesContext(connection) as queries:
        rules.library()
    assert len(queries) == 1


@pytest.mark.parametrize("query", ["晋创谷创新驱动", "2023〕95号", "95号 配套", "ＶＡＴ", "租金", "房租减免"])
def test_search_agrees_with_looking_through_every_text(people: Offices, query: str) -> None:
    words = normalised(query).split()
    wanted = {p.pk for p in Policy.objects.all() if all(word in p.search_text for word in words)}
    assert {p.pk for p in matching(Policy.objects.all(), query)} == wanted


def test_search_finds_a_policy_by_a_word_of_an_article(people: Offices) -> None:
    policy = register_policy(people.author, values={
        "title_zh": "示例办法", "level": "province", "valid_from": date(2025, 1, 1), "confidence": "searched",
    })  # fmt: skip
    add_article(
        people.author, policy_id=policy.pk, number="第三条", heading="", text="对琉璃瓦企业给予支持。"
    )
    assert [p.pk for p in matching(Policy.objects.all(), "琉璃瓦")] == [policy.pk]
    Article.objects.filter(version__policy=policy).update(text="已改。")
    reindex([policy])
    assert not matching(Policy.objects.all(), "琉璃瓦").exists()


def test_tokens_never_reach_over_a_gap() -> None:
    assert tokens(normalised("晋发 2024")) == {"晋", "发", "晋发", "2", "0", "4", "20", "02", "24"}


def test_search_with_an_index_does_not_read_every_text(people: Offices) -> None:
    sql = str(matching(Policy.objects.all(), "房租减免").query)
    assert sql.count("policies_searchtoken") >= 3


@pytest.mark.parametrize("role", ["public", "author", "datong"])
def test_everybody_reads_what_is_published(people: Offices, role: str) -> None:
    client = client_of(None if role == "public" else getattr(people, role))
    policy = Policy.objects.get(number="晋政办发〔2023〕95号")
    for url in (
        reverse("policies"), reverse("rule_sets"), reverse("policy", args=[policy.pk]), reverse("rule_set", args=[UNKNOWN]),
        reverse("rule_set_yaml", args=[UNKNOWN]), reverse("rule_set_xlsx", args=[KNOWN]),
        reverse("policies") + "?q=晋创谷&level=province&state=valid&sure=sure&kind=grant&on=2025-06-01&unit=x&region=140100",
        reverse("rule_sets") + "?sure=open&kind=relief&q=房租",
        reverse("rule_set_diff", args=[KNOWN, date(2022, 8, 1), date(2026, 4, 1)]),
    ):  # fmt: skip
        assert client.get(url).status_code == 200, url


def test_what_is_not_published_is_hidden_from_all_but_its_officers(people: Offices) -> None:
    policy = Policy.objects.get(rule_texts__path="measures_city/taiyuan/2024-05-14.yaml")
    Policy.objects.filter(pk=policy.pk).update(published=False)
    url = reverse("policy", args=[policy.pk])
    assert client_of(None).get(url).status_code == 404
    assert client_of(people.datong).get(url).status_code == 404
    assert client_of(people.taiyuan).get(url).status_code == 200
    assert client_of(people.author).get(url).status_code == 200
    assert policy.title_zh not in client_of(people.datong).get(reverse("policies")).content.decode()


def test_bad_addresses_are_answered_calmly(people: Offices) -> None:
    client = client_of(None)
    for query in (
        "?on=2026-99-99",
        "?on=x&page=99999999",
        "?level=moon&q=%00",
        "?q=" + "房" * 300,
        "?page=-1",
    ):
        assert client.get(reverse("policies") + query).status_code == 200
        assert client.get(reverse("rule_sets") + query).status_code == 200
    assert client.get("/policies/rules/nothing.here/").status_code == 404
    assert client.get(f"/policies/rules/{KNOWN}/diff/2026-99-99/2026-04-01/").status_code == 404
    assert client.get(f"/policies/rules/{KNOWN}/?on=2026-02-31").status_code == 200


def test_the_policy_page_says_which_rule_carries_out_an_article(people: Offices) -> None:
    policy = Policy.objects.get(number="晋政办发〔2023〕95号")
    page = client_of(None).get(reverse("policy", args=[policy.pk])).content.decode()
    assert "由此规则执行" in page
    assert "待核" in page
    assert reverse("rule_set", args=[UNKNOWN]) in page


def test_lists_take_the_same_number_of_queries_however_many_rows(people: Offices) -> None:
    client = client_of(None)
    client.get(reverse("policies"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("policies"))
    for n in range(20):
        register_policy(people.author, values={
            "title_zh": f"办法 {n}", "level": "province", "valid_from": date(2025, 1, 1), "confidence": "unknown",
        })  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("policies"))
    assert len(many) == len(few)


def test_two_versions_differ_by_articles_and_by_the_numbers_of_their_rules(people: Offices) -> None:
    page = (
        client_of(None)
        .get(reverse("rule_set_diff", args=[KNOWN, date(2022, 8, 1), date(2026, 4, 1)]))
        .content.decode()
    )
    assert "<del>" in page
    assert "<ins>" in page
    policy = register_policy(people.author, values={
        "title_zh": "示例办法", "level": "province", "valid_from": date(2025, 1, 1), "confidence": "searched",
    })  # fmt: skip
    add_article(
        people.author,
        policy_id=policy.pk,
        number="第一条",
        heading="",
        text="最高 30 万元。",
        rule_sets=(KNOWN,),
    )
    second = new_version(people.author, policy_id=policy.pk, effective_from=date(2026, 5, 1))
    add_article(people.author, policy_id=policy.pk, number="第一条", heading="", text="最高 50 万元。")
    url = reverse("policy_diff", args=[policy.pk, 1, second.number])
    page = client_of(None).get(url).content.decode()
    assert "<ins>最高 50 万元。</ins>" in page  # short: the new one whole, beside the old one
    assert policy.versions.get(number=1).effective_to == date(2026, 4, 30)
    assert client_of(None).get(reverse("policy_diff", args=[policy.pk, 1, 9])).status_code == 404


def test_budgets_are_set_once_a_year_by_their_officers(people: Offices) -> None:
    policy = Policy.objects.get(number="晋政办发〔2023〕95号")
    set_budget(people.author, policy_id=policy.pk, year=2026, amount_cny=Decimal(5_000_000))
    set_budget(
        people.author, policy_id=policy.pk, year=2026, amount_cny=Decimal(6_000_000), source="预算批复"
    )
    assert Budget.objects.get(policy=policy).amount_cny == 6_000_000
    with pytest.raises(Http404):
        set_budget(people.taiyuan, policy_id=policy.pk, year=2026, amount_cny=Decimal(1))
    with pytest.raises(ValidationError):
        set_budget(people.author, policy_id=policy.pk, year=1999, amount_cny=Decimal(-1))
    assert AuditEvent.objects.filter(verb="policy.budget").count() == 2


FORMS = ["policy_edit", "policy_article", "policy_budget"]


@pytest.mark.parametrize("name", FORMS)
def test_only_its_officers_keep_a_policy(people: Offices, name: str) -> None:
    policy = Policy.objects.get(rule_texts__path="measures_city/taiyuan/2024-05-14.yaml")
    url = reverse(name, args=[policy.pk])
    assert client_of(people.taiyuan).get(url).status_code == 200
    assert client_of(people.author).get(url).status_code == 200
    assert client_of(people.datong).get(url).status_code == 404
    assert client_of(people.datong).post(url, {}).status_code == 404
    assert client_of(None).get(url).status_code in (302, 403)


def test_registering_by_the_forms_keeps_what_was_typed_when_refused(people: Offices) -> None:
    client = client_of(people.taiyuan)
    said: dict[str, Any] = {"title_zh": "太原示例办法", "confidence": "searched", "valid_from": "2026-01-01",
                            "valid_to": "2025-01-01", "published": "on"}  # fmt: skip
    page = client.post(reverse("policy_new"), said)
    assert page.status_code == 422
    assert "太原示例办法" in page.content.decode()
    assert "失效日不能早于生效日" in page.content.decode()
    page = client.post(reverse("policy_new"), {**said, "valid_to": ""})
    made = Policy.objects.get(title_zh="太原示例办法")
    assert (page.status_code, made.level, made.region_id) == (302, "city", people.taiyuan.region_id)
    article = {"number": "第一条", "text": "内容", "confidence": "searched", "paraphrase": "on"}
    assert client.post(reverse("policy_article", args=[made.pk]), article).status_code == 302
    budget = {"year": "2026", "amount_wan": "120.5"}
    assert client.post(reverse("policy_budget", args=[made.pk]), budget).status_code == 302
    assert made.budgets.get().amount_cny == 1_205_000
    assert (
        client.post(reverse("policy_budget", args=[made.pk]), {"year": "x", "amount_wan": "-1"}).status_code
        == 422
    )


def test_scopes_of_lists_and_pages_are_the_same(people: Offices) -> None:
    for actor in (people.author, people.taiyuan, people.datong):
        for text in library_access.visible_texts(actor):
            assert library_access.get_text(actor, text.pk).pk == text.pk


def test_the_database_holds_what_the_actions_promise(people: Offices) -> None:
    shipped = RuleText.objects.filter(origin="shipped").first()
    assert shipped is not None
    for wrong in (
        {"author_id": people.author.person_id, "reviewer_id": people.author.person_id},
        {"origin": "authored", "status": "in_force", "reviewer_id": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleText.objects.create(family="x", title="x", yaml="x", digest="x", **wrong)


def test_a_policy_counts_until_its_last_day(people: Offices) -> None:
    from jinchuanggu.policies.screens.library_common import policy_state

    policy = Policy.objects.get(number="晋政办发〔2023〕95号")
    policy.valid_from, policy.valid_to = date(2024, 1, 1), date(2028, 12, 31)
    words = [policy_state(policy, day)["tone"] for day in (
        date(2023, 12, 31), date(2024, 1, 1), date(2028, 12, 31), date(2028, 12, 31) + timedelta(days=1),
    )]  # fmt: skip
    assert words == ["active", "met", "met", "quiet"]
