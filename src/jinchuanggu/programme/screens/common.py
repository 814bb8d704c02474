"""What every page of one valley needs: its tabs, ribbon, next steps and crumbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import resolve, reverse
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.actor import PUBLIC, Actor
from jinchuanggu.foundation.access.guards import declared_for
from jinchuanggu.programme.access import may_see_file
from jinchuanggu.programme.cases import find_case
from jinchuanggu.programme.labels import display_name, state_label
from jinchuanggu.programme.models import Valley
from jinchuanggu.programme.next_steps import next_steps, primary
from jinchuanggu.programme.ribbon import holder_of, open_deadline, stages_of, steps_of

# tab → (label, whether it is of the inner file)
TABS = {
    "overview": (lambda: _("概况"), False),
    "conditions": (lambda: _("条件核验"), False),
    "figures": (lambda: _("指标"), False),
    "documents": (lambda: _("文件"), True),
    "plan": (lambda: _("方案"), True),
    "process": (lambda: _("办理进程"), True),
    "people": (lambda: _("人员与机构"), False),
    "monitoring": (lambda: _("年度监测"), True),
    "history": (lambda: _("记录"), True),
}


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def tabs_of(valley: Valley, current: str, *, inner: bool, kept: bool) -> list[dict[str, Any]]:
    """The tabs this reader may open; the first stands for the valley itself.

    `kept`: the valley goes through the course here; one of which only published facts are known has no
    papers, plan or steps.
    """
    return [
        {
            "label": label(),
            "url": reverse("valley", args=[valley.pk])
            if key == "overview"
            else reverse("valley_tab", args=[valley.pk, key]),
            "active": key == current,
        }
        for key, (label, needs_file) in TABS.items()
        if not needs_file or (inner and (kept or key == "history"))
    ]


def crumbs(*further: tuple[str, str], valley: Valley | None = None) -> list[dict[str, str]]:
    """晋创谷名录 › the valley › further pages."""
    found = [{"label": _("晋创谷名录"), "url": reverse("valleys")}]
    if valley is not None:
        found.append({"label": display_name(valley), "url": valley.get_absolute_url()})
    return [*found, *({"label": label, "url": url} for label, url in further)]


def valley_context(request: HttpRequest, valley: Valley, tab: str = "") -> dict[str, Any]:
    """Context of dossier.html for one valley: head, ribbon, tabs and next steps, as far as the reader may
    see them.
    """
    actor = actor_of(request)
    inner = may_see_file(actor, valley)
    context: dict[str, Any] = {
        "valley": valley,
        "name": display_name(valley),
        "shown_state": state_label(valley.state),
        "inner": inner,
        "simulated": valley.origin == "simulated",
        "crumbs": crumbs(valley=valley),
        "tabs": [],
        "tab": tab,
        "case": None,
        "moves": [],
        "anonymous": actor.role == PUBLIC,
    }
    case = find_case(valley)
    if tab:
        context["tabs"] = tabs_of(valley, tab, inner=inner, kept=case is not None)
    if case is not None and inner:
        moves = next_steps(actor, case, valley)
        context |= {
            "case": case,
            "steps": steps_of(case),
            "moves": moves,
            "next_move": primary(moves),
            "holder": holder_of(case, valley),
            "deadline": open_deadline(case),
            "stage_pages": stage_pages(actor, valley) if tab else [],
        }
        context["stages"] = stages_of(case, valley, context["steps"])
    return context


def stage_pages(actor: Actor, valley: Valley) -> list[dict[str, str]]:
    """The working pages of the stages this hat may open, in the order of the course."""
    pages = [
        (_("专家论证"), "argument"),
        (_("征求意见"), "consultation"),
        (_("先行建设"), "building"),
        (_("认定申请"), "application"),
        (_("评估"), "assessment"),
        (_("审定与授牌"), "approval"),
    ]
    found = []
    for label, name in pages:
        url = reverse(name, args=[valley.pk])
        if actor.role in (declared_for(resolve(url).func, name) or ()):
            found.append({"label": label, "url": url})
    return found


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put an action's refusal where it belongs: on its field, or on the form as a whole."""
    if hasattr(error, "error_dict"):
        for name, found in error.message_dict.items():
            for message in found:
                form.add_error(name if name in form.fields else None, message)
    else:
        for message in error.messages:
            form.add_error(None, message)
