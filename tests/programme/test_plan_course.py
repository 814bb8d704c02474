"""One plan from drafting to acceptance, by the accounts that walk it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.programme.actions import argument, consultation
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Opinion, PlanVersion, YearTarget
from tests import factories

pytestmark = pytest.mark.django_db


def messages(refused: pytest.ExceptionInfo[Refused]) -> str:
    return "\n".join(refusal.message for refusal in refused.value.refusals)


@pytest.mark.clause("L2", "C1", "C2")
def test_an_empty_plan_is_refused_with_every_reason_and_clause_at_once() -> None:
    city = factories.city_office()
    valley = factories.valley(city)
    with pytest.raises(Refused) as refused:
        engine.fire(city, case_of(valley), "submit_argument")
    text = messages(refused)
    assert "方案没有共建高校" in text
    assert "L2 · 晋政办发〔2024〕40号 二（一）" in text
    assert "依托至少一所省内外高校" in text
    assert "尚未明确重点领域" in text
    assert "尚未安排专家论证会" in text
    assert "经费预算" in text
    assert {"L2", "C1", "C2", "P1"} <= {refusal.clause for refusal in refused.value.refusals}
    valley.refresh_from_db()
    assert valley.state == "drafting"


@pytest.mark.clause("L2")
def test_a_plan_without_a_university_is_refused_by_its_clause_alone() -> None:
    city = factories.city_office()
    valley = factories.complete_plan(factories.valley(city))
    factories.planned_session(city, valley)
    valley.universities.clear()
    with pytest.raises(Refused) as refused:
        engine.fire(city, case_of(valley), "submit_argument")
    assert [refusal.clause for refusal in refused.value.refusals] == ["L2"]


def to_filed(kind: str = "regional"):
    city, government, office = (
        factories.city_office(),
        factories.city_government(),
        factories.provincial_office(),
    )
    valley = factories.complete_plan(factories.valley(city, kind=kind))
    experts = factories.planned_session(city, valley)
    case = engine.fire(city, case_of(valley), "submit_argument")
    for one in experts:
        opinion = argument.my_opinions(one).get()
        argument.give_expert_opinion(one, opinion_id=opinion.pk, verdict="pass", text="同意按方案推进。")
    argument.write_minutes(
        city, valley_id=valley.pk, minutes="专家组听取汇报，审阅方案，形成一致意见，同意通过。"
    )
    case = engine.fire(city, case, "conclude_argument")
    case = engine.fire(government, case, "file", payload={"issuing_number": "阳政函〔2026〕12号"})
    valley.refresh_from_db()
    return valley, case, city, government, office


@pytest.mark.clause("P1")
@pytest.mark.parametrize(("kind", "end"), [("regional", "preparing"), ("specialised", "building")])
def test_the_plan_goes_all_the_way(kind: str, end: str) -> None:
    valley, case, city, _government, office = to_filed(kind)
    assert (valley.state, valley.stage) == ("filed", "file")
    units = [factories.member_unit("示例发展改革委"), factories.member_unit("示例财政厅")]
    due = timezone.localdate() + timedelta(days=7)
    with pytest.raises(Refused, match="请先选择征求意见的成员单位"):
        engine.fire(office, case, "open_consultation")
    payload = {"units": [unit.organisation_id for unit in units], "due_on": due}
    case = engine.fire(office, case, "open_consultation", payload=payload)
    assert case.deadlines.get(closed_at__isnull=True).due_on == due
    assert Task.objects.filter(kind="consultation_opinion", closed_at__isnull=True).count() == 2
    with pytest.raises(Refused, match="还有单位未反馈"):
        engine.fire(office, case, "send_opinions")
    for unit, stand in zip(units, ("agree", "suggest"), strict=True):
        opinion = consultation.my_opinions(unit).get()
        consultation.give_opinion(
            unit, opinion_id=opinion.pk, stand=stand, text="" if stand == "agree" else "建议补充资金测算。"
        )
    assert not Task.objects.filter(kind="consultation_opinion", closed_at__isnull=True).exists()
    case = engine.fire(office, case, "send_opinions")
    with pytest.raises(Refused, match="还有意见未答复：示例财政厅"):
        engine.fire(city, case, "answer")
    suggested = Opinion.objects.get(stand="suggest")
    consultation.answer_opinion(
        city, valley_id=valley.pk, opinion_id=suggested.pk, adopted=True, answer="已补充资金测算。"
    )
    case = engine.fire(city, case, "answer")
    case = engine.fire(office, case, "accept")
    valley.refresh_from_db()
    assert valley.state == case.state == end
    assert YearTarget.objects.filter(valley=valley).count() == 21
    kinds = set(Document.objects.filter(valley_id=valley.pk).values_list("kind", flat=True))
    assert kinds >= {
        "construction_plan",
        "argument_minutes",
        "filing_letter",
        "consultation_letter",
        "acceptance_letter",
    }
    assert PlanVersion.objects.filter(plan__valley=valley).count() == 1, (
        "an unchanged plan is not frozen twice"
    )
    assert Document.objects.get(kind="filing_letter").versions.count() == 2


def test_returned_plan_needs_a_new_argument_and_keeps_its_versions() -> None:
    valley, case, city, _government, office = to_filed()
    with pytest.raises(Refused, match="请写明理由"):
        engine.fire(office, case, "return_plan")
    case = engine.fire(office, case, "return_plan", reason="目标缺乏依据\n资金来源不清")
    assert Document.objects.filter(kind="return_letter").exists()
    with pytest.raises(Refused) as refused:
        engine.fire(city, case, "submit_argument")
    assert messages(refused) == "尚未安排专家论证会（时间、地点、专家）"
    valley.plan.sections["basis"] = "重写的建设基础。" * 20
    valley.plan.save()
    factories.planned_session(city, valley)
    engine.fire(city, case, "submit_argument")
    assert list(PlanVersion.objects.values_list("number", flat=True)) == [2, 1]


def test_experts_majority_against_sends_the_plan_back() -> None:
    city = factories.city_office()
    valley = factories.complete_plan(factories.valley(city))
    experts = factories.planned_session(city, valley)
    case = engine.fire(city, case_of(valley), "submit_argument")
    with pytest.raises(Refused, match="还有专家未提交意见"):
        engine.fire(city, case, "reject_argument", reason="多数不同意")
    for one, verdict in zip(experts, ("reject", "reject", "pass"), strict=True):
        opinion = argument.my_opinions(one).get()
        argument.give_expert_opinion(one, opinion_id=opinion.pk, verdict=verdict, text="理由如上所述。")
    argument.write_minutes(
        city, valley_id=valley.pk, minutes="专家组审阅方案，多数专家认为产业定位需要重新论证。"
    )
    with pytest.raises(Refused, match="未过半数同意"):
        engine.fire(city, case, "conclude_argument")
    case = engine.fire(city, case, "reject_argument", reason="专家多数不同意")
    assert case.state == "drafting"
    assert valley.argument_sessions.get().conclusion == "reject"


def test_two_tabs_only_the_first_moves() -> None:
    valley, case, _city, _government, office = to_filed()
    shown = case.revision
    engine.fire(office, case, "return_plan", reason="要件不齐", revision=shown)
    with pytest.raises(StaleCase):
        engine.fire(office, case_of(valley), "return_plan", reason="要件不齐", revision=shown)


def test_late_opinions_count_and_are_marked() -> None:
    valley, case, _city, _government, office = to_filed()
    unit = factories.member_unit()
    due = timezone.localdate() + timedelta(days=7)
    engine.fire(office, case, "open_consultation", payload={"units": [unit.organisation_id], "due_on": due})
    round_ = valley.consultations.get()
    round_.due_on = timezone.localdate() - timedelta(days=1)
    round_.save()
    opinion = consultation.my_opinions(unit).get()
    opinion = consultation.give_opinion(unit, opinion_id=opinion.pk, stand="agree", text="")
    assert consultation.is_late(opinion)


def test_withdrawing_while_experts_argue_clears_their_queue() -> None:
    city = factories.city_office()
    valley = factories.complete_plan(factories.valley(city))
    factories.planned_session(city, valley)
    case = engine.fire(city, case_of(valley), "submit_argument")
    assert Task.objects.filter(kind="argument_opinion", closed_at__isnull=True).count() == 3
    case = engine.fire(city, case, "withdraw", reason="暂缓")
    assert not Task.objects.filter(closed_at__isnull=True).exists()
    case = engine.fire(city, case, "reopen", reason="条件成熟")
    assert case.state == "drafting"
