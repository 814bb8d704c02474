"""The letters of the plan half, made from the records: plan, minutes, filing, consultation, return,
acceptance.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.letters import Heading, IssuingNumber, KeyValue, Letter, Paragraph, Table
from jinchuanggu.foundation.letters import programme as letters
from jinchuanggu.foundation.organisations.models import Organisation, Region
from jinchuanggu.foundation.workflow.definition import DeadlineRule
from jinchuanggu.foundation.workflow.registry import Attempt
from jinchuanggu.indicators.definitions.library import shown, title_of
from jinchuanggu.programme import versions
from jinchuanggu.programme.models import ArgumentSession, Consultation, PlanVersion, Valley
from jinchuanggu.programme.papers import keep_letter

MARK = "模拟"
# letters go out in Chinese, whoever presses the button
CHINESE = "zh-hans"


def city_name(region: Region) -> str:
    """The government (or committee) that stands for a builder: 阳泉市 → 阳泉市人民政府."""
    body = Organisation.objects.filter(region=region, kind="government").order_by("pk").first()
    return body.name if body else region.name


def envelope(actor: Actor, valley: Valley, number: IssuingNumber | None = None) -> letters.Envelope:
    """Issuer, day and mark of a letter that the actor's organisation sends."""
    return letters.Envelope(
        issuer=actor.organisation_name or letters.OFFICE,
        dated=timezone.localdate(),
        number=number,
        mark=MARK if valley.origin == "simulated" else "",
    )


def _number(attempt: Attempt) -> IssuingNumber | None:
    text = str(attempt.payload.get("issuing_number") or "").strip()
    return IssuingNumber.parse(text) if text else None


def keep_plan(actor: Actor, valley: Valley, version: PlanVersion) -> Document:
    """The frozen plan as a document, so that it needn't be typed a second time."""
    with translation.override(CHINESE):
        return keep_letter(
            actor,
            valley,
            kind="construction_plan",
            letter=_plan(actor, valley, version.content, version.number),
        )


def _plan(actor: Actor, valley: Valley, content: dict[str, Any], number: int) -> Letter:
    body: list[Any] = [
        Heading(1, "基本情况"),
        KeyValue(tuple((line.title, line.text) for line in versions.basics_lines(content) if line.text)),
    ]
    for line in versions.section_lines(content):
        body.append(Heading(1, line.title))
        body += [Paragraph(part) for part in line.text.split("\n") if part.strip()]
    years, rows = versions.target_table(content)
    tables = (
        (Table(("指标", *years), tuple((name, *values) for name, values in rows), caption="年度目标"),)
        if years
        else ()
    )
    head = envelope(actor, valley)
    return Letter(
        **head.fields(),
        form="plain",
        title=f"{valley.name}创新驱动平台建设方案（第{number}稿）",
        body=tuple(body),
        tables=tables,
    )


def keep_minutes(actor: Actor, session: ArgumentSession) -> Document:
    """Minutes and opinions of a session as 专家论证意见."""
    with translation.override(CHINESE):
        opinions = list(session.opinions.select_related("expert__person__employer").order_by("pk"))
        experts = tuple(
            (
                opinion.expert.person.name,
                opinion.expert.person.employer.name if opinion.expert.person.employer else "",
                opinion.get_verdict_display() or "未提交",
                opinion.text,
            )
            for opinion in opinions
        )
        letter = Letter(
            **envelope(actor, session.valley).fields(),
            form="plain",
            title=f"{session.valley.name}创新驱动平台建设方案专家论证意见",
            body=(
                KeyValue((("时间", session.held_on.isoformat()), ("地点", session.place))),
                Heading(1, "会议纪要"),
                *(Paragraph(part) for part in session.minutes.split("\n") if part.strip()),
                Heading(1, "专家意见"),
            ),
            tables=(Table(("专家", "单位", "意见", "内容"), experts, widths=(2, 4, 2, 6)),),
        )
        return keep_letter(actor, session, kind="argument_minutes", letter=letter)


def keep_filing(attempt: Attempt, version: PlanVersion) -> None:
    """The city government's filing letter."""
    valley, content = attempt.subject, version.content
    session = valley.argument_sessions.filter(concluded_at__isnull=False).first()
    with translation.override(CHINESE):
        years = sorted(content["targets"])
        measures = tuple(
            (f"{title_of(name)}（{years[-1]}年）", shown(name, Decimal(str(value))))
            for name, value in (content["targets"][years[-1]] if years else {}).items()
        )
        letter = letters.filing_letter(
            envelope(attempt.actor, valley, _number(attempt)),
            valley=valley.name,
            kind=str(valley.get_kind_display()),
            zone="、".join(content["basics"]["zones"]),
            fields=tuple(content["basics"]["key_fields"]),
            universities=tuple(content["basics"]["universities"]),
            argued_on=session.held_on if session else None,
            measures=measures,
        )
        keep_letter(attempt.actor, valley, kind="filing_letter", letter=letter)


def keep_consultation(attempt: Attempt, round_: Consultation) -> None:
    """The office's letter to the member units."""
    valley = attempt.subject
    units = tuple(round_.opinions.order_by("pk").values_list("organisation__name", flat=True))
    with translation.override(CHINESE):
        letter = letters.consultation_letter(
            envelope(attempt.actor, valley, _number(attempt)),
            valley=valley.name,
            city=city_name(valley.region),
            units=units,
            deadline=round_.due_on,
        )
        keep_letter(attempt.actor, valley, kind="consultation_letter", letter=letter)


def keep_return(attempt: Attempt, subject: str) -> None:
    """The office's return letter with the reason written in the dialog, one line per point."""
    valley = attempt.subject
    reasons = tuple((line.strip(), "") for line in attempt.reason.splitlines() if line.strip())
    with translation.override(CHINESE):
        letter = letters.return_letter(
            envelope(attempt.actor, valley, _number(attempt)),
            valley=valley.name,
            addressee=city_name(valley.region),
            reasons=reasons,
            subject=subject,
        )
        keep_letter(attempt.actor, valley, kind="return_letter", letter=letter)


def keep_acceptance(attempt: Attempt, building: DeadlineRule | None) -> None:
    """The office's letter of acceptance; the building stage is as long as the process says."""
    valley, today = attempt.subject, timezone.localdate()
    filed = (
        Document.objects.filter(subject_label="programme.valley", subject_id=valley.pk, kind="filing_letter")
        .order_by("-pk")
        .first()
    )
    adopted = valley.consultations.first()
    advice = tuple(
        text
        for text in (adopted.opinions.filter(adopted=True).values_list("text", flat=True) if adopted else ())
        if text
    )
    with translation.override(CHINESE):
        letter = letters.acceptance_letter(
            envelope(attempt.actor, valley, _number(attempt)),
            valley=valley.name,
            city=city_name(valley.region),
            filed_under=IssuingNumber.parse(filed.issuing_number) if filed and filed.issuing_number else None,
            starts=today,
            ends=today + timedelta(days=building.days if building else 0),
            advice=advice,
        )
        keep_letter(attempt.actor, valley, kind="acceptance_letter", letter=letter)
