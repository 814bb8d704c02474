"""Sheets: declared first, own only, drafts kept, submitted once, sealed; and who sees what, cell by cell."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.models import AuditEvent
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Task
from jinchuanggu.programme.actions import assessment, draw, scoring
from jinchuanggu.programme.assessment_access import get_assessment
from jinchuanggu.programme.assessment_view import view_of
from jinchuanggu.programme.models import Assessor, Conflict, ScoreLine
from jinchuanggu.programme.schemes.loading import scheme
from jinchuanggu.programme.visibility import matrix, phase_of, reader_of
from tests import factories
from tests.programme.course import Course, assessing, drawn, passed, score, scored, visit_all

pytestmark = pytest.mark.django_db


def first(made: Course) -> Assessor:
    return made.assessment.assessors.get(order=1)


def test_nothing_is_scored_before_the_declaration() -> None:
    made = drawn()
    seat = first(made)
    with pytest.raises(ValidationError, match="先声明"):
        scoring.save_draft(made.actor_of(seat), pk=seat.pk, scores={}, reasons={}, revision=0)


def test_another_experts_sheet_does_not_exist() -> None:
    made = drawn()
    seat, other = made.assessment.assessors.all()[:2]
    score(made, seat)
    for deed in (
        lambda: scoring.declare(made.actor_of(other), pk=seat.pk, free_of_conflict=True),
        lambda: scoring.submit(made.actor_of(other), pk=seat.pk, revision=1),
        lambda: scoring.submit(made.office, pk=seat.pk, revision=1),
    ):
        with pytest.raises(Http404):
            deed()


def test_a_draft_keeps_what_is_right_and_names_what_is_not() -> None:
    made = drawn()
    seat = first(made)
    actor = made.actor_of(seat)
    scoring.declare(actor, pk=seat.pk, free_of_conflict=True)
    saved = scoring.save_draft(
        actor, pk=seat.pk, scores={"distinctive": "26", "demonstration": "1e1", "support": "12.5", "transfer": "NaN"},
        reasons={"distinctive": "理由"}, revision=0,
    )  # fmt: skip
    assert set(saved.problems) == {"score-distinctive", "score-transfer"}
    assert "0 至 25" in saved.problems["score-distinctive"]
    kept = {line.criterion: line for line in ScoreLine.objects.all()}
    assert kept["support"].score == kept["demonstration"].score + scoring.read_score(
        "2.5", kept["support"].score
    )
    assert kept["distinctive"].reason == "理由"
    with pytest.raises(ValidationError) as stale:
        scoring.save_draft(actor, pk=seat.pk, scores={}, reasons={}, revision=0)
    assert stale.value.code == "stale"


def test_submitting_asks_for_every_score_and_reason_at_once_then_closes() -> None:
    made = drawn()
    seat = first(made)
    actor = made.actor_of(seat)
    scoring.declare(actor, pk=seat.pk, free_of_conflict=True)
    with pytest.raises(ValidationError) as problem:
        scoring.submit(actor, pk=seat.pk, revision=0)
    assert len(problem.value.message_dict) == 2 * len(scheme().criteria) + 1
    score(made, seat)
    assert not Task.objects.filter(key=f"score:{seat.pk}", closed_at__isnull=True).exists()
    with pytest.raises(ValidationError, match="已提交"):
        scoring.save_draft(actor, pk=seat.pk, scores={}, reasons={}, revision=1)
    assert scoring.submit(actor, pk=seat.pk, revision=99).submitted_at is not None  # pressed twice


def test_no_score_and_no_reason_is_in_the_history_before_the_conclusion() -> None:
    scored()
    written = json.dumps(list(AuditEvent.objects.values("changes", "detail", "reason")), default=str)
    assert "总体意见" not in written
    assert "的理由" not in written


@pytest.mark.clause("X2")
def test_a_sheet_changed_behind_the_back_stops_the_conclusion() -> None:
    made = scored()
    ScoreLine.objects.filter(sheet__assessor=first(made), criterion="support").update(score=20)
    with pytest.raises(Refused, match="封印不符"):
        assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="同意")


def test_declaring_a_conflict_frees_the_seat_for_the_next_in_order() -> None:
    made = drawn()
    seat = first(made)
    actor = made.actor_of(seat)
    with pytest.raises(ValidationError):
        scoring.declare(actor, pk=seat.pk, free_of_conflict=False)
    scoring.declare(actor, pk=seat.pk, free_of_conflict=False, note="近亲属在运营机构任职")
    assert Conflict.objects.get().valley == made.valley
    seat.refresh_from_db()
    assert seat.excused_at is not None
    assert made.assessment.assessors.filter(excused_at__isnull=True).count() == scheme().seats
    with pytest.raises(Http404):
        scoring.declare(actor, pk=seat.pk, free_of_conflict=True)


def test_a_conflict_arising_after_the_draw_blocks_sheet_and_conclusion_until_replaced() -> None:
    made = scored()
    seat = first(made)
    seat.expert.cooperated_with.add(made.valley.operator)
    with pytest.raises(Refused, match="核出利益冲突"):
        assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="同意")
    following = draw.excuse(made.office, pk=seat.pk, reason="核出曾有合作")  # although it was submitted
    with pytest.raises(Refused, match="1 份评分表未提交"):
        assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="同意")
    score(made, following)
    assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="同意")


def test_conflict_blocks_a_draft_too() -> None:
    made = drawn()
    seat = first(made)
    scoring.declare(made.actor_of(seat), pk=seat.pk, free_of_conflict=True)
    seat.expert.cooperated_with.add(made.valley.operator)
    with pytest.raises(ValidationError, match="利益冲突"):
        scoring.save_draft(made.actor_of(seat), pk=seat.pk, scores={}, reasons={}, revision=0)


def test_passing_needs_sheets_visits_and_score_all_said_at_once() -> None:
    made = assessing()
    with pytest.raises(Refused) as refused:
        assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="x")
    text = str(refused.value)
    assert "尚未抽取" in text
    assert "现场查看还有 4 项" in text


def test_a_low_score_does_not_pass() -> None:
    made = scored("0.5")
    with pytest.raises(Refused, match="低于合格线 70"):
        assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="x")


def readers(made: Course) -> dict[str, Actor]:
    unit = factories.member_unit("受邀示例厅")
    made.assessment.invited_units.add(unit.organisation_id)
    found = {
        "office": made.office,
        "government": made.government,
        "member_unit": unit,
        "city": made.city,
        "operator": made.operator(),
        "auditor": factories.actor(
            Role.AUDITOR, factories.organisation("platform", where=factories.province())
        ),
        "admin": factories.actor(Role.ADMIN, factories.organisation("platform", where=factories.province())),
        "public": Actor(),
    }
    if seat := made.assessment.assessors.filter(excused_at__isnull=True).first():
        found["expert"] = made.actor_of(seat)
    return found


def committed() -> Course:
    made = assessing()
    draw.commit(made.office, pk=made.assessment.pk)
    return made


@pytest.mark.parametrize(
    ("phase", "make"),
    [
        ("opened", assessing),
        ("committed", committed),
        ("scoring", drawn),
        ("scored", scored),
        ("concluded", passed),
    ],
)
def test_the_visibility_table_cell_by_cell(phase: str, make) -> None:
    made = make()
    assert phase_of(made.assessment) == phase
    names = [str(seat.expert.person) for seat in made.assessment.assessors.all()]
    for reader, actor in readers(made).items():
        view = view_of(made.assessment, actor)
        assert view["reader"] == reader
        assert set(view) - {"phase", "reader"} == matrix()[phase][reader], (phase, reader)
        if reader not in {"office", "auditor", "expert"}:
            said = json.dumps(view, default=str, ensure_ascii=False)
            assert not [name for name in names if name in said], (phase, reader)
        if reader == "public":
            with pytest.raises(Http404):
                get_assessment(actor, made.assessment.pk)


def test_strangers_read_as_the_public() -> None:
    made = drawn()
    other_city = factories.city_office(factories.region("140200", "大同市"))
    idle = next(
        actor
        for pk, actor in made.experts.items()
        if not made.assessment.assessors.filter(expert=pk).exists()
    )
    for actor in (other_city, idle, factories.member_unit("未受邀厅")):
        assert reader_of(actor, made.assessment) is None


def test_papers_are_open_to_the_seated_as_evidence_and_to_nobody_beside() -> None:
    from jinchuanggu.foundation.documents.access import may_read
    from jinchuanggu.foundation.documents.actions import add_document

    made = drawn()
    paper = add_document(
        made.city, subject=made.valley, kind="goals", title="目标", file=("目标.txt", "目标".encode())
    )
    seat, idle = (
        made.actor_of(first(made)),
        next(
            actor
            for pk, actor in made.experts.items()
            if not made.assessment.assessors.filter(expert=pk).exists()
        ),
    )
    assert may_read(seat, paper)
    assert not may_read(idle, paper)
    assert not may_read(factories.member_unit("未受邀厅"), paper)
    draw.excuse(made.office, pk=first(made).pk, reason="请假")
    assert not may_read(seat, paper)


def test_opinions_carry_no_order_of_seats() -> None:
    made = scored()
    visit_all(made)
    texts = [item["texts"] for item in view_of(made.assessment, made.office)["opinions"]]
    seats = [f"总体意见（{seat.code}）" for seat in made.assessment.assessors.order_by("order")]
    assert sorted(texts[-1]) == sorted(seats)
    assert any(column != sorted(column) for column in texts)
