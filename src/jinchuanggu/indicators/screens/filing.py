"""One filing: read and filled in, checked while typing, moved on, talked about, its versions side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import CITY_WIDE, PROVINCE_WIDE, Role
from jinchuanggu.foundation.workflow.engine import Refused, StaleCase
from jinchuanggu.indicators.filings import actions, course
from jinchuanggu.indicators.filings import page as filing_page
from jinchuanggu.indicators.filings.access import get_filing, may_comment, may_write
from jinchuanggu.indicators.filings.typed import Typed, differences, of_filing, of_post
from jinchuanggu.indicators.filings.versions import versions_of
from jinchuanggu.indicators.filings.view import talk
from jinchuanggu.indicators.filings.words import state_words
from jinchuanggu.indicators.models import Filing

READERS = (*PROVINCE_WIDE, *CITY_WIDE, Role.OPERATOR, Role.ENTERPRISE)
WRITERS = (Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE)
MOVERS = (Role.ENTERPRISE, Role.OPERATOR, Role.CITY_OFFICE, Role.PROVINCIAL_OFFICE)
MOVES = {
    "submit": actions.submit,
    "pass_check": actions.pass_check,
    "return_filing": actions.return_filing,
    "lock": actions.lock,
    "reopen": actions.reopen,
}
REASONED = ("return_filing", "reopen")


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


@require_http_methods(["GET", "HEAD", "POST"])
@guard(*READERS)
def filing(request: HttpRequest, pk: int) -> HttpResponse:
    """Read or fill in one filing."""
    actor, row = actor_of(request), get_filing(actor_of(request), pk)
    if request.method != "POST":
        return _page(request, row)
    if not may_write(actor, row):
        raise Http404
    typed = of_post(filing_page.form_of_row(row), row, request.POST)
    answer = _save(request, row, typed)
    if answer is None:
        messages.success(request, _("已保存"))
        answer = redirect("filing", pk)
    return answer


def _page(
    request: HttpRequest, row: Filing, typed: Typed | None = None, *, tried: bool = False, status: int = 200,
    **further: Any,
) -> HttpResponse:  # fmt: skip
    context = filing_page.page(actor_of(request), row, typed, tried=tried)
    return render(request, "indicators/filings/filing.html", {**context, **further}, status=status)


def _save(request: HttpRequest, row: Filing, typed: Typed) -> HttpResponse | None:
    """Keep what was typed; None when all of it is kept, else the page that says what is not."""
    actor, form = actor_of(request), filing_page.form_of_row(row)
    try:
        actions.save_cells(
            actor,
            filing_id=row.pk,
            cells=typed.cells,
            explanations=typed.explanations,
            revision=typed.revision,
        )
    except actions.Conflict:
        now = get_filing(actor, row.pk)
        theirs = of_filing(form, now)
        typed.revision = now.revision  # pressing save again now says: mine
        return _page(request, now, typed, status=409, conflict=differences(form, typed, theirs.cells))
    except ValidationError as error:
        _errors_into(typed, error)
        return _page(request, row, typed, tried=True, status=422)
    if typed.errors:
        now = get_filing(actor, row.pk)
        typed.revision = now.revision
        return _page(request, now, typed, tried=True, status=422)
    return None


def _errors_into(typed: Typed, error: ValidationError) -> None:
    if hasattr(error, "error_dict"):
        typed.errors |= {key: _("；").join(found) for key, found in error.message_dict.items()}
    else:
        typed.errors.setdefault("", _("；").join(error.messages))


@require_POST
@guard(*WRITERS)
def filing_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save while typing: 204 with the new revision, 409 when somebody else saved first.

    What is no figure is left as it was; `X-Unsaved` says so, and the page marks it.
    """
    actor, row = actor_of(request), get_filing(actor_of(request), pk)
    if not may_write(actor, row):
        raise Http404
    typed = of_post(filing_page.form_of_row(row), row, request.POST)
    try:
        saved = actions.save_cells(
            actor,
            filing_id=row.pk,
            cells=typed.cells,
            explanations=typed.explanations,
            revision=typed.revision,
        )
    except actions.Conflict:
        now = get_filing(actor, pk)
        return HttpResponse(status=409, headers={"X-Version": str(now.revision)})
    except ValidationError:
        return HttpResponse(status=204, headers={"X-Version": str(row.revision), "X-Unsaved": "1"})
    headers = {"X-Version": str(saved.revision)} | ({"X-Unsaved": "1"} if typed.errors else {})
    return HttpResponse(status=204, headers=headers)


@require_POST
@guard(*WRITERS)
def filing_check(request: HttpRequest, pk: int) -> HttpResponse:
    """What the figures as typed come to: totals, changes, findings. Nothing is written."""
    actor, row = actor_of(request), get_filing(actor_of(request), pk)
    if not may_write(actor, row):
        raise Http404
    typed = of_post(filing_page.form_of_row(row), row, request.POST)
    return render(request, "indicators/filings/_checked.html", filing_page.checked(row, typed, actor))


@require_POST
@guard(*MOVERS)
def filing_move(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """Send it on, pass, return, lock, reopen. A second press of the same button changes nothing."""
    actor, row = actor_of(request), get_filing(actor_of(request), pk)
    if event not in MOVES:
        raise Http404
    typed = None
    if event == "submit" and may_write(actor, row) and "version" in request.POST:
        typed = of_post(filing_page.form_of_row(row), row, request.POST)
        if (answer := _save(request, row, typed)) is not None:
            return answer
    more = {"reason": request.POST.get("reason", "").strip()[:2000]} if event in REASONED else {}
    try:
        MOVES[event](actor, filing_id=pk, **more)
    except StaleCase as stale:
        return _refused(request, pk, event, stale)
    except (Refused, ValidationError) as problem:
        return _refused(request, pk, event, problem)
    messages.success(
        request, _("已办理：现为“%(state)s”") % {"state": state_words(get_filing(actor, pk).state)}
    )
    return redirect("filing", pk)


def _refused(request: HttpRequest, pk: int, event: str, problem: Refused | ValidationError) -> HttpResponse:
    """The page with everything that stands in the way; a move already made is simply shown as made."""
    row = get_filing(actor_of(request), pk)
    steps = list(course.case_of(row).steps.all())
    if (
        steps
        and steps[-1].event == event
        and event not in course.offered(actor_of(request), course.case_of(row), row)
    ):
        return redirect("filing", pk)
    texts = [r.message for r in problem.refusals] if isinstance(problem, Refused) else problem.messages
    context = filing_page.page(actor_of(request), row, tried=event == "submit")
    said = {one["text"] for one in context["problems"]}
    context["problems"] += [
        {"target": "", "label": "", "text": text} for text in texts if str(text) not in said
    ]
    return render(request, "indicators/filings/filing.html", context, status=422)


@require_POST
@guard(*MOVERS)
def filing_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about a cell, or mark what was said as settled."""
    actor, row = actor_of(request), get_filing(actor_of(request), pk)
    if not may_comment(actor, row):
        raise Http404
    resolve, cell, error = request.POST.get("resolve", ""), request.POST.get("cell", "")[:60], ""
    text = request.POST.get("text", "").strip()
    try:
        if resolve.isdecimal() and len(resolve) < 19:
            cell = actions.resolve_comment(actor, comment_id=int(resolve)).cell
        else:
            actions.comment(actor, filing_id=pk, cell=cell, text=text)
            text = ""
    except ValidationError as problem:
        error = _("；").join(problem.messages)
    if not request.headers.get("HX-Request"):
        if error:
            messages.error(request, error)
        return redirect(reverse("filing", args=[pk]) + (f"#c-{cell}_row" if cell else ""))
    form = filing_page.form_of_row(row)
    label = form.cells[cell].name if cell in form.cells else _("整张表")
    context = {
        "row": row,
        "cell": {"key": cell, "id": f"c-{cell}", "label": label},
        "talk": talk(row.comments.filter(cell=cell)),
        "plain": not cell,
        "may_comment": True,
        "oob": True,
        "unsaid": text,
        "comment_error": error,
    }
    return render(request, "indicators/filings/_comments.html", context)


@require_safe
@guard(*READERS)
def filing_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """What was locked each time, side by side, with the reasons."""
    row = get_filing(actor_of(request), pk)
    case = course.case_of(row)
    steps = list(case.steps.all())
    context = filing_page.frame(row) | versions_of(row) | {
        "tabs": filing_page.tabs_of(row, "versions"),
        "stages": course.stages_of(case, row, steps),
        "timeline": course.timeline_of(case, steps),
    }  # fmt: skip
    return render(request, "indicators/filings/versions.html", context)
