"""Applying for recognition: which conditions are met today, and what is said about those that are not."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.workflow.engine import Refused
from jinchuanggu.programme import judging
from jinchuanggu.programme.access import get_file
from jinchuanggu.programme.actions import application
from jinchuanggu.programme.forms.assessment import ApplicationForm
from jinchuanggu.programme.models import Application
from jinchuanggu.programme.process.building_guards import short_of, shortfall
from jinchuanggu.programme.screens.assessment_frame import moves_of, spread, valley_frame
from jinchuanggu.programme.screens.building import READERS


@guard(*READERS)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The check of today with the apply button; earlier applications with the results of their days."""
    valley = get_file(request.actor, pk)
    context = valley_frame(request, valley, _("认定申请"))
    case = context["case"]
    offer = context["offered"].get("apply")
    form = ApplicationForm(request.POST or None, initial={"revision": case.revision if case else None})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            application.apply(
                request.actor,
                valley_pk=pk,
                shortfall_reason=data["shortfall_reason"],
                revision=data["revision"],
            )
        except (Refused, ValidationError) as problem:
            spread(form, problem)
        else:
            messages.success(request, _("已提交认定申请，由省级专班办公室受理"))
            return redirect("application", pk)
    rows = list(Application.objects.filter(valley=valley))
    chosen = next((row for row in rows if str(row.number) == request.GET.get("n")), None)
    today = judging.judge(valley)
    result = chosen.result if chosen else today
    context |= {
        "form": form,
        "offer": offer,
        "applications": rows,
        "chosen": chosen,
        "result": result,
        "short": short_of(result["counts"]) if result["verdict"] != judging.MET else "",
        "open_points": list(judging.open_points(result)),
        # the reason for a shortfall is asked in the form itself, so it doesn't stand in the way here
        "blockers": [r.message for r in offer["refusals"] if r != shortfall(valley, today)] if offer else [],
        "moves": moves_of(context, "return_application", "open_assessment", "withdraw_application"),
    }
    return render(request, "programme/application.html", context)
