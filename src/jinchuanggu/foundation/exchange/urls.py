"""The import addresses of a resource."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from jinchuanggu.foundation.exchange import screens
from jinchuanggu.foundation.resources.declare import Resource

Route = tuple[str, Callable[..., HttpResponse], frozenset[str], str]


def import_routes(resource: Resource) -> list[Route]:
    """`(route, screen, roles, name)` of panel, template, result, commit and marked workbook."""
    roles = resource.access.imports
    return [
        ("import/", screens.panel, roles, "import"),
        ("import/template.xlsx", screens.blank, roles, "import_template"),
        ("import/<int:run_id>/", screens.result, roles, "import_run"),
        ("import/<int:run_id>/commit", screens.commit, roles, "import_commit"),
        ("import/<int:run_id>/errors.xlsx", screens.workbook, roles, "import_errors"),
    ]
