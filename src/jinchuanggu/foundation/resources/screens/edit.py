"""Create and edit: every error at its field and in a summary, nothing typed lost, two editors shown to each other."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jinchuanggu.foundation.resources import actions
from jinchuanggu.foundation.resources.declare import Resource
from jinchuanggu.foundation.resources.forms import ResourceForm, errors_of, form_of
from jinchuanggu.foundation.resources.history import text
from jinchuanggu.foundation.resources.revision import revision
from jinchuanggu.foundation.resources.screens import records
from jinchuanggu.foundation.resources.screens.lists import names_of


def new(request: HttpRequest, resource: Resource) -> HttpResponse:
    made = form_of(resource, request.actor)
    if request.method != "POST":
        initial = resource.initial(request.actor) if resource.initial else {}
        return _page(request, resource, made(initial=initial), token=str(uuid.uuid4()))
    form, token = made(request.POST), request.POST.get("token", "")[:36]
    if form.is_valid():
        create = resource.create or actions.create
        try:
            record = create(request.actor, resource=resource, values=form.cleaned_data, token=token)
        except actions.Repeated as repeated:
            return redirect(f"{resource.name}_detail", pk=repeated.pk)
        except (ValidationError, IntegrityError) as error:
            _tell(form, error)
        else:
            messages.success(request, _("已新建：%(name)s") % {"name": record})
            return redirect(f"{resource.name}_detail", pk=record.pk)
    return _page(request, resource, form, token=token or str(uuid.uuid4()))


def edit(request: HttpRequest, resource: Resource, pk: int) -> HttpResponse:
    stored = resource.may_write(request.actor).filter(pk=pk).first()
    if stored is None:
        raise Http404
    made = form_of(resource, request.actor)
    if request.method != "POST":
        return _page(request, resource, made(instance=stored), seen=revision(stored), record=stored)
    seen, conflict = request.POST.get("seen", ""), []
    now = revision(stored)
    form = made(request.POST, instance=stored)
    if form.is_valid():
        update = resource.update or actions.update
        try:
            record = update(
                request.actor, resource=resource, pk=pk, values=form.cleaned_data, seen=seen,
                reason=request.POST.get("reason", "").strip()[:500],
            )  # fmt: skip
        except actions.Conflict as met:
            conflict, now = _conflict(resource, form, met.theirs), revision(met.theirs)
        except (ValidationError, IntegrityError) as error:
            _tell(form, error)
        else:
            messages.success(request, _("已保存"))
            return redirect(f"{resource.name}_detail", pk=record.pk)
    stored.refresh_from_db()
    # the page keeps what it has seen, unless both versions are laid side by side on it
    seen = now if conflict else seen
    return _page(request, resource, form, seen=seen, record=stored, conflict=conflict)


def _conflict(resource: Resource, form: ResourceForm, theirs: Any) -> list[tuple[str, str, str]]:
    """`(label, stored by the other, typed here)` of every field on which the two differ."""
    rows = []
    for name, mine in form.cleaned_data.items():
        if resource.field(name).many_to_many:
            continue
        if getattr(theirs, resource.field(name).attname) != getattr(mine, "pk", mine):
            rows.append(
                (
                    str(resource.label_of(name)),
                    records.cell(resource, theirs, name).text,
                    _said(resource, name, mine),
                )
            )
    return rows


def _said(resource: Resource, name: str, value: Any) -> str:
    if name in resource.references:
        reference, pk = resource.references[name], getattr(value, "pk", value)
        return dict(reference.everything().filter(pk=pk).values_list("pk", reference.label)).get(pk, "—")
    return text(resource, name, value)


def _tell(form: ResourceForm, error: Exception) -> None:
    if isinstance(error, IntegrityError):
        form.add_error(None, _("已有相同的记录，或同时有人保存了相同内容，请核对后再试"))
        return
    for field, messages_ in errors_of(error).items():  # type: ignore[arg-type]
        form.add_error(field if field in form.fields else None, messages_)


def _page(request: HttpRequest, resource: Resource, form: ResourceForm, **extra: Any) -> HttpResponse:
    shown = {
        "resource": resource,
        "form": form,
        "names": names_of(resource),
        "conflict": [],
        "record": None,
        **extra,
    }
    status = 409 if shown["conflict"] else 422 if form.errors else 200
    return render(request, "resources/form.html", shown, status=status)
