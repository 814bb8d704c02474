"""Every change of a filing: filling in, talking about it, and its moves, one at a time or many at once.

Each is one transaction with its event. Filings are loaded through the actor's scope; a miss is a 404. Locks are taken
in one order: filings by number, then their cases.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import act, record
from jinchuanggu.foundation.workflow import batch, engine
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.foundation.workflow.writing import set_many
from jinchuanggu.indicators.filings.access import (
    OPEN,
    PROCESS,
    filings_for,
    holders_many,
    may_comment,
    may_write,
    variant_of,
    writers,
)
from jinchuanggu.indicators.filings.course import case_of
from jinchuanggu.indicators.filings.opening import open_filings
from jinchuanggu.indicators.filings.values import merged, read_cells, said
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import CellComment, Filing, UnitLevel

__all__ = [
    "Conflict", "Result", "comment", "file_rows", "lock", "lock_many", "open_filings", "pass_check", "pass_many", "reopen",
    "resolve_comment", "return_filing", "save_cells", "submit", "submit_many",
]  # fmt: skip
LONGEST = 500


class Conflict(Exception):
    """Somebody saved after the writer's page was opened. `differences`: {cell: (what was typed, what is kept)}."""

    def __init__(self, filing: Filing, differences: dict[str, tuple[str | None, str | None]]) -> None:
        super().__init__("filing changed meanwhile")
        self.filing, self.differences = filing, differences


@dataclass
class Result:
    """How many went, and which did not with everything that stands in their way."""

    done: int = 0
    refused: list[tuple[Filing, list[str]]] = field(default_factory=list)


def _form(filing: Filing) -> Form:
    return form_of(filing.form, filing.form_version)


def _locked(actor: Actor, filing_id: int) -> Filing:
    """The filing with its row held until the transaction ends."""
    rows = filings_for(actor).select_for_update(of=("self",)).select_related("unit", "region")
    found = rows.filter(pk=filing_id).first()
    if found is None:
        raise Http404
    return found


def save_cells(
    actor: Actor,
    *,
    filing_id: int,
    cells: Mapping[str, Any],
    explanations: Mapping[str, str] | None = None,
    revision: int,
) -> Filing:
    """Keep what was typed: `{cell: text or number}`, an empty one takes the figure away, one not there stays.

    Everything that is no number is refused together, by cell, and nothing is kept then; whether figures fit together is
    not asked here. The same figures a second time write nothing. Raises Http404, ValidationError, Conflict.
    """
    with transaction.atomic():
        filing = _locked(actor, filing_id)
        if not may_write(actor, filing):
            raise ValidationError(_("报表现在不能填写"), code="closed")
        values, errors = read_cells(_form(filing), cells)
        if errors:
            raise ValidationError(errors)
        new, words = (
            merged(filing.cells, values),
            said(_form(filing), filing.explanations, explanations or {}),
        )
        if (new, words) == (filing.cells, filing.explanations):
            return filing
        if filing.revision != revision:
            differing = {
                key: (value, filing.cells.get(key))
                for key, value in values.items()
                if value != filing.cells.get(key)
            }
            raise Conflict(filing, differing)
        with act(actor, "filing.save", filing):
            filing.cells, filing.explanations, filing.revision = new, words, filing.revision + 1
            filing.save(update_fields=["cells", "explanations", "revision"])
    return filing


def file_rows(
    actor: Actor,
    *,
    form: str,
    period: Period,
    valley_id: int,
    rows: Mapping[int, Mapping[str, Any]],
    explanations: Mapping[int, Mapping[str, str]] | None = None,
) -> Result:
    """Keep the figures of many residents of a valley at once: `{resident id: {cell: number or text}}`, all or none.

    Raises Http404 for a resident without an open form in the actor's scope, ValidationError with every cell that is no
    number or belongs to a filing that cannot be written (`{"<resident id>:<cell>": words}`).
    """
    said_of = explanations or {}
    with transaction.atomic():
        found = {
            filing.unit.ref_id: filing
            for filing in filings_for(actor)
            .select_for_update(of=("self",))
            .select_related("unit")
            .filter(
                form=form, period=period.number, valley_id=valley_id, unit__level=UnitLevel.FIRM, unit__ref_id__in=list(rows)
            )
            .order_by("pk")
        }  # fmt: skip
        if len(found) < len(rows):
            raise Http404
        allowed = _writable(actor, list(found.values()))
        errors: dict[str, str] = {}
        changed: dict[int, dict[str, Any]] = {}
        told: dict[str, Any] = {}
        for resident, given in rows.items():
            filing = found[resident]
            if filing.pk not in allowed:
                errors[f"{resident}:"] = _("报表现在不能填写")
                continue
            values, wrong = read_cells(_form(filing), given)
            errors |= {f"{resident}:{key}": words for key, words in wrong.items()}
            new = merged(filing.cells, values)
            words_ = said(_form(filing), filing.explanations, said_of.get(resident, {}))
            if (new, words_) != (filing.cells, filing.explanations):
                changed[filing.pk] = {"cells": new, "explanations": words_, "revision": filing.revision + 1}
                told[str(filing.pk)] = values
        if errors:
            raise ValidationError(errors)
        if changed:
            set_many(Filing, changed)
            record(
                actor, "filing.rows",
                detail={"form": form, "period": str(period), "valley": valley_id, "count": len(changed), "cells": told},
            )  # fmt: skip
    return Result(len(changed))


def _writable(actor: Actor, filings: list[Filing]) -> set[int]:
    """Ids of the filings that the actor may write now; one query."""
    mine = holders_many(filings, actor.role)
    return {
        filing.pk
        for filing in filings
        if filing.state in OPEN
        and actor.role in writers(variant_of(filing))
        and actor.organisation_id in mine.get(filing.pk, set())
    }


def comment(actor: Actor, *, filing_id: int, cell: str = "", text: str) -> CellComment:
    """Say something about a cell, or about the whole filing. Raises Http404, ValidationError."""
    text = text.replace("\x00", "").strip()
    with transaction.atomic():
        filing = _locked(actor, filing_id)
        if not may_comment(actor, filing):
            raise Http404
        if not text or len(text) > LONGEST:
            raise ValidationError({"text": _("请写 1 到 %(most)d 字") % {"most": LONGEST}})
        if cell and cell not in _form(filing).cells:
            raise ValidationError({"cell": _("报表没有这一栏")})
        same = filing.comments.filter(
            cell=cell, text=text, resolved_at__isnull=True, said_by=actor.label[:240]
        )
        if (found := same.first()) is not None:
            return found
        with act(actor, "filing.comment", detail={"filing": filing.pk, "cell": cell}) as deed:
            deed.target = CellComment.objects.create(
                filing=filing,
                cell=cell,
                text=text,
                said_by=actor.label[:240],
                role=actor.role,
                said_at=timezone.now(),
            )
    return deed.target


def resolve_comment(actor: Actor, *, comment_id: int) -> CellComment:
    """Settle a remark; a second time changes nothing. Raises Http404."""
    with transaction.atomic():
        rows = CellComment.objects.select_for_update(of=("self",)).select_related("filing__unit")
        found = rows.filter(pk=comment_id, filing__in=filings_for(actor)).first()
        if found is None or not may_comment(actor, found.filing):
            raise Http404
        if found.resolved_at is None:
            with act(actor, "filing.resolve", found):
                found.resolved_at, found.resolved_by = timezone.now(), actor.label[:240]
                found.save(update_fields=["resolved_at", "resolved_by"])
    return found


def _move(actor: Actor, filing_id: int, event: str, *, reason: str = "") -> Filing:
    """One move; what was moved already by the same hand is a retry and changes nothing."""
    with transaction.atomic():
        filing = _locked(actor, filing_id)
        case = case_of(filing)
        if load(PROCESS, case.version).move(case.state, event, case.variant) is None and _again(
            actor, case, event
        ):
            return filing
        engine.fire(actor, case, event, reason=reason)
        filing.refresh_from_db()
    return filing


def _again(actor: Actor, case: Any, event: str) -> bool:
    last = case.steps.order_by("-pk").first()
    return last is not None and last.event == event and last.actor_label == actor.label


def submit(actor: Actor, *, filing_id: int) -> Filing:
    """Send it on. Raises Http404, Refused with every hard finding and every soft one without an explanation."""
    return _move(actor, filing_id, "submit")


def pass_check(actor: Actor, *, filing_id: int) -> Filing:
    """The operator passes a firm's filing on to the city. Raises Http404, Refused."""
    return _move(actor, filing_id, "pass_check")


def return_filing(actor: Actor, *, filing_id: int, reason: str) -> Filing:
    """Back to whoever fills in, with the reason. Raises Http404, Refused."""
    return _move(actor, filing_id, "return_filing", reason=reason)


def lock(actor: Actor, *, filing_id: int) -> Filing:
    """Approve: the version is kept and its figures count. Raises Http404, Refused."""
    return _move(actor, filing_id, "lock")


def reopen(actor: Actor, *, filing_id: int, reason: str) -> Filing:
    """Let a locked filing be restated; its figures count until the new version is locked. Raises Http404, Refused."""
    return _move(actor, filing_id, "reopen", reason=reason)


def _many(
    actor: Actor,
    event: str,
    form: str | None,
    period: Period | None,
    valley_id: int | None,
    filing_ids: Collection[int] | None,
) -> Result:
    """The move for the named filings (all must be in scope), or for all of a form, period and valley that can make it."""
    with transaction.atomic():
        rows = filings_for(actor).select_for_update(of=("self",)).select_related("unit").order_by("pk")
        if form is not None:
            rows = rows.filter(form=form)
        if period is not None:
            rows = rows.filter(period=period.number)
        if valley_id is not None:
            rows = rows.filter(valley_id=valley_id)
        if filing_ids is not None:
            rows = rows.filter(pk__in=list(filing_ids))
        elif form is None or period is None:
            raise ValueError("name the filings, or their form and period")
        else:
            process = load(PROCESS)
            states = [state for state in process.states if any(
                process.move(state, event, variant) for variant in process.variants)]  # fmt: skip
            rows = rows.filter(state__in=states)
            if event == "submit":
                rows = rows.filter(revision__gt=0)  # nobody has looked at the others yet
        filings = list(rows)
        if filing_ids is not None and len(filings) != len(set(filing_ids)):
            raise Http404
        moved = batch.fire_many(
            actor,
            PROCESS,
            filings,
            event,
            detail={"form": form, "period": period and str(period), "valley": valley_id},
        )
    return Result(len(moved.done), [(one, [str(why.message) for why in whys]) for one, whys in moved.refused])


def submit_many(
    actor: Actor, *, form: str | None = None, period: Period | None = None, valley_id: int | None = None,
    filing_ids: Collection[int] | None = None,
) -> Result:  # fmt: skip
    """Send on every filing that was filled in and is sound; the others stay, with what stands in their way."""
    return _many(actor, "submit", form, period, valley_id, filing_ids)


def pass_many(
    actor: Actor, *, form: str | None = None, period: Period | None = None, valley_id: int | None = None,
    filing_ids: Collection[int] | None = None,
) -> Result:  # fmt: skip
    """Pass on every filing that waits for the operator's check."""
    return _many(actor, "pass_check", form, period, valley_id, filing_ids)


def lock_many(
    actor: Actor, *, form: str | None = None, period: Period | None = None, valley_id: int | None = None,
    filing_ids: Collection[int] | None = None,
) -> Result:  # fmt: skip
    """Approve and lock every filing that waits for review."""
    return _many(actor, "lock", form, period, valley_id, filing_ids)
