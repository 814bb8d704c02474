"""Screens of the administrators: people and their hats."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.accounts import actions, queries
from jinchuanggu.foundation.accounts.forms import AccountForm, HatForm, ReasonForm
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.workbench.paging import pages

PAGE = 50
INVITATION = "invitation"


def _take(form: Form, problem: ValidationError) -> None:
    """Put what an action refused beside the fields it names."""
    if hasattr(problem, "error_dict"):
        for field, errors in problem.error_dict.items():
            form.add_error(field if field in form.fields else None, errors)
    else:
        form.add_error(None, problem)


def _names() -> list[str]:
    """Organisation names that the browser completes from; a few hundred, more would not help anyone."""
    return list(Organisation.objects.order_by("name").values_list("name", flat=True)[:500])


@require_GET
@guard(Role.ADMIN)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with account and hats, by keyset."""
    text, role = request.GET.get("q", "").strip()[:60], request.GET.get("role", "")
    rows = queries.people(request.actor, text, role)  # type: ignore[attr-defined]
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: PAGE + 1])
    later = found[PAGE - 1].pk if len(found) > PAGE else None
    context = {
        "people": found[:PAGE],
        "pages": pages(request, "after", later),
        "q": text,
        "role": role,
        "roles": Role.choices,
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@guard(Role.ADMIN)
def account_new(request: HttpRequest) -> HttpResponse:
    """Create an account with its first hat and show the invitation."""
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.create_account(request.actor, **form.cleaned_data)  # type: ignore[attr-defined]
        except ValidationError as problem:
            _take(form, problem)
        else:
            _keep_invitation(request, person)
            return redirect("person_admin", pk=person.pk)
    return render(
        request, "accounts/new.html", {"form": form, "organisations": _names()}, status=_status(form)
    )


def _status(form: Form) -> int:
    return 422 if form.is_bound and form.errors else 200


def _keep_invitation(request: HttpRequest, person: Any) -> None:
    """Show the link once, on the next page of this session."""
    path = actions.invitation(request.actor, person)  # type: ignore[attr-defined]
    request.session[INVITATION] = {"person": person.pk, "url": request.build_absolute_uri(path)}


def _person_page(
    request: HttpRequest, pk: int, hat_form: Form | None = None, reason_form: Form | None = None
) -> HttpResponse:
    person = queries.get_person(request.actor, pk)  # type: ignore[attr-defined]
    for hat in person.memberships.all():  # prefetched; each row has its own dialog
        hat.dialog_id = f"revoke-{hat.pk}"
    shown = None
    if request.session.get(INVITATION, {}).get("person") == person.pk:
        shown = request.session.pop(INVITATION)["url"]
    failed = any(form is not None and form.errors for form in (hat_form, reason_form))
    context = {
        "person": person,
        "hat_form": hat_form or HatForm(),
        "reason_form": reason_form or ReasonForm(),
        "organisations": _names(),
        "invitation": shown,
        "switch": [("active", "0" if person.user is not None and person.user.is_active else "1")],
        "may_be_invited": actions.may_be_invited(person),
    }
    return render(request, "accounts/person.html", context, status=422 if failed else 200)


@require_GET
@guard(Role.ADMIN)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: account, hats worn and taken off, history."""
    return _person_page(request, pk)


@require_POST
@guard(Role.ADMIN)
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new invitation; it is shown once."""
    found = queries.get_person(request.actor, pk)  # type: ignore[attr-defined]
    try:
        _keep_invitation(request, found)
    except ValidationError as problem:
        messages.error(request, _("；").join(problem.messages))
    return redirect("person_admin", pk=pk)


@require_POST
@guard(Role.ADMIN)
def account_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch an account off or on."""
    found = queries.get_person(request.actor, pk)  # type: ignore[attr-defined]
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.set_active(
                request.actor,  # type: ignore[attr-defined]
                found,
                active=request.POST.get("active") == "1",
                reason=form.cleaned_data["reason"],
            )
            messages.success(request, _("已办理"))
            return redirect("person_admin", pk=pk)
        except ValidationError as problem:
            _take(form, problem)
    return _person_page(request, pk, reason_form=form)


@require_POST
@guard(Role.ADMIN)
def hat_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a hat."""
    found = queries.get_person(request.actor, pk)  # type: ignore[attr-defined]
    form = HatForm(request.POST)
    if form.is_valid():
        try:
            actions.grant_hat(request.actor, person=found, **form.cleaned_data)  # type: ignore[attr-defined]
            messages.success(request, _("已授予身份"))
            return redirect("person_admin", pk=pk)
        except ValidationError as problem:
            _take(form, problem)
    return _person_page(request, pk, hat_form=form)


@require_POST
@guard(Role.ADMIN)
def hat_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a hat off, at once."""
    hat = queries.get_hat(request.actor, pk)  # type: ignore[attr-defined]
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.revoke_hat(request.actor, hat, reason=form.cleaned_data["reason"])  # type: ignore[attr-defined]
            messages.success(request, _("身份已撤销，立即生效"))
            return redirect("person_admin", pk=hat.person_id)
        except ValidationError as problem:
            _take(form, problem)
    return _person_page(request, hat.person_id, reason_form=form)
