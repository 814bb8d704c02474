"""Open data: the published valleys and figures with their sources, as JSON and CSV, and a page that says what is in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.indicators.models import Figure
from jinchuanggu.portal import queries
from jinchuanggu.portal.frame import page
from jinchuanggu.programme.models import Valley

VALLEY_COLUMNS = (
    "id", "name", "name_en", "kind", "region_code", "region", "state", "unveiled_on", "unveiled_text",
    "unveiled_source", "unveiled_url", "key_fields", "verdict", "plaque_number", "origin",
)  # fmt: skip
FIGURE_COLUMNS = (
    "valley_id", "valley", "indicator", "value", "unit", "year", "dated", "date_text", "source_kind", "source_title",
    "source_url", "source_grade", "scope_note", "chosen", "origin",
)  # fmt: skip


def _origin(request: HttpRequest) -> str:
    wanted = request.GET.get("origin", "both")
    return wanted if wanted in queries.ORIGINS else "both"


def _valleys(request: HttpRequest) -> list[Valley]:
    return list(
        queries.public_valleys(_origin(request))
        .select_related("region", "plaque")
        .order_by("region__code", "name")
    )


def valley_row(valley: Valley) -> dict[str, Any]:
    """One valley as published; a date is ISO 8601 or empty."""
    given = getattr(valley, "plaque", None)
    return {
        "id": valley.pk,
        "name": valley.name,
        "name_en": valley.name_en,
        "kind": valley.kind,
        "region_code": valley.region.code,
        "region": valley.region.name,
        "state": valley.state,
        "unveiled_on": valley.unveiled_on.isoformat() if valley.unveiled_on else "",
        "unveiled_text": valley.unveiled_text,
        "unveiled_source": valley.unveiled_source,
        "unveiled_url": valley.unveiled_url,
        "key_fields": "、".join(valley.key_fields or []),
        "verdict": valley.verdict,
        "plaque_number": given.number if given else "",
        "origin": valley.origin,
    }


def figure_row(figure: Figure, names: dict[int, str]) -> dict[str, Any]:
    """One report of one figure; the value as an exact text."""
    return {
        "valley_id": figure.valley_id,
        "valley": names[figure.valley_id],
        "indicator": figure.indicator,
        "value": format(figure.value.normalize(), "f"),
        "unit": figure.unit,
        "year": figure.year,
        "dated": figure.dated.isoformat(),
        "date_text": figure.date_text,
        "source_kind": figure.source_kind,
        "source_title": figure.source_title,
        "source_url": figure.source_url,
        "source_grade": figure.source_grade,
        "scope_note": figure.scope_note,
        "chosen": figure.chosen,
        "origin": figure.origin,
    }


@require_safe
@public
def index(request: HttpRequest) -> HttpResponse:
    """What is offered, in which form, under which terms."""
    context = {
        "figures": queries.figure_counts(),
        "valley_columns": VALLEY_COLUMNS,
        "figure_columns": FIGURE_COLUMNS,
    }
    return page(request, "portal/open_data.html", context)


@require_safe
@public
def valleys_json(request: HttpRequest) -> JsonResponse:
    """Valleys with their figures, nested."""
    rows = _valleys(request)
    names = {valley.pk: valley.name for valley in rows}
    figures: dict[int, list[dict[str, Any]]] = {valley.pk: [] for valley in rows}
    for figure in queries.public_figures(rows):
        figures[figure.valley_id].append(figure_row(figure, names))
    items = [valley_row(valley) | {"figures": figures[valley.pk]} for valley in rows]
    return JsonResponse({"schema": 1, "valleys": items}, json_dumps_params={"ensure_ascii": False})


@require_safe
@public
def valleys_csv(request: HttpRequest) -> StreamingHttpResponse:
    return _csv("valleys.csv", VALLEY_COLUMNS, [valley_row(valley) for valley in _valleys(request)])


@require_safe
@public
def figures_csv(request: HttpRequest) -> StreamingHttpResponse:
    rows = _valleys(request)
    names = {valley.pk: valley.name for valley in rows}
    found = [figure_row(figure, names) for figure in queries.public_figures(rows)]
    return _csv("figures.csv", FIGURE_COLUMNS, found)


class _Echo:
    """A file that hands every line back to whoever wrote it."""

    def write(self, line: str) -> str:
        return line


def _csv(name: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff"  # spreadsheets then read it as UTF-8
        yield writer.writerow(columns)
        for row in rows:
            yield writer.writerow([_cell(row[column]) for column in columns])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: Any) -> Any:
    """No text that a spreadsheet would take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value
