"""Brings a valley to a step of the second half of the course, by the deeds themselves from building on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from jinchuanggu.foundation.access.actor import Actor, from_membership
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.programme.actions import application, assessment, draw, scoring
from jinchuanggu.programme.assessment_access import current_assessment
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Assessment, Assessor, Valley, YearTarget
from jinchuanggu.programme.schemes.loading import scheme
from tests import factories

PANEL = scheme().panel


@dataclass
class Course:
    """A valley with everybody who acts on it; `experts` by expert id."""

    city: Actor
    office: Actor
    government: Actor
    valley: Valley
    experts: dict[int, Actor] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return case_of(self.valley)

    @property
    def assessment(self) -> Assessment:
        found = current_assessment(self.fresh())
        assert found is not None
        return found

    def fresh(self) -> Valley:
        self.valley.refresh_from_db()
        return self.valley

    def actor_of(self, seat: Assessor) -> Actor:
        hat = seat.expert.person.memberships.select_related("person", "organisation").get(role=Role.EXPERT)
        return from_membership(hat)

    def operator(self) -> Actor:
        body = Organisation.objects.get(pk=self.valley.operator_id)
        return factories.actor(Role.OPERATOR, body)


def course(kind: str = "regional", state: str = "preparing") -> Course:
    """A valley whose plan was accepted, and a bank of experts that is just large enough with two to spare."""
    city, office, government = (
        factories.city_office(),
        factories.provincial_office(),
        factories.provincial_government(),
    )
    factories.city_government()
    valley = factories.complete_plan(factories.valley(city, kind=kind))
    YearTarget.objects.create(
        valley=valley, year=timezone.localdate().year + 1, indicator="full_time_staff", target=Decimal(400)
    )
    case = case_of(valley)
    case.state = state
    case.save()
    Valley.objects.filter(pk=valley.pk).update(state=state)
    made = Course(city, office, government, valley)
    for category, seats in PANEL.items():
        for _ in range(seats + 2):
            add_expert(made, category)
    made.fresh()
    return made


def add_expert(made: Course, category: str = "technical", employer: Organisation | None = None) -> Actor:
    expert, actor = factories.expert(category, employer)
    expert.fields = ["新材料"]
    expert.save()
    made.experts[expert.pk] = actor
    return actor


def built(kind: str = "regional") -> Course:
    made = course(kind)
    engine.fire(made.city, made.case, "begin")
    made.fresh()
    return made


def applied(reason: str = "产值统计口径正在补充，预计两个月内补齐。") -> Course:
    made = built()
    application.apply(made.city, valley_pk=made.valley.pk, shortfall_reason=reason)
    made.fresh()
    return made


def assessing() -> Course:
    made = applied()
    engine.fire(made.office, made.case, "open_assessment")
    made.fresh()
    return made


def drawn() -> Course:
    made = assessing()
    draw.commit(made.office, pk=made.assessment.pk)
    draw.draw(made.office, pk=made.assessment.pk)
    return made


def score(made: Course, seat: Assessor, share: str = "0.9") -> None:
    """Declare, fill in and submit one sheet with this share of every criterion."""
    actor = made.actor_of(seat)
    scoring.declare(actor, pk=seat.pk, free_of_conflict=True)
    criteria = scheme().criteria
    saved = scoring.save_draft(
        actor,
        pk=seat.pk,
        scores={item.id: str((item.max * Decimal(share)).quantize(Decimal("0.1"))) for item in criteria},
        reasons={item.id: f"{item.title['zh']}的理由（{seat.code}）" for item in criteria},
        comment=f"总体意见（{seat.code}）",
        revision=0,
    )
    assert not saved.problems
    scoring.submit(actor, pk=seat.pk, revision=saved.sheet.revision)


def scored(share: str = "0.9") -> Course:
    made = drawn()
    for seat in made.assessment.assessors.filter(excused_at__isnull=True):
        score(made, seat, share)
    visit_all(made)
    return made


def visit_all(made: Course) -> None:
    for visit in made.assessment.visits.all():
        assessment.record_visit(made.office, pk=visit.pk, finding="现场与材料相符。", consistent=True)


def passed() -> Course:
    made = scored()
    assessment.conclude(made.office, pk=made.assessment.pk, passed=True, opinion="建设成效明显，同意认定。")
    made.fresh()
    return made


def noticing() -> Course:
    made = passed()
    engine.fire(made.government, made.case, "approve")
    made.fresh()
    return made


def let_notice_run_out(made: Course) -> None:
    """Put the notice into the past, as if its days had gone by."""
    notice = made.valley.public_notices.get()
    notice.starts_on, notice.ends_on = (timezone.localdate() - timedelta(days=days) for days in (10, 1))
    notice.save()
