"""The life of an uploaded workbook of filings: kept, checked, written once, or not at all."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import store
from jinchuanggu.foundation.exchange.actions import begin, fail, keep_outcome, keep_upload, write_as_checked
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Outcome
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Book
from jinchuanggu.indicators.filings import actions
from jinchuanggu.indicators.filings.access import get_filing
from jinchuanggu.indicators.filings.sheet.judging import Change, Judged, judge
from jinchuanggu.indicators.filings.sheet.marks import MANY, ONE, Marks
from jinchuanggu.indicators.filings.sheet.reading import read
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.store.units import names_of

PREFIX = "f"
# short, for the column that holds it together with form, period and subject takes 40 characters


def resource_of(marks: Marks) -> str:
    """How a run says what it was sent to."""
    return f"{PREFIX}:{marks.kind}:{marks.form}:{marks.version}:{marks.period}:{marks.subject}"


def marks_of(run: ImportRun) -> Marks:
    """What an upload was sent to; the reverse of `resource_of`."""
    _prefix, kind, form, version, period, subject = run.resource.split(":")
    return Marks(kind, form, int(version), period, int(subject))


def upload(actor: Actor, *, marks: Marks, file: UploadedFile) -> ImportRun:
    """Keep a workbook and check it; writes no figure. Raises BadFile for one that can't be read or belongs elsewhere."""
    sha256, size = store.keep(file)
    book = _open(store.path_of(sha256), marks, names(actor, marks))
    run = keep_upload(
        actor, resource=resource_of(marks), verb="filing.upload", name=file.name, sha256=sha256, size=size, book=book,
        form=marks.form,
    )  # fmt: skip
    check(actor, run=run)
    run.refresh_from_db()
    return run


def _open(path: Any, marks: Marks, names: dict[int, str] | None = None) -> Book:
    return read(path, form_of(marks.form, marks.version), marks, names)


def check(actor: Actor, *, run: ImportRun, note: str = "") -> None:
    """The dry run: judge every cell and keep what was found with the run."""
    try:
        judged = judge(actor, marks_of(run), _open(store.intact(run.sha256), marks_of(run)))
    except BadFile as bad:
        fail(run, str(bad))
        return
    keep_outcome(run, judged.outcome, ImportState.CHECKED, note)
    ImportRun.objects.filter(pk=run.pk).update(notes=_notes(judged))


def _notes(judged: Judged) -> list[str]:
    """What is no error but should be known before writing."""
    found = []
    if judged.asked:
        found.append(
            ngettext(
                "%(n)d 处疑点要在提交前核实或说明；可在“说明”列写明，也可写入后在报表中说明。",
                "%(n)d 处疑点要在提交前核实或说明；可在“说明”列写明，也可写入后在报表中说明。", judged.asked,
            ) % {"n": judged.asked}
        )  # fmt: skip
    if judged.cleared:
        found.append(
            ngettext(
                "%(n)d 个空格子会清空已填的数（公式出错的格子也算空）；不想清空请填上再传。",
                "%(n)d 个空格子会清空已填的数（公式出错的格子也算空）；不想清空请填上再传。", judged.cleared,
            ) % {"n": judged.cleared}
        )  # fmt: skip
    return found


def commit(actor: Actor, *, run: ImportRun, mode: str) -> ImportRun:
    """Write what the check found, once: a second call changes nothing.

    Raises ValidationError when the mode doesn't fit what was found.
    """
    locked, begun = begin(run, mode)
    if begun:
        _perform(actor, locked)
        locked.refresh_from_db()
    return locked


def _perform(actor: Actor, run: ImportRun) -> None:
    marks, changes = marks_of(run), list[Change]()

    def judged() -> Outcome:
        found = judge(actor, marks, _open(store.intact(run.sha256), marks))
        changes[:] = found.changes
        return found.outcome

    try:
        write_as_checked(run, judged, lambda: _write(actor, marks, changes))
    except (ValidationError, actions.Conflict) as problem:
        words = (
            _("；").join(problem.messages)
            if isinstance(problem, ValidationError)
            else _("他人同时保存过，请再次核对")
        )
        check(actor, run=run, note=words[:500])


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


def names(actor: Actor, marks: Marks) -> dict[int, str]:
    """What the subject is called, for refusals."""
    if marks.kind == MANY:
        from jinchuanggu.indicators.places import directory

        return {pk: one.name for pk, one in directory().places([marks.subject]).items()}
    target = get_filing(actor, marks.subject)
    return {target.pk: names_of([target.unit]).get(target.unit_id, "")}
