"""The clause ledger: each clause of the founding document with the screen, figures and rules where it
lives.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import public
from jinchuanggu.programme import clause_figures


@cache
def ledger() -> tuple[dict[str, Any], ...]:
    """The rows of `clauses.yaml` as shipped."""
    return tuple(yaml.safe_load(files("jinchuanggu.programme").joinpath("clauses.yaml").read_text("utf-8")))


@require_safe
@public
def clauses(request: HttpRequest) -> HttpResponse:
    """Every clause: what it asks, what the product does, where to see it live."""
    figures = clause_figures.all_figures(request.actor)  # type: ignore[attr-defined]
    rows = []
    for row in ledger():
        links = [
            {"label": link["label"], "url": url}
            for link in row.get("screens", [])
            if (url := _address(link["url"], link.get("query", "")))
        ]
        rows.append(
            {**row, "links": links, "figure": figures.get(row["id"]), "live": bool(row.get("screens"))}
        )
    live = [row for row in rows if row["live"]]
    context = {
        "rows": live,
        "coming": [row for row in rows if not row["live"]],
        "count": len(live),
        "all": len(rows),
        "crumbs": [{"label": _("条款台账"), "url": ""}],
    }
    return render(request, "programme/clauses.html", context)


def _address(name: str, query: str) -> str:
    try:
        return reverse(name) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""
