"""The rule editor: form and text side by side, saved and checked while one writes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.engines.rules import Problem, Refused
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.policies.actions.editor import EditConflict, save_draft
from jinchuanggu.policies.drafting import edits
from jinchuanggu.policies.drafting.amount import Choice
from jinchuanggu.policies.drafting.check import Check, check
from jinchuanggu.policies.drafting.document import MOST_CHARACTERS, Document
from jinchuanggu.policies.drafting.fields import Section, mark, sections
from jinchuanggu.policies.library_access import READERS, WRITERS, drafts, get_own_text, get_text, may_write
from jinchuanggu.policies.models import RuleStatus, RuleText
from jinchuanggu.policies.rules import authored_file
from jinchuanggu.policies.screens.library_common import actor_of, crumbs, tabs, text_state


@require_safe
@guard(*READERS)
def rule_drafts(request: HttpRequest) -> HttpResponse:
    """What is being written and what waits for review."""
    actor = actor_of(request)
    rows = list(
        drafts(actor).select_related("author", "region", "policy").defer("yaml").order_by("-saved_at")[:200]
    )
    for row in rows:
        row.state = text_state(row.status)
    context = {
        "waiting": [row for row in rows if row.status == RuleStatus.REVIEW],
        "writing": [row for row in rows if row.status == RuleStatus.DRAFT],
        "given_up": [row for row in rows if row.status == RuleStatus.WITHDRAWN][:20],
        "me": actor.person_id,
        "tabs": tabs("rule_drafts", actor),
        "may_write": actor.role in WRITERS,
        "crumbs": crumbs((_("起草与审核"), "")),
    }
    return render(request, "policies/drafts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def rule_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One text: written while a draft, read while under review and after."""
    actor = actor_of(request)
    text = get_text(actor, pk)
    writable = text.status == RuleStatus.DRAFT and may_write(actor, text)
    if request.method == "POST":
        if not may_write(actor, text):
            raise PermissionDenied
        return _saved(request, text)
    return editor_page(request, text, text.yaml, writable=writable)


def _saved(request: HttpRequest, text: RuleText) -> HttpResponse:
    """The save button (and the whole editor where scripts don't run)."""
    actor = actor_of(request)
    yaml = _typed_text(request, text)
    try:
        yaml = _with_form(request, text, yaml)
        save_draft(actor, text_id=text.pk, revision=_revision(request), yaml=yaml)
    except EditConflict as conflict:
        return editor_page(request, conflict.text, yaml, writable=True, theirs=conflict.text.yaml, status=409)
    except ValidationError as error:
        return editor_page(
            request, text, yaml, writable=text.status == RuleStatus.DRAFT, general=error.messages, status=422
        )
    messages.success(request, _("草稿已保存"))
    return redirect("rule_draft", text.pk)


def _revision(request: HttpRequest) -> int:
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def _typed_text(request: HttpRequest, text: RuleText) -> str:
    return str(request.POST.get("yaml", text.yaml)).replace("\r\n", "\n")


def _with_form(request: HttpRequest, text: RuleText, yaml: str, *, scripted: bool = False) -> str:
    """The text with what the form says. With scripts the page names the fields that were touched; without, a text that
    was edited wins over the form beside it.
    """
    typed = request.POST.dict()
    file = authored_file(text)
    changed = request.POST.getlist("changed") if scripted else None
    try:
        if scripted:
            yaml = edits.applied(yaml, file, typed, changed) if changed else yaml
        elif yaml == text.yaml:
            yaml = edits.applied(yaml, file, typed)
        act, _sep, where = request.POST.get("act", "").partition(":")
        if act == "add" and where.isdecimal():
            yaml = edits.added_condition(yaml, file, int(where))
        elif act == "drop":
            yaml = edits.without(yaml, file, where)
    except Refused:
        pass  # the form has nothing to hold on to; the check tells what is wrong with the text
    return yaml


@require_POST
@guard(*WRITERS)
def rule_draft_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Save and check while writing. JSON: the text where the form changed it, the form where the text did, the panel.

    409 when somebody else saved first: nothing is overwritten.
    """
    actor = actor_of(request)
    text = get_own_text(actor, pk)
    yaml = typed = _typed_text(request, text)
    if len(yaml) <= MOST_CHARACTERS:
        yaml = _with_form(request, text, yaml, scripted=True)
    result = check(yaml, authored_file(text))
    answer: dict[str, Any] = {"text": yaml if yaml != typed else None}
    status = 200
    try:
        text = save_draft(actor, text_id=pk, revision=_revision(request), yaml=yaml)
    except EditConflict:
        answer["said"], status = _("他人已先保存；您的输入仍在本页，按“保存”比对"), 409
    except ValidationError as error:
        answer["said"], status = _("；").join(error.messages), 422
    found, general = _sections(yaml, text, result)
    answer["version"] = text.revision
    answer["panel"] = render_to_string("policies/_check.html", {"check": result, "general": general}, request)
    anew = any(name.endswith(("/@test", "/threshold/input")) for name in request.POST.getlist("changed"))
    if anew or request.POST.get("side") == "text" or request.POST.get("act"):
        answer["form"] = render_to_string(
            "policies/_editor_form.html", _form_context(found, text, True), request
        )
    else:
        answer["marks"] = {
            one.id: one.problems
            for section in found
            for block in section.blocks
            for one in block.fields
            if one.problems
        }
    return JsonResponse(answer, status=status)


def _sections(yaml: str, text: RuleText, result: Check) -> tuple[list[Section], list[Problem]]:
    """The form of a text (nothing where it can't be read), its problems at their fields."""
    try:
        found = sections(Document(yaml, authored_file(text)))
    except Refused:
        return [], []
    mark(found, result.problems)
    return found, []


def _form_context(found: list[Section], text: RuleText, writable: bool) -> dict[str, Any]:
    choices = [
        (Choice.UNKNOWN, _("未知，不计算")), (Choice.FIXED, _("固定金额")), (Choice.SHARE, _("按比例，可封顶")),
        (Choice.TIERS, _("分档累进")), (Choice.RANGE, _("区间，由主管部门核定")), (Choice.OTHER, _("其他算法（在右侧文本中写）")),
    ]  # fmt: skip
    return {"sections": found, "writable": writable, "amount_choices": choices, "text": text}


def editor_page(
    request: HttpRequest,
    text: RuleText,
    yaml: str,
    *,
    writable: bool,
    theirs: str = "",
    general: list[str] | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    actor = actor_of(request)
    result = check(yaml, authored_file(text))
    found, _general = _sections(yaml, text, result)
    mine = text.author_id == actor.person_id
    officer = may_write(actor, text)
    context = {
        **_form_context(found, text, writable),
        "yaml": yaml,
        "check": result,
        "state": text_state(text.status),
        "theirs": theirs,
        "general": general or [],
        "refused": problems,
        "wrote": mine or actor.person_id in text.writers,
        "return_url": reverse("rule_draft_return", args=[text.pk]),
        "reasons": [_("限额与条文不符"), _("缺少边界测试"), _("依据来源没有写清"), _("生效日需要核实")],
        "may_decide": text.status == RuleStatus.REVIEW
        and officer
        and actor.person_id not in text.writers
        and not mine,
        "may_withdraw": mine and text.status in (RuleStatus.DRAFT, RuleStatus.REVIEW),
        "diff_url": reverse("rule_draft_diff", args=[text.pk]) if text.based_on_id else "",
        "crumbs": crumbs((_("起草与审核"), reverse("rule_drafts")), (text.title, "")),
    }
    return render(request, "policies/editor.html", context, status=status)
