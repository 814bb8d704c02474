"""Effects of yearly monitoring; each runs inside the transaction of its move."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.codes.working_days import add_working_days
from jinchuanggu.foundation.documents.made import digest_of
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workflow import engine
from jinchuanggu.foundation.workflow.engine import close_task, open_task
from jinchuanggu.foundation.workflow.registry import Attempt, effect
from jinchuanggu.programme.actions import monitoring
from jinchuanggu.programme.cases import case_of as case_of_valley
from jinchuanggu.programme.models import AnnualReport, Plaque, RectificationItem, ReportOutcome
from jinchuanggu.programme.monitoring import letters
from jinchuanggu.programme.monitoring.settings import settings
from jinchuanggu.programme.monitoring.snapshot import snapshot
from jinchuanggu.programme.process.subject import holders_of


def _report(attempt: Attempt) -> AnnualReport:
    return AnnualReport.objects.select_related("cycle", "valley__region", "valley__operator").get(
        pk=attempt.subject.pk
    )


@effect
def keep_report_due_day(attempt: Attempt) -> None:
    """Handing the report on doesn't move its due day: it stays that of the cycle, or of the completion asked for."""
    last = attempt.case.deadlines.filter(key="annual_report").order_by("-pk").first()
    attempt.payload["due_on"] = last.due_on if last else _report(attempt).cycle.due_on


@effect
def give_time_to_complete(attempt: Attempt) -> None:
    """A returned report gets the days of the settings, and at least until the due day of the cycle."""
    chosen, today, report = settings(), timezone.localdate(), _report(attempt)
    due = (
        add_working_days(today, chosen.complete_days).day
        if chosen.complete_working
        else today + timedelta(days=chosen.complete_days)
    )
    attempt.payload["due_on"] = max(due, report.cycle.due_on)
    AnnualReport.objects.filter(pk=report.pk).update(figures={})


@effect
def freeze_report(attempt: Attempt) -> None:
    """Take the figures as they stand, mark a late report by the stored due day, seal the digest. The first filing counts."""
    report, now = _report(attempt), timezone.now()
    report.filed_at = report.filed_at or now
    report.late = timezone.localdate(report.filed_at) > report.cycle.due_on
    report.figures = snapshot(report, timezone.localdate())
    report.save(update_fields=["filed_at", "late", "figures"])
    record(
        attempt.actor, "monitoring.freeze", report,
        detail={"figures": digest_of(report.figures), "sections": digest_of(report.sections), "late": report.late},
    )  # fmt: skip


@effect
def compute_points(attempt: Attempt) -> None:
    monitoring.compute_points(_report(attempt))


@effect
def take_result(attempt: Attempt) -> None:
    """The result was worked out for the whole ranking; nothing is left to take but its place in the history."""
    report = _report(attempt)
    record(
        attempt.actor, "monitoring.result", report,
        detail={"score": str(report.score), "rank": report.rank, **report.evaluation},
    )  # fmt: skip


def _decide(attempt: Attempt, outcome: str) -> AnnualReport:
    report = _report(attempt)
    report.outcome, report.decided_on = outcome, timezone.localdate()
    report.save(update_fields=["outcome", "decided_on"])
    return report


@effect
def decide_support(attempt: Attempt) -> None:
    _decide(attempt, ReportOutcome.SUPPORT)


def _key(item: RectificationItem) -> str:
    return f"rectification:{item.pk}"


def _ask(attempt: Attempt, report: AnnualReport, item: RectificationItem) -> None:
    for organisation_id in holders_of(report.valley, Role.CITY_OFFICE):
        open_task(
            kind="rectification_item", role=Role.CITY_OFFICE, organisation_id=organisation_id, due_on=item.due_on,
            title={"zh": f"{report.valley.name}整改：{item.title}", "en": f"Mend: {item.title} ({report.valley.name})"},
            url=item.get_absolute_url(), origin=report.origin, key=_key(item),
        )  # fmt: skip


@effect
def open_items(attempt: Attempt) -> None:
    """The items with their days; each is a task of the city's science office."""
    report = _decide(attempt, ReportOutcome.RECTIFY)
    rows: list[dict[str, Any]] = attempt.payload["items"]
    for left in report.items.exclude(accepted=True):  # asked for before a revocation that was declined
        _ask(attempt, report, left)
    for row in rows:
        _ask(attempt, report, RectificationItem.objects.create(report=report, **row))
    attempt.payload["due_on"] = max(row["due_on"] for row in rows)


@effect
def close_item_tasks(attempt: Attempt) -> None:
    for item in RectificationItem.objects.filter(report_id=attempt.subject.pk):
        close_task(_key(item))


@effect
def reopen_items(attempt: Attempt) -> None:
    """What was not accepted is asked for again; its day stays where it was, late or not."""
    report = _report(attempt)
    rows = list(report.items.exclude(accepted=True))
    for item in rows:
        item.answered_at = None
        item.save(update_fields=["answered_at"])
        _ask(attempt, report, item)
    attempt.payload["due_on"] = max((item.due_on for item in rows), default=timezone.localdate())


@effect
def revoke_valley(attempt: Attempt) -> None:
    """The valley's own course ends; its plaque is marked, the record of everything stays."""
    report = _decide(attempt, ReportOutcome.REVOKE)
    engine.fire(
        attempt.actor, case_of_valley(report.valley), "revoke", reason=attempt.reason,
        payload={"by_monitoring": True, "issuing_number": attempt.payload.get("issuing_number", "")},
    )  # fmt: skip
    others = AnnualReport.objects.filter(valley=report.valley).exclude(pk=report.pk)
    for other in others.exclude(state__in=("supported", "mended", "revoked", "discontinued")):
        from jinchuanggu.foundation.access.actor import SYSTEM_ACTOR
        from jinchuanggu.programme.monitoring.cases import case_of

        engine.fire(SYSTEM_ACTOR, case_of(other), "discontinue", reason="该谷已撤销")


@effect
def take_off_plaque(attempt: Attempt) -> None:
    Plaque.objects.filter(valley_id=attempt.subject.pk).update(
        revoked_on=timezone.localdate(), revoked_number=str(attempt.payload.get("issuing_number", ""))[:60]
    )


@effect
def write_annual_report(attempt: Attempt) -> None:
    letters.write_report(attempt.actor, _report(attempt), str(attempt.payload.get("issuing_number", "")))


@effect
def write_support_letter(attempt: Attempt) -> None:
    letters.write_decision(
        attempt.actor, _report(attempt), attempt.reason, str(attempt.payload.get("issuing_number", ""))
    )


@effect
def write_rectification_notice(attempt: Attempt) -> None:
    letters.write_notice(
        attempt.actor, _report(attempt), attempt.reason, str(attempt.payload.get("issuing_number", ""))
    )


@effect
def write_revocation_request(attempt: Attempt) -> None:
    letters.write_request(
        attempt.actor, _report(attempt), attempt.reason, str(attempt.payload.get("issuing_number", ""))
    )


@effect
def write_revocation_decision(attempt: Attempt) -> None:
    letters.write_revocation(
        attempt.actor, _report(attempt), attempt.reason, str(attempt.payload.get("issuing_number", ""))
    )


@effect
def write_recheck_letter(attempt: Attempt) -> None:
    letters.write_recheck(
        attempt.actor, _report(attempt), attempt.reason, str(attempt.payload.get("issuing_number", ""))
    )
