"""The life of a profile import: uploaded, checked, committed once; long workbooks as jobs."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.exchange import jobs, limits, store
from jinchuanggu.foundation.exchange.actions import as_job, begin, fail, keep_outcome
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
    notes = [_("工作表“%(name)s”没有可识别的表头，未读取") % {"name": name} for name in book.skipped]
    with transaction.atomic():
        run = ImportRun.objects.create(
            resource=RESOURCE, person_id=actor.person_id, membership_id=actor.membership_id,
            actor_label=actor.label[:240], filename=(file.name or "")[-200:], sha256=sha256, size=size,
            rows=book.height, notes=notes,
        )  # fmt: skip
        record(actor, "firm.upload", run, detail={"sha256": sha256, "rows": book.height})
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


class _Changed(Exception):
    """The facts changed between the check and the commit."""


def perform(actor: Actor, *, run: ImportRun, step: Step | None = None) -> None:
    """Judge everything again and write it in one transaction; anything unlike the check rolls it all back."""
    good: list[tuple[int, dict[str, Any]]] = []

    def collect(rows: list[Row], _sheet: Sheet) -> None:
        good.extend((row.pk, row.values) for row in rows if row.action in {"create", "update"} and row.pk)

    try:
        with transaction.atomic():
            outcome = judge(actor, read(store.intact(run.sha256)), each=collect, step=step)
            if outcome.digest != run.digest:
                raise _Changed
            import_profiles(
                actor, rows=good, source={"import": run.pk, "sha256": run.sha256, "mode": run.mode}
            )
            keep_outcome(run, outcome, ImportState.DONE)
            ImportRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    except _Changed:
        note = _("预检之后数据有变化，未写入；已按现在的数据重新预检，请再次核对")
        keep_outcome(run, outcome, ImportState.CHECKED, note)
    except BadFile as bad:
        fail(run, str(bad))


@work("firm_profiles.check")
def check_job(actor: Actor, progress: Progress, *, run_id: int) -> dict[str, Any]:
    return jobs.checked(progress, run_id, lambda run: check(actor, run=run, step=progress.step))


@work("firm_profiles.commit")
def commit_job(actor: Actor, progress: Progress, *, run_id: int) -> dict[str, Any]:
    return jobs.written(progress, run_id, lambda run: perform(actor, run=run, step=progress.step))
