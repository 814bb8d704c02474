"""First words of every chapter, drawn from the records: sentences an office would otherwise type from four tables.

They stand as a draft until a person has written or confirmed the chapter. Nothing is claimed that no record says.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from jinchuanggu.indicators.definitions.library import shown
from jinchuanggu.programme.models import AnnualReport, ServiceBody, Valley, YearTarget
from jinchuanggu.programme.monitoring.settings import settings

NOTHING = "本年度系统内没有相应记录，请补充。"


def drafts(report: AnnualReport, figures: dict[str, Any], today: date) -> dict[str, str]:
    """{chapter: text} for all chapters, in Chinese as the report is."""
    work = _Draft(report, figures, today)
    return {section.key: work.text(section.key) for section in settings().sections}


class _Draft:
    def __init__(self, report: AnnualReport, figures: dict[str, Any], today: date) -> None:
        self.report, self.figures, self.today = report, figures, today
        self.valley: Valley = report.valley
        self.year: int = report.cycle.year
        self.rows = {row["indicator"]: row for row in figures.get("indicators", [])}

    def text(self, key: str) -> str:
        method: Callable[[], str] = getattr(self, f"_{key}")
        return method() or NOTHING

    def _said(self, *keys: str) -> str:
        """“在驻企业 212 家（上年 180 家）” for each figure with a value, as one sentence."""
        parts = []
        for key in keys:
            row = self.rows.get(key)
            if row is None or row["value"] is None:
                continue
            before = f"（上年 {row['before_text']}）" if row["before"] is not None else ""
            parts.append(f"{row['title']} {row['text']}{before}{_change(row['growth'])}")
        return "；".join(parts) + "。" if parts else ""

    def _progress(self) -> str:
        due = [row for row in self.figures.get("milestones", []) if row["counts"]]
        done = [row for row in due if row["counts"] in ("on_time", "late")]
        met = [row["title"] for row in self.figures.get("conditions", []) if row["status"] == "met"]
        words = [f"{self.year} 年，{self.valley.name}按照建设方案推进建设。"]
        if due:
            words.append(
                f"截至年末应完成里程碑 {len(due)} 项，已完成 {len(done)} 项，其中按期 {sum(r['counts'] == 'on_time' for r in due)} 项。"
            )
        if met:
            words.append(f"认定条件中已满足 {len(met)} 项：{'、'.join(met)}。")
        words.append(self._said("space_area_m2", "leased_area_m2", "occupancy_percent"))
        return "".join(words)

    def _task_1(self) -> str:
        bodies = [body.name for body in self.valley.universities.all()]
        words = f"与{'、'.join(bodies)}共建。" if bodies else ""
        return words + self._said("resident_units", "sci_tech_firms")

    def _task_2(self) -> str:
        words = f"由{self.valley.operator.name}负责专业化、市场化运营。" if self.valley.operator else ""
        rows = list(ServiceBody.objects.filter(valley=self.valley))
        if rows:
            words += f"设有服务机构 {len(rows)} 家，服务人员 {sum(row.staff for row in rows)} 人。"
        return words

    def _task_3(self) -> str:
        return self._said("resident_enterprises", "move_ins", "move_outs", "full_time_staff", "revenue_cny")

    def _task_4(self) -> str:
        return self._said(
            "contracts_registered", "contract_turnover_cny", "achievements_landed", "technology_income_cny"
        )

    def _task_5(self) -> str:
        return self._said("events_held", "ip_applications", "ip_grants", "invention_patents")

    def _task_6(self) -> str:
        return self._said("financing_cny", "equity_financing_cny", "loans_cny")

    def _task_7(self) -> str:
        force = self.valley.task_force.count()
        return f"设立工作专班，成员 {force} 人。" if force else ""

    def _task_8(self) -> str:
        return self._said("policy_paid_cny", "tax_paid_cny", "rd_expense_cny", "rd_intensity_percent")

    def _task_9(self) -> str:
        fields = "、".join(self.valley.key_fields or [])
        return f"围绕{fields}开展特色试点。请补充本年度试点任务和成效。" if fields else ""

    def _practices(self) -> str:
        return "请写明可复制、可推广的做法：解决什么问题、怎么做、取得什么效果、在什么条件下可以复制。"

    def _problems(self) -> str:
        short = [row["title"] for row in self.figures.get("conditions", []) if row["status"] == "not_met"]
        unknown = [
            row["title"] for row in self.figures.get("conditions", []) if row["status"] == "not_evidenced"
        ]
        late = [row["title"] for row in self.figures.get("milestones", []) if row["counts"] == "open"]
        missed = [
            row["title"] for row in self.figures.get("targets", [])
            if row["actual"] is not None and float(row["actual"]) < float(row["target"])
        ]  # fmt: skip
        words = ""
        for title, rows in (
            ("尚未达到的条件", short),
            ("证据不足的条件", unknown),
            ("未按期完成的里程碑", late),
            ("未完成的年度目标", missed),
        ):
            if rows:
                words += f"{title} {len(rows)} 项：{'、'.join(rows)}。"
        return words + "原因和措施请补充。" if words else "系统记录中没有未达条件、滞后里程碑或未完成目标。"

    def _plan(self) -> str:
        rows = YearTarget.objects.filter(valley=self.valley, year=self.year + 1).order_by("pk")
        goals = [f"{_title(row.indicator)}达到 {shown(row.indicator, row.target)}" for row in rows]
        if not goals:
            return f"建设方案没有 {self.year + 1} 年的目标，请写明下一年度目标、重点工作和时间安排。"
        return f"{self.year + 1} 年目标：{'；'.join(goals)}。"


def _change(growth: str | None) -> str:
    """“，同比增长 4.5%”; neither growth nor decline is said to be level; nothing without a figure of the year before."""
    if growth is None:
        return ""
    percent = Decimal(growth)
    if not percent:
        return "，与上年持平"
    return f"，同比{'增长' if percent > 0 else '下降'} {abs(percent).normalize():f}%"


def _title(key: str) -> str:
    from jinchuanggu.indicators.definitions.library import indicators

    found = indicators().get(key)
    return found.title["zh"] if found else key
