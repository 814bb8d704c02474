"""What the pages of yearly monitoring show, put together for their templates."""

from __future__ import annotations

from dataclasses import replace
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
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.indicators.definitions.library import shown as shown_value
from jinchuanggu.indicators.definitions.library import title_of
from jinchuanggu.indicators.links import records_url
from jinchuanggu.indicators.store.units import valley_unit
from jinchuanggu.programme.labels import display_name
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle, ReportOutcome, ReportScore
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
SEVERAL = 4
"""More chapters than this in the way of a move are told as one line beside the button; trying it lists them all."""
WAN = Decimal(10_000)
LONG = ("sections", "edited", "figures")
"""Fields of a report that lists leave out."""


def word(text: dict[str, str]) -> str:
    return text["en" if english() else "zh"]


def state(report: AnnualReport) -> dict[str, str]:
    known = load(PROCESS).states.get(report.state)
    return {"label": say(known.title) if known else report.state, "tone": TONES.get(report.state, "quiet")}


def levels_of(cycle: MonitoringCycle) -> dict[str, str]:
    """{key: name} of the bands of the cycle's scheme."""
    return {one.key: word(one.title) for one in scheme_of(cycle).levels}


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
    writes, final = may_write(actor, report), state_of(case).final
    stages = stages_of(case, report, steps)
    for stage in stages:
        if final and stage["state"] == "todo":  # the year is over: what it didn't come to isn't still to come
            stage["state"] = "skipped"
    moves = [
        shown(one, case, report, writes=writes) for event, one in offered.items() if event not in ON_PAGES
    ]
    return {
        "report": report, "cycle": report.cycle, "valley_name": display_name(report.valley), "state": state(report),
        "simulated": report.origin == "simulated", "case": case, "stages": stages,
        "moves": sorted(moves, key=lambda move: move["back"]),
        "decides": any(event in offered for event in ("support", "rectify", "propose_revocation")),
        "publishes": "publish" in offered, "holder": holder_of(case, report) if not final else "", "final": final,
        "deadline": open_deadline(case), "timeline": _timeline(case, steps), "crumbs": crumbs(report),
        "year_before": report.cycle.year - 1,
        "included": word(settings().running[report.included]) if report.included in settings().running else "",
        "may_write": writes, "may_score": may_score(actor, report),
    }  # fmt: skip


def shown(offer: Offer, case: Case, report: AnnualReport, *, writes: bool = False) -> dict[str, Any]:
    """One move for programme/_moves.html; what stands in a chapter's way is told once for each chapter, and leads there."""
    move, back = offer.move, offer.move.tone == "back"
    refusals = list({one.url or one.message: one for one in offer.refusals}.values())
    chapters = [one for one in refusals if "#s-" in one.url]
    if len(chapters) > SEVERAL:
        words = _("还有 %(n)d 章是系统草稿或字数不够，请逐章核对后保存") % {"n": len(chapters)}
        refusals = [Refusal(words, url=chapters[0].url), *(one for one in refusals if one not in chapters)]
    if writes:
        editor = reverse("report_edit", args=[report.pk])
        refusals = [
            replace(one, url=one.url.replace(report.get_absolute_url(), editor)) if "#s-" in one.url else one
            for one in refusals
        ]
    return {
        "event": move.event, "label": offer.title, "url": reverse("report_move", args=[report.pk, move.event]), "page": "",
        "allowed": offer.open, "refusals": refusals,
        "after": str(Role(offer.next_holder).label) if offer.next_holder else "", "primary": not back, "back": back,
        "icon": "arrow-back-up" if back else "arrow-right", "danger": False, "needs_reason": move.reason,
        "reasons": [say(text) for text in move.reasons], "dialog_id": f"move-{move.event}",
        "asks_number": bool(move.letters), "revision": case.revision,
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
        {
            **row,
            "title": title_of(row["indicator"]),
            "text": _value(row["indicator"], row["value"]),
            "before_text": _value(row["indicator"], row["before"]),
            "growth": None if row["growth"] is None else Decimal(row["growth"]),
            "url": records_url(row["indicator"], unit.pk, str(report.cycle.year)),
        }
        for row in figures["indicators"]
    ]
    return {
        "sections": chapters, "confirmed": sum(not one["draft"] for one in chapters), "figures": figures,
        "indicators": indicators, "frozen": bool(report.figures), "charts": charts(figures),
        "papers": papers("programme.annualreport", report.pk),
    }  # fmt: skip


def _value(key: str, text: str | None) -> str:
    return "—" if text is None else shown_value(key, Decimal(text))


def papers(label: str, pk: int) -> list[dict[str, Any]]:
    """Papers of a report or an item, each with the files it comes in."""
    rows = (
        Document.objects.filter(subject_label=label, subject_id=pk)
        .prefetch_related("versions")
        .order_by("pk")
    )
    return [
        {
            "row": row,
            "files": [
                {"number": one.number, "kind": one.filename.rsplit(".", 1)[-1].upper()}
                for one in row.versions.all()
            ],
        }
        for row in rows
    ]


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
        found.append({"title": title_of(row["indicator"]), "kind": "line", "unit": unit, "series": series[::-1],
                      "categories": [_("%(n)d月") % {"n": month} for month in range(1, 13)]})  # fmt: skip
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
                "overruled": bool(row and row.scored_by and row.computed is not None and row.points != row.computed),
            }
        )  # fmt: skip
    result = scoring.result_of(scheme, {key: row.points for key, row in rows.items()})
    level = scheme.level(result.score) if result.score is not None else None
    return {"scheme": scheme, "lines": lines, "result": result, "level": word(level.title) if level else "",
            "suggests": ReportOutcome(level.suggests).label if level else "",
            "open": sum(1 for line in lines if line["judged"] and line["points"] is None)}  # fmt: skip


def scheme_words(scheme: Scheme) -> dict[str, Any]:
    """A scheme for its page."""
    return {
        "title": word(scheme.title), "basis": word(scheme.basis), "settled": scheme.settled, "missing": word(scheme.missing),
        "ties": word(scheme.ties), "public": scheme.public,
        "criteria": [{"title": word(one.title), "how": word(one.how), "max": one.max, "clause": one.clause,
                      "judged": one.judged} for one in scheme.criteria],
        "levels": [{"from": one.start, "title": word(one.title), "suggests": ReportOutcome(one.suggests).label}
                   for one in scheme.levels],
        "full": scheme.full,
    }  # fmt: skip
