"""One thing to mend: the city's answer with its evidence, the office's re-check."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.documents.actions import add_document
from jinchuanggu.foundation.documents.kinds import ACCEPT_ATTRIBUTE, ACCEPTED
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.programme.actions import monitoring as actions
from jinchuanggu.programme.labels import display_name
from jinchuanggu.programme.models import RectificationItem
from jinchuanggu.programme.monitoring import view
from jinchuanggu.programme.monitoring.access import get_item, may_answer, may_check
from jinchuanggu.programme.screens.assessment_frame import say_problems
from jinchuanggu.programme.screens.common import actor_of
from jinchuanggu.programme.screens.monitoring import READERS

DONE = {"": lambda: _("已保存"), "evidence": lambda: _("材料已上传"), "check": lambda: _("复核意见已记录"),
        "answer": lambda: _("整改情况已保存")}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def rectification_item(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be mended, the city's answer with its evidence, the re-check."""
    actor = actor_of(request)
    item = get_item(actor, pk)
    refusals: list[str] = []
    theirs = None
    if request.method == "POST":
        try:
            _act_on_item(request, item)
        except (ValidationError, Refused) as problem:
            refusals = say_problems(problem)
        except actions.Conflict as clash:
            theirs, item = clash.now, get_item(actor, pk)
        else:
            messages.success(request, DONE.get(request.POST.get("deed", ""), DONE[""])())
            return redirect("rectification_item", pk)
    context = {
        "item": item, "report": item.report, "valley_name": display_name(item.report.valley), "refusals": refusals,
        "may_answer": may_answer(actor, item) and not item.accepted, "may_check": may_check(actor, item),
        "evidence": view.papers("programme.rectificationitem", item.pk),
        "theirs": theirs, "cycle": item.report.cycle, "state": _state(item), "today": timezone.localdate(),
        "answered_late": bool(item.answered_at and timezone.localdate(item.answered_at) > item.due_on),
        "accepts": ACCEPT_ATTRIBUTE, "accepted_words": ACCEPTED, "deed": request.POST.get("deed", ""),
        "typed": request.POST.get("answer"), "opinion": request.POST.get("opinion", item.opinion),
        "overdue": item.answered_at is None and item.due_on < timezone.localdate(),
        "simulated": item.origin == "simulated", "crumbs": view.crumbs(item.report, (item.title, "")),
    }  # fmt: skip
    status = 409 if theirs is not None else 422 if refusals else 200
    return render(request, "programme/monitoring/item.html", context, status=status)


def _act_on_item(request: HttpRequest, item: RectificationItem) -> None:
    actor, deed = actor_of(request), request.POST.get("deed", "")
    if deed == "check":
        if request.POST.get("accepted") not in ("yes", "no"):
            raise ValidationError(_("请选择复核结论"))
        actions.recheck_item(
            actor,
            item_id=item.pk,
            accepted=request.POST.get("accepted") == "yes",
            opinion=request.POST.get("opinion", ""),
        )
        return
    if not (may_answer(actor, item) and not item.accepted):
        raise Http404
    if deed == "evidence":
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError(_("请选择文件"))
        add_document(
            actor, subject=item, kind="rectification_evidence", title=(file.name or "")[:160], file=file,
            dated=timezone.localdate(),
        )  # fmt: skip
        return
    version = request.POST.get("version", "")
    actions.answer_item(
        actor,
        item_id=item.pk,
        answer=request.POST.get("answer", ""),
        revision=int(version) if version.isdecimal() and len(version) < 10 else 0,
    )


def _state(item: RectificationItem) -> dict[str, str]:
    """Where one item stands, as a word with its tone."""
    if item.accepted:
        return {"label": _("复核通过"), "tone": "met"}
    if item.accepted is False and item.answered_at is None:
        return {"label": _("复核未通过，继续整改"), "tone": "attention"}
    if item.answered_at:
        return {"label": _("已答复，待复核"), "tone": "active"}
    return {"label": _("整改中"), "tone": "attention"}
