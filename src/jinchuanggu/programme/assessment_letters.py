"""The letters of the assessment: the report with computed conditions beside the experts' part, and the request."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from jinchuanggu.engines.rules.units import quantity
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.letters import Heading, Letter, Paragraph, Table
from jinchuanggu.foundation.letters.model import Block
from jinchuanggu.foundation.letters.programme import (
    OFFICE,
    Condition,
    Envelope,
    approval_request,
    assessment_report,
)
from jinchuanggu.programme.assessment_state import Sheets, sheets_of
from jinchuanggu.programme.judging import open_points
from jinchuanggu.programme.models import Assessment, Valley
from jinchuanggu.programme.models.valley import ServiceBodyKind
from jinchuanggu.programme.papers import keep_letter
from jinchuanggu.programme.plan_data import plan_data
from jinchuanggu.programme.schemes.loading import Scheme, scheme

# letters go out in Chinese, whoever presses the button
CHINESE = "zh-hans"
STATUS_WORDS = {"met": "满足", "not_met": "不满足", "not_evidenced": "证据不足"}


def envelope(valley: Valley, issuer: str = OFFICE, **fields: Any) -> Envelope:
    """Dated today; a simulated valley marks every page."""
    mark = "模拟" if valley.origin == "simulated" else ""
    return Envelope(issuer=issuer, dated=timezone.localdate(), mark=mark, **fields)


def write_report(actor: Actor, assessment: Assessment) -> None:
    """评估报告: the conditions of the application's day, the experts' scores without names, site findings, conclusion."""
    with translation.override(CHINESE):
        keep_letter(actor, assessment.valley, kind="assessment_report", letter=report_letter(assessment))


def report_letter(assessment: Assessment) -> Letter:
    """The report as a letter. Reads the sheets; the aggregate is the one kept at the conclusion."""
    valley, chosen = assessment.valley, scheme(assessment.scheme)
    sheets = sheets_of(assessment)
    return assessment_report(
        envelope(valley),
        valley=valley.name,
        assessed_on=timezone.localdate(),
        conditions=conditions(assessment.application.result),
        scores=anonymous_scores(assessment, sheets),
        conclusion=conclusion_text(assessment),
        problems=tuple(_problems(assessment)),
        summary=summary_text(assessment, chosen),
        expert_part=(
            _means_table(assessment, chosen),
            Paragraph(chosen.basis["zh"] + "。"),
            *_visits(assessment),
        ),
    )


def write_request(actor: Actor, assessment: Assessment) -> None:
    """上报省政府的请示."""
    valley = assessment.valley
    score = assessment.aggregate.get("score", "")
    letter = approval_request(
        envelope(valley),
        valley=valley.name,
        city=str(valley.region),
        signer=actor.name or OFFICE,
        assessed_on=timezone.localdate(),
        summary=f"专家综合得分{score}分，合格线{assessment.aggregate.get('pass_mark', '')}分，评估结论为合格",
    )
    keep_letter(actor, valley, kind="approval_request", letter=letter)


def conditions(result: dict[str, Any]) -> list[Condition]:
    """Each computed criterion as a row: criterion, value, threshold, verdict, evidence."""
    rows: list[Condition] = []
    for item in result["criteria"]:
        value = "—" if item["value"] is None else _number(item["value"], item["unit"])
        bound = "—" if item["threshold"] is None else _number(item["threshold"], item["unit"])
        rows.append((item["title"]["zh"], value, bound, STATUS_WORDS[item["status"]], _evidence(item)))
    return rows


def _number(value: Any, unit: str | None) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return quantity(Decimal(str(value)), unit).get("zh")
    return str(value)


def _evidence(item: dict[str, Any]) -> str:
    pieces = []
    for piece in item["evidence"]:
        if piece["chosen"]:
            title = (piece["source"] or {}).get("title") or _named(piece["value"])
            pieces.append("，".join(part for part in (piece["date"], title) if part))
    return "；".join(dict.fromkeys(piece for piece in pieces if piece)) or "无"


def _named(value: Any) -> str:
    """What a piece without a source is called: a paper or service body by its title, a name as it is."""
    if not isinstance(value, str):
        return ""
    paper = plan_data().paper(value)
    return paper.title["zh"] if paper else str(dict(ServiceBodyKind.choices).get(value, value))


def anonymous_scores(assessment: Assessment, sheets: Sheets) -> list[tuple[str, Decimal | None, str]]:
    """Totals and comments without name or code, in an order that says nothing about seats."""
    rows = [
        (
            sum((line.score or Decimal(0) for line in seat.sheet.lines.all()), Decimal(0)),
            seat.sheet.comment,
            seat.code,
        )
        for seat in sheets.seats
        if seat not in sheets.waiting
    ]
    rows.sort(key=lambda row: hashlib.sha256(f"{assessment.seed}|report|{row[2]}".encode()).hexdigest())
    return [(f"评分表{place}", total, comment) for place, (total, comment, _code) in enumerate(rows, start=1)]


def summary_text(assessment: Assessment, chosen: Scheme) -> str:
    """How the score came about, in words."""
    found = assessment.aggregate
    if not found:
        return "专家评分尚未形成。"
    dropped = f"去掉一个最高分和一个最低分（{'、'.join(found['dropped'])}）后" if found["dropped"] else ""
    return (
        f"{found['sheets']}名专家独立评分，{dropped}综合得分{found['score']}分（满分{chosen.full_score}分，"
        f"合格线{found['pass_mark']}分）。专家由公开可复算的随机抽取产生，种子承诺为{assessment.commitment[:16]}……。"
    )


def conclusion_text(assessment: Assessment) -> str:
    words = assessment.get_conclusion_display()
    return f"评估结论：{words}。{assessment.opinion}" if assessment.opinion else f"评估结论：{words}"


def _means_table(assessment: Assessment, chosen: Scheme) -> Table:
    means = assessment.aggregate.get("means", {})
    rows = tuple(
        (item.title["zh"], item.clause, f"{item.max}", means.get(item.id, "—")) for item in chosen.criteria
    )
    return Table(("评分项", "条款", "满分", "平均得分"), rows, "分项平均得分表", (5, 3, 2, 2))


def _visits(assessment: Assessment) -> Sequence[Block]:
    visits = list(assessment.visits.filter(visited_on__isnull=False))
    if not visits:
        return ()
    rows = tuple(
        (visit.item, visit.finding, "一致" if visit.consistent else "不一致", f"{visit.visited_on:%Y-%m-%d}")
        for visit in visits
    )
    return (
        Heading(1, "现场查看情况"),
        Table(("查看内容", "现场情况", "与材料", "日期"), rows, "现场查看表", (4, 6, 2, 3)),
    )


def _problems(assessment: Assessment) -> list[str]:
    found = [
        f"{item['title']['zh']}：{STATUS_WORDS[item['status']]}"
        for item in open_points(assessment.application.result)
    ]
    if assessment.application.shortfall_reason:
        found.append(f"申请方对差距的说明：{assessment.application.shortfall_reason}")
    found += [
        f"现场与材料不一致：{visit.item}（{visit.finding}）"
        for visit in assessment.visits.filter(consistent=False)
    ]
    return found
