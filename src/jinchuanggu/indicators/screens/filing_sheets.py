"""Filings as workbooks: template, upload with all errors at once, result, the marked workbook handed back."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.exchange import annotated, limits, store
from jinchuanggu.foundation.exchange.actions import refusal
from jinchuanggu.foundation.exchange.models import ImportMode, ImportRun, ImportState
from jinchuanggu.foundation.exchange.planning import Row
from jinchuanggu.foundation.exchange.problems import BadFile
from jinchuanggu.foundation.exchange.reading import Sheet
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.indicators.filings.access import filings_for, get_filing, may_write
from jinchuanggu.indicators.filings.batch_view import before_many
from jinchuanggu.indicators.filings.findings import writable_many
from jinchuanggu.indicators.filings.page import form_of_row
from jinchuanggu.indicators.filings.sheet import runs, writing
from jinchuanggu.indicators.filings.sheet.judging import judge
from jinchuanggu.indicators.filings.sheet.marks import MANY, ONE, Marks
from jinchuanggu.indicators.filings.sheet.reading import read
from jinchuanggu.indicators.filings.view import before_of
from jinchuanggu.indicators.filings.words import decimal_of, period_words, state_words
from jinchuanggu.indicators.forms.library import form_of
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.places import Place, directory
from jinchuanggu.indicators.screens.filing import READERS, WRITERS, actor_of
from jinchuanggu.indicators.screens.filing_batch import form_and_period, valley_of
from jinchuanggu.indicators.store.units import names_of
from jinchuanggu.residents.models import Resident

SHOWN = 200
MANY_READERS = (*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR)
Values = dict[str, Any]


def _values(cells: Any) -> Values:
    return {key: decimal_of(value) for key, value in (cells or {}).items()}


def _line(row: Filing, name: str, uscc: str, before: Any, *, writable: bool) -> writing.Line:
    return writing.Line(
        uscc=uscc, name=name, values=_values(row.cells), before=_values(before), locked=not writable,
        state=state_words(row.state),
    )  # fmt: skip


@require_safe
@guard(*READERS)
def template_one(request: HttpRequest, pk: int) -> FileResponse:
    """One form of one unit, with what is filled in already."""
    row = get_filing(actor_of(request), pk)
    form, period = form_of_row(row), Period.numbered(row.period)
    name = names_of([row.unit]).get(row.unit_id, "")
    line = _line(row, name, "", before_of(row), writable=True)
    file = writing.one(form, period, row.pk, line)
    named = f"{form.name}-{period}-{name}-v{form.version}.xlsx"
    return FileResponse(file, as_attachment=True, filename=named, content_type=XLSX)


def _many(request: HttpRequest, form: str, period: str) -> tuple[Form, Period, Place, list[Filing]]:
    """The firms of one valley. Raises Http404 where the reader has none."""
    actor = actor_of(request)
    known, when = form_and_period(form, period)
    if known.level != "firm":
        raise Http404
    rows = filings_for(actor).filter(form=known.id, period=when.number)
    place = valley_of(request)
    if place is None:
        ids = list(rows.order_by().values_list("valley_id", flat=True).distinct()[:2])
        if len(ids) != 1:
            raise Http404
        place = directory().places(ids)[ids[0]]
    found = list(rows.filter(valley_id=place.id).select_related("unit").order_by("unit__ref_id"))
    if not found:
        raise Http404
    return form_of(known.id, found[0].form_version), when, place, found


@require_safe
@guard(*MANY_READERS)
def template_many(request: HttpRequest, form: str, period: str) -> FileResponse:
    """One row for each firm of a valley, with what is filled in already."""
    actor = actor_of(request)
    known, when, place, rows = _many(request, form, period)
    before = before_many(known, rows)
    bodies = Resident.objects.filter(pk__in=[row.unit.ref_id for row in rows]).values_list(
        "pk", "organisation__name", "organisation__uscc"
    )
    named = {pk: (name, uscc or "") for pk, name, uscc in bodies}
    mine = writable_many(actor, rows)
    lines = [
        _line(row, *named.get(row.unit.ref_id, ("", "")), before.get(row.unit_id), writable=row.pk in mine)
        for row in rows
    ]
    file = writing.many(known, when, place.id, place.name, lines)
    name = f"{known.name}-{when}-{place.name}-v{known.version}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def upload_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Send back the workbook of one filing."""
    row = get_filing(actor_of(request), pk)
    if not may_write(actor_of(request), row):
        raise Http404
    marks = Marks(ONE, row.form, row.form_version, str(Period.numbered(row.period)), row.pk)
    return _panel(request, marks, reverse("filing", args=[pk]), reverse("filing_template_one", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.OPERATOR)
def upload_many(request: HttpRequest, form: str, period: str) -> HttpResponse:
    """Send back the workbook of a valley's firms."""
    known, when, place, _rows = _many(request, form, period)
    marks = Marks(MANY, known.id, known.version, str(when), place.id)
    args, query = [known.id, str(when)], f"?valley={place.id}"
    return _panel(
        request,
        marks,
        reverse("filing_batch", args=args) + query,
        reverse("filing_template", args=args) + query,
    )


def _panel(request: HttpRequest, marks: Marks, back: str, template: str) -> HttpResponse:
    problems: list[str] = []
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            problems = [_("请选择要上传的 .xlsx 文件")]
        else:
            try:
                run = runs.upload(actor_of(request), marks=marks, file=file)
            except BadFile as bad:
                problems = bad.messages
            else:
                return redirect("filing_import", run_id=run.pk)
    context = {
        "title": _title(marks),
        "problems": problems,
        "template_url": template,
        "back_url": back,
        "max_mb": limits.MAX_BYTES // 2**20,
        "runs": list(_own(request).filter(resource=runs.resource_of(marks))[:8]),
        "crumbs": _crumbs(marks, back),
    }
    return render(request, "indicators/filings/upload.html", context, status=422 if problems else 200)


def _title(marks: Marks) -> str:
    form = form_of(marks.form, marks.version)
    return f"{form.name} · {period_words(Period.parse(marks.period))}"


def _crumbs(marks: Marks, back: str) -> list[dict[str, str]]:
    return [
        {"label": _("数据报送"), "url": reverse("filings")}, {"label": _title(marks), "url": ""},
    ]  # fmt: skip


def _own(request: HttpRequest) -> Any:
    """The uploads of this hat; another's do not exist for it."""
    return ImportRun.objects.filter(
        resource__startswith=f"{runs.PREFIX}:", membership_id=actor_of(request).membership_id
    )


def _get(request: HttpRequest, run_id: int) -> ImportRun:
    run = _own(request).filter(pk=run_id).first()
    if run is None:
        raise Http404
    return run


def _back(marks: Marks) -> str:
    if marks.kind == ONE:
        return reverse("filing", args=[marks.subject])
    return reverse("filing_batch", args=[marks.form, marks.period]) + f"?valley={marks.subject}"


@require_safe
@guard(*WRITERS)
def result(request: HttpRequest, run_id: int) -> HttpResponse:
    """What an upload came to; it stays."""
    return _page(request, _get(request, run_id))


def _page(request: HttpRequest, run: ImportRun, status: int = 200, error: str = "") -> HttpResponse:
    marks, waiting = runs.marks_of(run), run.state == ImportState.CHECKED
    many = marks.kind == MANY
    context = {
        "run": run,
        "title": _title(marks),
        "counts": run.counts,
        "many": many,
        "error": error,
        "problems": run.problems[:SHOWN],
        "hidden": max(run.problem_count - SHOWN, 0),
        "good": run.counts.get("update", 0),
        "waiting": waiting,
        "done": run.state == ImportState.DONE,
        "cannot_all": refusal(run, ImportMode.ALL) if waiting else "",
        "cannot_good": (refusal(run, ImportMode.GOOD) if many else _("一张表的数据一起写入；请更正后重新上传")) if waiting else "",
        "back_url": _back(marks),
        "crumbs": _crumbs(marks, _back(marks)),
    }  # fmt: skip
    if waiting and not many and not run.problem_count:
        context["cannot_good"] = context["cannot_all"]
    return render(request, "indicators/filings/import.html", context, status=status)


@require_POST
@guard(*WRITERS)
def commit(request: HttpRequest, run_id: int) -> HttpResponse:
    """Write what was checked."""
    run = _get(request, run_id)
    try:
        runs.commit(actor_of(request), run=run, mode=request.POST.get("mode", ""))
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    return redirect("filing_import", run_id=run_id)


@require_safe
@guard(*WRITERS)
def errors(request: HttpRequest, run_id: int) -> HttpResponse:
    """The uploaded workbook with its errors marked; after writing, only the rows that failed."""
    run = _get(request, run_id)
    marks = runs.marks_of(run)
    failed: defaultdict[str, dict[int, Row]] = defaultdict(dict)

    def collect(rows: list[Row], sheet: Sheet) -> None:
        failed[sheet.name].update({row.number: row for row in rows if row.problems})

    try:
        path = store.intact(run.sha256)
        book = read(path, form_of(marks.form, marks.version), marks)
        judge(actor_of(request), marks, book, each=collect)
    except BadFile as bad:
        return _page(request, run, 422, _("；").join(bad.messages))
    file = annotated.edited(path, book, failed, run.state == ImportState.DONE)
    name = _("%(name)s-错误标注.xlsx") % {"name": run.filename.rsplit(".", 1)[0]}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
