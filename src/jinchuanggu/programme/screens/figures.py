"""Published figures of all valleys: conflicts side by side, the sheet out and in."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.exchange import annotated, limits, store
from jinchuanggu.foundation.exchange.models import ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Sheet
from jinchuanggu.foundation.exchange.screens import run_page
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import origin_view
from jinchuanggu.programme.access import visible_valleys
from jinchuanggu.programme.actions import figures as figure_actions
from jinchuanggu.programme.figures import runs, writing
from jinchuanggu.programme.figures.conflicts import compared, published
from jinchuanggu.programme.figures.reading import is_workbook, judge, read

READERS = PROVINCE_WIDE | CITY_WIDE
PER_PAGE = 40
NAMES = {
    "list": "figures",
    "import": "figures_import",
    "import_template": "figures_template",
    "import_run": "figures_run",
    "import_commit": "figures_commit",
    "import_errors": "figures_errors",
}


def _actor(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_safe
@guard(*READERS)
def figures(request: HttpRequest) -> HttpResponse:
    """Figures whose reports disagree, or everything that pages published."""
    everything = request.GET.get("all") == "1"
    rows = compared(_actor(request), origin_view(request), everything=everything)
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1
    keep = "&all=1" if everything else ""
    first = (page - 1) * PER_PAGE
    context = {
        "rows": rows[first : first + PER_PAGE],
        "total": len(rows),
        "everything": everything,
        "may_import": _actor(request).role == Role.PROVINCIAL_OFFICE,
        "choice_reasons": [
            _("以最新报送为准"),
            _("以记录计算为准"),
            _("口径与认定条件一致"),
            _("其余来源口径不一致"),
        ],
        "page": {
            "first": first + 1,
            "last": min(first + PER_PAGE, len(rows)),
            "total": len(rows),
            "previous_url": f"?page={page - 1}{keep}" if page > 1 else "",
            "next_url": f"?page={page + 1}{keep}" if first + PER_PAGE < len(rows) else "",
        }
        if len(rows) > PER_PAGE
        else None,
    }
    return render(request, "programme/figures/figures.html", context)


@require_POST
@guard(Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
def choose(request: HttpRequest, pk: int, figure: int) -> HttpResponse:
    """Say which report counts, from the page of all conflicts."""
    try:
        figure_actions.choose_figure(
            _actor(request), valley_id=pk, figure_id=figure, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("已采用所选数据，条件核验已更新"))
    return redirect(reverse("figures"))


@require_safe
@guard(*READERS)
def export(request: HttpRequest) -> FileResponse:
    """Every published report in scope, as a sheet that can be sent back."""
    rows, valleys = published(_actor(request), origin_view(request))
    name = _("公开数据-%(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    return FileResponse(writing.export(rows, valleys), as_attachment=True, filename=name, content_type=XLSX)


@require_safe
@guard(Role.PROVINCIAL_OFFICE)
def blank(request: HttpRequest) -> FileResponse:
    """The template to fill in."""
    file = writing.template(visible_valleys(_actor(request)).order_by("pk"))
    return FileResponse(file, as_attachment=True, filename=_("公开数据-导入模板.xlsx"), content_type=XLSX)


def _own(request: HttpRequest) -> Any:
    return ImportRun.objects.filter(resource=runs.RESOURCE, membership_id=_actor(request).membership_id)


def _get(request: HttpRequest, run_id: int) -> ImportRun:
    """One import of this hat; another's does not exist for it. Raises Http404."""
    run = _own(request).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run  # type: ignore[no-any-return]


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.PROVINCIAL_OFFICE)
def panel(request: HttpRequest) -> HttpResponse:
    """Template, upload, the last imports."""
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("请选择要上传的文件")]
        else:
            try:
                run = runs.upload(_actor(request), file=file)
            except BadFile as bad:
                problems = bad.messages
            else:
                return redirect("figures_run", run_id=run.pk)
    context = {
        "problems": problems,
        "runs": list(_own(request)[:8]),
        "max_mb": limits.MAX_BYTES // 2**20,
        "max_rows": runs.MOST_ROWS,
    }
    return render(request, "programme/figures/import.html", context, status=422 if problems else 200)


@require_safe
@guard(Role.PROVINCIAL_OFFICE)
def result(request: HttpRequest, run_id: int) -> HttpResponse:
    """What an import came to; it stays."""
    return _page(request, _get(request, run_id))


def _page(request: HttpRequest, run: ImportRun, status: int = 200, error: str = "") -> HttpResponse:
    return run_page(request, run, {"resource": {"label": _("公开数据")}, "names": NAMES}, status, error)


@require_POST
@guard(Role.PROVINCIAL_OFFICE)
def commit(request: HttpRequest, run_id: int) -> HttpResponse:
    """Write what was checked."""
    try:
        runs.commit(_actor(request), run=_get(request, run_id), mode=request.POST.get("mode", ""))
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    return redirect("figures_run", run_id=run_id)


@require_safe
@guard(Role.PROVINCIAL_OFFICE)
def errors(request: HttpRequest, run_id: int) -> HttpResponse:
    """The uploaded workbook with its errors marked; of a CSV file a list of the wrong rows."""
    run = _get(request, run_id)
    failed: defaultdict[str, dict[int, Row]] = defaultdict(dict)

    def collect(rows: list[Row], sheet: Sheet) -> None:
        failed[sheet.name].update({row.number: row for row in rows if row.problems})

    try:
        path = store.intact(run.sha256)
        book = read(path)
        judge(_actor(request), book, each=collect)
    except BadFile as bad:
        return _page(request, run, 422, _("；").join(bad.messages))
    if is_workbook(path):
        file = annotated.edited(path, book, failed, run.state == ImportState.DONE)
    else:
        file = annotated.listed(book, failed)
    name = _("%(name)s-错误标注.xlsx") % {"name": run.filename.rsplit(".", 1)[0]}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
