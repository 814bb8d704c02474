"""Adding an indicator and changing one that an office added."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.indicators.definitions.access import AUTHORS, get_authored
from jinchuanggu.indicators.definitions.actions import add_indicator, change_indicator
from jinchuanggu.indicators.definitions.catalogue import catalogue, of_row
from jinchuanggu.indicators.definitions.forms import DefinitionForm, initial_of
from jinchuanggu.indicators.links import indicator_url
from jinchuanggu.indicators.screens.definitions import actor_of, crumbs


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*sorted(AUTHORS))
def indicator_new(request: HttpRequest) -> HttpResponse:
    """Add a filed or derived indicator."""
    form = DefinitionForm(catalogue(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = add_indicator(actor_of(request), values=form.values())
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("指标已新增"))
            return redirect("indicator", row.key)
    context = {
        "form": form,
        "heading": _("新增指标"),
        "cancel_url": reverse("indicators"),
        "submit_label": _("新增指标"),
        "submit_icon": "plus",
        "crumbs": crumbs((_("新增指标"), "")),
    }
    return render(request, "indicators/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*sorted(AUTHORS))
def indicator_edit(request: HttpRequest, key: str) -> HttpResponse:
    """Change an indicator that an office added; a shipped one is not found here."""
    actor = actor_of(request)
    row = get_authored(actor, key)
    others = {name: one for name, one in catalogue().items() if name != key}
    form = DefinitionForm(others, request.POST or None, initial=initial_of(of_row(row)), editing=True)
    revision = request.POST.get("revision", str(row.revision))
    if request.method == "POST" and form.is_valid():
        try:
            change_indicator(
                actor,
                key=key,
                values=form.values(),
                revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
            )
        except ValidationError as error:
            tell(form, error)
        else:
            messages.success(request, _("已保存"))
            return redirect("indicator", key)
    name = of_row(row).name
    context = {
        "form": form,
        "heading": _("修改指标"),
        "revision": revision,
        "cancel_url": indicator_url(key),
        "submit_label": _("保存"),
        "submit_icon": "device-floppy",
        "crumbs": crumbs((name, indicator_url(key)), (_("修改"), "")),
    }
    return render(request, "indicators/edit.html", context, status=422 if form.errors else 200)


def tell(form: DefinitionForm, error: ValidationError) -> None:
    """Put what the action found at the fields it belongs to."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, found in error.error_dict.items():
        form.add_error(name if name in form.fields else None, ValidationError(found))
