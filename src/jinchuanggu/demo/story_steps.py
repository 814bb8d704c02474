"""The single steps of a story; each is what one person does on one day, by the product's own actions."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle

from django.utils import timezone

from jinchuanggu.demo.simulated_types import SimValley
from jinchuanggu.demo.world import World, load_records
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents import actions as papers_room
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.programme.actions import (
    application,
    argument,
    assessment,
    building,
    consultation,
    notice,
    plan,
    plaque,
    scoring,
)
from jinchuanggu.programme.actions import (
    draw as lots,
)
from jinchuanggu.programme.actions import figures as figure_actions
from jinchuanggu.programme.actions import (
    valley as valleys,
)
from jinchuanggu.programme.cases import case_of
from jinchuanggu.programme.models import Assessment, Milestone, Opinion, Plan, Valley
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.process.plan_guards import current_consultation
from jinchuanggu.programme.process.subject import current_session
from jinchuanggu.programme.schemes.loading import scheme

SECTIONS = {
    "basis": "overall", "positioning": "positioning", "chain": "chain", "layout": "layout", "goals": "goals",
    "tasks": "tasks", "universities": "universities", "operation": "mechanism", "progress": "schedule",
    "safeguards": "policies",
}  # fmt: skip
SERVICE_BODIES = (
    ("government", "政务服务中心", 9), ("technology_transfer", "技术转移中心", 12),
    ("finance", "科技金融服务站", 6), ("operation", "运营保障部", 15),
)  # fmt: skip
POLICIES = ("科创团队入驻支持措施", "中试熟化补助办法", "科技金融风险补偿办法")


def _valley(world: World, row: SimValley) -> Valley:
    return Valley.objects.select_related("region", "operator").get(pk=world.valleys[row.key].pk)


def _fire(actor: Actor, valley: Valley, event: str, reason: str = "", **payload: object) -> None:
    engine.fire(actor, case_of(valley), event, reason=reason, payload=payload)


def create(world: World, row: SimValley) -> None:
    """The city science office starts the valley and names zones, universities, fields."""
    city = world.city(row)
    valley = valleys.create_valley(
        city,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        summary=row.story.zh,
        key_fields=row.key_fields,
    )
    world.valleys[row.key] = valley
    Valley.objects.filter(pk=valley.pk).update(
        story={"zh": row.story.zh, "en": row.story.en}, **_place(world, row)
    )
    _basics(world, row, operator=False)
    for number, duty in enumerate(world.data.task_force):
        name = world.data.people[(number * 7 + len(row.key)) % len(world.data.people)]
        unit = {
            "city_government": world.data.government(row.builder).name,
            "city_office": world.data.city_office(row.builder).name,
        }.get(duty.unit, duty.unit)
        valleys.add_member(
            city, valley_id=valley.pk, person_name=name, unit=unit, duty=duty.duty.zh, leader=duty.leader
        )


def _place(world: World, row: SimValley) -> dict[str, object]:
    city = world.data.cities[row.builder]
    same = [key for key, other in world.data.valleys.items() if other.builder == row.builder]
    number = same.index(row.key)
    if city.lon is None or city.lat is None:
        return {}
    return {
        "longitude": city.lon + Decimal("0.21") * number,
        "latitude": city.lat - Decimal("0.16") * number,
    }


def _basics(world: World, row: SimValley, *, operator: bool) -> None:
    valleys.edit_basics(
        world.city(row), valley_id=world.valleys[row.key].pk, name_en=row.name_en, summary=row.story.zh,
        key_fields=row.key_fields, whole_chain=row.whole_chain,
        zones=[world.bodies[key].pk for key in row.zones],
        universities=[world.bodies[key].pk for key in row.universities],
        operator=world.bodies[row.operator].pk if operator and row.operator else None,
    )  # fmt: skip


def papers(world: World, row: SimValley) -> None:
    """The papers of the checklist, as short Word files of the city."""
    city, valley = world.city(row), _valley(world, row)
    wanted = [paper for paper in plan_data().papers if paper.clause and paper.kind != "construction_plan"]
    for number, paper in enumerate(wanted, start=1):
        title = f"{valley.name}{paper.title['zh']}"
        papers_room.add_document(
            city, subject=valley, kind=paper.kind, title=title, file=(f"{title}.docx", _word(title, row)),
            dated=timezone.localdate(), issuing_number=f"模科发〔{timezone.localdate().year}〕{number * 3}号",
            issuer=world.bodies[f"city_office-{row.builder}"],
        )  # fmt: skip


def _word(title: str, row: SimValley) -> bytes:
    from docx import Document as Word

    word = Word()
    word.add_heading(title, 1)
    word.add_paragraph(row.story.zh)
    word.add_paragraph("本文件为演示用模拟材料，不涉及任何真实单位。")
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def write_plan(world: World, row: SimValley) -> None:
    """Chapters, targets, budget and policies."""
    texts = {section.key: section.body.zh for section in world.data.plan(row)}
    valley, this_year = _valley(world, row), date.today().year
    names = plan_data().target_indicators
    targets = {}
    for offset, values in row.targets.items():
        known = {name: str(values[name]) for name in names if name in values}
        known.setdefault("planned_area_km2", str(row.figures["planned_area_km2"]))
        known.setdefault(
            "technology_turnover_cny", str(80_000_000 + 20_000_000 * (offset - min(row.targets)))
        )
        targets[str(this_year + offset)] = known
    plan.save_plan(
        world.city(row), valley_id=valley.pk, revision=Plan.objects.get(valley=valley).revision,
        sections={key: texts[SECTIONS[key]] for key in (s.key for s in plan_data().sections_of(valley.kind))},
        targets=targets, budget_cny=str(row.budget_cny), policies=POLICIES,
    )  # fmt: skip


def plan_session(world: World, row: SimValley) -> None:
    """A day, a place, and five experts without a conflict."""
    valley = _valley(world, row)
    free = [expert.pk for expert, found in argument.bank(valley) if not found][:5]
    argument.plan_session(
        world.city(row), valley_id=valley.pk, held_on=timezone.localdate() + timedelta(days=9),
        place=f"{world.data.cities[row.builder].short}市科技大厦三层会议室", experts=free,
    )  # fmt: skip


def submit(world: World, row: SimValley) -> None:
    _fire(world.city(row), _valley(world, row), "submit_argument")


def experts_speak(world: World, row: SimValley, most: int = 99) -> None:
    """Every expert of the session says its opinion; the verdicts lead to a pass."""
    session = current_session(_valley(world, row))
    assert session is not None
    words = cycle([text for tag, text in world.data.texts.expert_opinions if tag == "pass"])
    revise = [text for tag, text in world.data.texts.expert_opinions if tag == "revise"]
    for number, opinion in enumerate(
        session.opinions.filter(given_at__isnull=True).select_related("expert")[:most]
    ):
        asks = number == 1
        argument.give_expert_opinion(
            world.experts[opinion.expert_id], opinion_id=opinion.pk, verdict="revise" if asks else "pass",
            text=(revise[len(row.key) % len(revise)] if asks else next(words)).zh,
        )  # fmt: skip


def some_experts_speak(world: World, row: SimValley) -> None:
    experts_speak(world, row, most=3)


def conclude(world: World, row: SimValley) -> None:
    valley = _valley(world, row)
    argument.write_minutes(
        world.city(row), valley_id=valley.pk,
        minutes=f"与会专家听取了{valley.name}建设方案汇报，审阅了材料，经质询讨论，一致认为方案定位清楚、基础扎实，"
        "同意通过论证，建议按专家意见进一步细化责任分工。",
    )  # fmt: skip
    _fire(world.city(row), valley, "conclude_argument")


def file(world: World, row: SimValley) -> None:
    _fire(world.city_government(row), _valley(world, row), "file")


def consult(world: World, row: SimValley) -> None:
    due = timezone.localdate() + timedelta(days=14)
    if row.state == "consulting" and row.deadline is not None:
        due = date.today() + timedelta(days=row.deadline)
    units = [world.bodies[body.key].pk for body in world.data.of_kind("member_unit")]
    _fire(world.office, _valley(world, row), "open_consultation", units=units, due_on=due)


def units_speak(world: World, row: SimValley, leave: tuple[str, ...] = ()) -> None:
    """Each unit answers; one asks for something, the others agree."""
    round_ = current_consultation(world.valleys[row.key].pk)
    assert round_ is not None
    units = {world.bodies[body.key].pk: body.key for body in world.data.of_kind("member_unit")}
    asking = ["unit-industry", "unit-education", "unit-planning"][len(row.key) % 3]
    for opinion in round_.opinions.filter(given_at__isnull=True):
        key = units[opinion.organisation_id]
        if key in leave:
            continue
        stand = "suggest" if key == asking else "agree"
        text = next(
            (
                text.zh
                for unit, said, text in world.data.texts.member_opinions
                if (unit, said) == (key, stand)
            ),
            "",
        )
        consultation.give_opinion(
            world.actor(Role.MEMBER_UNIT, key), opinion_id=opinion.pk, stand=stand, text=text or "无意见。"
        )


def some_units_speak(world: World, row: SimValley) -> None:
    units_speak(world, row, leave=("unit-talent", "unit-land"))


def send_opinions(world: World, row: SimValley) -> None:
    _fire(world.office, _valley(world, row), "send_opinions")


def answer(world: World, row: SimValley) -> None:
    """The city answers what was asked, one by one."""
    valley = _valley(world, row)
    words = cycle(world.data.texts.answers)
    for opinion in Opinion.objects.filter(consultation__valley=valley, given_at__isnull=False).exclude(
        stand="agree"
    ):
        adopted, text = next(words)
        consultation.answer_opinion(
            world.city(row), valley_id=valley.pk, opinion_id=opinion.pk, adopted=adopted, answer=text.zh
        )
    _fire(world.city(row), valley, "answer")


def accept(world: World, row: SimValley) -> None:
    if row.kind == "specialised" and row.operator:
        _operator(world, row)
    _fire(world.office, _valley(world, row), "accept")


def _operator(world: World, row: SimValley) -> None:
    assert row.operator is not None
    valley = _valley(world, row)
    if valley.operator_id is None:
        _basics(world, row, operator=True)


def return_plan(world: World, row: SimValley) -> None:
    _fire(
        world.office, _valley(world, row), "return_plan", reason=world.data.texts.return_reasons[row.key].zh
    )


def withdraw(world: World, row: SimValley) -> None:
    _fire(
        world.city(row),
        _valley(world, row),
        "withdraw",
        reason=world.data.texts.withdrawal_reasons[row.key].zh,
    )


def begin(world: World, row: SimValley) -> None:
    """The operator is engaged and building starts."""
    _operator(world, row)
    _fire(world.city(row), _valley(world, row), "begin")


def milestones(world: World, row: SimValley) -> None:
    """The plan's own milestones in place of the suggested ones, with what became of them since."""
    city, valley = world.city(row), _valley(world, row)
    Milestone.objects.filter(valley=valley).delete()
    today = date.today()
    for item in row.milestones:
        milestone = building.save_milestone(
            city, valley_pk=valley.pk, title=item.title.zh, starts_on=today + timedelta(days=item.starts),
            due_on=today + timedelta(days=item.due), responsible=item.responsible,
        )  # fmt: skip
        Milestone.objects.filter(pk=milestone.pk).update(
            progress=item.progress, note=item.note,
            done_on=today + timedelta(days=item.done) if item.done is not None else None,
        )  # fmt: skip


def records(world: World, row: SimValley) -> None:
    """Service bodies, and the operator's records of residents and spaces where the valley keeps them."""
    city, valley = world.city(row), _valley(world, row)
    short = world.data.cities[row.builder].short
    for kind, name, staff in SERVICE_BODIES:
        valleys.add_service_body(
            city,
            valley_id=valley.pk,
            kind=kind,
            name=f"{short}{name}",
            staff=staff,
            qualifications="持证上岗",
        )
    if row.records:
        load_records(world, row, valley)


def figures(world: World, row: SimValley) -> None:
    """The figures that the city files, with its source; those of complete records are computed instead."""
    city, valley, today = world.city(row), _valley(world, row), timezone.localdate()
    source = f"{world.data.city_office(row.builder).name}自查报告"
    computed = {"startup_office_m2", "standard_plant_m2"} if row.records else set()
    for indicator, value in row.figures.items():
        if indicator not in computed:
            figure_actions.file_figure(
                city, valley_id=valley.pk, indicator=indicator, value=value, dated=today, source_title=source
            )
    for indicator, values in row.series.items():
        for back, value in zip((3, 2, 1), values, strict=True):
            year = date.today().year - back
            figure_actions.file_figure(
                city, valley_id=valley.pk, indicator=indicator, value=value, year=year,
                dated=min(today, date(year + 1, 1, 20)), source_title=f"{year}年度统计报表",
            )  # fmt: skip
    if row.records:
        figure_actions.recompute(city, valley_id=valley.pk)


def apply(world: World, row: SimValley) -> None:
    """Apply; a shortfall comes with its reason."""
    reason = world.data.texts.shortfall_reasons.get(row.key)
    words = reason.zh if reason else "正文所列差距已制定补齐措施，按月推进并接受监测。"
    application.apply(world.city(row), valley_pk=_valley(world, row).pk, shortfall_reason=words)


def open_assessment(world: World, row: SimValley) -> None:
    _fire(world.office, _valley(world, row), "open_assessment")


def _assessment(world: World, row: SimValley) -> Assessment:
    return Assessment.objects.filter(valley=world.valleys[row.key]).latest("pk")


def commit(world: World, row: SimValley) -> None:
    lots.commit(world.office, pk=_assessment(world, row).pk)


def draw(world: World, row: SimValley) -> None:
    lots.draw(world.office, pk=_assessment(world, row).pk)


def scores(world: World, row: SimValley, open_sheets: int = 0) -> None:
    """Each assessor declares, scores every criterion with a reason, and submits."""
    current = _assessment(world, row)
    chosen = scheme(current.scheme)
    level = "low" if row.state == "rectifying" else "high"
    words = [text.zh for tag, text in world.data.texts.score_reasons if tag in (level, "middle")]
    seats = list(current.assessors.filter(excused_at__isnull=True).select_related("expert").order_by("order"))
    for number, seat in enumerate(seats[: len(seats) - open_sheets]):
        actor = world.experts[seat.expert_id]
        scoring.declare(actor, pk=seat.pk, free_of_conflict=True)
        share = (Decimal("0.62") if level == "low" else Decimal("0.84")) + Decimal(number % 4) / 50
        given = {c.id: str((c.max * share).quantize(Decimal("0.5"))) for c in chosen.criteria}
        why = {c.id: words[(number + place) % len(words)] for place, c in enumerate(chosen.criteria)}
        saved = scoring.save_draft(
            actor, pk=seat.pk, scores=given, reasons=why, comment=words[number % len(words)], revision=0
        )
        scoring.submit(actor, pk=seat.pk, revision=saved.sheet.revision)


def some_scores(world: World, row: SimValley) -> None:
    scores(world, row, open_sheets=2)


def visits(world: World, row: SimValley) -> None:
    for visit in _assessment(world, row).visits.all():
        assessment.record_visit(
            world.office, pk=visit.pk, finding="现场查看，情况与申请材料一致。", consistent=True,
            visited_on=timezone.localdate(),
        )  # fmt: skip


def conclude_assessment(world: World, row: SimValley) -> None:
    current = _assessment(world, row)
    if row.state == "rectifying":
        reason = world.data.texts.failure_reasons[row.key].zh
        assessment.conclude(world.office, pk=current.pk, passed=False, opinion=reason, reason=reason)
    else:
        assessment.conclude(
            world.office,
            pk=current.pk,
            passed=True,
            opinion="材料真实完整，建设条件经核验，专家评分合格，建议认定。",
        )


def approve(world: World, row: SimValley) -> None:
    _fire(world.government, _valley(world, row), "approve")


def object(world: World, row: SimValley) -> None:
    """A citizen objects; the office takes the objection up."""
    valley = _valley(world, row)
    running = notice.current_notice(valley)
    assert running is not None
    notice.raise_objection(
        Actor(address="203.0.113.7"), notice_pk=running.pk, raised_by="市民仉某（模拟）", contact="objector@example.invalid",
        text=world.data.texts.objections[row.key].zh,
    )  # fmt: skip
    _fire(world.office, valley, "object")


def award(world: World, row: SimValley) -> None:
    plaque.award(
        world.office,
        valley_pk=_valley(world, row).pk,
        decision_number=f"模政函〔{timezone.localdate().year}〕18号",
    )
