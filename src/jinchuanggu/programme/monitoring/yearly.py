"""One year of monitoring as its page tells it: in words first, then report by report, real and simulated apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import day
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.programme.labels import display_name
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle, ReportOutcome, Valley
from jinchuanggu.programme.monitoring import view
from jinchuanggu.programme.monitoring.access import visible_reports
from jinchuanggu.programme.monitoring.cases import PROCESS

VERBS = {
    "drafting": (lambda: _("编写"), "report_edit"), "ready": (lambda: _("审签报送"), "annual_report"),
    "filed": (lambda: _("受理"), "annual_report"), "scoring": (lambda: _("打分"), "report_scores"),
    "deciding": (lambda: _("作出决定"), "report_decide"), "revoking": (lambda: _("审定"), "annual_report"),
    "rectifying": (lambda: _("填整改情况"), "annual_report"), "rechecking": (lambda: _("复核"), "annual_report"),
}  # fmt: skip
"""What the holder of a report in this state does, and the page where it is done."""


def counts(rows: Iterable[AnnualReport], due: date, today: date) -> dict[str, int]:
    """How many reports of a cycle stand where. `late`: filed after the day; `overdue`: not filed and the day is past."""
    found = {"all": 0, "filed": 0, "late": 0, "missing": 0, "overdue": 0, "scored": 0, "published": 0, "decided": 0,
             "waiting": 0, "open": 0, **dict.fromkeys(ReportOutcome.values, 0)}  # fmt: skip
    for row in rows:
        ended = row.state == "discontinued" and row.filed_at is None
        found["all"] += not ended
        found["filed"] += row.filed_at is not None
        found["late"] += bool(row.late)
        missing = row.filed_at is None and not ended
        found["missing"] += missing
        found["overdue"] += missing and today > due
        found["waiting"] += row.state in ("filed", "scoring")
        found["scored"] += row.state == "scored"
        found["published"] += row.score is not None
        found["open"] += row.score is not None and not row.outcome
        found["decided"] += bool(row.outcome)
        if row.outcome:
            found[row.outcome] += 1
    return found


def told(year: int, due: date, found: dict[str, int], today: date) -> str:
    """“2026 年度：13 个谷应报，9 个已报，4 个未报，还有 36 天截止（2026-12-31）。” and what comes after."""
    numbers = {"year": year, "due": day(due), "days": abs((due - today).days), **found}
    if not found["all"]:
        return _("%(year)d 年度：没有应报的谷。") % numbers
    words = [_("%(year)d 年度：%(all)d 个谷应报，%(filed)d 个已报") % numbers]
    if found["late"]:
        words.append(_("（其中 %(late)d 个逾期报送）") % numbers)
    if found["overdue"]:
        words.append(_("，%(overdue)d 个逾期未报，已过期 %(days)d 天（%(due)s 截止）") % numbers)
    elif found["missing"] and today == due:
        words.append(_("，%(missing)d 个未报，今天截止") % numbers)
    elif found["missing"]:
        words.append(_("，%(missing)d 个未报，还有 %(days)d 天截止（%(due)s）") % numbers)
    words.append(_("。"))
    if found["waiting"]:
        words.append(_("%(waiting)d 个待评价。") % numbers)
    if found["scored"]:
        words.append(_("%(scored)d 个已打分，待公布排名。") % numbers)
    if found["open"]:
        words.append(_("%(open)d 个待专班决定。") % numbers)
    if found["decided"]:
        words.append(
            _("已决定：后续支持 %(support)d 个，整改 %(rectify)d 个，撤销 %(revoke)d 个。") % numbers
        )
    return "".join(words)


def groups(actor: Actor, cycle: MonitoringCycle, rows: Sequence[AnnualReport]) -> list[dict[str, Any]]:
    """The reports of a cycle by kind of data; each group with its own numbers, ranking and chart. One query."""
    today = timezone.localdate()
    earlier = {
        row.valley_id: row
        for row in AnnualReport.objects.filter(
            cycle__year=cycle.year - 1, valley__in=[one.valley_id for one in rows]
        )
    }
    levels = view.levels_of(cycle)
    found = []
    for origin in (Origin.REAL, Origin.SIMULATED):
        mine = [row for row in rows if row.origin == origin]
        if not mine:
            continue
        lines = sorted(
            (_line(actor, cycle, row, earlier.get(row.valley_id), today, levels) for row in mine),
            key=lambda one: (one["rank"] is None, one["rank"] or 0, one["report"].score is None, one["name"]),
        )
        numbers = counts(mine, cycle.due_on, today)
        chart = _ranking(cycle, lines)
        found.append(
            {
                "origin": str(origin), "title": Origin(origin).label, "rows": lines, "counts": numbers,
                "told": told(cycle.year, cycle.due_on, numbers, today), "chart": chart,
                "chart_size": "large" if chart and len(chart["categories"]) > 5 else "",
                "open": any(one["verb"] or one["holder"] for one in lines),
                "unranked": any(one["unranked"] for one in lines),
            }
        )  # fmt: skip
    return found


def of_valley(actor: Actor, valley: Valley, today: date) -> list[dict[str, Any]]:
    """A valley's reports as far as this reader may see them, newest first, with open items. Two queries."""
    rows = list(
        visible_reports(actor)
        .filter(valley=valley)
        .select_related("cycle", "valley__region")
        .defer(*view.LONG)
        .annotate(items_open=Count("items", filter=~Q(items__accepted=True)), items_all=Count("items"))
        .order_by("-cycle__year")
    )
    by_year = {row.cycle.year: row for row in rows}
    return [
        _line(actor, row.cycle, row, by_year.get(row.cycle.year - 1), today, view.levels_of(row.cycle))
        for row in rows
    ]


def _line(
    actor: Actor,
    cycle: MonitoringCycle,
    row: AnnualReport,
    before: AnnualReport | None,
    today: date,
    levels: dict[str, str],
) -> dict[str, Any]:
    level = levels.get(row.evaluation.get("level", ""), "")
    missing = row.filed_at is None and row.state != "discontinued"
    return {
        "report": row, "name": display_name(row.valley), "state": view.state(row), "rank": row.rank,
        "level": level, "before": before,
        "moved": row.score - before.score if before and before.score is not None and row.score is not None else None,
        "outcome": row.get_outcome_display() if row.outcome else "", "missing": missing,
        "unranked": row.score is not None and row.rank is None,
        "overdue": (today - cycle.due_on).days if missing and today > cycle.due_on else 0,
        **_next(actor, row),
    }  # fmt: skip


def _next(actor: Actor, row: AnnualReport) -> dict[str, str]:
    """The verb and address when it is this reader's turn, else who acts next."""
    known = load(PROCESS).states.get(row.state)
    holder = known.held_by("") if known and not known.final else ""
    if not holder:
        return {"verb": "", "next_url": "", "holder": ""}
    mine = actor.role == holder and (actor.province_wide or actor.region_id == row.valley.region_id)
    if mine and row.state == "scored":
        return {"verb": _("公布排名"), "next_url": "#publish", "holder": ""}
    if mine and row.state in VERBS:
        verb, name = VERBS[row.state]
        return {"verb": verb(), "next_url": reverse(name, args=[row.pk]), "holder": ""}
    return {"verb": "", "next_url": "", "holder": str(Role(holder).label)}


def _ranking(cycle: MonitoringCycle, lines: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Scores of those ranked beside the year before, once there are two; what isn't ranked isn't comparable."""
    scored = [one for one in lines if one["rank"] is not None]
    if len(scored) < 2:
        return None
    before = [one["before"].score if one["before"] else None for one in scored]
    series = [{"name": str(cycle.year), "values": [float(one["report"].score) for one in scored]}]
    if any(score is not None for score in before):
        series.append(
            {"name": str(cycle.year - 1), "values": [None if s is None else float(s) for s in before]}
        )
    return {"title": _("得分与上年比较") if len(series) > 1 else _("得分"), "kind": "bar", "unit": _("分"), "horizontal": True,
            "categories": [one["name"] for one in scored], "series": series}  # fmt: skip
