"""The figures of a report: conditions, targets, growth, milestones, filings, indicators of the year beside the last.

A report being drafted shows them as they are today; filing freezes them (`AnnualReport.figures`). All values are text,
exact, so that what was frozen can be sealed and read again years later.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period, PeriodKind
from jinchuanggu.indicators.definitions.library import indicators, shown, title_of
from jinchuanggu.indicators.models import Figure, Filing, UnitLevel
from jinchuanggu.indicators.queries import reports_of
from jinchuanggu.indicators.store.pivot import pivot
from jinchuanggu.indicators.store.units import valley_unit
from jinchuanggu.programme import judging
from jinchuanggu.programme.models import AnnualReport, Milestone, YearTarget
from jinchuanggu.programme.monitoring.settings import settings

GROWTH = ("innovation_bodies", "innovation_platforms", "innovation_talents", "technology_turnover_cny")
"""The four main indicators that the document wants to keep growing: 二（二）4."""
TENTH = Decimal("0.1")


def snapshot(report: AnnualReport, on: date) -> dict[str, Any]:
    """Plain data, words in Chinese as the report is; `on`: the day of filing, or today for a draft."""
    year = report.cycle.year
    with translation.override("zh-hans"):
        used = _used(report.valley_id)
        values = _values(report, year, on)
        return {
            "on": on.isoformat(),
            "conditions": _conditions(report, on),
            "targets": _targets(report, year, used, values),
            "growth": _growth(year, used),
            "milestones": _milestones(report, year),
            "filings": _filings(report, year, on),
            "report": _punctuality(report, on),
            "indicators": _indicators(values, year),
            "series": _series(report, year, on),
        }


def current(report: AnnualReport, today: date) -> dict[str, Any]:
    """What was frozen when the report was filed, else what holds today."""
    return dict(report.figures) if report.figures else snapshot(report, today)


def _used(valley_id: int) -> dict[tuple[str, int | None], Figure]:
    """The report that counts for each judged figure and year."""
    return {
        (reports.indicator.key, reports.year): reports.used
        for reports in reports_of(valley_id)
        if reports.used is not None
    }


def _conditions(report: AnnualReport, on: date) -> list[dict[str, Any]]:
    words = {"met": "满足", "not_met": "不满足", "not_evidenced": "证据不足", "not_applicable": "不适用"}
    result = judging.judge(report.valley, on)
    return [
        {
            "id": one["id"], "title": one["title"]["zh"], "status": one["status"],
            "text": words.get(one["status"], one["status"]),
        }
        for one in result["criteria"]
        if one["status"] != "not_applicable"
    ]  # fmt: skip


def _values(report: AnnualReport, year: int, on: date) -> dict[tuple[str, int], Decimal]:
    """{(indicator, year): value} of the year and the year before: whole years, this one as far as it has come."""
    unit = valley_unit(report.valley_id)
    last = min(Period(PeriodKind.YEAR, year), Period.of(PeriodKind.YEAR, on))
    keys = dict.fromkeys((*settings().figures, *GROWTH))
    cells = pivot(
        keys, level=UnitLevel.VALLEY, units=[unit], periods=(last.shift(-1), last), kind=PeriodKind.YEAR
    )
    return {(cell.key, cell.period.year): cell.value for cell in cells if cell.value is not None}


def _targets(
    report: AnnualReport,
    year: int,
    used: dict[tuple[str, int | None], Figure],
    values: dict[tuple[str, int], Decimal],
) -> list[dict[str, Any]]:
    rows = []
    for one in YearTarget.objects.filter(valley_id=report.valley_id, year=year).order_by("pk"):
        figure = used.get((one.indicator, year)) or used.get((one.indicator, None))
        actual = figure.value if figure is not None else values.get((one.indicator, year))
        text = _("目标 %(target)s，实际 %(actual)s") % {
            "target": shown(one.indicator, one.target),
            "actual": "无数据" if actual is None else shown(one.indicator, actual),
        }
        rows.append(
            {
                "indicator": one.indicator, "title": title_of(one.indicator), "target": _text(one.target),
                "actual": None if actual is None else _text(actual), "text": text,
            }
        )  # fmt: skip
    return rows


def _growth(year: int, used: dict[tuple[str, int | None], Figure]) -> list[dict[str, Any]]:
    rows = []
    for key in GROWTH:
        now, then = used.get((key, year)), used.get((key, year - 1))
        percent = None
        if now is not None and then is not None and then.value:
            percent = ((now.value - then.value) * 100 / abs(then.value)).quantize(TENTH)
        said = f"{shown(key, now.value)}" if now is not None else "无数据"
        before = f"{shown(key, then.value)}" if then is not None else "无数据"
        text = f"{year} 年 {said}，{year - 1} 年 {before}" + (
            f"，同比 {percent:+}%" if percent is not None else ""
        )
        rows.append(
            {
                "indicator": key,
                "title": title_of(key),
                "percent": None if percent is None else str(percent),
                "text": text,
            }
        )
    return rows


def _milestones(report: AnnualReport, year: int) -> list[dict[str, Any]]:
    """`counts`: on_time, late or open for those due by the end of the year; empty for later ones."""
    end = date(year, 12, 31)
    rows = []
    for one in Milestone.objects.filter(valley_id=report.valley_id).order_by("due_on", "pk"):
        counts = ""
        if one.due_on <= end:
            done = one.done_on is not None and one.done_on <= end
            counts = "open" if not done else "on_time" if one.done_on <= one.due_on else "late"  # type: ignore[operator]
        said = f"{one.done_on.isoformat()} 完成" if one.done_on else f"进度 {one.progress}%"
        rows.append(
            {"title": one.title, "due_on": one.due_on.isoformat(), "done_on": one.done_on.isoformat() if one.done_on else None,
             "progress": one.progress, "counts": counts, "text": f"计划 {one.due_on.isoformat()}，{said}"}
        )  # fmt: skip
    return rows


def _filings(report: AnnualReport, year: int, on: date) -> dict[str, Any]:
    """The forms of the year that were due by the day: on time, late, missing."""
    sent = Q(submitted_at__isnull=False)
    found = Filing.objects.filter(
        valley_id=report.valley_id, due_on__gte=date(year, 1, 1), due_on__lte=min(on, date(year, 12, 31))
    ).aggregate(
        due=Count("pk"),
        on_time=Count("pk", filter=sent & Q(late=False)),
        late=Count("pk", filter=sent & Q(late=True)),
    )
    missing = found["due"] - found["on_time"] - found["late"]
    text = f"应报 {found['due']} 份，按时 {found['on_time']}，逾期 {found['late']}，未报 {missing}"
    return {**found, "missing": missing, "title": "数据报送", "text": text}


def _punctuality(report: AnnualReport, on: date) -> dict[str, Any]:
    """Days late against the stored due day of the cycle; None while it isn't filed."""
    title = "年度报告报送"
    if report.filed_at is None:
        return {"days_late": None, "title": title, "text": "未报送"}
    from django.utils import timezone

    days = max(0, (timezone.localdate(report.filed_at) - report.cycle.due_on).days)
    return {"days_late": days, "title": title, "text": f"逾期 {days} 天" if days else "按期"}


def _indicators(values: dict[tuple[str, int], Decimal], year: int) -> list[dict[str, Any]]:
    """Figures of the year beside the last; those without any value are left out."""
    rows = []
    for key in settings().figures:
        now, then = values.get((key, year)), values.get((key, year - 1))
        if now is None and then is None:
            continue
        growth = None
        if now is not None and then is not None and then and indicators()[key].unit != "percent":
            growth = str(((now - then) * 100 / abs(then)).quantize(TENTH))
        rows.append(
            {
                "indicator": key, "title": title_of(key), "value": None if now is None else _text(now),
                "before": None if then is None else _text(then), "growth": growth,
                "text": "—" if now is None else shown(key, now), "before_text": "—" if then is None else shown(key, then),
            }
        )  # fmt: skip
    return rows


def _series(report: AnnualReport, year: int, on: date) -> list[dict[str, Any]]:
    """Months of the two years for the charts."""
    unit = valley_unit(report.valley_id)
    last = min(Period.month(year, 12), Period.of(PeriodKind.MONTH, on).shift(-1))
    cells = pivot(
        settings().charts, level=UnitLevel.VALLEY, units=[unit], periods=(Period.month(year - 1, 1), last)
    )
    found: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.value is not None and cell.period.kind is PeriodKind.MONTH:
            found.setdefault(cell.key, {})[str(cell.period)] = _text(cell.value)
    return [
        {"indicator": key, "title": title_of(key), "unit": indicators()[key].unit, "points": found[key]}
        for key in settings().charts
        if key in found
    ]


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"
