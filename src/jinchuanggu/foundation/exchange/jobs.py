"""The check and the commit of long workbooks as jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import actions
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.jobs.progress import Cancelled, Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.foundation.resources.registry import resources


def checked(progress: Progress, run_id: int, check: Callable[[ImportRun], None]) -> dict[str, Any]:
    """The dry run of a long workbook; when it stops half-way the run says so."""
    run = ImportRun.objects.get(pk=run_id)
    progress.expect(run.rows)
    try:
        check(run)
    except Cancelled:
        actions.fail(run, _("已取消"))
        raise
    except Exception:
        actions.fail(run, _("预检出错中止，请重新上传"))
        raise
    run.refresh_from_db()
    return actions.summary(run)


def written(
    progress: Progress, run_id: int, perform: Callable[[ImportRun], None], *, passes: int = 1
) -> dict[str, Any]:
    """The writing of a long workbook, in one transaction; cancelled, it is as if it had never begun."""
    run = ImportRun.objects.get(pk=run_id)
    progress.expect(run.rows * passes)
    try:
        perform(run)
    except BaseException:
        ImportRun.objects.filter(pk=run_id, state=ImportState.WRITING).update(state=ImportState.CHECKED)
        raise
    run.refresh_from_db()
    return actions.summary(run)


@work("exchange.check")
def check(actor: Actor, progress: Progress, *, run_id: int, resource: str) -> dict[str, Any]:
    kind = resources[resource]
    return checked(
        progress, run_id, lambda run: actions.check(actor, resource=kind, run=run, step=progress.step)
    )


@work("exchange.commit")
def commit(actor: Actor, progress: Progress, *, run_id: int, resource: str) -> dict[str, Any]:
    kind = resources[resource]
    return written(
        progress,
        run_id,
        lambda run: actions.perform(actor, resource=kind, run=run, step=progress.step),
        passes=2,
    )
