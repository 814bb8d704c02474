"""The screens of the plan half: who gets them, what they say, and that forms do what the actions do."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.foundation.access.actor import from_membership
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.indicators.models import Figure
from jinchuanggu.programme.actions import argument, consultation
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Plan, Valley
from jinchuanggu.programme.screens.common import TABS
from tests import factories

pytestmark = pytest.mark.django_db
INNER = [tab for tab, (_label, inner) in TABS.items() if inner]
OPEN = [tab for tab, (_label, inner) in TABS.items() if not inner and tab != "overview"]


def real_valley(**fields: object) -> Valley:
    return Valley.objects.create(
        name="晋创谷·大同",
        region=factories.region("140200", "大同市"),
        state="plaqued",
        stage="plaque",
        origin="real",
        published_only=True,
        **{
            "unveiled_on": "2024-04-03",
            "key_fields": ["新型装备制造", "新材料", "新能源", "数字经济"],
            **fields,
        },
    )


@pytest.fixture
def started() -> tuple[Valley, dict[str, object]]:
    city = factories.city_office()
    valley = factories.complete_plan(factories.valley(city))
    return valley, {
        "city": city,
        "office": factories.provincial_office(),
        "government": factories.city_government(),
    }


def test_every_tab_and_page_opens_for_the_city_and_the_office(started) -> None:
    valley, actors = started
    factories.planned_session(actors["city"], valley)
    engine.fire(actors["city"], case_of(valley), "submit_argument")
    for name in ("city", "office"):
        client = factories.client_of(actors[name])
        pages = [
            reverse("valley", args=[valley.pk]),
            reverse("valleys"),
            reverse("valley_map"),
            reverse("process"),
            reverse("clauses"),
            reverse("argument", args=[valley.pk]),
            reverse("consultation", args=[valley.pk]),
            reverse("plan_preview", args=[valley.pk]),
            reverse("plan_version", args=[valley.pk, 1]),
            reverse("plan_diff", args=[valley.pk, 1, 0]),
        ]
        pages += [reverse("valley_tab", args=[valley.pk, tab]) for tab in TABS if tab != "overview"]
        if name == "city":
            pages += [
                reverse("valley_edit", args=[valley.pk]),
                reverse("plan_edit", args=[valley.pk]),
                reverse("valley_new"),
            ]
        for page in pages:
            response = client.get(page)
            assert response.status_code == 200, page
            assert "模拟" in response.content.decode() or page in (
                reverse("process"),
                reverse("clauses"),
                reverse("valley_new"),
            )


@pytest.mark.parametrize("who", ["public", "other city", "member unit", "expert"])
def test_others_get_published_facts_only(who: str, started) -> None:
    valley, _actors = started
    actor = {
        "public": lambda: None,
        "other city": lambda: factories.city_office(factories.region("140400", "长治市")),
        "member unit": factories.member_unit,
        "expert": lambda: factories.expert()[1],
    }[who]()
    client = factories.client_of(actor)
    assert client.get(reverse("valley", args=[valley.pk])).status_code == 404
    published = real_valley()
    assert client.get(reverse("valley", args=[published.pk])).status_code == 200
    for tab in OPEN:
        assert client.get(reverse("valley_tab", args=[published.pk, tab])).status_code == 200, tab
    for tab in INNER:
        assert client.get(reverse("valley_tab", args=[published.pk, tab])).status_code == 404, tab
    listed = client.get(reverse("valleys")).content.decode()
    assert published.name in listed
    assert valley.name not in listed


@pytest.mark.clause("C2")
def test_a_fourth_key_field_is_refused_and_the_form_keeps_what_was_typed(started) -> None:
    valley, actors = started
    client = factories.client_of(actors["city"])
    data = {
        "key_fields": "新材料\n数字经济\n装备制造\n现代煤化工",
        "zones": [valley.zones.get().pk],
        "universities": [valley.universities.get().pk],
        "summary": "别丢了这句话",
    }
    response = client.post(reverse("valley_edit", args=[valley.pk]), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert "重点领域已列 4 个，最多 3 个" in text
    assert "C2 · 晋政办发〔2024〕40号 二（二）2" in text
    assert "别丢了这句话" in text
    valley.refresh_from_db()
    assert valley.key_fields == ["新材料"]


@pytest.mark.clause("L2")
def test_a_municipal_zone_is_refused(started) -> None:
    valley, actors = started
    low = factories.organisation("zone", "示例市级园区", where=valley.region, zone_level="municipal")
    response = factories.client_of(actors["city"]).post(
        reverse("valley_edit", args=[valley.pk]), {"key_fields": "新材料", "zones": [low.pk]}
    )
    assert "示例市级园区 不是省级以上开发区、园区（L2" in response.content.decode()


def test_a_foreign_organisation_cannot_be_slipped_in(started) -> None:
    valley, actors = started
    elsewhere = factories.organisation(
        "zone", where=factories.region("140400", "长治市"), zone_level="provincial"
    )
    response = factories.client_of(actors["city"]).post(
        reverse("valley_edit", args=[valley.pk]), {"key_fields": "新材料", "zones": [elsewhere.pk]}
    )
    assert response.status_code == 422
    assert elsewhere not in valley.zones.all()


def plan_data_of(plan: Plan, **changed: str) -> dict[str, str]:
    return {
        "version": str(plan.revision),
        "section-basis": "一段新的建设基础",
        "budget_cny": "1.5",
        "policies": "甲\n乙",
        **changed,
    }


def test_autosave_saves_and_hands_out_the_next_version(started) -> None:
    valley, actors = started
    client = factories.client_of(actors["city"])
    plan = Plan.objects.get(valley=valley)
    response = client.post(reverse("plan_autosave", args=[valley.pk]), plan_data_of(plan))
    assert (response.status_code, response["X-Version"]) == (204, "1")
    plan.refresh_from_db()
    assert plan.sections["basis"] == "一段新的建设基础"
    assert plan.budget_cny == Decimal("15000.00")
    assert plan.policies == ["甲", "乙"]
    again = client.post(reverse("plan_autosave", args=[valley.pk]), plan_data_of(plan))
    assert (again.status_code, again["X-Version"]) == (204, "1"), "an unchanged plan writes nothing"


def test_two_writers_lose_nothing(started) -> None:
    valley, actors = started
    plan = Plan.objects.get(valley=valley)
    mine = plan_data_of(plan, **{"section-basis": "我写的内容"})
    client = factories.client_of(actors["city"])
    client.post(
        reverse("plan_edit", args=[valley.pk]), plan_data_of(plan, **{"section-basis": "同事写的内容"})
    )
    assert client.post(reverse("plan_autosave", args=[valley.pk]), mine).status_code == 409
    response = client.post(reverse("plan_edit", args=[valley.pk]), mine)
    text = response.content.decode()
    assert response.status_code == 409
    assert "同事写的内容" in text
    assert "我写的内容" in text
    assert 'name="version" value="1"' in text
    plan.refresh_from_db()
    assert plan.sections["basis"] == "同事写的内容"


def test_a_bad_number_is_named_and_the_rest_is_kept(started) -> None:
    valley, actors = started
    plan = Plan.objects.get(valley=valley)
    client = factories.client_of(actors["city"])
    bad = plan_data_of(plan, budget_cny="一亿")
    response = client.post(reverse("plan_edit", args=[valley.pk]), bad)
    assert response.status_code == 422
    assert "收到“一亿”" in response.content.decode()
    assert "一段新的建设基础" in response.content.decode()
    assert client.post(reverse("plan_autosave", args=[valley.pk]), bad).status_code == 204
    plan.refresh_from_db()
    assert plan.sections["basis"] == "一段新的建设基础"
    assert plan.budget_cny == Decimal("50000000.00")


def test_the_move_page_shows_all_refusals_and_keeps_the_reason(started) -> None:
    valley, actors = started
    valley.universities.clear()
    client = factories.client_of(actors["city"])
    response = client.post(reverse("move", args=[valley.pk, "submit_argument"]), {"revision": "0"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "方案没有共建高校" in text
    assert "尚未安排专家论证会" in text
    response = client.post(
        reverse("move", args=[valley.pk, "withdraw"]), {"revision": "9", "reason": "我的理由"}
    )
    assert response.status_code == 422
    assert "已被他人办理" in response.content.decode()
    assert "我的理由" in response.content.decode()
    done = client.post(reverse("move", args=[valley.pk, "withdraw"]), {"revision": "0", "reason": "我的理由"})
    assert done.status_code == 302
    twice = client.post(
        reverse("move", args=[valley.pk, "withdraw"]), {"revision": "0", "reason": "我的理由"}
    )
    assert "刚才已由您办理" in twice.content.decode()


def test_moves_are_for_those_who_may(started) -> None:
    valley, actors = started
    for name in ("office", "government"):
        response = factories.client_of(actors[name]).post(
            reverse("move", args=[valley.pk, "withdraw"]), {"reason": "x"}
        )
        assert "此动作由其他角色办理" in response.content.decode()
    stranger = factories.client_of(factories.city_office(factories.region("140400", "长治市")))
    assert stranger.post(reverse("move", args=[valley.pk, "withdraw"]), {"reason": "x"}).status_code == 404
    valley.refresh_from_db()
    assert valley.state == "drafting"


def test_an_expert_sees_only_what_was_assigned(started) -> None:
    valley, actors = started
    asked = factories.planned_session(actors["city"], valley)
    opinion = valley.argument_sessions.get().opinions.get(expert__person_id=asked[0].person_id)
    client = factories.client_of(asked[0])
    assert client.get(reverse("expert_opinion", args=[opinion.pk])).status_code == 404, (
        "not invited before submission"
    )
    engine.fire(actors["city"], case_of(valley), "submit_argument")
    page = client.get(reverse("expert_opinion", args=[opinion.pk]))
    assert "示例方案内容" in page.content.decode()
    other = factories.client_of(asked[1])
    assert other.get(reverse("expert_opinion", args=[opinion.pk])).status_code == 404
    assert (
        client.post(
            reverse("expert_opinion", args=[opinion.pk]), {"verdict": "pass", "text": "同意通过。"}
        ).status_code
        == 302
    )
    opinion.refresh_from_db()
    assert opinion.given_at
    assert client.get(reverse("valley_tab", args=[valley.pk, "plan"])).status_code == 404


def test_a_conflicted_expert_cannot_be_picked(started) -> None:
    valley, actors = started
    insider, _actor = factories.expert(employer=valley.universities.get())
    free = [factories.expert()[0] for _ in range(3)]
    client = factories.client_of(actors["city"])
    page = client.get(reverse("argument", args=[valley.pk])).content.decode()
    assert "1 位专家应当回避" in page
    response = client.post(
        reverse("argument_plan", args=[valley.pk]),
        {
            "held_on": timezone.localdate().isoformat(),
            "place": "示例会议室",
            "experts": [insider.pk, *(e.pk for e in free)],
        },
    )
    assert response.status_code == 422
    assert not valley.argument_sessions.exists()


def test_consultation_from_the_pages(started) -> None:
    valley, actors = started
    asked = factories.planned_session(actors["city"], valley)
    case = engine.fire(actors["city"], case_of(valley), "submit_argument")
    for one in asked:
        argument.give_expert_opinion(
            one, opinion_id=argument.my_opinions(one).get().pk, verdict="pass", text="同意通过。"
        )
    argument.write_minutes(
        actors["city"], valley_id=valley.pk, minutes="专家组审阅方案并形成一致意见，同意通过论证。"
    )
    case = engine.fire(actors["city"], case, "conclude_argument")
    engine.fire(actors["government"], case, "file")
    unit = factories.member_unit("示例财政厅")
    office = factories.client_of(actors["office"])
    url = reverse("consultation", args=[valley.pk])
    empty = office.post(url, {"due_on": ""})
    assert empty.status_code == 422
    assert "请先选择征求意见的成员单位" in empty.content.decode()
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    assert (
        office.post(url, {"units": [unit.organisation_id], "due_on": due, "revision": "3"}).status_code == 302
    )
    opinion = consultation.my_opinions(unit).get()
    client = factories.client_of(unit)
    assert client.get(reverse("opinion", args=[opinion.pk])).status_code == 200
    missing = client.post(reverse("opinion", args=[opinion.pk]), {"stand": "object", "text": ""})
    assert "请写明具体意见和依据" in missing.content.decode()
    client.post(reverse("opinion", args=[opinion.pk]), {"stand": "object", "text": "用地规模没有依据。"})
    engine.fire(actors["office"], case_of(valley), "send_opinions")
    city = factories.client_of(actors["city"])
    assert "用地规模没有依据" in city.get(url).content.decode()
    answer = reverse("opinion_answer", args=[valley.pk, opinion.pk])
    prefix = f"o{opinion.pk}-"
    assert city.post(answer, {f"{prefix}answer": "已补充依据。"}).status_code == 422
    assert (
        city.post(answer, {f"{prefix}adopted": "no", f"{prefix}answer": "用地依据见附件。"}).status_code
        == 302
    )
    opinion.refresh_from_db()
    assert opinion.adopted is False
    stranger = factories.client_of(factories.member_unit())
    assert stranger.get(reverse("opinion", args=[opinion.pk])).status_code == 404


@pytest.mark.clause("C3")
def test_figures_stand_side_by_side_and_the_chosen_one_counts(started) -> None:
    valley, actors = started
    client = factories.client_of(actors["city"])
    url = reverse("figure_add", args=[valley.pk])
    for value, day in (("9.5", "2026-01-10"), ("12", "2026-03-10")):
        data = {
            "indicator": "planned_area_km2",
            "value": value,
            "dated": day,
            "source_title": f"规划批复 {day}",
        }
        assert client.post(url, data).status_code == 302
    valley.refresh_from_db()
    before = valley.verdict_counts["not_met"]
    small = Figure.objects.get(value=Decimal("9.5"))
    choose = reverse("figure_choose", args=[valley.pk, small.pk])
    client.post(choose, {"reason": ""})
    assert not Figure.objects.filter(chosen=True).exists()
    client.post(choose, {"reason": "以批复为准"})
    assert Figure.objects.get(chosen=True) == small
    valley.refresh_from_db()
    assert valley.verdict_counts["not_met"] == before + 1
    page = client.get(reverse("valley_tab", args=[valley.pk, "figures"])).content.decode()
    assert "各次报告不一致" in page
    page = client.get(reverse("valley_tab", args=[valley.pk, "conditions"])).content.decode()
    assert "差" in page


def test_a_valley_unveiled_before_the_conditions_is_not_judged_by_them() -> None:
    valley = real_valley()
    text = factories.client_of().get(reverse("valley_tab", args=[valley.pk, "conditions"])).content.decode()
    assert "当日无适用条件" in text
    assert "假如按今天的条件（仅供参考）" in text


def test_the_list_costs_the_same_for_many_rows(started, django_assert_max_num_queries) -> None:
    valley, actors = started
    Valley.objects.bulk_create(
        Valley(name=f"晋创谷·批量{n}", kind="regional", region=valley.region, state="drafting", stage="plan")
        for n in range(60)
    )
    client = factories.client_of(actors["office"])
    with django_assert_max_num_queries(14):
        response = client.get(reverse("valleys"))
    assert "下一页" in response.content.decode()
    assert client.get(reverse("valleys") + "?page=2").status_code == 200


def test_junk_in_the_address_is_not_an_error(started) -> None:
    client = factories.client_of(started[1]["office"])
    assert client.get(reverse("valleys") + "?kind=x&stage=%00&page=-3&sort=;&q=%27").status_code == 200
    assert client.get(reverse("valley_map") + "?region=zz").status_code == 200


def test_what_is_listed_is_what_opens(started) -> None:
    """The list and the page take the same scope, for every hat."""
    valley, actors = started
    factories.planned_session(actors["city"], valley)
    engine.fire(actors["city"], case_of(valley), "submit_argument")
    other = factories.valley(factories.city_office(factories.region("140400", "长治市")))
    published = real_valley()
    asked = valley.argument_sessions.get().opinions.first().expert.person
    everybody = [
        None,
        actors["city"],
        actors["office"],
        actors["government"],
        factories.member_unit(),
        factories.expert()[1],
        from_membership(asked.memberships.get()),
        factories.actor("operator", valley.operator),
        factories.actor("university", valley.universities.get()),
        factories.actor("auditor", factories.organisation("platform", where=factories.province())),
    ]
    for actor in everybody:
        client = factories.client_of(actor)
        listed = client.get(reverse("valleys")).content.decode()
        for one in (valley, other, published):
            opens = client.get(reverse("valley", args=[one.pk])).status_code == 200
            assert (f'href="{one.get_absolute_url()}"' in listed) == opens, (actor and actor.role, one.name)
