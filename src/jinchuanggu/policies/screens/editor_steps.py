"""The steps around the editor: beginning, uploading, submitting, deciding, withdrawing, comparing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.engines.rules import Refused, RuleSet, load_text
from jinchuanggu.engines.rules.source import MAX_BYTES
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Region
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies.actions.editor import (
    EditConflict,
    start_measure,
    start_version,
    submit_draft,
    upload,
    withdraw_draft,
)
from jinchuanggu.policies.actions.review import publish, return_draft
from jinchuanggu.policies.drafting.check import told
from jinchuanggu.policies.library_access import (
    READERS,
    WRITERS,
    city_prefix,
    get_own_text,
    get_text,
    writable_policies,
)
from jinchuanggu.policies.models import RuleText
from jinchuanggu.policies.rule_changes import changes
from jinchuanggu.policies.rule_view import lang
from jinchuanggu.policies.rules import authored_file
from jinchuanggu.policies.screens.editor import editor_page
from jinchuanggu.policies.screens.library_common import actor_of, crumbs
from jinchuanggu.policies.screens.library_rules import download


class NewMeasureForm(forms.Form):
    """A measure that isn't in the library yet."""

    title = forms.CharField(label=gettext_lazy("措施名称"), max_length=200)
    title_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=300, required=False)
    rule_set = forms.CharField(
        label=gettext_lazy("编号"), max_length=100,
        help_text=gettext_lazy("小写字母、数字、下划线和点，如 measure.sx.first_loan；发布后不再改变"),
    )  # fmt: skip
    policy = forms.ModelChoiceField(
        label=gettext_lazy("所属政策"),
        queryset=None,
        required=False,
        empty_label=gettext_lazy("（尚未登记）"),
    )


class UploadForm(forms.Form):
    """A rule file."""

    file = forms.FileField(label=gettext_lazy("规则文件（YAML 或 JSON）"))


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*WRITERS)
def rule_draft_new(request: HttpRequest) -> HttpResponse:
    """Begin a measure, or hand in a file."""
    actor = actor_of(request)
    uploading = "upload" in request.POST
    form = NewMeasureForm(None if uploading else request.POST or None, initial=_first(request))
    form.fields["policy"].queryset = writable_policies(actor).order_by("title_zh")  # type: ignore[attr-defined]
    file_form = UploadForm(request.POST if uploading else None, request.FILES if uploading else None)
    problems: list[Any] = []
    if request.method == "POST" and uploading and file_form.is_valid():
        file = file_form.cleaned_data["file"]
        try:
            text = upload(actor, name=file.name[:120], data=file.read(MAX_BYTES + 1))
        except Refused as refused:
            problems = [told(problem, lang()) for problem in refused.problems]
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(request, _("文件已读入草稿，测试全部通过"))
            return redirect("rule_draft", text.pk)
    elif request.method == "POST" and not uploading and form.is_valid():
        said = form.cleaned_data
        try:
            text = start_measure(
                actor, rule_set=said["rule_set"], title=said["title"], title_en=said["title_en"],
                policy_id=said["policy"].pk if said["policy"] else None,
            )  # fmt: skip
        except ValidationError as error:
            for name, found in error.message_dict.items():
                form.add_error(name if name in form.fields else None, found)
        else:
            return redirect("rule_draft", text.pk)
    bad = bool(problems or form.errors or file_form.errors)
    context = {"form": form, "file_form": file_form, "refused": problems,
               "crumbs": crumbs((_("起草与审核"), reverse("rule_drafts")), (_("新建"), ""))}  # fmt: skip
    return render(request, "policies/draft_new.html", context, status=422 if bad else 200)


def _first(request: HttpRequest) -> dict[str, Any]:
    """What the form begins with: the prefix of the city, the policy one comes from."""
    actor = actor_of(request)
    region = Region.objects.filter(pk=actor.region_id).first() if actor.role == Role.CITY_OFFICE else None
    asked = request.GET.get("policy", "")
    return {
        "rule_set": city_prefix(region) if region else "measure.sx.",
        "policy": int(asked) if asked.isdecimal() and len(asked) < 10 else None,
    }


@require_POST
@guard(*WRITERS)
def rule_version_start(request: HttpRequest, entry: int) -> HttpResponse:
    """A draft of a new version (or the completion of a measure known by name only)."""
    text = start_version(actor_of(request), entry_id=entry)
    return redirect("rule_draft", text.pk)


@require_POST
@guard(*WRITERS)
def rule_draft_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it to review; what is wrong is told all at once, in the editor."""
    text = get_own_text(actor_of(request), pk)
    said = request.POST.get("version", "")
    try:
        submit_draft(actor_of(request), text_id=pk, revision=int(said) if said.isdecimal() else text.revision)
    except Refused as refused:
        return _refused(request, text, [told(problem, lang()) for problem in refused.problems])
    except EditConflict:
        return _refused(request, text, [_("他人在您打开页面之后保存过草稿，请看过再提交")], 409)
    except ValidationError as error:
        return _refused(request, text, error.messages)
    messages.success(request, _("已提交审核，由编写人以外的人审核发布"))
    return redirect("rule_draft", pk)


def _refused(request: HttpRequest, text: RuleText, problems: list[str], status: int = 422) -> HttpResponse:
    text.refresh_from_db()
    writable = text.status == "draft"
    return editor_page(request, text, text.yaml, writable=writable, problems=problems, status=status)


@require_POST
@guard(*WRITERS)
def rule_draft_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person puts it in force."""
    text = get_own_text(actor_of(request), pk)
    try:
        publish(actor_of(request), text_id=pk, note=request.POST.get("note", ""))
    except Refused as refused:
        return _refused(request, text, [told(problem, lang()) for problem in refused.problems])
    except ValidationError as error:
        return _refused(request, text, error.messages)
    messages.success(request, _("已发布；原版本在新版本生效前一日终止"))
    return redirect("rule_draft", pk)


@require_POST
@guard(*WRITERS)
def rule_draft_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Another person gives it back, with the reason."""
    text = get_own_text(actor_of(request), pk)
    try:
        return_draft(actor_of(request), text_id=pk, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        return _refused(request, text, error.messages)
    messages.success(request, _("已退回编写人"))
    return redirect("rule_draft", pk)


@require_POST
@guard(*WRITERS)
def rule_draft_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The author takes it back."""
    try:
        text = withdraw_draft(actor_of(request), text_id=pk)
    except ValidationError as error:
        return _refused(request, get_own_text(actor_of(request), pk), error.messages)
    messages.success(request, _("已撤回"))
    return redirect("rule_draft", pk) if text.status == "draft" else redirect("rule_drafts")


@require_safe
@guard(*READERS)
def rule_draft_yaml(request: HttpRequest, pk: int) -> HttpResponse:
    """The text as a file."""
    text = get_text(actor_of(request), pk)
    return download(text.yaml.encode(), authored_file(text), "application/yaml")


@require_safe
@guard(*READERS)
def rule_draft_diff(request: HttpRequest, pk: int) -> HttpResponse:
    """What a draft would change: numbers before and after, and the texts side by side."""
    text = get_text(actor_of(request), pk)
    if text.based_on is None:
        raise Http404
    before, after = (_read(one) for one in (text.based_on, text))
    rows, problem = [], ""
    if after is None:
        problem = _("草稿还有错误，只能比对文字")
    else:
        old = {rules.id: rules for rules in before or ()}
        for rules in after:
            if rules.id in old:
                rows += changes(old[rules.id], rules)
    context = {
        "text": text, "name": text.title, "rows": rows, "problem": problem,
        "old_label": _("现行版本"), "new_label": _("草稿"),
        "lines": {"label": _("规则文本"), "old": text.based_on.yaml, "new": text.yaml},
        "crumbs": crumbs(
            (_("起草与审核"), reverse("rule_drafts")), (text.title, reverse("rule_draft", args=[pk])), (_("比对"), "")
        ),
    }  # fmt: skip
    return render(request, "policies/rule_diff.html", context)


def _read(text: RuleText) -> tuple[RuleSet, ...] | None:
    try:
        return load_text(text.yaml, authored_file(text), check_vectors=False)
    except Refused:
        return None
