"""The letters of yearly monitoring: the report itself, the decisions, and the summary of the province."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone, translation

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.letters import Chart, Heading, IssuingNumber, Letter, Paragraph, Table
from jinchuanggu.foundation.letters.model import Block
from jinchuanggu.foundation.letters.numbers import chinese_date
from jinchuanggu.foundation.letters.programme import OFFICE, Envelope
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle
from jinchuanggu.programme.monitoring.scheme import scheme_of
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.papers import keep_letter
from jinchuanggu.programme.plan_letters import city_name

CHINESE = "zh-hans"
WAN = Decimal(10_000)


def _envelope(actor: Actor, report: AnnualReport | None, number: str, simulated: bool = False) -> Envelope:
    mark = "模拟" if simulated or (report is not None and report.origin == "simulated") else ""
    return Envelope(
        issuer=actor.organisation_name or OFFICE, dated=timezone.localdate(), mark=mark,
        number=IssuingNumber.parse(number.strip()) if number.strip() else None,
    )  # fmt: skip


def _keep(actor: Actor, report: AnnualReport, kind: str, letter: Letter) -> Document:
    return keep_letter(actor, report, kind=kind, letter=letter)


def write_report(actor: Actor, report: AnnualReport, number: str = "") -> Document:
    """The yearly report of the city government to the provincial office, with figures, tables and charts."""
    with translation.override(CHINESE):
        return _keep(
            actor,
            report,
            "annual_report",
            report_letter(_envelope(actor, report, number), report, report.figures),
        )


def report_letter(head: Envelope, report: AnnualReport, figures: dict[str, Any]) -> Letter:
    """Also for the preview of a report that isn't filed yet."""
    year, name = report.cycle.year, report.valley.name
    body: list[Block] = [
        Paragraph(
            f"按照晋政办发〔2024〕40号文件关于监测考核的要求，现将{name}创新驱动平台{year}年度建设情况报告如下。"
            f"文中数据截至{chinese_date(date.fromisoformat(figures['on']))}。"
        )
    ]
    in_tasks = False
    for section in settings().sections:
        if section.task and not in_tasks:
            body.append(Heading(1, "重点任务落实情况"))
            in_tasks = True
        body.append(Heading(2 if section.task else 1, section.title["zh"]))
        text = str(report.sections.get(section.key, "")).strip()
        body += [Paragraph(part.strip()) for part in text.split("\n") if part.strip()] or [
            Paragraph("（未填写）")
        ]
        if section.key == "progress":
            body += _charts(figures)
    return Letter(
        **head.fields(), form="letter" if head.number else "plain",
        title=f"关于{name}创新驱动平台{year}年度建设情况的报告", addressee=OFFICE, body=tuple(body),
        tables=tuple(_tables(figures)),
    )  # fmt: skip


def _charts(figures: dict[str, Any]) -> list[Block]:
    """This year's months beside the last year's, one chart for each series."""
    found: list[Block] = []
    for row in figures.get("series", []):
        points: dict[str, str] = row["points"]
        years = sorted({at[:4] for at in points})[-2:]
        if not years:
            continue
        unit, size = ("万元", WAN) if row["unit"] == "cny" else (UNITS[row["unit"]].label.zh, Decimal(1))
        series = []
        for year in reversed(years):
            values = [points.get(f"{year}-{month:02}") for month in range(1, 13)]
            if any(value is not None for value in values):
                scaled = tuple(None if value is None else f"{Decimal(value) / size:.4f}" for value in values)
                series.append((f"{year} 年", scaled))
        if series:
            months = tuple(f"{month}月" for month in range(1, 13))
            found.append(Chart(row["title"], months, tuple(series), unit))
    return found


def _tables(figures: dict[str, Any]) -> list[Table]:
    found = []
    if rows := figures.get("conditions"):
        found.append(
            Table(
                ("认定条件", "核验"),
                tuple((r["title"], r["text"]) for r in rows),
                "附表1 认定条件核验",
                (4, 1),
            )
        )
    if rows := figures.get("indicators"):
        cells = tuple(
            (
                r["title"],
                r["text"],
                r["before_text"],
                "—" if r["growth"] is None else f"{Decimal(r['growth']):+}%",
            )
            for r in rows
        )
        found.append(
            Table(("指标", "本年", "上年", "同比"), cells, f"附表{len(found) + 1} 主要指标", (4, 3, 3, 2))
        )
    if rows := figures.get("targets"):
        found.append(
            Table(
                ("年度目标", "完成情况"),
                tuple((r["title"], r["text"]) for r in rows),
                f"附表{len(found) + 1} 年度目标",
                (2, 4),
            )
        )
    if rows := figures.get("growth"):
        found.append(
            Table(
                ("主要指标", "增长情况"),
                tuple((r["title"], r["text"]) for r in rows),
                f"附表{len(found) + 1} 持续增长",
                (2, 4),
            )
        )
    if rows := figures.get("milestones"):
        found.append(
            Table(
                ("里程碑", "进展"),
                tuple((r["title"], r["text"]) for r in rows),
                f"附表{len(found) + 1} 里程碑",
                (2, 3),
            )
        )
    return found


def _result(report: AnnualReport) -> str:
    if report.score is None:
        return f"{report.cycle.year} 年度监测评价没有得分。"
    level = next(
        (one for one in scheme_of(report.cycle).levels if one.key == report.evaluation.get("level")), None
    )
    rank = f"，排名第 {report.rank} 位" if report.rank else "，不参加排名"
    return f"{report.cycle.year} 年度监测评价得分 {report.score} 分{rank}" + (
        f"，等次为{level.title['zh']}。" if level else "。"
    )


def _letter(
    actor: Actor, report: AnnualReport, number: str, title: str, body: list[Block], to: str, **more: Any
) -> Letter:
    return Letter(
        **_envelope(actor, report, number).fields(), form=more.pop("form", "letter"), title=title, addressee=to,
        body=tuple(body), **more,
    )  # fmt: skip


def write_decision(actor: Actor, report: AnnualReport, reason: str, number: str = "") -> Document:
    with translation.override(CHINESE):
        body: list[Block] = [
            Paragraph(f"经总结评估并报省级工作专班研究，{_result(report)}"),
            Paragraph(
                f"决定对{report.valley.name}创新驱动平台继续给予后续支持。"
                + (reason.strip() if reason else "")
            ),
            Paragraph("请继续落实建设方案，按期报送数据和年度建设情况。"),
        ]
        title = f"关于{report.valley.name}{report.cycle.year}年度监测考核结果的通知"
        return _keep(
            actor,
            report,
            "monitoring_decision",
            _letter(actor, report, number, title, body, city_name(report.valley.region)),
        )


def write_notice(actor: Actor, report: AnnualReport, reason: str, number: str = "") -> Document:
    with translation.override(CHINESE):
        rows = tuple(
            (str(at), item.title, item.requirement, item.due_on.isoformat())
            for at, item in enumerate(report.items.all(), 1)
        )
        body: list[Block] = [
            Paragraph(f"经总结评估并报省级工作专班研究，{_result(report)}"),
            Paragraph(f"因{reason.strip().rstrip('。')}，决定责令限期整改。"),
            Paragraph("请逐项整改，在期限内提交整改情况和佐证材料；逾期未完成或复核未通过的，将报请撤销。"),
        ]
        letter = _letter(
            actor, report, number, f"关于{report.valley.name}创新驱动平台限期整改的通知", body, city_name(report.valley.region),
            tables=(Table(("序号", "整改事项", "要求", "期限"), rows, "整改事项清单", (1, 3, 5, 2)),),
        )  # fmt: skip
        return _keep(actor, report, "rectification_notice", letter)


def write_recheck(actor: Actor, report: AnnualReport, reason: str, number: str = "") -> Document:
    with translation.override(CHINESE):
        rows = tuple(
            (item.title, "通过" if item.accepted else "未通过", item.opinion or "—")
            for item in report.items.all()
        )
        body: list[Block] = [Paragraph("你市提交的整改情况已复核，整改事项全部通过，整改程序办结。")]
        letter = _letter(
            actor, report, number, f"关于{report.valley.name}整改复核情况的函", body, city_name(report.valley.region),
            tables=(Table(("整改事项", "复核", "意见"), rows, "", (3, 1, 4)),),
        )  # fmt: skip
        return _keep(actor, report, "recheck_letter", letter)


def write_request(actor: Actor, report: AnnualReport, reason: str, number: str = "") -> Document:
    with translation.override(CHINESE):
        body: list[Block] = [
            Paragraph(_result(report)),
            Paragraph(
                f"因{reason.strip().rstrip('。')}，经省级工作专班研究，建议撤销{report.valley.name}创新驱动平台。"
            ),
            Paragraph("妥否，请批示。"),
        ]
        letter = _letter(
            actor,
            report,
            number,
            f"关于撤销{report.valley.name}创新驱动平台的请示",
            body,
            "省人民政府",
            form="plain",
        )
        return _keep(actor, report, "revocation_request", letter)


def write_revocation(actor: Actor, report: AnnualReport, reason: str, number: str = "") -> Document:
    with translation.override(CHINESE):
        body: list[Block] = [
            Paragraph(
                f"根据晋政办发〔2024〕40号文件关于监测考核的规定，决定撤销{report.valley.name}创新驱动平台，收回牌匾。"
            ),
            Paragraph(f"撤销理由：{reason.strip()}"),
            Paragraph("平台存续期间的档案、数据和决定继续保存。"),
        ]
        letter = _letter(
            actor,
            report,
            number,
            f"关于撤销{report.valley.name}创新驱动平台的决定",
            body,
            city_name(report.valley.region),
        )
        return _keep(actor, report, "revocation_decision", letter)


def summary_letter(actor: Actor, cycle: MonitoringCycle, origin: str, number: str = "") -> Letter:
    reports = list(
        cycle.reports.filter(origin=origin).select_related("valley__region").order_by("rank", "valley__name")
    )
    filed = [one for one in reports if one.filed_at]
    late = [one.valley.name for one in filed if one.late]
    missing = [one.valley.name for one in reports if one.filed_at is None]
    before = {
        one.valley_id: one
        for one in AnnualReport.objects.filter(
            cycle__year=cycle.year - 1, valley__in=[r.valley_id for r in reports]
        )
    }
    body: list[Block] = [
        Heading(1, "报送情况"),
        Paragraph(
            f"{cycle.year} 年度应报送 {len(reports)} 个平台，已报送 {len(filed)} 个，其中逾期 {len(late)} 个"
            + (f"（{'、'.join(late)}）" if late else "")
            + (f"；未报送：{'、'.join(missing)}。" if missing else "。")
        ),
        Heading(1, "评价结果"),
    ]
    scored = [one for one in filed if one.score is not None]
    if scored:
        mean = sum((one.score for one in scored if one.score is not None), Decimal(0)) / len(scored)
        body.append(
            Paragraph(
                f"参加评价 {len(scored)} 个，平均 {mean:.2f} 分。评价按公布的方案进行，方案摘要 {cycle.scheme_digest[:12]}。"
            )
        )
        body.append(
            Chart(
                "各平台得分",
                tuple(_short(one.valley.name) for one in scored),
                (("得分", tuple(str(one.score) for one in scored)),),
                "分",
                "bar",
            )
        )
    else:
        body.append(Paragraph("尚未公布评价结果。"))
    if cycle.summary:
        body += [
            Heading(1, "总体评价"),
            *(Paragraph(part) for part in cycle.summary.split("\n") if part.strip()),
        ]
    decided = [one for one in reports if one.outcome]
    body.append(Heading(1, "决定事项"))
    body.append(
        Paragraph(
            "；".join(f"{one.valley.name}：{one.get_outcome_display()}" for one in decided) + "。"
            if decided
            else "尚未作出决定。"
        )
    )
    problems = [(one.valley.name, str(one.sections.get("problems", "")).strip()) for one in filed]
    body.append(Heading(1, "各平台反映的主要问题"))
    body += [Paragraph(f"{name}：{text.splitlines()[0]}") for name, text in problems if text] or [
        Paragraph("无。")
    ]
    rows = tuple(
        (
            str(one.rank or "—"), one.valley.name, "—" if one.score is None else str(one.score),
            _moved(one, before.get(one.valley_id)), ("逾期" if one.late else "按期") if one.filed_at else "未报送",
            str(one.get_outcome_display()) if one.outcome else "—",
        )
        for one in reports
    )  # fmt: skip
    return Letter(
        **_envelope(actor, None, number, origin == "simulated").fields(), form="plain",
        title=f"{cycle.year}年度晋创谷创新驱动平台监测考核总结报告", addressee="省级工作专班", body=tuple(body),
        tables=(Table(("名次", "平台", "得分", "较上年", "报送", "决定"), rows, "附表 评价结果", (1, 4, 2, 2, 2, 2)),),
    )  # fmt: skip


def _short(name: str) -> str:
    return name.removeprefix("晋创谷·").removesuffix("（模拟）")


def _moved(now: AnnualReport, then: AnnualReport | None) -> str:
    if then is None or then.score is None or now.score is None:
        return "—"
    return f"{now.score - then.score:+}"


def preview(actor: Actor, report: AnnualReport, figures: dict[str, Any]) -> Letter:
    """The report as it stands: issued by the city's government, dated today."""
    head = Envelope(
        issuer=city_name(report.valley.region), dated=timezone.localdate(),
        mark="模拟" if report.origin == "simulated" else "" if report.filed_at else "草稿",
    )  # fmt: skip
    return report_letter(head, report, figures)
