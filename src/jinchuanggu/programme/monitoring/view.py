"""What the pages of yearly monitoring show, put together for their templates."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from jinchuanggu.engines.rules.units import UNITS
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.documents.models import Document
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.formats import english
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import Offer, offers, process_of, say, state_of
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.units import valley_unit
from jinchuanggu.programme.labels import display_name
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle, ReportScore
from jinchuanggu.programme.monitoring import scoring
from jinchuanggu.programme.monitoring.access import may_score, may_write
from jinchuanggu.programme.monitoring.cases import PROCESS, case_of
from jinchuanggu.programme.monitoring.drafting import drafts
from jinchuanggu.programme.monitoring.scheme import Scheme, scheme_of
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.monitoring.snapshot import current
from jinchuanggu.programme.ribbon import holder_of, open_deadline, stages_of, steps_of

TONES = {
    "drafting": "quiet", "ready": "active", "filed": "active", "scoring": "active", "scored": "active",
    "deciding": "attention", "revoking": "final", "rectifying": "attention", "rechecking": "attention",
    "supported": "met", "mended": "met", "revoked": "final", "discontinued": "quiet",
}  # fmt: skip
ON_PAGES = {"support", "rectify", "propose_revocation", "publish"}
"""Moves with a page of their own."""
WAN = Decimal(10_000)


def word(text: dict[str, str]) -> str:
    return text["en" if english() else "zh"]


def state(report: AnnualReport) -> dict[str, str]:
    known = load(PROCESS).states.get(report.state)
    return {"label": say(known.title) if known else report.state, "tone": TONES.get(report.state, "quiet")}


def crumbs(
    report: AnnualReport | None = None, *further: tuple[str, str], year: int | None = None
) -> list[dict[str, str]]:
    found = [{"label": _("年度监测"), "url": reverse("monitoring")}]
    at = report.cycle.year if report else year
    if at:
        found.append({"label": str(at), "url": reverse("monitoring_cycle", args=[at])})
    if report:
        found.append({"label": display_name(report.valley), "url": report.get_absolute_url()})
    return [*found, *({"label": label, "url": url} for label, url in further)]


def frame(actor: Actor, report: AnnualReport) -> dict[str, Any]:
    """Head, ribbon and next steps of one report."""
    case = case_of(report)
    steps = steps_of(case)
    offered = {one.move.event: one for one in offers(actor, case, report)}
    return {
        "report": report, "cycle": report.cycle, "valley_name": display_name(report.valley), "state": state(report),
        "simulated": report.origin == "simulated", "case": case, "stages": stages_of(case, report, steps),
        "moves": [shown(one, case, report) for event, one in offered.items() if event not in ON_PAGES],
        "decides": any(event in offered for event in ("support", "rectify", "propose_revocation")),
        "holder": holder_of(case, report) if not state_of(case).final else "",
        "deadline": open_deadline(case), "timeline": _timeline(case, steps), "crumbs": crumbs(report),
        "may_write": may_write(actor, report), "may_score": may_score(actor, report),
    }  # fmt: skip


def shown(offer: Offer, case: Case, report: AnnualReport) -> dict[str, Any]:
    """One move for components/move.html."""
    move, back = offer.move, offer.move.tone == "back"
    return {
        "event": move.event, "label": offer.title, "url": reverse("report_move", args=[report.pk, move.event]),
        "allowed": offer.open, "blockers": [refusal.message for refusal in offer.refusals],
        "after": str(Role(offer.next_holder).label) if offer.next_holder else "", "primary": not back,
        "icon": "arrow-back-up" if back else "arrow-right", "danger": False, "needs_reason": move.reason,
        "reasons": [say(text) for text in move.reasons], "dialog_id": f"move-{move.event}", "hint": "",
        "hidden": [("revision", case.revision)],
    }  # fmt: skip


def _timeline(case: Case, steps: list[Any]) -> list[dict[str, Any]]:
    process, rows = process_of(case), []
    for step in reversed(steps):
        move = process.move(step.source, step.event, case.variant) if step.source else None
        if move is not None:
            rows.append({"at": step.at, "who": step.actor_label, "verb": say(move.title), "reason": step.reason,
                         "tone": "back" if move.tone == "back" else ""})  # fmt: skip
    return rows


def sections(report: AnnualReport, figures: dict[str, Any], today: date) -> list[dict[str, Any]]:
    """Every chapter with its words: as a person left them, else the system's draft, which is said."""
    first = drafts(report, figures, today) if not report.figures else {}
    shown_ = []
    for section in settings().sections:
        mark = report.edited.get(section.key)
        text = report.sections.get(section.key)
        shown_.append(
            {
                "key": section.key, "title": word(section.title), "guidance": word(section.guidance), "task": section.task,
                "text": text if text is not None else first.get(section.key, ""), "draft": mark is None,
                "revision": int(mark["revision"]) if mark else 0, "by": mark["by"] if mark else "",
                "minimum": section.minimum, "short": len(str(text or "").strip()) < section.minimum,
            }
        )  # fmt: skip
    return shown_


def body(actor: Actor, report: AnnualReport, today: date) -> dict[str, Any]:
    """Chapters, figures, charts and papers."""
    figures = current(report, today)
    chapters = sections(report, figures, today)
    unit = valley_unit(report.valley_id)
    indicators = [
        {**row, "url": records_url(row["indicator"], unit.pk, str(report.cycle.year))}
        for row in figures["indicators"]
    ]
    return {
        "sections": chapters, "confirmed": sum(not one["draft"] for one in chapters), "figures": figures,
        "indicators": indicators, "frozen": bool(report.figures), "charts": charts(figures),
        "papers": Document.objects.filter(subject_label="programme.annualreport", subject_id=report.pk).order_by("pk"),
    }  # fmt: skip


def charts(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """The same series as in the letter, as components/chart.html wants them."""
    found = []
    for row in figures.get("series", []):
        points = row["points"]
        unit, size = (_("万元"), WAN) if row["unit"] == "cny" else (word_of_unit(row["unit"]), Decimal(1))
        series = []
        for year in sorted({at[:4] for at in points})[-2:]:
            values = [points.get(f"{year}-{month:02}") for month in range(1, 13)]
            series.append(
                {"name": year, "values": [None if v is None else float(Decimal(v) / size) for v in values]}
            )
        found.append({"title": row["title"], "kind": "line", "unit": unit, "categories": [str(m) for m in range(1, 13)],
                      "series": series[::-1]})  # fmt: skip
    return found


def word_of_unit(unit: str) -> str:
    return UNITS[unit].label.get("en" if english() else "zh")


def scores(report: AnnualReport) -> dict[str, Any]:
    """Each criterion of the fixed scheme with what was computed and what counts, and the result so far."""
    scheme = scheme_of(report.cycle)
    rows = {row.criterion: row for row in ReportScore.objects.filter(report=report)}
    lines = []
    for criterion in scheme.criteria:
        row = rows.get(criterion.id)
        lines.append(
            {
                "id": criterion.id, "title": word(criterion.title), "how": word(criterion.how), "max": criterion.max,
                "clause": criterion.clause, "judged": criterion.judged, "computed": row.computed if row else None,
                "points": row.points if row else None, "reason": row.reason if row else "",
                "by": row.scored_by if row else "", "parts": (row.basis.get("parts", []) if row else []),
            }
        )  # fmt: skip
    result = scoring.result_of(scheme, {key: row.points for key, row in rows.items()})
    level = scheme.level(result.score) if result.score is not None else None
    return {"scheme": scheme, "lines": lines, "result": result, "level": word(level.title) if level else "",
            "suggests": level.suggests if level else ""}  # fmt: skip


def scheme_words(scheme: Scheme) -> dict[str, Any]:
    """A scheme for its page."""
    return {
        "title": word(scheme.title), "basis": word(scheme.basis), "settled": scheme.settled, "missing": word(scheme.missing),
        "ties": word(scheme.ties), "public": scheme.public,
        "criteria": [{"title": word(one.title), "how": word(one.how), "max": one.max, "clause": one.clause,
                      "judged": one.judged} for one in scheme.criteria],
        "levels": [{"from": one.start, "title": word(one.title), "suggests": one.suggests} for one in scheme.levels],
    }  # fmt: skip


def cycle_rows(actor: Actor, cycle: MonitoringCycle, rows: list[AnnualReport]) -> list[dict[str, Any]]:
    """Reports of a cycle, ranked ones first, with the score of the year before. Two queries."""
    before = dict(
        AnnualReport.objects.filter(cycle__year=cycle.year - 1, valley__in=[row.valley_id for row in rows])
        .exclude(score__isnull=True)
        .values_list("valley_id", "score")
    )
    shown_ = [
        {
            "report": row, "name": display_name(row.valley), "state": state(row), "score": row.score, "rank": row.rank,
            "moved": None if row.score is None or row.valley_id not in before else row.score - before[row.valley_id],
            "outcome": row.get_outcome_display() if row.outcome else "", "late": row.late,
            "days": None if row.filed_at else (cycle.due_on - _today()).days,
        }
        for row in rows
    ]  # fmt: skip
    return sorted(shown_, key=lambda one: (one["rank"] is None, one["rank"] or 0, one["name"]))


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()
