"""The addresses of a resource, each with the roles its declaration names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.screens import edit, lists, records

Screen = Callable[..., HttpResponse]


def guarded(screen: Screen, resource: Resource, roles: frozenset[str]) -> Screen:
    """The screen bound to a resource, with its guard declared."""

    @guard(*roles)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return screen(request, resource, **kwargs)

    view.__name__ = f"{resource.name}_{screen.__name__}"
    view.__doc__ = screen.__doc__
    return view


def urls(resource: Resource) -> list[URLPattern]:
    """`<name>/…` under `/r/`; an address whose roles are empty isn't made at all."""
    from jinchuanggu.foundation.exchange.urls import import_routes

    access, name = resource.access, resource.name
    routes: list[tuple[str, Screen, frozenset[str], str]] = [
        ("", lists.index, access.view, "list"),
        ("export.xlsx", lists.workbook, access.exports, "export"),
        ("new", edit.new, access.add, "new"),
        ("options/<slug:field>", lists.options, access.add | access.change, "options"),
        *import_routes(resource),
        ("<int:pk>/", records.detail, access.view, "detail"),
        ("<int:pk>/edit", edit.edit, access.change, "edit"),
        ("<int:pk>/history", records.past, access.view, "history"),
    ]
    return [
        path(f"{name}/{route}", guarded(screen, resource, roles), name=f"{name}_{act}")
        for route, screen, roles, act in routes
        if roles
    ]
