"""The building stage: are the milestones on time, are the yearly targets reached."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme.access import get_file, get_own_valley
from jinchuanggu.programme.actions import building
from jinchuanggu.programme.building_queries import by_indicator, standings, targets_of
from jinchuanggu.programme.building_state import LIGHTS, Standing, overall
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.forms.building import MilestoneForm, ProgressForm
from jinchuanggu.programme.models import Milestone, Valley
from jinchuanggu.programme.schemes.loading import read
from jinchuanggu.programme.screens.assessment_frame import crumbs_of, spread, valley_frame

READERS = (
    Role.PROVINCIAL_OFFICE, Role.PROVINCIAL_GOVERNMENT, Role.AUDITOR, Role.ADMIN, Role.CITY_OFFICE,
    Role.CITY_GOVERNMENT, Role.OPERATOR, Role.MEMBER_UNIT,
)  # fmt: skip
BAR = {"done": "done", "late": "late", "lagging": "now", "on_time": "now", "not_begun": "todo"}


@guard(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Milestones as bars and as a table, yearly targets beside figures, and the period of three years."""
    valley, today = get_file(request.actor, pk), timezone.localdate()
    found = standings(valley, today)
    years, targets = by_indicator(targets_of(valley))
    context = valley_frame(request, valley, _("先行建设")) | {
        "standings": found,
        "light": dict(zip(("word", "tone", "icon"), LIGHTS[overall(found)], strict=True)) if found else None,
        "counts": _counts(found),
        "bars": [_bar(item) for item in found],
        "target_years": years,
        "targets": targets,
        "deadline": _deadline(valley),
        "writable": valley.state in building.BUILDING_STATES,
        "is_city": request.actor.role == Role.CITY_OFFICE and valley.region_id == request.actor.region_id,
        "may_report": valley.state in building.BUILDING_STATES and _reports(request, valley),
        "basis": read("milestones.v1")["basis"],
    }
    return render(request, "programme/building.html", context)


@guard(Role.CITY_OFFICE)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A further milestone of the own valley."""
    valley = get_own_valley(request.actor, pk)
    return _edit(request, valley, None)


@guard(Role.CITY_OFFICE)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Fit a milestone to the plan."""
    milestone = building.get_milestone(request.actor, pk)
    return _edit(request, milestone.valley, milestone)


@guard(Role.CITY_OFFICE, Role.OPERATOR)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Report how far a milestone is."""
    milestone = building.get_milestone(request.actor, pk)
    initial = {
        "progress": milestone.progress, "done_on": milestone.done_on, "note": milestone.note,
        "version": milestone.revision,
    }  # fmt: skip
    form = ProgressForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            building.report_progress(
                request.actor, pk=pk, progress=data["progress"], note=data["note"], done_on=data["done_on"],
                revision=data["version"],
            )  # fmt: skip
        except ValidationError as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已更新“%(title)s”的进度") % {"title": milestone.title})
            return redirect("building", milestone.valley_id)
    return _form(request, milestone.valley, form, milestone.title, _("报送进度"))


def _edit(request: HttpRequest, valley: Valley, milestone: Milestone | None) -> HttpResponse:
    initial: dict[str, Any] = {}
    if milestone:
        initial = {
            "title": milestone.title, "starts_on": milestone.starts_on, "due_on": milestone.due_on,
            "responsible": milestone.responsible, "version": milestone.revision,
        }  # fmt: skip
    form = MilestoneForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            building.save_milestone(
                request.actor, valley_pk=valley.pk, pk=milestone.pk if milestone else None, title=data["title"],
                starts_on=data["starts_on"], due_on=data["due_on"], responsible=data["responsible"],
                revision=data["version"],
            )  # fmt: skip
        except ValidationError as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已保存里程碑"))
            return redirect("building", valley.pk)
    title = milestone.title if milestone else _("新增里程碑")
    return _form(request, valley, form, title, _("保存里程碑"))


def _form(request: HttpRequest, valley: Valley, form: Any, title: str, verb: str) -> HttpResponse:
    context = {
        "valley": valley, "form": form, "page_title": title, "submit_label": verb,
        "simulated": valley.origin == "simulated", "cancel_url": reverse("building", args=[valley.pk]),
        "crumbs": crumbs_of(valley, title, (_("先行建设"), reverse("building", args=[valley.pk]))),
    }  # fmt: skip
    return render(request, "programme/milestone_form.html", context)


def _reports(request: HttpRequest, valley: Valley) -> bool:
    actor = request.actor
    if actor.role == Role.OPERATOR:
        return bool(actor.organisation_id) and actor.organisation_id == valley.operator_id
    return actor.role == Role.CITY_OFFICE and actor.region_id == valley.region_id


def _counts(found: list[Standing]) -> dict[str, int]:
    counts = dict.fromkeys(LIGHTS, 0)
    for item in found:
        counts[item.light] += 1
    return counts


def _bar(item: Standing) -> dict[str, Any]:
    note = f"{item.milestone.progress}% · {item.word}" if item.light != "done" else item.word
    return {
        "label": item.milestone.title, "start": item.milestone.starts_on,
        "end": item.milestone.done_on or item.milestone.due_on, "state": BAR[item.light], "note": note,
    }  # fmt: skip


def _deadline(valley: Valley) -> Any:
    case = find_case(valley)
    return case.deadlines.filter(key="construction").order_by("pk").first() if case else None
