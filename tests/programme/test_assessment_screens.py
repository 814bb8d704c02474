"""The pages of the second half as each account gets them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.accounts.models import User
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.programme.actions import notice
from jinchuanggu.programme.models import Application, Plaque
from tests import factories
from tests.programme.course import (
    Course,
    applied,
    assessing,
    built,
    drawn,
    let_notice_run_out,
    noticing,
    passed,
    score,
    scored,
    visit_all,
)

pytestmark = pytest.mark.django_db


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(
        User.objects.get(pk=actor.user_id), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def text(response) -> str:
    return response.content.decode()


def test_building_page_shows_lights_targets_and_the_acts_of_its_reader() -> None:
    made = built()
    url = reverse("building", args=[made.valley.pk])
    city = text(browser(made.city).get(url))
    assert "标准化厂房建成交付" in city
    assert "按期" in city
    assert "证据不足" in city  # a target without a report is unknown, not missed
    assert "新增里程碑" in city
    operator = text(browser(made.operator()).get(url))
    assert "报送进度" in operator
    assert "新增里程碑" not in operator
    assert "报送进度" not in text(browser(made.office).get(url))
    assert browser(factories.city_office(factories.region("140200", "大同市"))).get(url).status_code == 404


def test_progress_form_keeps_the_input_and_says_what_is_wrong() -> None:
    made = built()
    milestone = made.valley.milestones.first()
    client = browser(made.operator())
    url = reverse("milestone_progress", args=[milestone.pk])
    answer = client.post(
        url,
        {"progress": "40", "done_on": timezone.localdate().isoformat(), "note": "厂房封顶", "version": "0"},
    )
    assert "进度应为 100" in text(answer)
    assert "厂房封顶" in text(answer)
    assert client.post(url, {"progress": "40", "note": "厂房封顶", "version": "0"}).status_code == 302
    assert "已被他人更新" in text(client.post(url, {"progress": "50", "version": "0"}))


def test_milestone_form_adds_and_changes() -> None:
    made = built()
    client, today = browser(made.city), timezone.localdate().isoformat()
    fields = {"title": "人才公寓", "starts_on": today, "due_on": today, "responsible": "住建局"}
    assert client.post(reverse("milestone_new", args=[made.valley.pk]), fields).status_code == 302
    added = made.valley.milestones.get(title="人才公寓")
    answer = client.post(reverse("milestone_edit", args=[added.pk]), {**fields, "title": ""})
    assert "j-error-summary" in text(answer)
    assert "住建局" in text(client.get(reverse("milestone_edit", args=[added.pk])))


@pytest.mark.clause("P2")
def test_application_page_lists_what_is_met_and_asks_for_the_reason() -> None:
    made = built()
    client, url = browser(made.city), reverse("application", args=[made.valley.pk])
    page = text(client.get(url))
    assert "需要说明的条件" in page
    assert "证据不足" in page
    refused = client.post(url, {"shortfall_reason": "", "revision": made.case.revision})
    assert "须书面说明差距" in text(refused)
    assert (
        client.post(url, {"shortfall_reason": "正在补齐。", "revision": made.case.revision}).status_code
        == 302
    )
    kept = text(client.get(url + "?n=1"))
    assert "正在补齐。" in kept
    assert Application.objects.get().number == 1


def test_applying_twice_makes_one_application() -> None:
    made = built()
    client, url = browser(made.city), reverse("application", args=[made.valley.pk])
    fields = {"shortfall_reason": "正在补齐。", "revision": made.case.revision}
    client.post(url, fields)
    client.post(url, fields)
    assert Application.objects.count() == 1


@pytest.mark.clause("P3")
def test_the_office_runs_the_whole_assessment_on_its_page() -> None:
    made = assessing()
    client, page = browser(made.office), reverse("assessment", args=[made.valley.pk])
    found = made.assessment
    assert "公布名单与承诺" in text(client.get(page))
    assert client.post(reverse("draw_commit", args=[found.pk]), {"public_fact": ""}).status_code == 302
    assert "抽取专家" in text(client.get(page))
    assert client.post(reverse("draw_make", args=[found.pk])).status_code == 302
    again = client.post(reverse("draw_make", args=[found.pk]))
    assert again.status_code == 422
    seat = made.assessment.assessors.first()
    assert client.post(reverse("seat_excuse", args=[seat.pk]), {"reason": "出国"}).status_code == 302
    unit = factories.member_unit("示例工信厅")
    assert (
        client.post(
            reverse("assessment_invite", args=[found.pk]), {"units": [unit.organisation_id]}
        ).status_code
        == 302
    )
    assert "示例工信厅" in text(client.get(page))
    assert client.post(reverse("visit_add", args=[found.pk]), {"item": "加查一项"}).status_code == 302
    visit = found.visits.last()
    wrong = browser(unit).post(reverse("visit", args=[visit.pk]), {"finding": "属实"})
    assert "j-error-summary" in text(wrong)
    right = {"finding": "属实", "consistent": "yes", "visited_on": timezone.localdate().isoformat()}
    assert browser(unit).post(reverse("visit", args=[visit.pk]), right).status_code == 302
    for one in made.assessment.assessors.filter(excused_at__isnull=True):
        score(made, one)
    visit_all(made)
    body = text(client.get(page))
    assert "90.00 / 100" in body
    fields = {"opinion": "同意认定。", "conclusion": "pass", "revision": made.case.revision}
    assert client.post(reverse("assessment_conclude", args=[found.pk]), fields).status_code == 302
    assert made.fresh().state == "approving"


def test_failing_without_a_reason_keeps_the_opinion_typed() -> None:
    made = scored("0.5")
    answer = browser(made.office).post(
        reverse("assessment_conclude", args=[made.assessment.pk]),
        {"opinion": "差距明显", "conclusion": "fail"},
    )
    assert answer.status_code == 422
    assert "差距明显" in text(answer)
    assert "请写明理由" in text(answer)


def test_the_assessed_city_sees_result_and_anonymous_opinions_but_no_expert() -> None:
    made = passed()
    body = text(browser(made.city).get(reverse("assessment", args=[made.valley.pk])))
    assert "综合得分" in body
    assert "专家意见（匿名）" in body
    for seat in made.assessment.assessors.all():
        assert str(seat.expert.person) not in body
    history = text(browser(made.city).get(reverse("valley_tab", args=[made.valley.pk, "history"])))
    for seat in made.assessment.assessors.all():
        assert str(seat.expert.person) not in history


def test_nobody_else_learns_that_there_is_an_assessment() -> None:
    made = drawn()
    url = reverse("assessment", args=[made.valley.pk])
    other = factories.city_office(factories.region("140200", "大同市"))
    idle = next(
        a for pk, a in made.experts.items() if not made.assessment.assessors.filter(expert=pk).exists()
    )
    for actor in (other, idle, factories.member_unit("未受邀厅")):
        assert browser(actor).get(url).status_code == 404


@pytest.mark.clause("P3")
def test_an_expert_declares_drafts_and_submits() -> None:
    made = drawn()
    seat = made.assessment.assessors.first()
    client = browser(made.actor_of(seat))
    assert str(made.valley) in text(client.get(reverse("score_sheets")))
    url = reverse("score_sheet", args=[seat.pk])
    assert "声明没有利益冲突" in text(client.get(url))
    assert client.post(reverse("score_declare", args=[seat.pk]), {"declaration": "free"}).status_code == 302
    body = text(client.get(url))
    assert "示例方案内容" in body or "建设条件核验" in body
    save = reverse("score_sheet_save", args=[seat.pk])
    kept = client.post(save, {"version": "0", "score-distinctive": "20", "reason-distinctive": "特色鲜明"})
    assert (kept.status_code, kept.headers["X-Version"]) == (204, "1")
    assert client.post(save, {"version": "0"}).status_code == 409
    refused = client.post(
        reverse("score_sheet_write", args=[seat.pk]),
        {"version": "1", "submit": "1", "score-distinctive": "20", "reason-distinctive": "特色鲜明"},
    )
    assert refused.status_code == 422
    assert "“示范带动效应”未打分" in text(refused)
    assert "特色鲜明" in text(refused)
    other = made.assessment.assessors.exclude(pk=seat.pk).first()
    assert client.get(reverse("score_sheet", args=[other.pk])).status_code == 404


def test_an_expert_who_declares_a_conflict_is_out() -> None:
    made = drawn()
    seat = made.assessment.assessors.first()
    client = browser(made.actor_of(seat))
    url = reverse("score_declare", args=[seat.pk])
    assert client.post(url, {"declaration": "conflict", "note": ""}).status_code == 422
    assert client.post(url, {"declaration": "conflict", "note": "近亲属任职"}).status_code == 302
    assert client.get(reverse("score_sheet", args=[seat.pk])).status_code == 404


def test_approval_page_from_the_request_to_the_plaque() -> None:
    made = passed()
    url = reverse("approval", args=[made.valley.pk])
    government = browser(made.government)
    body = text(government.get(url))
    assert "90.00 / 100" in body
    assert "建设条件核验" in body
    assert government.post(reverse("move", args=[made.valley.pk, "approve"])).status_code == 302
    office = browser(made.office)
    assert "期满后方可授牌" in text(office.get(url))
    let_notice_run_out(made)
    assert "晋创谷牌" in text(office.get(url))
    wrong = office.post(
        reverse("plaque_award", args=[made.valley.pk]), {"decision_number": "晋科发[2026]8号"}
    )
    assert "晋科发〔2026〕8号" in text(wrong)
    assert (
        office.post(reverse("plaque_award", args=[made.valley.pk]), {"decision_number": ""}).status_code
        == 302
    )
    assert Plaque.objects.get().number in text(office.get(url))


def test_objections_show_who_to_the_office_only() -> None:
    made = noticing()
    row = notice.raise_objection(
        Actor(address="10.9.9.9"), notice_pk=made.valley.public_notices.get().pk, raised_by="王某某",
        contact="13800000000", text="公示面积与实际不符，请核查。",
    )  # fmt: skip
    url = reverse("approval", args=[made.valley.pk])
    engine.fire(made.office, made.case, "object")
    office, city = browser(made.office), browser(made.city)
    assert "王某某" in text(office.get(url))
    body = text(city.get(url))
    assert "公示面积与实际不符" in body
    assert "王某某" not in body
    assert "13800000000" not in body
    answer = reverse("objection_answer", args=[row.pk])
    assert office.post(answer, {f"o{row.pk}-upheld": "no"}).status_code == 422
    fields = {f"o{row.pk}-upheld": "no", f"o{row.pk}-answer": "经核查，不属实。"}
    assert office.post(answer, fields).status_code == 302


@pytest.mark.parametrize("make", [built, applied, drawn, scored, passed, noticing])
def test_every_page_opens_for_everybody_of_the_file_in_every_state(make) -> None:
    made: Course = make()
    for name in ("building", "application", "assessment", "approval"):
        for actor in (made.city, made.office, made.government, made.operator()):
            response = browser(actor).get(reverse(name, args=[made.valley.pk]))
            assert response.status_code == 200, (name, actor.role)
            assert "模拟" in text(response)
