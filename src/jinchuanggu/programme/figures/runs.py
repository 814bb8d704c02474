"""The life of an import of published figures: uploaded, checked, written once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.audit.log import record
from jinchuanggu.foundation.exchange import store
from jinchuanggu.foundation.exchange.actions import begin, keep_outcome, keep_upload, write_as_checked
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Sheet
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.indicators.models import Figure, SourceKind
from jinchuanggu.indicators.published import sync_figures
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.figures.reading import judge, read
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.verdicts import refresh_verdict

RESOURCE = "figures"
MOST_ROWS = 5_000


def upload(actor: Actor, *, file: UploadedFile) -> ImportRun:
    """Keep a sheet and check it; writes no figure. Raises BadFile for what can't be read, PermissionDenied."""
    _may(actor)
    sha256, size = store.keep(file)
    book = read(store.path_of(sha256))
    if book.height > MOST_ROWS:
        raise BadFile(_("一次最多导入 %(most)d 行") % {"most": MOST_ROWS})
    run = keep_upload(
        actor, resource=RESOURCE, verb="figures.upload", name=file.name, sha256=sha256, size=size, book=book
    )
    keep_outcome(run, judge(actor, book), ImportState.CHECKED)
    run.refresh_from_db()
    return run


def commit(actor: Actor, *, run: ImportRun, mode: str) -> ImportRun:
    """Write what the check found, all of it in one transaction, once: a second call changes nothing.

    Everything is judged again; where that finds anything else than the check did, nothing is written and the new findings
    are shown. Raises ValidationError when the mode doesn't fit what was found, PermissionDenied.
    """
    _may(actor)
    locked, begun = begin(run, mode)
    if begun:
        _perform(actor, locked)
        locked.refresh_from_db()
    return locked


def _perform(actor: Actor, run: ImportRun) -> None:
    good: list[Row] = []

    def collect(rows: list[Row], _sheet: Sheet) -> None:
        good.extend(row for row in rows if row.action in {"create", "update"})

    write_as_checked(
        run,
        lambda: judge(actor, read(store.intact(run.sha256)), each=collect),
        lambda: write(actor, run, good),
    )


def write(actor: Actor, run: ImportRun, rows: list[Row]) -> None:
    """New reports and corrected ones, one audit event; then the store and the verdicts of the valleys concerned."""
    ids = {row.values["valley_id"] for row in rows}
    before = {
        figure.pk: figure for figure in Figure.objects.filter(pk__in=[row.pk for row in rows if row.pk])
    }
    valleys: dict[int, Valley] = {
        valley.pk: valley
        for valley in visible_valleys(actor).filter(pk__in=ids | {f.valley_id for f in before.values()})
    }
    new, changed, detail = [], [], []
    for row in rows:
        figure = (
            before[row.pk] if row.action == "update" and row.pk else Figure(source_kind=SourceKind.PUBLISHED)
        )
        old = {name: str(getattr(figure, name)) for name in row.values} if figure.pk else {}
        moved = figure.pk and (figure.valley_id, figure.indicator, figure.year) != (
            row.values["valley_id"], row.values["indicator"], row.values["year"],
        )  # fmt: skip
        for name, value in row.values.items():
            setattr(figure, name, value)
        figure.origin = valleys[figure.valley_id].origin
        if moved:  # what was chosen there was not chosen here
            figure.chosen = False
        if figure.pk:
            changed.append(figure)
            detail.append(_difference(figure, old))
        else:
            new.append(figure)
    Figure.objects.bulk_create(new)
    fields = [*rows[0].values, "origin", "chosen"] if rows else []
    if changed:
        Figure.objects.bulk_update(changed, fields)
    record(
        actor, "figures.import", run,
        detail={"sha256": run.sha256, "mode": run.mode, "new": [figure.pk for figure in new], "changed": detail},
    )  # fmt: skip
    sync_figures(valleys)
    for valley in valleys.values():
        refresh_verdict(valley)


def _difference(figure: Figure, old: dict[str, str]) -> dict[str, Any]:
    now = {name: str(getattr(figure, name)) for name in old}
    return {
        "id": figure.pk,
        **{name: [old[name], now[name]] for name in old if old[name] != now[name]},
    }


def _may(actor: Actor) -> None:
    if actor.role != Role.PROVINCIAL_OFFICE:
        raise PermissionDenied
