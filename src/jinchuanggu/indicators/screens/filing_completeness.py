"""Completeness and timeliness as a table of units and periods, the missing ones, and a reminder to them."""

from __future__ import annotations

import tempfile
from typing import IO, Any
from urllib.parse import urlencode

import xlsxwriter
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.downloads import XLSX
from jinchuanggu.foundation.organisations.models import Origin
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.completeness import Fill, filled, missing, names_by, periods_shown, whole
from jinchuanggu.indicators.filings.reminding import REMINDERS
from jinchuanggu.indicators.filings.reminding import remind as send
from jinchuanggu.indicators.filings.words import period_words, place_words, state_label
from jinchuanggu.indicators.forms.library import forms
from jinchuanggu.indicators.forms.model import Form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.screens.filing import actor_of
from jinchuanggu.indicators.screens.filing_batch import form_and_period, valley_of
from jinchuanggu.indicators.store.units import names_of

READERS = (*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR)
MISSING = 200
BY_LEVEL = {"firm": "valley_id", "valley": "valley_id", "city": "region_id"}


class _Table:
    """What the address asks for: form, valley, period; the units, periods and fills of it."""

    def __init__(self, request: HttpRequest) -> None:
        actor, self.today = actor_of(request), timezone.localdate()
        self.rows: QuerySet[Filing] = of_origin(filings_for(actor), origin_view(request))
        asked = request.GET.get("form", "")
        present = set(self.rows.order_by().values_list("form", flat=True).distinct())
        self.present = [form for key, form in forms().items() if key in present]
        self.form: Form | None = next(
            (form for form in self.present if form.id == asked), self.present[0] if self.present else None
        )
        self.place = valley_of(request)
        self.period: Period | None = None
        self.periods: list[Period] = []
        self.fills: dict[int, dict[int, Fill]] = {}
        self.by = "valley_id"
        if self.form is None:
            return
        if self.place is not None:
            self.rows = self.rows.filter(valley_id=self.place.id)
        self.by = BY_LEVEL[self.form.level]
        self.periods = periods_shown(self.rows, self.form)
        self.period = next((one for one in self.periods if str(one) == request.GET.get("period", "")), None)
        self.fills = filled(self.rows, self.form, self.periods, self.today, self.by)
        if self.form.level == "firm" and len(self.fills) == 1:
            self.by = "unit_id"
            self.fills = filled(self.rows, self.form, self.periods, self.today, self.by)
        self.names = names_by(self.by, self.fills)

    def order(self) -> list[int]:
        """The units with the most missing first."""

        def weight(pk: int) -> tuple[int, str]:
            total = whole(self.fills[pk].values())
            return (-(total.overdue if total else 0), self.names.get(pk, ""))

        return sorted(self.fills, key=weight)

    def address(self, **changed: str) -> str:
        keys = {
            "form": self.form.id if self.form else "", "valley": str(self.place.id) if self.place else "",
            "period": str(self.period) if self.period else "", **changed,
        }  # fmt: skip
        query = urlencode({key: value for key, value in keys.items() if value})
        return reverse("completeness") + (f"?{query}" if query else "")


@require_safe
@guard(*READERS)
def completeness(request: HttpRequest) -> HttpResponse:
    """Who sent what in time, unit by period; the missing ones of the chosen period, or all overdue ones."""
    table = _Table(request)
    listed: list[Filing] = []
    if table.form is not None:
        chosen = missing(table.rows, table.form, table.period)
        if table.period is None:
            chosen = chosen.filter(due_on__lt=table.today)
        listed = list(chosen.select_related("unit").order_by("due_on", "pk")[: MISSING + 1])
    names = names_of([row.unit for row in listed])
    context: dict[str, Any] = {
        "sentence": _sentence(table),
        "form_title": table.form.name if table.form else "",
        "unit_head": {"valley_id": _("晋创谷"), "region_id": _("市"), "unit_id": _("填报单位")}[table.by],
        "periods": [{"short": str(one)} for one in table.periods],
        "units": [_unit(table, pk) for pk in table.order()],
        "missing_title": _missing_title(table) if table.form else "",
        "missing": [
            {
                "unit": names.get(row.unit_id, ""), "url": row.get_absolute_url(), "period": period_words(row.period),
                "state": state_label(row.state), "due": row.due_on,
            }
            for row in listed[:MISSING]
        ],
        "remind": _remind(request, table) if listed and table.period else None,
        "filters": _filters(table),
        "clear_url": table.address(period="", valley="") if table.period or table.place else "",
        "list_url": reverse("filings"),
        "download_url": reverse("completeness_download") + "?" + table.address().partition("?")[2],
        "crumbs": [{"label": _("数据报送"), "url": reverse("filings")}, {"label": _("完整性与及时性"), "url": ""}],
    }  # fmt: skip
    return render(request, "indicators/filings/completeness.html", context)


def _unit(table: _Table, pk: int) -> dict[str, Any]:
    cells: list[dict[str, Any] | None] = []
    for period in table.periods:
        fill = table.fills[pk].get(period.number)
        if fill is None:
            cells.append(None)
            continue
        more = {"period": str(period)} | ({"valley": str(pk)} if table.by == "valley_id" else {})
        cells.append(
            {
                "due": fill.due, "sent": fill.sent, "heat": fill.heat(table.today), "url": table.address(**more) + "#missing",
                "words": f"{table.names.get(pk, '')} {period_words(period)}{_('：')}{fill.words}",
                "note": _note(fill, table),
            }
        )  # fmt: skip
    return {"name": table.names.get(pk, ""), "cells": cells}


def _note(fill: Fill, table: _Table) -> str:
    if fill.due == 1:
        if fill.sent:
            return _("逾期报送") if fill.late else _("按时")
        return _("逾期") if fill.overdue else _("未到期")
    if fill.heat(table.today) == "early":
        return _("未到期")
    return _("按时 %(n)s%%") % {"n": f"{fill.in_time_percent.normalize():f}"}


def _sentence(table: _Table) -> str:
    if table.form is None or not table.periods:
        return _("开报之后，这里按单位和报告期显示报了多少、是否按时。")
    due = [one for one in table.periods if any(
        fill.due_on < table.today for cells in table.fills.values() if (fill := cells.get(one.number)))]  # fmt: skip
    last = table.period or (due[-1] if due else table.periods[-1])
    cells = [row[last.number] for row in table.fills.values() if last.number in row]
    kinds = sorted({one.origin for one in cells})
    said = []
    for kind in kinds:  # real and simulated are never added up
        found = whole(one for one in cells if one.origin == kind)
        if found is not None:
            words = _said(table.form, last, found)
            said.append(words if len(kinds) == 1 else f"{Origin(kind).label} · {words}")
    return " ".join(said)


def _said(form: Form, last: Period, found: Fill) -> str:
    return _("%(period)s%(form)s：应报 %(due)d 家，已报 %(sent)d 家（%(percent)s%%），按时 %(time)s%%，逾期未报 %(late)d 家。") % {
        "period": period_words(last), "form": form.name, "due": found.due, "sent": found.sent,
        "percent": f"{found.percent.normalize():f}", "time": f"{found.in_time_percent.normalize():f}", "late": found.overdue,
    }  # fmt: skip


def _missing_title(table: _Table) -> str:
    where = f" · {place_words(table.place)}" if table.place else ""
    if table.period is None:
        return _("逾期未报") + where
    return _("%(period)s 缺报的单位") % {"period": period_words(table.period)} + where


def _remind(request: HttpRequest, table: _Table) -> dict[str, Any] | None:
    if actor_of(request).role not in REMINDERS or table.form is None or table.period is None:
        return None
    hidden = [("form", table.form.id), ("period", str(table.period))]
    if table.place is not None:
        hidden.append(("valley", str(table.place.id)))
    return {"url": reverse("filing_remind"), "hidden": hidden}


def _filters(table: _Table) -> list[dict[str, Any]]:
    if table.form is None:
        return []
    periods = [(str(one), period_words(one)) for one in reversed(table.periods)]
    return [
        {
            "label": _("报表"), "value": table.form.name, "on": True,
            "options": [
                {"label": form.name, "url": table.address(form=form.id, period=""), "on": form.id == table.form.id}
                for form in table.present
            ],
        },
        {
            "label": _("报告期"), "value": period_words(table.period) if table.period else "", "on": table.period is not None,
            "options": [
                {"label": _("全部"), "url": table.address(period=""), "on": table.period is None},
                *({"label": said, "url": table.address(period=key), "on": key == str(table.period)} for key, said in periods),
            ],
        },
    ]  # fmt: skip


@require_safe
@guard(*READERS)
def download(request: HttpRequest) -> FileResponse:
    """The table as a workbook: one row for each unit and period, with the numbers behind every percentage."""
    table = _Table(request)
    if table.form is None:
        raise Http404
    file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by who reads it
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    page, bold = book.add_worksheet(_("完整性与及时性")), book.add_format({"bold": True})
    heads = (
        _("填报单位"),
        _("报表"),
        _("报表版本"),
        _("报告期"),
        _("应报"),
        _("已报"),
        _("逾期报送"),
        _("逾期未报"),
        _("完整率（%）"),
        _("按时率（%）"),
    )
    for at, head in enumerate(heads):
        page.write_string(0, at, head, bold)
    line = 1
    for pk in table.order():
        for period in table.periods:
            fill = table.fills[pk].get(period.number)
            if fill is None:
                continue
            texts = (table.names.get(pk, ""), table.form.name, str(table.form.version), str(period))
            numbers = (
                fill.due,
                fill.sent,
                fill.late,
                fill.overdue,
                float(fill.percent),
                float(fill.in_time_percent),
            )
            for at, text in enumerate(texts):
                page.write_string(line, at, text)
            for at, value in enumerate(numbers, start=len(texts)):
                page.write_number(line, at, value)
            line += 1
    page.set_column(0, 1, 28)
    book.close()
    file.seek(0)
    name = _("报送完整性-%(form)s-%(day)s.xlsx") % {"form": table.form.name, "day": table.today.isoformat()}
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_POST
@guard(*REMINDERS)
def remind(request: HttpRequest) -> HttpResponse:
    """催报: a notice to everybody missing, once a day each."""
    form, period = form_and_period(request.POST.get("form", ""), request.POST.get("period", ""))
    place = valley_of(request, "POST")
    told = send(actor_of(request), form=form, period=period, valley_id=place.id if place else None)
    said = _("已催报 %(now)d 家；今天已催过 %(before)d 家，没有账号、请电话联系的 %(none)d 家。") % {
        "now": told.now, "before": told.before, "none": told.unreachable}  # fmt: skip
    messages.success(request, said)
    keys = {"form": form.id, "period": str(period)} | ({"valley": str(place.id)} if place else {})
    return redirect(reverse("completeness") + "?" + urlencode(keys))
