"""The life of an uploaded workbook of filings: kept, checked, written once, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.engines.cells import plain
from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.exchange import store
from jinchuanggu.foundation.exchange.actions import begin, fail, keep_outcome
from jinchuanggu.foundation.exchange.cells import Unfit, text
from jinchuanggu.foundation.exchange.models import ImportMode, ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Outcome, Row
from jinchuanggu.foundation.exchange.problems import BadFile, Problem
from jinchuanggu.foundation.exchange.reading import Book, Sheet
from jinchuanggu.indicators import filing_actions as actions
from jinchuanggu.indicators.filing_access import filings_for, may_write
from jinchuanggu.indicators.filing_findings import findings_many, writable_many
from jinchuanggu.indicators.filing_sheet import marks as marking
from jinchuanggu.indicators.filing_sheet.columns import CODE, NAME, SAID, USCC, VALUE
from jinchuanggu.indicators.filing_sheet.marks import MANY, ONE, Marks
from jinchuanggu.indicators.filing_sheet.reading import read, said_in
from jinchuanggu.indicators.filing_sheet.values import figure
from jinchuanggu.indicators.filing_words import decimal_of, state_words
from jinchuanggu.indicators.forms_library import form_of
from jinchuanggu.indicators.forms_model import Form, Severity
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.units import names_of
from jinchuanggu.residents.models import Resident

PREFIX = "f"
# short, for the column that holds it together with form, period and subject takes 40 characters
Each = Callable[[list[Row], Sheet], None]


def resource_of(marks: Marks) -> str:
    """How a run says what it was sent to."""
    return f"{PREFIX}:{marks.kind}:{marks.form}:{marks.version}:{marks.period}:{marks.subject}"


def marks_of(run: ImportRun) -> Marks:
    _prefix, kind, form, version, period, subject = run.resource.split(":")
    return Marks(kind, form, int(version), period, int(subject))


@dataclass
class Change:
    """What a workbook would write of one filing."""

    row: Filing
    cells: dict[str, Decimal | None]
    explanations: dict[str, str] = field(default_factory=dict)


@dataclass
class Judged:
    """The outcome of a check, with what would be written."""

    outcome: Outcome
    changes: list[Change] = field(default_factory=list)
    asked: int = 0


def upload(actor: Actor, *, marks: Marks, file: UploadedFile) -> ImportRun:
    """Keep a workbook and check it; writes no figure. Raises BadFile for one that can't be read or belongs elsewhere."""
    sha256, size = store.keep(file)
    book = _open(store.path_of(sha256), marks)
    with transaction.atomic():
        run = ImportRun.objects.create(
            resource=resource_of(marks), person_id=actor.person_id, membership_id=actor.membership_id,
            actor_label=actor.label[:240], filename=(file.name or "")[-200:], sha256=sha256, size=size,
            rows=book.height,
        )  # fmt: skip
        record(
            actor, "filing.upload", run, detail={"sha256": sha256, "rows": book.height, "form": marks.form}
        )
    check(actor, run=run)
    run.refresh_from_db()
    return run


def _open(path: Any, marks: Marks) -> Book:
    return read(path, form_of(marks.form, marks.version), marks)


def check(actor: Actor, *, run: ImportRun, note: str = "") -> None:
    """The dry run: judge every cell and keep what was found with the run."""
    try:
        judged = judge(actor, marks_of(run), _open(store.intact(run.sha256), marks_of(run)))
    except BadFile as bad:
        fail(run, str(bad))
        return
    keep_outcome(run, judged.outcome, ImportState.CHECKED, note)
    if judged.asked:
        said = ngettext(
            "%(n)d 处疑点要在提交前核实或说明；可在“说明”列写明，也可写入后在报表中说明。",
            "%(n)d 处疑点要在提交前核实或说明；可在“说明”列写明，也可写入后在报表中说明。", judged.asked,
        ) % {"n": judged.asked}  # fmt: skip
        ImportRun.objects.filter(pk=run.pk).update(notes=[said])


def commit(actor: Actor, *, run: ImportRun, mode: str) -> ImportRun:
    """Write what the check found, once: a second call changes nothing.

    Raises ValidationError when the mode doesn't fit what was found.
    """
    locked, begun = begin(run, mode)
    if begun:
        _perform(actor, locked)
        locked.refresh_from_db()
    return locked


class _Changed(Exception):
    """The figures changed between the check and the commit."""


def _perform(actor: Actor, run: ImportRun) -> None:
    marks = marks_of(run)
    try:
        with transaction.atomic():
            judged = judge(actor, marks, _open(store.intact(run.sha256), marks))
            if judged.outcome.digest != run.digest:
                raise _Changed
            _write(actor, marks, judged.changes)
            keep_outcome(run, judged.outcome, ImportState.DONE)
            ImportRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    except _Changed:
        keep_outcome(run, judged.outcome, ImportState.CHECKED,
                     _("预检之后数据有变化，未写入；已按现在的数据重新预检，请再次核对"))  # fmt: skip
    except (ValidationError, actions.Conflict) as problem:
        words = (
            "；".join(problem.messages)
            if isinstance(problem, ValidationError)
            else _("他人同时保存过，请再次核对")
        )
        check(actor, run=run, note=words[:500])
    except BadFile as bad:
        fail(run, str(bad))


def _write(actor: Actor, marks: Marks, changes: list[Change]) -> None:
    if marks.kind == ONE:
        for one in changes:
            actions.save_cells(
                actor, filing_id=one.row.pk, cells=one.cells, explanations=one.explanations or None,
                revision=one.row.revision,
            )  # fmt: skip
    elif changes:
        actions.file_rows(
            actor, form=marks.form, period=Period.parse(marks.period), valley_id=marks.subject,
            rows={one.row.unit.ref_id: one.cells for one in changes},
            explanations={one.row.unit.ref_id: one.explanations for one in changes if one.explanations},
        )  # fmt: skip


def judge(actor: Actor, marks: Marks, book: Book, *, each: Each | None = None) -> Judged:
    """What every row of the workbook would do, with everything that is wrong in it."""
    form, sheet = form_of(marks.form, marks.version), book.sheets[0]
    judged = Judged(Outcome())
    for problem in sheet.problems:
        judged.outcome.add(problem)
        judged.outcome.sheet_problems += 1
    rows = [Row(sheet.name, number, raw) for number, raw in sheet.rows()]
    if marks.kind == MANY:
        _many(actor, marks, form, rows, judged)
    else:
        _one(actor, marks, form, rows, judged)
    digest = hashlib.sha256()
    for row in rows:
        if row.problems:
            row.action = "failed"
        judged.outcome.counts["total"] += 1
        judged.outcome.counts[row.action] += 1
        kept = sorted((key, str(value)) for key, value in row.values.items())
        digest.update(f"{row.action}|{row.pk}|{kept}".encode())
        for key, value, message in row.problems:
            judged.outcome.add(Problem(sheet.name, row.number, sheet.heads.get(key, ""), value, message))
    judged.outcome.digest = digest.hexdigest()
    if judged.outcome.counts["failed"] and marks.kind == ONE:
        judged.changes = []  # one form is kept whole or not at all
    if each is not None:
        each(rows, sheet)
    return judged


def get_target(actor: Actor, pk: int) -> Filing:
    """A filing in the actor's scope. Raises Http404."""
    row = filings_for(actor).select_related("unit").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


# --- one form of one unit: a row for each cell ---


def _one(actor: Actor, marks: Marks, form: Form, rows: list[Row], judged: Judged) -> None:
    target = get_target(actor, marks.subject)
    typed = {cell.key: cell for cell in form.typed}
    seen: dict[str, int] = {}
    cells: dict[str, Decimal | None] = {}
    words: list[str] = []
    for row in rows:
        row.pk = target.pk
        code = _code(row)
        if code not in typed:
            row.wrong(CODE, _("没有这一项；请不要改动“代码”列"))
            continue
        if code in seen:
            row.wrong(CODE, _("与第 %(row)d 行重复") % {"row": seen[code]})
            continue
        seen[code] = row.number
        row.seen = code
        try:
            value = figure(typed[code], row.raw.get(VALUE))
        except Unfit as unfit:
            row.wrong(VALUE, str(unfit))
            continue
        cells[code] = value
        if said := said_in(row.raw.get(SAID)):
            words.append(said)
        changed = decimal_of(target.cells.get(code)) != value
        row.action = "update" if changed else "unchanged"
        if changed:
            row.values = {code: "" if value is None else plain(value)}
    if not may_write(actor, target):
        for row in rows:
            row.wrong(VALUE, _("这张表现为“%(state)s”，不能修改") % {"state": state_words(target.state)})
        return
    merged = _merged(target, cells)
    findings = findings_many(form, [target], cells={target.pk: merged}).get(target.pk, [])
    if not words and all(row.action == "unchanged" for row in rows if not row.problems):
        return  # what stands there already is not told again
    at = {row.seen: row for row in rows if row.seen}
    explained = _tell(
        findings, lambda key: at.get(key), lambda _key: VALUE, "；".join(dict.fromkeys(words)), target, judged
    )
    if explained and rows:
        first = next((row for row in rows if row.action in ("update", "unchanged")), rows[0])
        first.action, first.values = "update", {**first.values, SAID: "；".join(explained.values())}
    if any(row.action == "update" for row in rows):
        judged.changes.append(Change(target, cells, explained))


def _code(row: Row) -> str:
    try:
        return text(row.raw.get(CODE) or "").strip()
    except Unfit:
        return ""


# --- many firms: a row for each ---


def _many(actor: Actor, marks: Marks, form: Form, rows: list[Row], judged: Judged) -> None:
    targets = filings_for(actor).filter(
        form=marks.form, period=Period.parse(marks.period).number, valley_id=marks.subject
    ).select_related("unit")  # fmt: skip
    filings = {row.unit.ref_id: row for row in targets}
    residents = Resident.objects.filter(pk__in=filings).select_related("organisation")
    by_code = {
        one.organisation.uscc: one.pk for one in residents if one.organisation and one.organisation.uscc
    }
    by_name: dict[str, list[int]] = {}
    for one in residents:
        if one.organisation:
            by_name.setdefault(one.organisation.name, []).append(one.pk)
    mine = writable_many(actor, list(filings.values()))
    seen: dict[int, int] = {}
    parsed: dict[int, tuple[Row, Filing, dict[str, Decimal | None], str]] = {}
    for row in rows:
        resident = _resident(row, by_code, by_name)
        if resident is None:
            continue
        if resident in seen:
            row.wrong(USCC, _("与第 %(row)d 行是同一家，请只留一行") % {"row": seen[resident]})
            continue
        seen[resident], target = row.number, filings[resident]
        row.pk = target.pk
        cells: dict[str, Decimal | None] = {}
        for cell in form.typed:
            if cell.key not in row.raw:
                continue
            try:
                cells[cell.key] = figure(cell, row.raw[cell.key])
            except Unfit as unfit:
                row.wrong(cell.key, str(unfit))
        changed = {key: value for key, value in cells.items() if decimal_of(target.cells.get(key)) != value}
        row.action = "update" if changed else "unchanged"
        row.values = {key: "" if value is None else plain(value) for key, value in changed.items()}
        said = said_in(row.raw.get(SAID))
        if changed and target.pk not in mine:
            row.wrong(
                next(iter(changed)), _("这家现为“%(state)s”，不能修改") % {"state": state_words(target.state)}
            )
        elif changed or (said and target.pk in mine):
            parsed[target.pk] = (row, target, cells, said)
    known = {pk: _merged(target, cells) for pk, (_row, target, cells, _said) in parsed.items()}
    found = findings_many(form, [target for _row, target, _cells, _said in parsed.values()], cells=known)
    for pk, (row, target, cells, said) in parsed.items():
        explained = _tell(found.get(pk, []), lambda _key, row=row: row, lambda key: key, said, target, judged)
        if explained and row.action == "unchanged":
            row.action, row.values = "update", {SAID: said}
        if not row.problems and row.action == "update":
            judged.changes.append(Change(target, cells, explained))


def _resident(row: Row, by_code: dict[str, int], by_name: dict[str, list[int]]) -> int | None:
    try:
        code, name = text(row.raw.get(USCC) or "").upper(), text(row.raw.get(NAME) or "")
    except Unfit as unfit:
        row.wrong(USCC, str(unfit))
        return None
    if code:
        if code not in by_code:
            row.wrong(USCC, _("这家不在本期应报名单内；请核对代码"))
        return by_code.get(code)
    found = by_name.get(name, [])
    if len(found) > 1:
        row.wrong(NAME, _("有 %(n)d 家同名，请填统一社会信用代码") % {"n": len(found)})
    elif not found:
        row.wrong(NAME if name else USCC, _("这家不在本期应报名单内；请填登记的全称或代码"))
    return found[0] if len(found) == 1 else None


def _merged(target: Filing, cells: dict[str, Decimal | None]) -> dict[str, str]:
    """The figures as they would stand."""
    kept = {key: str(value) for key, value in target.cells.items() if value not in (None, "")}
    for key, value in cells.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = plain(value)
    return kept


def _tell(
    findings: Any, row_of: Callable[[str], Row | None], column_of: Callable[[str], str], said: str, target: Filing,
    judged: Judged,
) -> dict[str, str]:  # fmt: skip
    """Hard findings become problems at their cells, save for what is only not filled in yet; soft ones are explained
    by the words of the row, or counted as asked.
    """
    explained: dict[str, str] = {}
    for one in findings:
        if one.severity == Severity.HARD:
            if one.id.startswith("required"):
                continue
            row = next((r for key in one.cells if (r := row_of(key)) is not None), None)
            if row is not None:
                row.wrong(column_of(one.cells[0]), one.message)
        elif said:
            if target.explanations.get(one.id) != said:
                explained[one.id] = said
        elif not target.explanations.get(one.id):
            judged.asked += 1
    return explained


def names(actor: Actor, marks: Marks) -> dict[int, str]:
    """What the subject is called, for refusals."""
    if marks.kind == MANY:
        from jinchuanggu.indicators.places import directory

        return {pk: one.name for pk, one in directory().places([marks.subject]).items()}
    target = get_target(actor, marks.subject)
    return {target.pk: names_of([target.unit]).get(target.unit_id, "")}


__all__ = ["ImportMode", "check", "commit", "judge", "marking", "marks_of", "resource_of", "upload"]
