"""The list of filings: what is due from me, what waits for my check, how each period stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jinchuanggu.engines.periods import Period
from jinchuanggu.foundation.access.actor import Actor
from jinchuanggu.foundation.access.guards import guard
from jinchuanggu.foundation.organisations.roles import Role
from jinchuanggu.foundation.ui.origin import of_origin, origin_view
from jinchuanggu.indicators.filings.access import filings_for
from jinchuanggu.indicators.filings.batches import OPEN, WAITING, Batch, batches_of, current
from jinchuanggu.indicators.filings.completeness import names_by
from jinchuanggu.indicators.filings.words import period_words, place_words, state_label, state_words
from jinchuanggu.indicators.forms.library import forms, title_of_form
from jinchuanggu.indicators.models import Filing
from jinchuanggu.indicators.places import directory
from jinchuanggu.indicators.screens.filing import READERS, actor_of
from jinchuanggu.indicators.store.units import names_of

PAGE = 50
SHOWN_DAYS = 400
LEVELS = {Role.OPERATOR: "valley", Role.CITY_OFFICE: "city", Role.ENTERPRISE: "firm"}
HELD = {Role.OPERATOR: "checking", Role.CITY_OFFICE: "reviewing", Role.PROVINCIAL_OFFICE: "reviewing"}
STATES = ("draft", "checking", "reviewing", "returned", "reopened", "locked")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address says."""

    q: str = ""
    form: str = ""
    period: str = ""
    state: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Chosen:
        take = request.GET.get
        form, period, state = take("form", ""), take("period", ""), take("state", "")
        return cls(
            take("q", "").strip()[:80],
            form if form in forms() else "",
            period if _period(period) else "",
            state if state in (*STATES, "overdue") else "",
        )

    def keys(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in ("q", "form", "period", "state") if getattr(self, name)}

    def address(self, **changed: str) -> str:
        query = urlencode({key: value for key, value in {**self.keys(), **changed}.items() if value})
        return reverse("filings") + (f"?{query}" if query else "")


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError:
        return None


@require_safe
@guard(*READERS)
def filings(request: HttpRequest) -> HttpResponse:
    """What this hat has to do with, filtered by the address."""
    actor, chosen, today = actor_of(request), Chosen.of(request), timezone.localdate()
    own = actor.role == Role.ENTERPRISE
    everything = of_origin(filings_for(actor), origin_view(request))
    narrowed = _narrowed(everything, chosen, today)
    recent = narrowed if chosen.period else narrowed.filter(due_on__gte=today - timedelta(days=SHOWN_DAYS))
    batches = [] if own else batches_of(recent if not chosen.q else recent.none(), today)
    listed = own or bool(chosen.q or chosen.state)
    number = _page_number(request)
    rows, more = _rows(narrowed, number) if listed else ([], False)
    mine = _mine(actor, everything, today)
    context: dict[str, Any] = {
        "own": own,
        "sentence": _sentence(actor, batches, everything, today),
        "waiting": mine if not chosen.keys() else [],
        "batches": [] if listed else _shown_batches(actor, batches),
        "more_batches": not listed and len(batches) > PAGE,
        "many_places": len({(one.valley_id, one.region_id) for one in batches}) > 1,
        "rows": rows,
        "rows_title": _("我的报表") if own else _("报表"),
        "filters": _filters(everything, chosen, own=own, today=today),
        "search": None if own else {
            "name": "q", "value": chosen.q, "label": _("搜索填报单位"),
            "keep": [(key, value) for key, value in chosen.keys().items() if key != "q"],
        },
        "clear_url": reverse("filings") if chosen.keys() else "",
        "completeness_url": "" if own else reverse("completeness"),
        "crumbs": [{"label": _("数据报送"), "url": ""}],
        "empty": None,
    }  # fmt: skip
    if listed and rows:
        first = (number - 1) * PAGE + 1
        context["page"] = {
            "first": first, "last": first + len(rows) - 1,
            "previous_url": chosen.address(page=str(number - 1)) if number > 1 else "",
            "next_url": chosen.address(page=str(number + 1)) if more else "",
        }  # fmt: skip
    if not rows and not context["batches"]:
        context["empty"] = _empty(actor, chosen)
    return render(request, "indicators/filings/list.html", context)


def _narrowed(rows: QuerySet[Filing], chosen: Chosen, today: date) -> QuerySet[Filing]:
    if chosen.form:
        rows = rows.filter(form=chosen.form)
    if chosen.period:
        rows = rows.filter(period=Period.parse(chosen.period).number)
    if chosen.state == "overdue":
        rows = rows.filter(submitted_at__isnull=True, due_on__lt=today)
    elif chosen.state:
        rows = rows.filter(state=chosen.state)
    if chosen.q:
        rows = rows.filter(_named(chosen.q))
    return rows


def _named(text: str) -> Q:
    """Filings of units whose name holds the text."""
    from jinchuanggu.foundation.organisations.models import Region
    from jinchuanggu.residents.models import Resident

    organisation = Q(organisation__name__icontains=text) | Q(organisation__uscc__iexact=text)
    firms = Resident.objects.filter(organisation).values("pk")
    cities = Region.objects.filter(name__icontains=text).values("pk")
    valleys = [one.id for one in directory().places().values() if text in one.name or text in one.name_en]
    return (
        Q(unit__level=1, unit__ref_id__in=firms) | Q(unit__level=3, unit__ref_id__in=cities)
        | Q(unit__level=2, unit__ref_id__in=valleys)
    )  # fmt: skip


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def _rows(rows: QuerySet[Filing], number: int) -> tuple[list[dict[str, Any]], bool]:
    """One page of single filings: what may be written first, the newest due day first within."""
    start = (number - 1) * PAGE
    found = list(rows.select_related("unit").order_by("-due_on", "form", "pk")[start : start + PAGE + 1])
    listed = found[:PAGE]
    names = names_of([row.unit for row in listed])
    shown = [
        {
            "row": row, "unit": names.get(row.unit_id, ""), "title": title_of_form(row.form), "open": row.state in OPEN,
            "period": period_words(row.period), "state": state_label(row.state), "url": row.get_absolute_url(),
        }
        for row in listed
    ]  # fmt: skip
    return shown, len(found) > PAGE


def _shown_batches(actor: Actor, batches: list[Batch]) -> list[dict[str, Any]]:
    places = directory().places({one.valley_id for one in batches if one.valley_id})
    regions = names_by("region_id", {one.region_id for one in batches if not one.valley_id})
    return [
        {
            "title": title_of_form(one.form), "period": period_words(one.period), "origin": one.origin,
            "place": place_words(places.get(one.valley_id or 0)) or regions.get(one.region_id, ""),
            "total": one.total, "sent": one.sent, "overdue": one.overdue, "locked": one.locked, "due": one.due,
            "waiting": one.checking + one.reviewing, "url": batch_url(one),
        }
        for one in batches[:PAGE]
    ]  # fmt: skip


def batch_url(one: Batch) -> str:
    url = reverse("filing_batch", args=[one.form, str(Period.numbered(one.period))])
    return f"{url}?valley={one.valley_id}" if one.valley_id else url


def _mine(actor: Actor, rows: QuerySet[Filing], today: date) -> list[dict[str, Any]]:
    """What waits for this hat, by deadline: its own forms to fill, the batches to check."""
    found: list[dict[str, Any]] = []
    level = LEVELS.get(Role(actor.role)) if actor.role in Role.values else None
    if level:
        fill = rows.filter(
            form__in=[key for key, form in forms().items() if form.level == level], state__in=OPEN
        )
        for row in fill.order_by("due_on", "pk")[:20]:
            found.append(
                {
                    "title": str(row), "url": row.get_absolute_url(), "due": row.due_on, "icon": "pencil",
                    "words": _("填报") if row.state == "draft" else state_words(row.state),
                }
            )  # fmt: skip
    held = HELD.get(Role(actor.role)) if actor.role in Role.values else None
    if held:
        waiting = rows.filter(state=held)
        if actor.role == Role.PROVINCIAL_OFFICE:
            waiting = waiting.filter(form__in=[key for key, form in forms().items() if form.level == "city"])
        elif actor.role == Role.CITY_OFFICE:
            waiting = waiting.exclude(form__in=[key for key, form in forms().items() if form.level == "city"])
        places = directory().places()
        for one in batches_of(waiting, today, 20):
            place = place_words(places.get(one.valley_id or 0))
            title = f"{title_of_form(one.form)} {Period.numbered(one.period)}"
            found.append(
                {
                    "title": f"{title} · {place}" if place else title, "url": f"{batch_url(one)}{'&' if '?' in batch_url(one) else '?'}state={held}",
                    "due": None, "icon": "clipboard-check", "words": _("%(n)d 家等审核") % {"n": one.total},
                }
            )  # fmt: skip
    return sorted(found, key=lambda one: one["due"] or today)


def _sentence(actor: Actor, batches: list[Batch], rows: QuerySet[Filing], today: date) -> str:
    if actor.role == Role.ENTERPRISE:
        due = list(rows.filter(state__in=OPEN).order_by("due_on").values_list("due_on", flat=True)[:100])
        late = sum(day < today for day in due)
        if not due:
            return _("没有要填的报表。")
        if late:
            return _("有 %(n)d 张报表要填，其中 %(late)d 张已逾期。") % {"n": len(due), "late": late}
        return _("有 %(n)d 张报表要填，最近的 %(day)s 截止。") % {"n": len(due), "day": due[0].isoformat()}
    found = current(batches, today)
    return found.words if found else ""


def _filters(rows: QuerySet[Filing], chosen: Chosen, *, own: bool, today: date) -> list[dict[str, Any]]:
    periods = rows.filter(form=chosen.form) if chosen.form else rows
    numbers = periods.order_by("-period").values_list("period", flat=True).distinct()[:48]
    options = {
        "form": (_("报表"), [(key, form.name) for key, form in forms().items()]),
        "period": (_("报告期"), [(str(Period.numbered(n)), period_words(n)) for n in numbers]),
        "state": (_("状态"), [("overdue", _("逾期未报")), *((key, state_words(key)) for key in STATES)]),
    }
    return [
        {
            "label": label, "value": dict(choices).get(getattr(chosen, name), ""), "on": bool(getattr(chosen, name)),
            "options": [
                {"label": _("全部"), "url": chosen.address(**{name: ""}), "on": not getattr(chosen, name)},
                *({"label": said, "url": chosen.address(**{name: key}), "on": key == getattr(chosen, name)}
                  for key, said in choices),
            ],
        }
        for name, (label, choices) in options.items()
    ]  # fmt: skip


def _empty(actor: Actor, chosen: Chosen) -> dict[str, str]:
    if chosen.keys():
        return {
            "icon": "filter-off", "title": _("没有符合条件的报表"), "text": _("换个条件，或清除筛选看全部。"),
            "url": reverse("filings"), "label": _("清除筛选"),
        }  # fmt: skip
    if actor.role == Role.ENTERPRISE:
        text = _("每月、每年到开报日，系统自动为在谷单位建好报表并预填已有数据，届时在这里和通知里看到。")
    else:
        text = _("到开报日，系统自动为在谷单位建好报表；报了多少、谁逾期、等谁审核都在这里。")
    return {"icon": "clipboard-list", "title": _("还没有开报的报表"), "text": text, "url": "", "label": ""}


__all__ = ["WAITING", "batch_url", "filings"]
