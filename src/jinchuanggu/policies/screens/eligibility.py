"""What a firm is, can get, and is missing: the answer first, then the ladder, the to-do list, the measures."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jinchuanggu.engines.rules import Facts
from jinchuanggu.engines.rules.benefit import BenefitKind
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.models import Organisation, OrganisationKind
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.policies import eligibility_words as words
from jinchuanggu.policies import rules
from jinchuanggu.policies.eligibility import (
    Eligibility,
    Group,
    fillable_keys,
    for_firms,
    judge,
    judge_measures,
)
from jinchuanggu.policies.eligibility_cheapest import least_change
from jinchuanggu.policies.eligibility_evidence import result_for_template
from jinchuanggu.policies.eligibility_ladder import Standing, standing
from jinchuanggu.policies.eligibility_places import cities_of, settled
from jinchuanggu.policies.eligibility_view import (
    Reader,
    cases_of,
    combination,
    entries_of,
    group_sections,
    measure_row,
    missing_lines,
    profile_url,
    source_of,
    standards,
    todo_lines,
)
from jinchuanggu.policies.responsible import unit_for_datum, unit_for_rule
from jinchuanggu.residents.actions.appeals import raise_appeal
from jinchuanggu.residents.models import AppealKind
from jinchuanggu.residents.profile import Profile, profile_of
from jinchuanggu.residents.scopes import writable_firms
from jinchuanggu.residents.screens.profile import READERS, WRITERS, get_firm

LISTING = ("star_market.financial", "star_market.attribute")


class Page:
    """What every page of one firm needs: the firm, its facts, its reader."""

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.actor: Actor = request.actor  # type: ignore[attr-defined]
        self.firm: Organisation = get_firm(self.actor, pk)
        self.on: date = timezone.localdate()
        self.profile: Profile = profile_of(pk, self.on)
        self.facts: Facts = self.profile.facts()
        may_fill = self.actor.role in WRITERS and writable_firms(self.actor).filter(pk=pk).exists()
        applies = self.actor.role == Role.ENTERPRISE
        self.reader = Reader(pk, applies, may_fill, cases_of(pk, self.on) if applies else {})

    def context(self, tab: str) -> dict[str, Any]:
        """Head, tabs and crumbs."""
        pk = self.firm.pk
        crumbs = [{"label": self.firm.name, "url": reverse("eligibility", args=[pk])}]
        if self.actor.role != Role.ENTERPRISE:
            crumbs.insert(0, {"label": _("企业能享受什么"), "url": reverse("eligibility_firms")})
        tabs = [
            ("eligibility", _("能享受什么")),
            ("eligibility_ladder", _("梯度培育")),
            ("eligibility_finance", _("融资")),
            ("eligibility_listing", _("上市准备")),
        ]
        return {
            "firm": self.firm,
            "on": self.on,
            "reader": self.reader,
            "profile_url": profile_url(pk),
            "simulated": self.firm.origin == "simulated",
            "crumbs": crumbs,
            "tabs": [
                {"label": label, "url": reverse(name, args=[pk]), "active": name == tab} for name, label in tabs
            ] if tab else [],
        }  # fmt: skip

    def standing(self) -> Standing:
        return standing(self.facts, self.on, registered=self.firm.kind == OrganisationKind.ENTERPRISE)


def _answer(page: Page, found: Eligibility, where: Standing) -> dict[str, str]:
    following = where.next
    return {
        "standing_words": words.answer(
            words.say(where.now.title),
            words.say(following.title) if following else "",
            following.short if following else 0,
            following.unknown if following else 0,
        ),
        "gains_words": words.gains(
            found.count(Group.DIRECT), found.count(Group.APPLY), found.choice.total_high, found.unpriced
        ),
    }


def _next(page: Page, where: Standing) -> dict[str, Any] | None:
    """The next rung: verdict tree, distance, the cheapest change, missing facts."""
    rung = where.next
    if rung is None or rung.rule_set is None or rung.result is None:
        return None
    change = least_change(rung.rule_set, page.facts, page.on, rung.result)
    return {
        "title": words.say(rung.title),
        "short": rung.short,
        "unknown": rung.unknown,
        "result": result_for_template(rung.result, page.profile),
        "change": words.change_words(change, page.on),
        "missing": missing_lines(fillable_keys(rung.result)),
        "authority": words.say(rung.rule_set.authority),
        "url": reverse("eligibility_measure", args=[page.firm.pk, rung.rule_set.id]),
        "source": source_of(rung.rule_set, None),
    }


def _ribbon(where: Standing, on: date) -> list[dict[str, Any]]:
    """The rungs as the house's ribbon."""
    states = {"now": "now", "met": "done", "next": "todo"}
    at_now = where.rungs.index(where.now)
    notes = {
        "next": _("下一级"), "met": _("条件满足"), "open": _("数据不足"), "not_met": _("未达到"), "now": _("按数据预判"),
    }  # fmt: skip
    return [
        {
            "label": words.say(rung.title),
            "state": states.get(rung.state, "skipped" if at < at_now else "todo"),
            "note": _("证书至 %(day)s") % {"day": rung.until.isoformat()}
            if rung.until is not None
            else notes.get(rung.state, "") if rung.rule_set is not None or rung.state == "now" else "",
        }
        for at, rung in enumerate(where.rungs)
    ]  # fmt: skip


@require_safe
@guard(*READERS)
def eligibility(request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one firm."""
    page = Page(request, pk)
    return render(request, "policies/eligibility.html", _whole(page, "eligibility"))


@require_safe
@guard(*READERS)
def eligibility_print(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as tables, to be printed."""
    page = Page(request, pk)
    return render(request, "policies/eligibility_print.html", _whole(page, ""))


def _whole(page: Page, tab: str) -> dict[str, Any]:
    where = page.standing()
    titles = [where.next.rule_set] if where.next is not None and where.next.rule_set is not None else []
    found = judge_measures(page.facts, page.on, titles=titles, firm=page.firm)
    return {
        **page.context(tab),
        **_answer(page, found, where),
        "stages": _ribbon(where, page.on),
        "next": _next(page, where),
        "sections": group_sections(found, page.reader),
        "combination": combination(found),
        "todo": todo_lines(found),
        "settles": found.settles,
        "counts": {group.value: found.count(group) for group in Group},
        "total": found.choice.total_high,
    }


@require_safe
@guard(*READERS)
def eligibility_ladder(request: HttpRequest, pk: int) -> HttpResponse:
    """Every rung with what it asks and how far the firm is."""
    page = Page(request, pk)
    where = page.standing()
    rows = [
        {
            "title": words.say(rung.title),
            "state": rung.state,
            "status": "met" if rung.until else rung.result.verdict.value if rung.result else "",
            "short": rung.short,
            "unknown": rung.unknown,
            "until": rung.until,
            "url": reverse("eligibility_measure", args=[pk, rung.rule_set.id]) if rung.rule_set else "",
            "source": source_of(rung.rule_set, None) if rung.rule_set else None,
        }
        for rung in where.rungs
    ]
    context = {**page.context("eligibility_ladder"), "stages": _ribbon(where, page.on), "rows": rows,
               "standing_words": words.answer(
                   words.say(where.now.title), words.say(where.next.title) if where.next else "",
                   where.next.short if where.next else 0, where.next.unknown if where.next else 0)}  # fmt: skip
    return render(request, "policies/eligibility_ladder.html", context)


@require_safe
@guard(*READERS)
def eligibility_finance(request: HttpRequest, pk: int) -> HttpResponse:
    """Which loans, guarantees and investments the firm can get, and why."""
    page = Page(request, pk)
    found = judge_measures(page.facts, page.on, (BenefitKind.FINANCE,), firm=page.firm)
    context = {
        **page.context("eligibility_finance"),
        "sections": group_sections(found, page.reader),
        "have": found.count(Group.DIRECT) + found.count(Group.APPLY),
        "near": found.count(Group.NEAR),
        "unknown": found.count(Group.UNKNOWN),
        "all": len(found.judged),
    }
    return render(request, "policies/eligibility_finance.html", context)


@require_safe
@guard(*READERS)
def eligibility_listing(request: HttpRequest, pk: int) -> HttpResponse:
    """Readiness for the STAR market, standard by standard."""
    page = Page(request, pk)
    parts = []
    for name in LISTING:
        rule_set = rules.rule_set_in_force(name, page.on)
        if rule_set is None:
            continue
        one = judge(rule_set, page.facts, page.on)
        parts.append(
            {
                "title": words.say(rule_set.title),
                "verdict": one.result.verdict.value,
                "result": standards(result_for_template(one.result, page.profile)),
                "missing": missing_lines(fillable_keys(one.result)),
                "change": words.change_words(
                    least_change(rule_set, page.facts, page.on, one.result), page.on
                ),
                "source": source_of(rule_set, None),
                "url": reverse("eligibility_measure", args=[pk, rule_set.id]),
            }
        )
    met = bool(parts) and all(part["verdict"] == "met" for part in parts)
    context = {**page.context("eligibility_listing"), "parts": parts, "ready": met}
    return render(request, "policies/eligibility_listing.html", context)


@require_safe
@guard(*READERS)
def eligibility_measure(request: HttpRequest, pk: int, rule_set: str) -> HttpResponse:
    """One measure or title for one firm: verdict, amount and how it was computed, distance, source, appeal."""
    page = Page(request, pk)
    context = _measure_context(page, rule_set)
    return render(request, "policies/eligibility_measure.html", context)


def _measure_context(page: Page, name: str) -> dict[str, Any]:
    rule_set = rules.rule_set_in_force(name, page.on)
    if rule_set is None or not for_firms([rule_set]):
        raise Http404
    (one,) = settled([judge(rule_set, page.facts, page.on)], page.firm, cities_of([rule_set]))
    entry = entries_of([rule_set]).get((rule_set.id, rule_set.effective_from))
    change = None if one.only_in else one.change or least_change(rule_set, page.facts, page.on, one.result)
    whole = (
        combination(judge_measures(page.facts, page.on, firm=page.firm))
        if rule_set.benefit is not None
        else None
    )
    title = words.say(rule_set.title)
    benefit = rule_set.benefit
    return {
        **page.context(""),
        "one": measure_row(one, page.reader, entry, page.on),
        "result": result_for_template(one.result, page.profile),
        "working": words.working(rule_set, one.result),
        "percent": one.result.amount.percent if one.result.amount is not None else None,
        "change": words.change_words(change, page.on),
        "missing": missing_lines(key for key in one.missing if key in _fillable(one.missing)),
        "dropped": [row for row in whole["dropped"] if row["title"] == title] if whole else [],
        "beneficiary": words.say(benefit.beneficiary) if benefit is not None else "",
        "payer": words.say(benefit.payer) if benefit is not None and benefit.payer is not None else "",
        "appeal_text": "",
        "appeal_errors": {},
        "appeal_kinds": AppealKind.choices,
    }


def _fillable(keys: tuple[str, ...]) -> set[str]:
    from jinchuanggu.residents.inputs import split_key, typed_inputs

    known = typed_inputs()
    return {key for key in keys if split_key(key)[0] in known}


@require_POST
@guard(*WRITERS)
def eligibility_appeal(request: HttpRequest, pk: int, rule_set: str) -> HttpResponse:
    """ "Is this wrong?": tell the responsible unit that a rule or a datum is wrong."""
    page = Page(request, pk)
    context = _measure_context(page, rule_set)
    found = rules.rule_set_in_force(rule_set, page.on)
    assert found is not None
    kind, text = request.POST.get("kind", ""), request.POST.get("text", "")
    entry = entries_of([found]).get((found.id, found.effective_from))
    unit = unit_for_rule(found, entry, page.firm) if kind == AppealKind.RULE else unit_for_datum(page.firm)
    if unit is None:
        messages.error(request, _("还没有登记责任单位，请直接联系省级专班办公室"))
        return redirect("eligibility_measure", pk, rule_set)
    try:
        raise_appeal(
            page.actor, organisation_id=pk, kind=kind, subject=rule_set, text=text, unit=unit,
            version=found.version, title=words.say(found.title),
        )  # fmt: skip
    except ValidationError as error:
        context |= {"appeal_text": text, "appeal_errors": {k: v[0] for k, v in error.message_dict.items()},
                    "appeal_kind": kind}  # fmt: skip
        return render(request, "policies/eligibility_measure.html", context, status=422)
    messages.success(request, _("已提交给%(unit)s，答复后会通知您") % {"unit": unit.name})
    return redirect("eligibility_measure", pk, rule_set)
