"""The dossier of one valley: its tabs, and the small forms on them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard, inline_styles, public
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme import tab_contents
from jinchuanggu.programme.access import get_file, get_own_valley, get_valley
from jinchuanggu.programme.actions import figures as figure_actions
from jinchuanggu.programme.actions import valley as valley_actions
from jinchuanggu.programme.actions.figures import may_file
from jinchuanggu.programme.forms import valley as forms
from jinchuanggu.programme.papers import add_paper
from jinchuanggu.programme.screens.common import TABS, actor_of, add_errors, crumbs, valley_context


@require_safe
@public
def valley(request: HttpRequest, pk: int) -> HttpResponse:
    """The first tab: the answer in words, the next step, the key facts."""
    return _tab(request, pk, "overview")


@require_safe
@public
@inline_styles
def valley_tab(request: HttpRequest, pk: int, tab: str) -> HttpResponse:
    """Any other tab. A tab of the inner file is a 404 for those it isn't open to."""
    if tab not in TABS or tab == "overview":
        raise Http404
    return _tab(request, pk, tab)


def _tab(request: HttpRequest, pk: int, tab: str, **further: Any) -> HttpResponse:
    actor = actor_of(request)
    found = get_valley(actor, pk)
    context = valley_context(request, found, tab)
    if TABS[tab][1] and not context["inner"]:
        raise Http404
    context |= getattr(tab_contents, tab)(actor, found, context, request)
    context |= further
    status = 422 if any(getattr(form, "errors", None) for form in further.values()) else 200
    return render(request, f"programme/tabs/{tab}.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.CITY_OFFICE)
def valley_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The basics of the city's own valley."""
    actor = actor_of(request)
    found = get_own_valley(actor, pk)
    form = forms.BasicsForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            valley_actions.edit_basics(
                actor,
                valley_id=pk,
                name_en=data["name_en"],
                summary=data["summary"],
                key_fields=data["key_fields"] or [],
                whole_chain=data.get("whole_chain"),
                zones=[zone.pk for zone in data["zones"]],
                universities=[body.pk for body in data["universities"]],
                operator=data["operator"].pk if data["operator"] else None,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("基本情况已保存"))
            return redirect("valley", pk)
    context = {
        **valley_context(request, found),
        "form": form,
        "submit_label": _("保存"),
        "cancel_url": found.get_absolute_url(),
        "crumbs": crumbs((_("编辑基本情况"), ""), valley=found),
    }
    return render(request, "programme/valley_edit.html", context, status=422 if form.errors else 200)


@require_POST
@guard(Role.CITY_OFFICE)
def member_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.MemberForm(request.POST)
    if form.is_valid():
        try:
            valley_actions.add_member(actor_of(request), valley_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _tab(request, get_own_valley(actor_of(request), pk).pk, "people", member_form=form)
    messages.success(request, _("已登记工作专班成员"))
    return redirect("valley_tab", pk, "people")


@require_POST
@guard(Role.CITY_OFFICE)
def member_remove(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    valley_actions.remove_member(actor_of(request), valley_id=pk, member_id=member)
    messages.success(request, _("已移出工作专班成员"))
    return redirect("valley_tab", pk, "people")


@require_POST
@guard(Role.CITY_OFFICE)
def service_body_add(request: HttpRequest, pk: int) -> HttpResponse:
    form = forms.ServiceBodyForm(request.POST)
    if form.is_valid():
        try:
            valley_actions.add_service_body(actor_of(request), valley_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _tab(request, get_own_valley(actor_of(request), pk).pk, "people", body_form=form)
    messages.success(request, _("已登记服务机构"))
    return redirect("valley_tab", pk, "people")


@require_POST
@guard(Role.CITY_OFFICE)
def service_body_remove(request: HttpRequest, pk: int, body: int) -> HttpResponse:
    valley_actions.remove_service_body(actor_of(request), valley_id=pk, body_id=body)
    messages.success(request, _("已移出服务机构"))
    return redirect("valley_tab", pk, "people")


@require_POST
@guard(Role.CITY_OFFICE, Role.CITY_GOVERNMENT)
def document_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a paper into the checklist."""
    form = forms.PaperForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_paper(actor_of(request), valley_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _tab(request, get_own_valley(actor_of(request), pk).pk, "documents", paper_form=form)
    messages.success(request, _("文件已上传"))
    return redirect("valley_tab", pk, "documents")


@require_POST
@guard(Role.CITY_OFFICE, Role.OPERATOR)
def figure_add(request: HttpRequest, pk: int) -> HttpResponse:
    """File a figure with its source."""
    # before the form is looked at: mistakes are told to those who may file, and to nobody else
    if not may_file(actor_of(request), get_file(actor_of(request), pk)):
        raise Http404
    form = forms.FigureForm(request.POST)
    if form.is_valid():
        try:
            figure_actions.file_figure(actor_of(request), valley_id=pk, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
    if form.errors:
        return _tab(request, pk, "figures", figure_form=form)
    messages.success(request, _("数据已报送，条件核验已更新"))
    return redirect("valley_tab", pk, "figures")


@require_POST
@guard(Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
def figure_choose(request: HttpRequest, pk: int, figure: int) -> HttpResponse:
    """Say which report counts."""
    try:
        figure_actions.choose_figure(
            actor_of(request), valley_id=pk, figure_id=figure, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, _("；").join(error.messages))
    else:
        messages.success(request, _("已采用所选数据，条件核验已更新"))
    return redirect("valley_tab", pk, "figures")


@require_POST
@guard(Role.CITY_OFFICE, Role.OPERATOR, Role.PROVINCIAL_OFFICE)
def figures_recompute(request: HttpRequest, pk: int) -> HttpResponse:
    """Compute anew from the residents' records."""
    figure_actions.recompute(actor_of(request), valley_id=pk)
    messages.success(request, _("已按入驻与空间记录重新计算"))
    return redirect("valley_tab", pk, "figures")
