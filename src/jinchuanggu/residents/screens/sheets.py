"""Profiles of many firms as a workbook: export, template, import panel, result, marked workbook."""

from __future__ import annotations

from collections import defaultdict

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.exchange import annotated, limits, store
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Sheet
from jinchuanggu.foundation.exchange.screens import run_page
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.residents.scopes import firms
from jinchuanggu.residents.screens.profile import READERS, WRITERS
from jinchuanggu.residents.sheet import runs, writing
from jinchuanggu.residents.sheet.reading import judge, read

NAMES = {
    "list": "firm_profiles",
    "import": "firm_profiles_import",
    "import_template": "firm_profiles_template",
    "import_run": "firm_profiles_run",
    "import_commit": "firm_profiles_commit",
    "import_errors": "firm_profiles_errors",
}


def _frame() -> dict[str, object]:
    return {"resource": {"label": _("企业情况")}, "names": NAMES}


def _get(request: HttpRequest, run_id: int) -> ImportRun:
    """One import of this hat. Raises Http404."""
    run = _own(request).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def _own(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The imports of this hat; another's do not exist for it."""
    return ImportRun.objects.filter(
        resource=runs.RESOURCE,
        membership_id=request.actor.membership_id,  # type: ignore[attr-defined]
    )


@require_safe
@guard(*READERS)
def export(request: HttpRequest) -> FileResponse:
    """The facts of the firms in scope, exactly those of the list."""
    from jinchuanggu.residents.screens.firms import searched

    rows = searched(request, of_origin(firms(request.actor), origin_view(request)))  # type: ignore[attr-defined]
    name = _("企业情况-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    return FileResponse(writing.export(rows), as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@guard(*WRITERS)
def blank(request: HttpRequest) -> FileResponse:
    """The template to fill in."""
    name = _("企业情况-导入模板.xlsx")
    return FileResponse(writing.template(), as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def panel(request: HttpRequest) -> HttpResponse:
    """Template, upload, and the last imports."""
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("请选择要上传的 .xlsx 文件")]
        else:
            try:
                run = runs.upload(request.actor, file=file)  # type: ignore[attr-defined]
            except BadFile as bad:
                problems = bad.messages
            else:
                return redirect("firm_profiles_run", run_id=run.pk)
    shown = {
        **_frame(),
        "problems": problems,
        "runs": list(_own(request)[:8]),
        "max_mb": limits.MAX_BYTES // 2**20,
        "max_rows": limits.MAX_ROWS,
    }
    return render(request, "exchange/panel.html", shown, status=422 if problems else 200)


@require_safe
@guard(*WRITERS)
def result(request: HttpRequest, run_id: int) -> HttpResponse:
    """What an import came to; it stays."""
    return _page(request, _get(request, run_id))


def _page(request: HttpRequest, run: ImportRun, status: int = 200, error: str = "") -> HttpResponse:
    return run_page(request, run, _frame(), status, error)


@require_POST
@guard(*WRITERS)
def commit(request: HttpRequest, run_id: int) -> HttpResponse:
    """Write what was checked."""
    run = _get(request, run_id)
    try:
        runs.commit(request.actor, run=run, mode=request.POST.get("mode", ""))  # type: ignore[attr-defined]
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    return redirect("firm_profiles_run", run_id=run_id)


@require_safe
@guard(*WRITERS)
def errors(request: HttpRequest, run_id: int) -> HttpResponse:
    """The uploaded workbook with its errors marked."""
    run = _get(request, run_id)
    failed: defaultdict[str, dict[int, Row]] = defaultdict(dict)

    def collect(rows: list[Row], sheet: Sheet) -> None:
        failed[sheet.name].update({row.number: row for row in rows if row.problems})

    try:
        path = store.intact(run.sha256)
        book = read(path)
        judge(request.actor, book, each=collect)  # type: ignore[attr-defined]
    except BadFile as bad:
        return _page(request, run, 422, _("；").join(bad.messages))
    size = sum(sheet.source.total_height * sheet.source.total_width for sheet in book.sheets)
    if size > limits.ANNOTATED_CELLS:
        file = annotated.listed(book, failed)
    else:
        file = annotated.edited(path, book, failed, run.state == ImportState.DONE)
    name = _("%(name)s-错误标注.xlsx") % {"name": run.filename.rsplit(".", 1)[0]}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
