"""The profile of a firm: what it states once, read by every rule."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Organisation
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.residents import profile_form
from jinchuanggu.residents.actions.profile import ProfileConflict, save_profile
from jinchuanggu.residents.profile import Profile, profile_of
from jinchuanggu.residents.profile_form import ProfileInput
from jinchuanggu.residents.scopes import firms, writable_firms

READERS = (*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR, Role.ENTERPRISE)
WRITERS = (Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE)


def get_firm(actor: Actor, pk: int) -> Organisation:
    """A firm in the actor's scope. Raises Http404."""
    firm = firms(actor).select_related("region").filter(pk=pk).first()
    if firm is None:
        raise Http404
    return firm


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def firm_profile(request: HttpRequest, pk: int) -> HttpResponse:
    """Read or write the facts of one firm."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    firm = get_firm(actor, pk)
    profile = profile_of(pk, timezone.localdate())
    typed = ProfileInput.of_profile(profile)
    conflict: list[dict[str, object]] = []
    writable = writable_firms(actor).filter(pk=pk).exists()
    if request.method == "POST":
        if not writable:
            raise Http404
        typed = ProfileInput.of_post(request.POST, profile)
        try:
            save_profile(actor, organisation_id=pk, revision=typed.revision, values=typed.for_action(profile))
        except ProfileConflict as problem:
            conflict = list(profile_form.conflict_rows(typed, ProfileInput.of_profile(profile)))
            typed.revision = problem.standing.revision  # pressing save again now says: mine
        except ValidationError as error:
            typed.errors = {key: found[0] for key, found in error.message_dict.items()}
        else:
            messages.success(request, _("企业情况已保存，判定已按新数据更新"))
            return redirect(_after(request, pk))
    status = 409 if conflict else 422 if typed.errors else 200
    return render(
        request, "residents/profile.html", _context(firm, profile, typed, conflict, writable), status=status
    )


def _after(request: HttpRequest, pk: int) -> str:
    """Back to the page that sent here, else to the profile."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/"):
        return target
    return reverse("firm_profile", args=[pk])


def eligibility_url(pk: int) -> str:
    """The page above this room that judges the firm, when there is one."""
    try:
        return reverse("eligibility", args=[pk])
    except NoReverseMatch:
        return ""


def _context(
    firm: Organisation,
    profile: Profile,
    typed: ProfileInput,
    conflict: list[dict[str, object]],
    writable: bool,
) -> dict[str, object]:
    given, asked = typed.filled()
    return {
        "firm": firm,
        "typed": typed,
        "years": typed.years,
        "sections": profile_form.sections(typed, profile),
        "computed": profile_form.computed_lines(profile),
        "problems": profile_form.problems(typed),
        "conflict": conflict,
        "writable": writable,
        "given": given,
        "asked": asked,
        "simulated": firm.origin == "simulated",
        "eligibility_url": eligibility_url(firm.pk),
        "autosave_url": reverse("firm_profile_autosave", args=[firm.pk]) if writable else "",
        "crumbs": [
            {"label": _("企业情况"), "url": reverse("firm_profiles")},
            {"label": firm.name, "url": ""},
        ],
    }


@require_POST
@guard(*WRITERS)
def firm_profile_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while typing: 204 with the new version, 409 when somebody else saved first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    get_firm(actor, pk)
    profile = profile_of(pk, timezone.localdate())
    typed = ProfileInput.of_post(request.POST, profile)
    try:
        standing = save_profile(
            actor,
            organisation_id=pk,
            revision=typed.revision,
            values=typed.for_action(profile),
            lenient=True,
        )
    except ProfileConflict as problem:
        return HttpResponse(status=409, headers={"X-Version": str(problem.standing.revision)})
    return HttpResponse(status=204, headers={"X-Version": str(standing.revision)})
