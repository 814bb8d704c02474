"""One act on many filings of a form and a period, with a lasting record of what came of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.jobs.models import Job, JobState
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.engine import Refused, say
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.batch_view import ready, severity_of
from jinchuanggu.indicators.filings.findings import findings_many
from jinchuanggu.indicators.filings.words import PROCESS, period_words
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing

KIND = "filings"
EVENTS = ("pass_check", "lock", "return_filing")


def act_on(
    actor: Actor,
    *,
    form: Form,
    period: Period,
    valley_id: int | None,
    event: str,
    pks: set[int] | None,
    reason: str,
) -> Job:
    """Make the move for the named filings, or for all that are ready; whoever is not is refused with its reasons.

    Every filing is loaded through the actor's scope. Raises Http404 when one named is not in it.
    """
    rows = filings_for(actor).filter(form=form.id, period=period.number).select_related("unit")
    if valley_id is not None:
        rows = rows.filter(valley_id=valley_id)
    if pks is not None:
        rows = rows.filter(pk__in=pks)
    found = list(rows.order_by("pk"))
    if pks is not None and len(found) != len(pks):
        raise Http404
    process = load(PROCESS)
    move_of = {state: process.move(state, event, form.level) for state in {row.state for row in found}}
    can = [row for row in found if (move := move_of[row.state]) is not None and actor.role in move.by]
    findings = findings_many(form, [row for row in can if row.cells]) if event != "return_filing" else {}
    refused: list[tuple[int, list[str]]] = []
    if pks is not None:
        refused = [(row.pk, [_("当前状态不能办理此动作")]) for row in found if row not in can]
    go: list[Filing] = []
    for row in can:
        if event == "return_filing" or ready(findings.get(row.pk, ())):
            go.append(row)
        elif pks is not None:
            refused.append((row.pk, _stands(findings.get(row.pk, ()))))
    with transaction.atomic():
        done, more = _make(actor, event, go, reason)
        refused += more
        title = next((say(move.title) for move in process.moves if move.event == event), event)
        back = reverse("filing_batch", args=[form.id, str(period)])
        return Job.objects.create(
            kind=KIND, title=f"{title}：{form.name} {period_words(period)}"[:200], person_id=actor.person_id,
            membership_id=actor.membership_id, state=JobState.DONE, done=done, total=done + len(refused),
            started_at=timezone.now(), ended_at=timezone.now(),
            summary={
                "text": {
                    "zh": f"办成 {done} 家，未办 {len(refused)} 家",
                    "en": f"{done} done, {len(refused)} not done",
                },
                "asked": done + len(refused), "done": done, "refused": refused,
                "back": back + (f"?{urlencode({'valley': valley_id})}" if valley_id else ""),
            },
        )  # fmt: skip


def _stands(findings: Any) -> list[str]:
    """Why one is left for a look of its own."""
    hard, soft, _said = severity_of(findings)
    found = []
    if hard:
        found.append(_("有 %(n)d 处须更正") % {"n": hard})
    if soft:
        found.append(_("有 %(n)d 处疑点未说明") % {"n": soft})
    return found


def _make(
    actor: Actor, event: str, rows: list[Filing], reason: str
) -> tuple[int, list[tuple[int, list[str]]]]:
    """The moves themselves: how many were made, and which not, with the reasons."""
    if not rows:
        return 0, []
    many = {"pass_check": actions.pass_many, "lock": actions.lock_many}.get(event)
    if many is not None:
        result = many(actor, filing_ids=[row.pk for row in rows])
        return result.done, [(one.pk, [str(text) for text in reasons]) for one, reasons in result.refused]
    done, refused = 0, []
    for row in rows:
        try:
            actions.return_filing(actor, filing_id=row.pk, reason=reason)
        except Refused as problem:
            refused.append((row.pk, [str(one.message) for one in problem.refusals]))
        except ValidationError as problem:
            refused.append((row.pk, problem.messages))
        else:
            done += 1
    return done, refused
