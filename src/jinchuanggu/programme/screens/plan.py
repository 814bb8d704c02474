"""The plan: editor with autosave, frozen versions, differences."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.programme import versions
from jinchuanggu.programme.access import get_file, get_own_valley
from jinchuanggu.programme.actions.plan import PlanConflict, save_plan
from jinchuanggu.programme.actions.valley import plan_is_writable
from jinchuanggu.programme.completeness import percent, plan_items, target_years
from jinchuanggu.programme.forms.plan import PlanInput
from jinchuanggu.programme.models import Plan, PlanVersion, Valley
from jinchuanggu.programme.requirements import fields_missing, university_missing, zone_missing
from jinchuanggu.programme.screens.common import actor_of, crumbs, valley_context

FILE_READERS = (
    Role.PROVINCIAL_OFFICE,
    Role.PROVINCIAL_GOVERNMENT,
    Role.AUDITOR,
    Role.ADMIN,
    Role.MEMBER_UNIT,
    Role.CITY_OFFICE,
    Role.CITY_GOVERNMENT,
    Role.OPERATOR,
)


def _years(plan: Plan | None) -> list[int]:
    return target_years(plan, timezone.localdate().year + 1)


def _plan_of(valley: Valley) -> Plan:
    return Plan.objects.filter(valley=valley).first() or Plan(valley=valley)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(Role.CITY_OFFICE)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the plan. Incomplete is saved; what is missing stands beside it."""
    actor = actor_of(request)
    valley = get_own_valley(actor, pk)
    plan = _plan_of(valley)
    years = _years(plan)
    typed = PlanInput.of_plan(plan, years)
    conflict: list[versions.Change] = []
    general: list[str] = []
    if request.method == "POST":
        typed = PlanInput.of_post(request.POST, valley.kind, years)
        try:
            save_plan(actor, valley_id=pk, **typed.for_action())
        except PlanConflict as problem:
            plan = problem.plan
            conflict = _theirs(plan, typed, valley, years)
            # pressing save again now says: mine
            typed.revision = plan.revision
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                typed.errors = {name: found[0] for name, found in error.message_dict.items()}
            else:
                general = error.messages
        else:
            messages.success(request, _("方案已保存"))
            return redirect("valley_tab", pk, "plan")
    items = plan_items(valley, plan)
    context = {
        **valley_context(request, valley),
        "plan": plan,
        "typed": typed,
        "sections": typed.section_rows(valley.kind),
        "years": years,
        "targets": typed.target_rows(years),
        "budget_error": typed.errors.get("budget_cny", ""),
        "items": items,
        "completeness": percent(items),
        "missing_items": [item for item in items if not item.done],
        "refusals": _required(valley),
        "conflict": conflict,
        "general": general,
        "writable": plan_is_writable(valley),
        "autosave_url": reverse("plan_autosave", args=[pk]),
        "crumbs": crumbs(
            (_("方案"), reverse("valley_tab", args=[pk, "plan"])), (_("编辑"), ""), valley=valley
        ),
    }
    return render(request, "programme/plan_edit.html", context, status=_status(conflict, typed, general))


def _status(conflict: list[versions.Change], typed: PlanInput, general: list[str]) -> int:
    return 409 if conflict else 422 if typed.errors or general else 200


def _required(valley: Valley) -> list[Any]:
    found = [university_missing(valley), zone_missing(valley), *fields_missing(valley)]
    return [refusal for refusal in found if refusal]


def _theirs(plan: Plan, typed: PlanInput, valley: Valley, years: list[int]) -> list[versions.Change]:
    """Where what somebody else saved differs from what was typed here."""
    stored = PlanInput.of_plan(plan, years)
    changes = [
        versions.Change(row["title"], stored.sections.get(row["key"], ""), row["text"])
        for row in typed.section_rows(valley.kind)
        if stored.sections.get(row["key"], "").strip() != row["text"].replace("\r\n", "\n").strip()
    ]
    for row in typed.target_rows(years):
        for cell in row["cells"]:
            name = cell["id"].removeprefix("target-").rpartition("-")[0]
            theirs = stored.targets.get(str(cell["year"]), {}).get(name, "")
            if theirs != cell["text"].strip():
                changes.append(versions.Change(f"{row['title']} {cell['year']}", theirs, cell["text"]))
    if stored.budget_wan != typed.budget_wan.strip():
        changes.append(versions.Change(_("经费预算（万元）"), stored.budget_wan, typed.budget_wan))
    if stored.policies.split() != typed.policies.split():
        changes.append(versions.Change(_("配套政策"), stored.policies, typed.policies))
    # nothing differs when both typed the same: then there is only the older page to tell of
    return changes or [versions.Change(_("版本"), str(plan.revision), str(typed.revision))]


@require_POST
@guard(Role.CITY_OFFICE)
def plan_autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while writing.

    204 with the new version, 409 when somebody else saved first, 422 when it is closed.
    """
    actor = actor_of(request)
    valley = get_own_valley(actor, pk)
    typed = PlanInput.of_post(request.POST, valley.kind, _years(_plan_of(valley)))
    try:
        plan = save_plan(actor, valley_id=pk, lenient=True, **typed.for_action())
    except PlanConflict as problem:
        return HttpResponse(status=409, headers={"X-Version": str(problem.plan.revision)})
    except ValidationError as error:
        return HttpResponse("\n".join(error.messages), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204, headers={"X-Version": str(plan.revision)})


@require_safe
@guard(*FILE_READERS)
def plan_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The plan as it would be frozen now."""
    valley = get_file(actor_of(request), pk)
    content = versions.content_of(valley, _plan_of(valley))
    return _reading(request, valley, content, _("预览（未提交）"))


@require_safe
@guard(*FILE_READERS)
def plan_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A frozen version as submitted."""
    valley = get_file(actor_of(request), pk)
    version = get_object_or_404(PlanVersion, plan__valley=valley, number=number)
    return _reading(request, valley, version.content, _("第 %(n)s 稿") % {"n": number}, version)


def _reading(
    request: HttpRequest,
    valley: Valley,
    content: dict[str, Any],
    heading: str,
    version: PlanVersion | None = None,
) -> HttpResponse:
    context = {
        **valley_context(request, valley),
        **reading_context(content),
        "heading": heading,
        "version": version,
        "crumbs": crumbs(
            (_("方案"), reverse("valley_tab", args=[valley.pk, "plan"])), (heading, ""), valley=valley
        ),
    }
    return render(request, "programme/plan_read.html", context)


def reading_context(content: dict[str, Any]) -> dict[str, Any]:
    """What `programme/_plan_text.html` shows of a version."""
    years, rows = versions.target_table(content)
    return {
        "basics": [line for line in versions.basics_lines(content) if line.text],
        "chapters": versions.section_lines(content),
        "target_years": years,
        "target_rows": rows,
    }


@require_safe
@guard(*FILE_READERS)
def plan_diff(request: HttpRequest, pk: int, old: int, new: int) -> HttpResponse:
    """Two versions side by side; `new` 0 stands for the plan as it is now."""
    valley = get_file(actor_of(request), pk)
    found = {v.number: v for v in PlanVersion.objects.filter(plan__valley=valley, number__in=(old, new))}
    if old not in found or (new and new not in found):
        raise Http404
    content = found[new].content if new else versions.content_of(valley, _plan_of(valley))
    changes = versions.differences(found[old].content, content)
    names = [_("第 %(n)s 稿") % {"n": old}, _("第 %(n)s 稿") % {"n": new} if new else _("当前稿")]
    context = {
        **valley_context(request, valley),
        "changes": [
            {"label": c.title, "old": c.old, "new": c.new, "changed": True, "text": True} for c in changes
        ],
        "old_label": names[0],
        "new_label": names[1],
        "crumbs": crumbs(
            (_("方案"), reverse("valley_tab", args=[pk, "plan"])),
            (f"{names[0]} ↔ {names[1]}", ""),
            valley=valley,
        ),
    }
    return render(request, "programme/plan_diff.html", context)
