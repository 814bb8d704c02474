"""The deeds of yearly monitoring outside the moves of its process: opening a cycle, writing, scoring, answering items.

The moves themselves (sending, filing, publishing, deciding) go through `workflow.engine.fire`; see
processes/monitoring.v1.yaml.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import SYSTEM, Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.foundation.workflow.models import Case
from jinchuanggu.foundation.workflow.registry import Refusal
from jinchuanggu.programme.models import AnnualReport, MonitoringCycle, RectificationItem, ReportScore, Valley
from jinchuanggu.programme.monitoring import scoring
from jinchuanggu.programme.monitoring.access import (
    get_item,
    get_report,
    may_answer,
    may_check,
    may_score,
    may_write,
)
from jinchuanggu.programme.monitoring.cases import case_of
from jinchuanggu.programme.monitoring.scheme import current_content, current_digest, scheme_of
from jinchuanggu.programme.monitoring.settings import settings

LONGEST = 20_000


class Conflict(Exception):
    """Somebody else saved the chapter in the meantime; `now` is what stands there."""

    def __init__(self, now: str, revision: int) -> None:
        super().__init__(_("他人已先保存这一章"))
        self.now, self.revision = now, revision


def open_cycle(actor: Actor, year: int) -> MonitoringCycle:
    """Open the cycle of a year with its scheme fixed, and a report for every valley that works then. Idempotent:
    valleys that have come since get their report too. Raises PermissionDenied for others than the office and the clock.
    """
    if actor.role not in {SYSTEM, Role.PROVINCIAL_OFFICE}:
        raise PermissionDenied
    chosen = settings()
    with transaction.atomic():
        cycle = MonitoringCycle.objects.select_for_update().filter(year=year).first()
        if cycle is None:
            with act(actor, "monitoring.open", detail={"year": year, "scheme": current_digest()}) as deed:
                cycle = MonitoringCycle.objects.create(
                    year=year, opens_on=min(timezone.localdate(), chosen.due_on(year)), due_on=chosen.due_on(year),
                    scheme=chosen.scheme, scheme_digest=current_digest(), scheme_content=current_content(),
                )  # fmt: skip
                deed.target = cycle
        there = set(AnnualReport.objects.filter(cycle=cycle).values_list("valley_id", flat=True))
        rows = Valley.objects.filter(state__in=chosen.running, published_only=False).exclude(pk__in=there)
        for valley in rows.order_by("pk"):
            report = AnnualReport.objects.create(
                cycle=cycle,
                valley=valley,
                included=valley.state,
                origin=valley.origin,
                state="drafting",
                stage="report",
            )
            record(actor, "monitoring.report_open", report, detail={"year": year, "why": valley.state})
            engine.start(actor, "monitoring", report, due_on=cycle.due_on)
    return cycle


def save_section(actor: Actor, *, report_id: int, section: str, text: str, revision: int) -> AnnualReport:
    """Keep one chapter; saving it confirms it, also with the drafted words. Raises ValidationError, Conflict, Http404."""
    report = get_report(actor, report_id)
    known = settings().section(section)
    if known is None or not may_write(actor, report):
        raise Http404
    words = text.strip()
    if len(words) > LONGEST:
        raise ValidationError({"text": _("一章不超过 %(n)d 字") % {"n": LONGEST}})
    with act(actor, "monitoring.write", report, detail={"section": section}):
        locked = AnnualReport.objects.select_for_update().get(pk=report.pk)
        if locked.state != report.state:
            raise Http404
        mark = locked.edited.get(section, {})
        now = int(mark.get("revision", 0))
        if now != revision:
            if locked.sections.get(section) == words:
                return locked  # the same words arrived twice
            raise Conflict(str(locked.sections.get(section, "")), now)
        locked.sections = {**locked.sections, section: words}
        locked.edited = {
            **locked.edited,
            section: {"revision": now + 1, "by": actor.label[:240], "at": timezone.now().isoformat()},
        }
        locked.revision += 1
        locked.save(update_fields=["sections", "edited", "revision"])
    return locked


def score(actor: Actor, *, report_id: int, criterion: str, points: str, reason: str) -> ReportScore:
    """Score a judged criterion, or overrule a computed one, with a reason. Raises ValidationError by field."""
    report = get_report(actor, report_id)
    if not may_score(actor, report):
        raise Http404
    known = scheme_of(report.cycle).criterion(criterion)
    if known is None:
        raise Http404
    errors: dict[str, str] = {}
    value: Decimal | None = None
    try:
        value = Decimal(points.strip())
    except InvalidOperation:
        errors["points"] = _("请填数字，如 12.5")
    if value is not None and not (value.is_finite() and 0 <= value <= known.max):
        errors["points"] = _("应在 0 到 %(max)s 之间") % {"max": known.max}
    if value is not None and value.is_finite() and value != scoring.rounded(value):
        errors["points"] = _("至多两位小数")
    if not reason.strip():
        errors["reason"] = _("请写明理由")
    if errors:
        raise ValidationError(errors)
    with act(
        actor,
        "monitoring.score",
        report,
        reason=reason.strip(),
        detail={"criterion": criterion, "points": str(value)},
    ):
        row, _made = ReportScore.objects.select_for_update().get_or_create(report=report, criterion=criterion)
        row.points, row.reason, row.scored_by = value, reason.strip()[:500], actor.label[:240]
        row.save(update_fields=["points", "reason", "scored_by"])
    return row


def compute_points(report: AnnualReport) -> None:
    """The computed share of every criterion, from the frozen figures; what a person scored stays."""
    for criterion in scheme_of(report.cycle).criteria:
        if criterion.judged:
            continue
        share = scoring.share_of(criterion, report.figures)
        points = scoring.points_of(criterion, share)
        row, _made = ReportScore.objects.get_or_create(report=report, criterion=criterion.id)
        if not row.scored_by:
            row.points = points
        row.computed, row.basis = points, {"parts": [list(part) for part in share.parts]}
        row.save(update_fields=["computed", "points", "basis"])


def points_of(report: AnnualReport) -> dict[str, Decimal | None]:
    """{criterion: points or None where there is no data}."""
    return dict(ReportScore.objects.filter(report=report).values_list("criterion", "points"))


def publish_ranking(actor: Actor, *, year: int, summary: str = "") -> int:
    """Rank all scored reports of a year - real and simulated apart - and publish; returns how many.

    Raises Refused while a filed report of the same kind of data is not scored yet.
    """
    if actor.role != Role.PROVINCIAL_OFFICE:
        raise PermissionDenied
    cycle = MonitoringCycle.objects.filter(year=year).first()
    if cycle is None:
        raise Http404
    with transaction.atomic():
        cycle = MonitoringCycle.objects.select_for_update().get(pk=cycle.pk)
        waiting = list(
            AnnualReport.objects.filter(cycle=cycle, state__in=("filed", "scoring")).select_related("valley")
        )
        if waiting:
            raise Refused(
                [
                    Refusal(
                        _("%(valley)s的报告还没有评完") % {"valley": one.valley}, url=one.get_absolute_url()
                    )
                    for one in waiting
                ]
            )
        rows = list(
            AnnualReport.objects.filter(cycle=cycle, state="scored").select_related("valley", "cycle")
        )
        if not rows:
            raise Refused([Refusal(_("没有评完待公布的报告"))])
        found = {one.pk: scoring.result_of(scheme_of(cycle), points_of(one)) for one in rows}
        least = scheme_of(cycle).coverage_min
        done = AnnualReport.objects.filter(cycle=cycle).exclude(evaluation={}).exclude(pk__in=list(found))
        for origin in sorted({one.origin for one in rows}):
            mine = [one for one in rows if one.origin == origin]
            earlier = [
                (one.pk, one.score) for one in done if one.origin == origin and one.evaluation.get("ranked")
            ]
            places = scoring.ranks(
                [
                    *earlier,
                    *(
                        (one.pk, found[one.pk].score if found[one.pk].coverage >= least else None)
                        for one in mine
                    ),
                ]
            )
            for pk, place in places.items():
                AnnualReport.objects.filter(pk=pk).update(rank=place)
        for one in rows:
            result = found[one.pk]
            level = scheme_of(cycle).level(result.score) if result.score is not None else None
            evaluation = {
                "points": {key: None if value is None else str(value) for key, value in result.points.items()},
                "coverage": str(result.coverage), "level": level.key if level else "",
                "ranked": result.score is not None and result.coverage >= least,
            }  # fmt: skip
            AnnualReport.objects.filter(pk=one.pk).update(score=result.score, evaluation=evaluation)
            engine.fire(actor, case_of(one), "publish")
        with act(actor, "monitoring.publish", cycle, detail={"year": year, "reports": len(rows)}):
            cycle.published_at, cycle.revision = timezone.now(), cycle.revision + 1
            if summary.strip():
                cycle.summary = summary.strip()
            cycle.save(update_fields=["published_at", "summary", "revision"])
    return len(rows)


def decide(
    actor: Actor, *, report_id: int, outcome: str, reason: str = "", items: list[dict[str, Any]] | None = None,
    issuing_number: str = "", revision: int | None = None,
) -> Case:  # fmt: skip
    """The task force's decision: support, rectify (with items) or revoke (proposed to the government)."""
    report = get_report(actor, report_id)
    event = {"support": "support", "rectify": "rectify", "revoke": "propose_revocation"}.get(outcome)
    if event is None:
        raise ValidationError({"outcome": _("请选择决定")})
    payload = {
        "items": checked_items(items or []) if outcome == "rectify" else [],
        "issuing_number": issuing_number,
    }
    due = max((one["due_on"] for one in payload["items"]), default=None)  # type: ignore[union-attr]
    return engine.fire(
        actor, case_of(report), event, reason=reason, payload={**payload, "due_on": due}, revision=revision
    )


def checked_items(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rectification items as typed: title, requirement, day. Raises ValidationError naming row and field."""
    problems: list[str] = []
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows, start=1):
        title, wanted = str(row.get("title", "")).strip(), str(row.get("requirement", "")).strip()
        text = str(row.get("due_on", "")).strip()
        if not (title or wanted or text):
            continue
        if not title:
            problems.append(_("第 %(n)d 项：请写整改事项") % {"n": number})
        if not wanted:
            problems.append(_("第 %(n)d 项：请写整改要求") % {"n": number})
        due: date | None = None
        try:
            due = date.fromisoformat(text)
        except ValueError:
            problems.append(_("第 %(n)d 项：整改期限应如 2027-03-31") % {"n": number})
        if due is not None and due <= timezone.localdate():
            problems.append(_("第 %(n)d 项：整改期限应晚于今天") % {"n": number})
        found.append({"title": title[:200], "requirement": wanted, "due_on": due})
    if problems:
        raise ValidationError({"items": problems})
    return found


def answer_item(actor: Actor, *, item_id: int, answer: str, revision: int) -> RectificationItem:
    """The city says what it did; evidence is added as documents of the item. Raises ValidationError, Conflict, Http404."""
    item = get_item(actor, item_id)
    if not may_answer(actor, item) or item.accepted:
        raise Http404
    if not answer.strip():
        raise ValidationError({"answer": _("请写明整改情况")})
    with act(actor, "monitoring.answer", item, detail={"year": item.report.cycle.year}):
        locked = RectificationItem.objects.select_for_update().get(pk=item.pk)
        if locked.revision != revision:
            if locked.answer == answer.strip():
                return locked
            raise Conflict(locked.answer, locked.revision)
        locked.answer, locked.answered_at = answer.strip(), timezone.now()
        locked.answered_by, locked.revision = actor.label[:240], locked.revision + 1
        locked.save(update_fields=["answer", "answered_at", "answered_by", "revision"])
    return locked


def recheck_item(actor: Actor, *, item_id: int, accepted: bool, opinion: str) -> RectificationItem:
    """The office's finding on one item. Raises ValidationError without a reason for a refusal, Http404."""
    item = get_item(actor, item_id)
    if not may_check(actor, item):
        raise Http404
    if not accepted and not opinion.strip():
        raise ValidationError({"opinion": _("未通过的请写明还差什么")})
    with act(actor, "monitoring.recheck", item, reason=opinion.strip(), detail={"accepted": accepted}):
        locked = RectificationItem.objects.select_for_update().get(pk=item.pk)
        locked.accepted, locked.opinion = accepted, opinion.strip()
        locked.checked_at, locked.checked_by = timezone.now(), actor.label[:240]
        locked.revision += 1
        locked.save(update_fields=["accepted", "opinion", "checked_at", "checked_by", "revision"])
    return locked
