"""An import's life: uploaded, checked, committed once. What is long runs as a job, what is short at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.exchange import limits, store
from jinchuanggu.foundation.exchange.models import ImportMode, ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Outcome, Planner
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Book, read
from jinchuanggu.foundation.exchange.writing import Spool, write
from jinchuanggu.foundation.jobs import jobs
from jinchuanggu.foundation.resources.declare import Resource

Step = Callable[[int], None]


class Changed(Exception):
    """The records changed between the check and the commit; nothing was written and the check is renewed."""


def upload(actor: Actor, *, resource: Resource, file: UploadedFile) -> ImportRun:
    """Keep a workbook and check it; writes no record. Raises BadFile for what can't be read at all."""
    sha256, size = store.keep(file)
    book = read(store.path_of(sha256), resource)
    run = keep_upload(
        actor, resource=resource.name, verb=f"{resource.name}.upload", name=file.name, sha256=sha256, size=size, book=book
    )  # fmt: skip
    if book.height > limits.INLINE_ROWS:
        as_job(actor, run, "exchange.check", _("预检：%(file)s"), resource=resource.name)
    else:
        check(actor, resource=resource, run=run, book=book)
    run.refresh_from_db()
    return run


def keep_upload(
    actor: Actor,
    *,
    resource: str,
    verb: str,
    name: str | None,
    sha256: str,
    size: int,
    book: Book,
    **detail: Any,
) -> ImportRun:
    """A run for a workbook that was kept and read (`size` in bytes), with its audit event; sheets passed over are noted."""
    notes = [_("工作表“%(name)s”没有可识别的表头，未读取") % {"name": name} for name in book.skipped]
    with transaction.atomic():
        run = ImportRun.objects.create(
            resource=resource, person_id=actor.person_id, membership_id=actor.membership_id,
            actor_label=actor.label[:240], filename=(name or "")[-200:], sha256=sha256, size=size, rows=book.height,
            notes=notes,
        )  # fmt: skip
        record(actor, verb, run, detail={"sha256": sha256, "rows": book.height, **detail})
    return run


def check(
    actor: Actor,
    *,
    resource: Resource,
    run: ImportRun,
    book: Book | None = None,
    step: Step | None = None,
    note: str = "",
) -> Outcome | None:
    """The dry run: judge every cell and keep what was found with the run."""
    try:
        outcome = Planner(actor, resource, book or read(store.intact(run.sha256), resource)).run(step=step)
    except BadFile as bad:
        fail(run, str(bad))
        return None
    keep_outcome(run, outcome, ImportState.CHECKED, note)
    return outcome


def keep_outcome(run: ImportRun, outcome: Outcome, state: str, message: str = "") -> None:
    names = ("total", "create", "update", "unchanged", "failed")
    ImportRun.objects.filter(pk=run.pk).update(
        state=state, counts={**{name: outcome.counts[name] for name in names}, "columns": outcome.sheet_problems},
        problems=[problem.as_json() for problem in outcome.problems], problem_count=outcome.problem_count,
        digest=outcome.digest, message=message[:500],
    )  # fmt: skip


def fail(run: ImportRun, message: str) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        state=ImportState.FAILED, message=message[:500], ended_at=timezone.now()
    )


def begin(run: ImportRun, mode: str) -> tuple[ImportRun, bool]:
    """Take a checked import for writing: the run as it now is, and whether this call is the one that writes.

    Raises ValidationError when the mode doesn't fit what was found.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.state != ImportState.CHECKED:
            return locked, False
        if problem := refusal(locked, mode):
            raise ValidationError(problem)
        locked.state, locked.mode, locked.message = ImportState.WRITING, mode, ""
        locked.save(update_fields=["state", "mode", "message"])
    return locked, True


def commit(actor: Actor, *, resource: Resource, run: ImportRun, mode: str) -> ImportRun:
    """Write what the check found, once: a second call changes nothing. Long files are written by a job.

    Raises ValidationError when the mode doesn't fit what was found.
    """
    locked, begun = begin(run, mode)
    if not begun:
        return locked
    if locked.rows > limits.INLINE_ROWS:
        as_job(actor, locked, "exchange.commit", _("写入：%(file)s"), resource=resource.name)
    else:
        perform(actor, resource=resource, run=locked)
    locked.refresh_from_db()
    return locked


def refusal(run: ImportRun, mode: str) -> str:
    """Why a run can't be committed in this mode, or ""."""
    counts = run.counts
    if mode not in ImportMode.values:
        return _("请选择写入方式")
    if counts.get("columns"):
        return _("表头有误，请先更正表头后重新上传")
    if not counts.get("create") and not counts.get("update"):
        return _("没有需要写入的行")
    if mode == ImportMode.ALL and run.problem_count:
        return _("还有 %(count)d 处问题；请更正后重新上传，或选择只写入正确的行") % {
            "count": run.problem_count
        }
    return ""


def perform(actor: Actor, *, resource: Resource, run: ImportRun, step: Step | None = None) -> None:
    """Judge again and write, in one transaction; anything that changed since the check takes everything back."""
    source = {"import": run.pk, "sha256": run.sha256}
    spool = Spool()

    def judged() -> Outcome:
        planner = Planner(actor, resource, read(store.intact(run.sha256), resource))
        return planner.run(each=lambda rows, _sheet: spool.add(rows), step=step)

    def written() -> None:
        counts = write(actor, resource, spool, source=source, step=step)
        record(actor, f"{resource.name}.commit", run, detail={**source, "mode": run.mode, **counts})

    try:
        write_as_checked(run, judged, written)
    except IntegrityError:
        check(actor, resource=resource, run=run, note=_("写入时与他人同时保存的记录冲突，未写入；已重新预检"))
    except ValidationError as error:
        ImportRun.objects.filter(pk=run.pk).update(
            state=ImportState.CHECKED, message="；".join(error.messages)[:500]
        )


def write_as_checked(run: ImportRun, judged: Callable[[], Outcome], write: Callable[[], object]) -> None:
    """Judge again and write, in one transaction; where anything is unlike the check, nothing is written.

    The renewed findings are then shown for another look. What `write` raises takes everything back and goes on.
    """
    try:
        with transaction.atomic():
            outcome = judged()
            if outcome.digest != run.digest:
                raise Changed
            write()
            keep_outcome(run, outcome, ImportState.DONE)
            ImportRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    except Changed:
        note = _("预检之后数据有变化，未写入；已按现在的数据重新预检，请再次核对")
        keep_outcome(run, outcome, ImportState.CHECKED, note)
    except BadFile as bad:
        fail(run, str(bad))


def as_job(actor: Actor, run: ImportRun, function: str, title: str, **parameters: str) -> None:
    """Leave a long workbook to a job; `title` with `%(file)s`."""
    job = jobs.run(
        actor, kind="import", title=title % {"file": run.filename}, function=function,
        parameters={"run_id": run.pk, **parameters},
    )  # fmt: skip
    ImportRun.objects.filter(pk=run.pk).update(job_id=job.pk)


def summary(run: ImportRun) -> dict[str, Any]:
    """The result of a run for the page of its job."""
    return {**run.counts, "problems": run.problem_count, "state": run.state}
