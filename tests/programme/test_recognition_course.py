"""From building to the plaque, by every road: straight, returned, withdrawn, failed, declined, objected to both ways."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.audit.seal import verify
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.programme.actions import application, assessment, notice, plaque
from jinchuanggu.programme.models import Application, NumberSeries, Objection, Plaque
from jinchuanggu.programme.process.building_guards import short_of
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
    scored,
)

pytestmark = pytest.mark.django_db
ANYBODY = Actor(address="10.0.0.9")


@pytest.fixture(autouse=True)
def _no_one_was_here_before() -> None:
    cache.clear()


def kinds(made: Course) -> set[str]:
    return set(Document.objects.filter(valley_id=made.valley.pk).values_list("kind", flat=True))


@pytest.mark.parametrize(
    ("not_met", "unknown", "told"),
    [(2, 0, "2 项不满足"), (0, 1, "1 项证据不足"), (2, 1, "2 项不满足、1 项证据不足")],
)
def test_what_is_zero_is_not_told(not_met: int, unknown: int, told: str) -> None:
    assert short_of({"met": 3, "not_met": not_met, "not_evidenced": unknown}) == told


@pytest.mark.clause("P2")
def test_applying_short_of_the_conditions_needs_a_reason_and_keeps_the_result() -> None:
    made = built()
    with pytest.raises(Refused, match="须书面说明差距"):
        application.apply(made.city, valley_pk=made.valley.pk)
    application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason="正在补齐。")
    row = Application.objects.get()
    assert row.number == 1
    assert row.shortfall_reason == "正在补齐。"
    assert row.verdict != "met"
    assert row.result["rule_set"]["version"]
    assert row.result["on"] == timezone.localdate().isoformat()
    assert {"id", "status", "evidence", "clause"} <= set(row.result["criteria"][0])
    assert made.fresh().state == "applied"


def test_meeting_every_condition_asks_for_no_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from jinchuanggu.programme import judging

    made = built()
    result = judging.judge(made.valley) | {"verdict": "met"}
    monkeypatch.setattr(judging, "judge", lambda valley, on=None: result)
    application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason="多余的话")
    assert Application.objects.get().shortfall_reason == ""


def test_only_the_own_city_applies_and_an_old_page_is_refused() -> None:
    made = built()
    other = factories.city_office(factories.region("140200", "大同市"))
    with pytest.raises(Http404):
        application.apply(other, valley_pk=made.valley.pk, shortfall_reason="x")
    with pytest.raises(Refused, match="已被他人办理"):
        application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason="x", revision=0)


def test_returned_and_applied_again_is_the_second_application() -> None:
    made = applied()
    with pytest.raises(Refused, match="请写明理由"):
        engine.fire(made.office, made.case, "return_application")
    engine.fire(made.office, made.case, "return_application", reason="申请材料不齐")
    assert made.fresh().state == "building"
    application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason="已补材料。")
    assert list(Application.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_withdrawn_from_the_assessment_closes_the_experts_tasks_and_starts_afresh() -> None:
    made = drawn()
    first = made.assessment
    assert Task.objects.filter(kind="score_sheet", closed_at__isnull=True).count() == 7
    engine.fire(made.city, made.case, "withdraw_application", reason="补充条件后再申请")
    assert not Task.objects.filter(kind="score_sheet", closed_at__isnull=True).exists()
    assert Application.objects.get().withdrawn_at is not None
    application.apply(made.city, valley_pk=made.fresh().pk, shortfall_reason="再次申请。")
    engine.fire(made.office, made.case, "open_assessment")
    assert made.assessment.pk != first.pk
    assert made.assessment.application.number == 2


@pytest.mark.clause("P3")
def test_failed_goes_to_rectifying_and_may_apply_again() -> None:
    made = scored("0.5")
    with pytest.raises(Refused, match="请写明理由"):
        assessment.conclude(made.office, pk=made.assessment.pk, passed=False, opinion="差距较大。")
    assessment.conclude(
        made.office, pk=made.assessment.pk, passed=False, opinion="差距较大。", reason="关键指标未达建设条件"
    )
    found = made.assessment
    assert (made.fresh().state, found.conclusion, found.opinion) == ("rectifying", "fail", "差距较大。")
    assert found.score == Decimal("50.00")
    assert "assessment_report" in kinds(made)
    application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason="整改完成。")
    assert made.fresh().state == "applied"


@pytest.mark.clause("P3", "C5")
def test_passed_keeps_the_aggregate_and_writes_report_and_request() -> None:
    made = passed()
    found = made.assessment
    assert found.score == Decimal("90.00")
    assert len(found.aggregate["counted"]) == 5
    assert len(found.aggregate["dropped"]) == 2
    assert found.aggregate["means"]["distinctive"] == "22.50"
    assert {"assessment_report", "approval_request"} <= kinds(made)
    assert made.fresh().state == "approving"


def test_the_report_holds_conditions_and_experts_part_and_no_name_or_code() -> None:
    from jinchuanggu.foundation.letters.model import Paragraph, Table
    from jinchuanggu.programme.assessment_letters import report_letter

    made = passed()
    letter = report_letter(made.assessment)
    words = " ".join(
        block.text if isinstance(block, Paragraph) else str(block.rows) if isinstance(block, Table) else ""
        for block in letter.blocks
    )
    assert "90.00" in words
    assert "待核" in words
    assert "证据不足" in words
    assert letter.mark == "模拟"
    for seat in made.assessment.assessors.all():
        assert str(seat.expert.person) not in words
    tables = [block for block in letter.blocks if isinstance(block, Table)]
    assert [table.caption for table in tables] == [
        "建设条件核验表",
        "专家评分表",
        "分项平均得分表",
        "现场查看表",
    ]


def test_declined_by_the_government_goes_back_to_rectifying() -> None:
    made = passed()
    with pytest.raises(Refused, match="由其他角色办理"):
        engine.fire(made.office, made.case, "decline", reason="x")
    engine.fire(made.government, made.case, "decline", reason="布局尚需统筹")
    assert made.fresh().state == "rectifying"


@pytest.mark.clause("P3")
def test_notice_runs_its_working_days_then_the_plaque_is_awarded() -> None:
    made = noticing()
    today = timezone.localdate()
    row = made.valley.public_notices.get()
    assert (row.starts_on, row.ends_on) == (today, add_working_days(today, 5).day)
    assert made.case.deadlines.get(key="notice").due_on == row.ends_on
    assert Document.objects.get(kind="public_notice", valley_id=made.valley.pk).public
    with pytest.raises(Refused, match="期满后方可授牌"):
        plaque.award(made.office, valley_pk=made.valley.pk)
    assert not NumberSeries.objects.filter(last__gt=0).exists()
    let_notice_run_out(made)
    with pytest.raises(ValidationError) as problem:
        plaque.award(made.office, valley_pk=made.valley.pk, decision_number="晋科发[2026]8号")
    assert "decision_number" in problem.value.message_dict
    plaque.award(made.office, valley_pk=made.valley.pk, decision_number="晋科发〔2026〕8号")
    given = Plaque.objects.get()
    assert (given.name, given.number) == (made.valley.name, f"晋创谷牌〔{today.year}〕1号")
    assert given.decision_number == "晋科发〔2026〕8号"
    assert made.fresh().unveiled_on == today
    assert made.valley.state == "plaqued"
    assert "plaque_decision" in kinds(made)
    assert verify().intact


def test_numbers_have_no_gap_even_after_a_failed_award(monkeypatch: pytest.MonkeyPatch) -> None:
    from jinchuanggu.foundation.workflow import registry

    made = noticing()
    let_notice_run_out(made)

    def broken(_attempt: object) -> None:
        raise RuntimeError("the printer is on fire")

    with monkeypatch.context() as patch:
        patch.setitem(registry.effects, "write_plaque_decision", broken)
        with pytest.raises(RuntimeError):
            plaque.award(made.office, valley_pk=made.valley.pk)
    assert plaque.next_number(timezone.localdate().year).endswith("〕1号")
    plaque.award(made.office, valley_pk=made.valley.pk)
    assert Plaque.objects.get().number.endswith("〕1号")
    assert plaque.take_number(timezone.localdate().year).endswith("〕2号")


def raised(made: Course, text: str = "该平台公示面积与实际不符，请核查。", **fields: str) -> Objection:
    return notice.raise_objection(
        ANYBODY,
        notice_pk=made.valley.public_notices.get().pk,
        raised_by="王某",
        contact="13800000000",
        text=text,
        **fields,
    )


def test_who_objects_is_in_no_history_the_city_reads() -> None:
    made = noticing()
    row = raised(made)
    events = AuditEvent.objects.filter(valley_id=made.valley.pk)
    assert not events.filter(verb="objection.raise").exists()
    sealed = AuditEvent.objects.get(verb="objection.raise")
    assert (sealed.target_id, sealed.changes) == (str(row.pk), {})
    assert not [
        event for event in events if "王某" in json.dumps([event.changes, event.detail], ensure_ascii=False)
    ]


@pytest.mark.clause("P3")
def test_a_dismissed_objection_lets_the_same_notice_go_on() -> None:
    made = noticing()
    row = raised(made)
    assert Task.objects.filter(key=f"objection:{row.pk}", closed_at__isnull=True).exists()
    engine.fire(made.office, made.case, "object")
    assert made.fresh().state == "objecting"
    notice.answer(made.office, pk=row.pk, upheld=False, answer="经核查，面积属实。")
    with pytest.raises(ValidationError, match="已答复"):
        notice.answer(made.office, pk=row.pk, upheld=True, answer="改主意")
    engine.fire(made.office, made.case, "dismiss_objection", reason="异议不成立")
    assert made.fresh().state == "noticing"
    assert made.valley.public_notices.count() == 1
    let_notice_run_out(made)
    plaque.award(made.office, valley_pk=made.valley.pk)
    assert made.fresh().state == "plaqued"


@pytest.mark.clause("P3")
def test_an_upheld_objection_ends_the_notice() -> None:
    made = noticing()
    row = raised(made)
    second = raised(made, "运营机构与我司存在未披露的关联关系。")
    engine.fire(made.office, made.case, "object")
    notice.answer(made.office, pk=row.pk, upheld=True, answer="经核查，异议属实。")
    with pytest.raises(Refused, match="不能按“异议不成立”"):
        engine.fire(made.office, made.case, "dismiss_objection", reason="不成立")
    engine.fire(made.office, made.case, "uphold_objection", reason="终止公示，退市整改")
    assert made.fresh().state == "rectifying"
    second.refresh_from_db()
    assert (second.upheld, second.answer) == (True, "终止公示，退市整改")
    ended = made.valley.public_notices.get()
    assert ended.withdrawn_at is not None
    with pytest.raises(ValidationError, match="公示已终止"):
        raised(made)


def test_upholding_when_every_answer_says_otherwise_is_refused() -> None:
    made = noticing()
    row = raised(made)
    engine.fire(made.office, made.case, "object")
    notice.answer(made.office, pk=row.pk, upheld=False, answer="经核查，不属实。")
    with pytest.raises(Refused, match="不能终止公示"):
        engine.fire(made.office, made.case, "uphold_objection", reason="x")


def test_a_notice_without_objection_cannot_be_moved_to_objecting() -> None:
    made = noticing()
    with pytest.raises(Refused, match="没有待处理的异议"):
        engine.fire(made.office, made.case, "object")


def test_an_open_objection_keeps_the_plaque_back() -> None:
    made = noticing()
    raised(made)
    let_notice_run_out(made)
    with pytest.raises(Refused, match="1 件异议未答复"):
        plaque.award(made.office, valley_pk=made.valley.pk)


def test_objections_are_checked_counted_and_sent_once() -> None:
    made = noticing()
    pk = made.valley.public_notices.get().pk
    with pytest.raises(ValidationError) as problem:
        notice.raise_objection(ANYBODY, notice_pk=pk, raised_by="", contact="1", text="短")
    assert set(problem.value.message_dict) == {"raised_by", "contact", "text"}
    one, again = raised(made, token="abc"), raised(made, token="abc")
    assert one == again
    assert notice.by_receipt(f" {one.receipt.lower()} ") == one
    for number in range(4):
        raised(made, f"第 {number} 件异议，内容不少于十个字。")
    with pytest.raises(notice.TooMany):
        raised(made)
    elsewhere = Actor(address="10.0.0.10")
    notice.raise_objection(
        elsewhere, notice_pk=pk, raised_by="李某", contact="13900000000", text="另一地址提出的异议内容。"
    )


def test_objections_come_within_the_period_only() -> None:
    made = noticing()
    row = made.valley.public_notices.get()
    row.ends_on = row.starts_on = timezone.localdate() - timedelta(days=1)
    row.save()
    with pytest.raises(ValidationError, match="公示期已结束"):
        raised(made)


def test_member_units_are_invited_to_the_visit() -> None:
    made = assessing()
    unit = factories.member_unit("示例工信厅")
    assessment.invite_units(made.office, pk=made.assessment.pk, organisations=[unit.organisation_id])
    assessment.invite_units(made.office, pk=made.assessment.pk, organisations=[unit.organisation_id])
    assert Task.objects.filter(kind="assessment_invited", closed_at__isnull=True).count() == 1
    visit = made.assessment.visits.first()
    assessment.record_visit(unit, pk=visit.pk, finding="属实。", consistent=True)
    visit.refresh_from_db()
    assert "示例工信厅" in visit.found_by
    with pytest.raises(Http404):
        assessment.record_visit(made.city, pk=visit.pk, finding="x", consistent=True)
    with pytest.raises(ValidationError):
        assessment.invite_units(
            made.office, pk=made.assessment.pk, organisations=[made.office.organisation_id]
        )
