"""Keeping the library: a policy's record, its articles, its budgets."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.actions.policies import add_article, change_policy, register_policy, set_budget
from jinchuanggu.policies.forms.library import ArticleForm, BudgetForm, PolicyForm
from jinchuanggu.policies.library_access import WRITERS, get_own_policy
from jinchuanggu.policies.models import Policy, RuleEntry
from jinchuanggu.policies.screens.library_common import actor_of, crumbs


def _add_errors(form: BaseForm, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        for name, found in error.message_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        form.add_error(None, error.messages)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def policy_new(request: HttpRequest) -> HttpResponse:
    """Register a policy."""
    actor = actor_of(request)
    form = PolicyForm(request.POST or None, city=actor.role == Role.CITY_OFFICE)
    if request.method == "POST" and form.is_valid():
        try:
            made = register_policy(actor, values=form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("政策已登记，接下来录入条款"))
            return redirect("policy", made.pk)
    return _form(request, form, _("登记政策"), reverse("policies"), crumbs((_("登记政策"), "")))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the record of a policy."""
    actor = actor_of(request)
    found = get_own_policy(actor, pk)
    form = PolicyForm(request.POST or None, instance=found, city=actor.role == Role.CITY_OFFICE)
    if request.method == "POST" and form.is_valid():
        try:
            change_policy(actor, policy_id=pk, values=form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("已保存"))
            return redirect("policy", pk)
    return _form(request, form, _("修改政策"), reverse("policy", args=[pk]), _here(found, _("修改")))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def policy_article(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an article to the newest version and say which rules carry it out."""
    actor = actor_of(request)
    found = get_own_policy(actor, pk)
    form = ArticleForm(request.POST or None, initial={"confidence": "searched"})
    known = RuleEntry.objects.filter(text__policy=found, superseded=False).values_list("rule_set", "title_zh")
    form.fields["rule_sets"].choices = sorted(set(known))  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        said["rule_sets"] = tuple(said["rule_sets"])
        try:
            add_article(actor, policy_id=pk, **said)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("条款已登记"))
            return redirect("policy", pk)
    return _form(request, form, _("登记条款"), reverse("policy", args=[pk]), _here(found, _("登记条款")))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def policy_budget(request: HttpRequest, pk: int) -> HttpResponse:
    """Set what may be spent in a year."""
    actor = actor_of(request)
    found = get_own_policy(actor, pk)
    form = BudgetForm(request.POST or None, initial={"year": timezone.localdate().year})
    if request.method == "POST" and form.is_valid():
        try:
            set_budget(
                actor, policy_id=pk, year=form.cleaned_data["year"], amount_cny=form.amount_cny(),
                source=form.cleaned_data["source"],
            )  # fmt: skip
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("预算已设定"))
            return redirect("policy", pk)
    return _form(request, form, _("设定年度预算"), reverse("policy", args=[pk]), _here(found, _("预算")))


def _here(policy: Policy, label: str) -> list[dict[str, str]]:
    return crumbs((policy.title, reverse("policy", args=[policy.pk])), (label, ""))


def _form(
    request: HttpRequest, form: BaseForm, title: str, back: str, path: list[dict[str, str]]
) -> HttpResponse:
    context = {"form": form, "heading": title, "cancel_url": back, "submit_label": _("保存"),
               "submit_icon": "device-floppy", "crumbs": path}  # fmt: skip
    return render(request, "policies/policy_form.html", context, status=422 if form.errors else 200)
