"""The life of a profile import: uploaded, checked, committed once; long workbooks as jobs."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import jobs, limits, store
from jinchuanggu.foundation.exchange.actions import (
    as_job,
    begin,
    fail,
    keep_outcome,
    keep_upload,
    write_as_checked,
)
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Sheet
from jinchuanggu.foundation.jobs.progress import Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.residents.actions.profile import import_profiles
from jinchuanggu.residents.inputs import refresh
from jinchuanggu.residents.sheet.reading import Step, judge, read

RESOURCE = "firm_profiles"


def upload(actor: Actor, *, file: UploadedFile) -> ImportRun:
    """Keep a workbook and check it; writes no fact. Raises BadFile for what can't be read at all."""
    refresh()
    sha256, size = store.keep(file)
    book = read(store.path_of(sha256))
    run = keep_upload(
        actor, resource=RESOURCE, verb="firm.upload", name=file.name, sha256=sha256, size=size, book=book
    )
    if book.height > limits.INLINE_ROWS:
        as_job(actor, run, "firm_profiles.check", _("预检：%(file)s"))
    else:
        check(actor, run=run)
    run.refresh_from_db()
    return run


def check(actor: Actor, *, run: ImportRun, step: Step | None = None, note: str = "") -> None:
    """The dry run: judge every row and keep what was found with the run."""
    try:
        outcome = judge(actor, read(store.intact(run.sha256)), step=step)
    except BadFile as bad:
        fail(run, str(bad))
        return
    keep_outcome(run, outcome, ImportState.CHECKED, note)


def commit(actor: Actor, *, run: ImportRun, mode: str) -> ImportRun:
    """Write what the check found, once: a second call changes nothing.

    Raises ValidationError when the mode doesn't fit what was found.
    """
    locked, begun = begin(run, mode)
    if not begun:
        return locked
    if locked.rows > limits.INLINE_ROWS:
        as_job(actor, locked, "firm_profiles.commit", _("写入：%(file)s"))
    else:
        perform(actor, run=locked)
    locked.refresh_from_db()
    return locked


def perform(actor: Actor, *, run: ImportRun, step: Step | None = None) -> None:
    """Judge everything again and write it in one transaction; anything unlike the check rolls it all back."""
    good: list[tuple[int, dict[str, Any]]] = []

    def collect(rows: list[Row], _sheet: Sheet) -> None:
        good.extend((row.pk, row.values) for row in rows if row.action in {"create", "update"} and row.pk)

    source = {"import": run.pk, "sha256": run.sha256, "mode": run.mode}
    write_as_checked(
        run,
        lambda: judge(actor, read(store.intact(run.sha256)), each=collect, step=step),
        lambda: import_profiles(actor, rows=good, source=source),
    )


@work("firm_profiles.check")
def check_job(actor: Actor, progress: Progress, *, run_id: int) -> dict[str, Any]:
    return jobs.checked(progress, run_id, lambda run: check(actor, run=run, step=progress.step))


@work("firm_profiles.commit")
def commit_job(actor: Actor, progress: Progress, *, run_id: int) -> dict[str, Any]:
    return jobs.written(progress, run_id, lambda run: perform(actor, run=run, step=progress.step))
