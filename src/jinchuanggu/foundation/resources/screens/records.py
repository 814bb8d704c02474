"""One record: its facts by section, and its history."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.resources import history, references
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.formats import Cell, show
from jinchuanggu.foundation.resources.screens.lists import names_of


def get(resource: Resource, actor: Actor, pk: int) -> Any:
    """The record through the actor's scope, with what its sections show. Raises Http404."""
    related = {
        path.rsplit("__", 1)[0] if "__" in path else path
        for path in (resource.value_path(p) for s in resource.sections for p in s.fields)
        if "__" in path
    }
    rows = resource.scope(actor)
    if related:
        rows = rows.select_related(*related)
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def detail(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = get(resource, request.actor, pk)
    past, _more = history.entries(resource, pk)
    shown = {
        **frame(request, resource, record),
        "sections": [
            (section.title, facts(resource, record, section.fields)) for section in resource.sections
        ],
        "past": past[:5],
    }
    return render(request, "resources/detail.html", shown)


def past(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    record = get(resource, request.actor, pk)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    entries, more = history.entries(resource, pk, number)
    return render(
        request, "resources/history.html", {**frame(request, resource, record), "past": entries, "more": more}
    )


def frame(request: HttpRequest, resource: Resource, record: Any) -> dict[str, Any]:
    """What every page about one record shows around it."""
    changeable = request.actor.role in resource.access.change
    return {
        "resource": resource,
        "record": record,
        "names": names_of(resource),
        "origin": value_at(record, resource.origin) if resource.origin else "",
        "may_change": changeable and resource.may_write(request.actor).filter(pk=record.pk).exists(),
        "left": unquote(request.COOKIES.get(f"jcg_list_{resource.name}", "")),
    }


def facts(resource: Resource, record: Any, paths: tuple[str, ...]) -> list[tuple[str, Cell, str]]:
    """`(label, cell, unit)` of each path of a section."""
    return [(str(resource.label_of(p)), cell(resource, record, p), str(resource.unit_of(p))) for p in paths]


def cell(resource: Resource, record: Any, path: str) -> Cell:
    """The cell of one path of one record."""
    field, reference = resource.field(path), resource.references.get(path)
    if field.many_to_many and reference is not None:
        ids = getattr(record, path).values_list("pk", flat=True)
        return show("many", list(references.labels(reference, ids).values()))
    if reference is not None and not field.is_relation:
        value = value_at(record, path)
        return show("reference", references.labels(reference, [value]).get(value))
    kind = resource.format_of(path)
    choices = dict(field.flatchoices) if kind in {"choice", "origin"} else None
    return show(kind, value_at(record, resource.value_path(path)), choices)


def value_at(record: Any, path: str) -> Any:
    """The value at the end of a path of attributes; None where a step is empty."""
    for step in path.split("__"):
        record = getattr(record, step, None)
        if record is None:
            return None
    return record
