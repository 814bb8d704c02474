"""The check and the commit of long workbooks as jobs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.exchange import actions
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.jobs.progress import Cancelled, Progress
from jinchuanggu.foundation.jobs.registry import work
from jinchuanggu.foundation.resources.registry import resources


@work("exchange.check")
def check(actor: Actor, progress: Progress, *, run_id: int, resource: str) -> dict[str, Any]:
    """The dry run of a long workbook."""
    run = ImportRun.objects.get(pk=run_id)
    progress.expect(run.rows)
    try:
        actions.check(actor, resource=resources[resource], run=run, step=progress.step)
    except Cancelled:
        actions.fail(run, _("已取消"))
        raise
    except Exception:
        actions.fail(run, _("预检出错中止，请重新上传"))
        raise
    run.refresh_from_db()
    return actions.summary(run)


@work("exchange.commit")
def commit(actor: Actor, progress: Progress, *, run_id: int, resource: str) -> dict[str, Any]:
    """The writing of a long workbook, in one transaction; cancelled, it is as if it had never begun."""
    run = ImportRun.objects.get(pk=run_id)
    progress.expect(run.rows * 2)
    try:
        actions.perform(actor, resource=resources[resource], run=run, step=progress.step)
    except BaseException:
        ImportRun.objects.filter(pk=run_id, state=ImportState.WRITING).update(state=ImportState.CHECKED)
        raise
    run.refresh_from_db()
    return actions.summary(run)
