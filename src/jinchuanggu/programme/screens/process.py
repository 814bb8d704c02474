"""The course of a valley as a page: diagram, states and moves, drawn from the process file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.foundation.access.guards import inline_styles, public
from jinchuanggu.foundation.workflow.definition import load
from jinchuanggu.programme.diagram import PROCESS, diagram_of, moves_table, states_table
from jinchuanggu.programme.models import ValleyKind


@require_safe
@public
@inline_styles
def process(request: HttpRequest) -> HttpResponse:
    """Both kinds of valley; the specialised one has no preparation stage."""
    kind = request.GET.get("kind", ValleyKind.REGIONAL)
    if kind not in ValleyKind.values:
        kind = ValleyKind.REGIONAL
    definition = load(PROCESS)
    context = {
        "kind": kind,
        "kinds": [
            {"label": label, "url": f"?kind={value}", "active": value == kind, "count": None}
            for value, label in ValleyKind.choices
        ],
        "diagram": diagram_of(kind),
        "states": states_table(kind),
        "moves_listed": moves_table(kind),
        "version": definition.version,
        "crumbs": [{"label": _("建设程序"), "url": ""}],
    }
    return render(request, "programme/process.html", context)
