"""The import panel, the page of one import, its commit, and the workbooks it hands out."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.exchange import actions, annotated, limits, template
from jinchuanggu.foundation.exchange.models import ImportMode, ImportRun, ImportState
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.screens.lists import names_of

SHOWN = 200


def own(request: HttpRequest, resource: Resource) -> object:
    """The imports of this hat; another's do not exist for it."""
    return ImportRun.objects.filter(resource=resource.name, membership_id=request.actor.membership_id)


def get(request: HttpRequest, resource: Resource, run_id: int) -> ImportRun:
    """One import of this hat. Raises Http404."""
    run = own(request, resource).filter(pk=run_id).first()  # type: ignore[attr-defined]
    if run is None:
        raise Http404
    return run


def panel(request: HttpRequest, resource: Resource) -> HttpResponse:
    """Template, upload, and the last imports."""
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("请选择要上传的 .xlsx 文件")]
        else:
            try:
                run = actions.upload(request.actor, resource=resource, file=file)
            except BadFile as bad:
                problems = bad.messages
            else:
                return redirect(f"{resource.name}_import_run", run_id=run.pk)
    shown = {
        "resource": resource, "names": names_of(resource), "problems": problems,
        "runs": list(own(request, resource)[:8]), "max_mb": limits.MAX_BYTES // 2**20, "max_rows": limits.MAX_ROWS,
    }  # fmt: skip
    return render(request, "exchange/panel.html", shown, status=422 if problems else 200)


def result(request: HttpRequest, resource: Resource, run_id: int) -> HttpResponse:
    """What an import came to; it stays."""
    return _page(request, resource, get(request, resource, run_id))


def _page(
    request: HttpRequest, resource: Resource, run: ImportRun, status: int = 200, error: str = ""
) -> HttpResponse:
    frame = {"resource": resource, "names": names_of(resource)}
    return run_page(request, run, frame, status, error)


def run_page(
    request: HttpRequest, run: ImportRun, frame: dict[str, object], status: int = 200, error: str = ""
) -> HttpResponse:
    """The page of an import of any kind, or its middle for htmx. `frame`: `resource` with its label, `names` of the pages."""
    counts, waiting = run.counts, run.state == ImportState.CHECKED
    shown = {
        **frame, "run": run, "counts": counts, "error": error,
        "problems": run.problems[:SHOWN], "hidden": max(run.problem_count - SHOWN, 0),
        "good": counts.get("create", 0) + counts.get("update", 0),
        "busy": run.state in {ImportState.CHECKING, ImportState.WRITING},
        "waiting": waiting, "done": run.state == ImportState.DONE,
        "cannot_all": actions.refusal(run, ImportMode.ALL) if waiting else "",
        "cannot_good": actions.refusal(run, ImportMode.GOOD) if waiting else "",
    }  # fmt: skip
    name = "exchange/_run.html" if request.headers.get("HX-Request") else "exchange/run.html"
    return render(request, name, shown, status=status)


@require_POST
def commit(request: HttpRequest, resource: Resource, run_id: int) -> HttpResponse:
    """Write what was checked."""
    run = get(request, resource, run_id)
    try:
        actions.commit(request.actor, resource=resource, run=run, mode=request.POST.get("mode", ""))
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    return redirect(f"{resource.name}_import_run", run_id=run_id)


def workbook(request: HttpRequest, resource: Resource, run_id: int) -> HttpResponse:
    """The uploaded workbook with its errors marked."""
    run = get(request, resource, run_id)
    try:
        file = annotated.workbook(request.actor, resource, run)
    except BadFile as bad:
        return _page(request, resource, run, 422, _("；").join(bad.messages))
    stem = run.filename.rsplit(".", 1)[0]
    return FileResponse(
        file, as_attachment=True, filename=_("%(name)s-错误标注.xlsx") % {"name": stem}, content_type=XLSX
    )


def blank(request: HttpRequest, resource: Resource) -> FileResponse:
    """The template to fill in."""
    name = _("%(label)s-导入模板.xlsx") % {"label": resource.label}
    file = template.workbook(request.actor, resource)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
